#include "daydream/kit/git.hpp"

#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "daydream/kit/hash.hpp"

using namespace daydream;
namespace fs = std::filesystem;

namespace {

// A folder of its own with the git program as a user has it: no guards of ours, settings of its own.
struct World {
  std::string path;
  World() {
    std::string name = "/tmp/daydream_git_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
    ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    ::setenv("GIT_CONFIG_GLOBAL", (path + "/gitconfig").c_str(), 1);
    std::ofstream(path + "/gitconfig") << "[user]\n name = Ada\n mail = ada\n email = ada@example.org\n"
                                          "[init]\n defaultBranch = main\n[protocol \"file\"]\n allow = always\n";
  }
  ~World() { fs::remove_all(path); }

  std::string git(const std::string& directory, std::vector<std::string> arguments) {
    process::Command command;
    arguments.insert(arguments.begin(), {"git", "-C", directory});
    command.arguments = std::move(arguments);
    command.extra = {{"GIT_AUTHOR_DATE", "1700000000 +0000"}, {"GIT_COMMITTER_DATE", "1700000100 +0000"}};
    auto outcome = process::run(command);
    REQUIRE(outcome);
    if (!outcome->good()) FAIL(command.arguments[3] << ": " << outcome->error);
    while (outcome->output.ends_with('\n')) outcome->output.pop_back();
    return outcome->output;
  }
  std::string repository(const std::string& name = "repo", const std::string& format = "sha1") {
    const std::string directory = path + "/" + name;
    git(path, {"init", "-q", "--object-format=" + format, directory});
    return directory;
  }
  static void write(const std::string& file, const std::string& content) {
    fs::create_directories(fs::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << content;
  }
  std::string commit(const std::string& directory, const std::string& message = "change") {
    git(directory, {"add", "-A"});
    git(directory, {"commit", "-q", "--allow-empty", "-m", message});
    return git(directory, {"rev-parse", "HEAD"});
  }
};

git::Repository open(const std::string& directory) {
  auto repository = git::Repository::open(directory);
  if (!repository) FAIL(repository.error().message());
  return *std::move(repository);
}

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message());
  return *std::move(result);
}

std::vector<std::string> paths_of(const std::vector<git::TreeEntry>& entries) {
  std::vector<std::string> paths;
  for (const auto& entry : entries) paths.push_back(entry.path);
  return paths;
}

// A program that leaves a mark when anything runs it.
std::string trap(const World& world) {
  const std::string program = world.path + "/trap.sh";
  std::ofstream(program) << "#!/bin/sh\necho \"$0 $*\" >> " << world.path << "/ran\ncat\nexit 0\n";
  fs::permissions(program, fs::perms::owner_all);
  return program;
}

}  // namespace

TEST_CASE("a repository is opened from any folder in it, whatever its object format") {
  const std::string format = GENERATE("sha1", "sha256");
  World world;
  const std::string directory = world.repository("repo", format);
  World::write(directory + "/src/a.txt", "one\n");
  const std::string head = world.commit(directory);
  const auto repository = open(directory + "/src");
  CHECK(repository.root() == directory);
  CHECK(repository.git_directory() == directory + "/.git");
  CHECK(repository.common_directory() == directory + "/.git");
  CHECK(repository.format() == (format == "sha1" ? hash::GitFormat::kSha1 : hash::GitFormat::kSha256));
  CHECK(must(repository.resolve("HEAD")) == head);
  const auto entries = must(repository.tree("HEAD"));
  REQUIRE(entries.size() == 1);
  CHECK(entries[0].path == "src/a.txt");
  CHECK(entries[0].mode == 0100644);
  CHECK(entries[0].id == hash::git_blob_id("one\n", repository.format()));
  CHECK(must(repository.blob(entries[0].id)) == "one\n");
  CHECK(must(repository.blob("HEAD:src/a.txt")) == "one\n");
}

TEST_CASE("any name that a file can have is read as it is") {
  World world;
  const std::string directory = world.repository("repo");
  const std::vector<std::string> names{"-dash",     ":(top)x",  "a\nb",          "caf\xc3\xa9",
                                       "latin\xe9", "quote\"s", "tab\tand space"};
  for (const auto& name : names) World::write(directory + "/" + name, name + "\n");
  world.commit(directory);
  const auto repository = open(directory);
  CHECK(paths_of(must(repository.index())) == names);
  CHECK(paths_of(must(repository.tree("HEAD"))) == names);
  for (const auto& name : names) {
    CAPTURE(name);
    CHECK(must(repository.blob("HEAD:" + name)) == name + "\n");
    const auto lines = must(repository.blame(name, "", {}, std::chrono::minutes(1)));
    REQUIRE(lines.size() == (name == "a\nb" ? 2U : 1U));
    CHECK(lines[0].original_path == name);
    CHECK(must(repository.log("HEAD", name, 10)).size() == 1);
  }
}

TEST_CASE("a repository below a folder with a line break in its name is opened") {
  World world;
  const std::string directory = world.repository("line\nbreak");
  world.commit(directory);
  const auto repository = open(directory);
  CHECK(repository.root() == directory);
  CHECK(repository.git_directory() == directory + "/.git");
  CHECK(must(repository.log("HEAD", "", 1)).size() == 1);
}

TEST_CASE("a repository without commits says so") {
  World world;
  const std::string directory = world.repository();
  const auto repository = open(directory);
  const auto head = repository.resolve("HEAD");
  REQUIRE_FALSE(head);
  CHECK(head.error().kind() == ErrorKind::kNotFound);
  CHECK_THAT(head.error().message(), Catch::Contains("no commits yet"));
  CHECK(must(repository.current_branch()) == "refs/heads/main");
  CHECK(must(repository.index()).empty());
  CHECK(repository.log("HEAD", "", 10).error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("where there is no work tree, it is said which way") {
  World world;
  CHECK(git::Repository::open(world.path).error().kind() == ErrorKind::kNotFound);
  CHECK(git::Repository::open(world.path + "/absent").error().kind() == ErrorKind::kNotFound);
  world.git(world.path, {"init", "-q", "--bare", world.path + "/bare"});
  const auto bare = git::Repository::open(world.path + "/bare");
  CHECK(bare.error().kind() == ErrorKind::kUnsupported);
  CHECK_THAT(bare.error().message(), Catch::Contains("bare"));
  const std::string directory = world.repository();
  CHECK(git::Repository::open(directory + "/.git").error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("an extension that git does not know is refused in git's words") {
  World world;
  const std::string directory = world.repository();
  world.git(directory, {"config", "core.repositoryFormatVersion", "1"});
  world.git(directory, {"config", "extensions.fromTheFuture", "true"});
  const auto repository = git::Repository::open(directory);
  REQUIRE_FALSE(repository);
  CHECK(repository.error().kind() == ErrorKind::kPermanent);
  CHECK_THAT(repository.error().message(), Catch::Contains("fromthefuture", Catch::CaseSensitive::No));
}

TEST_CASE("variables that point git elsewhere do not reach it") {
  World world;
  const std::string directory = world.repository();
  const std::string other = world.repository("other");
  world.commit(other);
  ::setenv("GIT_DIR", (other + "/.git").c_str(), 1);
  ::setenv("GIT_CONFIG_PARAMETERS", "'core.bare=true'", 1);
  const auto repository = git::Repository::open(directory);
  ::unsetenv("GIT_DIR");
  ::unsetenv("GIT_CONFIG_PARAMETERS");
  REQUIRE(repository);
  CHECK(repository->root() == directory);
}

TEST_CASE("a detached HEAD is on no branch") {
  World world;
  const std::string directory = world.repository();
  const std::string first = world.commit(directory, "first");
  world.commit(directory, "second");
  world.git(directory, {"checkout", "-q", first});
  const auto repository = open(directory);
  CHECK_FALSE(must(repository.current_branch()));
  CHECK(must(repository.resolve("HEAD")) == first);
}

TEST_CASE("what is no revision is refused, never taken for an option") {
  World world;
  const std::string directory = world.repository();
  world.commit(directory);
  const auto repository = open(directory);
  CHECK(repository.resolve("--all").error().kind() == ErrorKind::kInvalid);
  CHECK(repository.resolve("").error().kind() == ErrorKind::kInvalid);
  CHECK(repository.log("--output=/tmp/x", "", 1).error().kind() == ErrorKind::kInvalid);
  CHECK(repository.resolve("absent").error().kind() == ErrorKind::kNotFound);
  CHECK(repository.blob("HEAD:absent").error().kind() == ErrorKind::kNotFound);
  CHECK(repository.tree("absent").error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("submodules, symlinks and programs are told apart by their mode") {
  World world;
  const std::string inner = world.repository("inner");
  World::write(inner + "/file", "x\n");
  world.commit(inner);
  const std::string directory = world.repository("outer");
  World::write(directory + "/run", "#!/bin/sh\n");
  fs::permissions(directory + "/run", fs::perms::owner_all);
  fs::create_symlink("run", directory + "/to");
  world.git(directory, {"-c", "protocol.file.allow=always", "submodule", "--quiet", "add", inner, "sub"});
  world.commit(directory);
  std::map<std::string, std::uint32_t> modes;
  for (const auto& entry : must(open(directory).index())) modes[entry.path] = entry.mode;
  CHECK(modes["run"] == 0100755);
  CHECK(modes["to"] == 0120000);
  CHECK(modes["sub"] == 0160000);
  CHECK(open(directory + "/sub").root() == directory + "/sub");
  CHECK(open(directory + "/sub").git_directory() == directory + "/.git/modules/sub");
}

TEST_CASE("an unresolved merge shows its stages") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/f", "base\n");
  world.commit(directory);
  world.git(directory, {"checkout", "-q", "-b", "side"});
  World::write(directory + "/f", "side\n");
  world.commit(directory);
  world.git(directory, {"checkout", "-q", "main"});
  World::write(directory + "/f", "main\n");
  world.commit(directory);
  process::Command merge;
  merge.arguments = {"git", "-C", directory, "merge", "-q", "side"};
  REQUIRE(must(process::run(merge)).exit_code == 1);
  std::vector<int> stages;
  for (const auto& entry : must(open(directory).index())) stages.push_back(entry.stage);
  CHECK(stages == std::vector<int>{1, 2, 3});
}

TEST_CASE("a linked work tree knows its own and the common git directory") {
  World world;
  const std::string directory = world.repository();
  world.commit(directory);
  world.git(directory, {"worktree", "add", "-q", "--detach", world.path + "/linked"});
  const auto repository = open(world.path + "/linked");
  CHECK(repository.root() == world.path + "/linked");
  CHECK(repository.git_directory() == directory + "/.git/worktrees/linked");
  CHECK(repository.common_directory() == directory + "/.git");
}

TEST_CASE("ignored files are listed, whole folders as one, and no nested repository is entered") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/.gitignore", "*.pyc\nbuild/\n");
  World::write(directory + "/src/a.py", "");
  world.commit(directory);
  World::write(directory + "/src/a.pyc", "");
  World::write(directory + "/build/deep/out.o", "");
  World::write(directory + "/untracked/b.pyc", "");
  World::write(directory + "/untracked/b.py", "");
  const std::string nested = world.repository("repo/nested");
  World::write(nested + "/c.pyc", "");
  const auto ignored = must(open(directory).ignored());
  CHECK(ignored == std::vector<std::string>{"build/", "src/a.pyc", "untracked/b.pyc"});
}

TEST_CASE("blobs come in the order asked for, of any content, and what is missing says so") {
  World world;
  const std::string directory = world.repository();
  const std::vector<std::string> contents{"one\n", "", std::string("nul\0and\nmissing\n", 16),
                                          std::string(300'000, 'x')};
  for (std::size_t i = 0; i < contents.size(); ++i) World::write(directory + "/" + std::to_string(i), contents[i]);
  world.commit(directory);
  const auto repository = open(directory);
  std::vector<std::string> ids;
  for (const auto& entry : must(repository.index())) ids.push_back(entry.id);
  ids.insert(ids.begin() + 1, std::string(40, 'a'));
  ids.push_back(must(repository.resolve("HEAD")));  // a commit is no blob
  std::vector<std::optional<std::string>> seen;
  REQUIRE(repository.blobs(ids, [&](std::size_t index, std::optional<std::string> content) {
    CHECK(index == seen.size());
    seen.push_back(std::move(content));
  }));
  REQUIRE(seen.size() == 6);
  CHECK(seen[0] == contents[0]);
  CHECK_FALSE(seen[1]);
  CHECK(seen[2] == contents[1]);
  CHECK(seen[3] == contents[2]);
  CHECK(seen[4] == contents[3]);
  CHECK_FALSE(seen[5]);
  CHECK(repository.blobs({"two words"}, [](std::size_t, std::optional<std::string>) {}).error().kind() ==
        ErrorKind::kInvalid);
}

TEST_CASE("many blobs through one process do not block") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/big", std::string(50'000, 'b'));
  world.commit(directory);
  const auto repository = open(directory);
  const std::vector<std::string> ids(3000, must(repository.index())[0].id);  // 120 KB asked, 150 MB answered
  std::size_t bytes = 0;
  REQUIRE(repository.blobs(ids, [&](std::size_t, std::optional<std::string> content) { bytes += content->size(); }));
  CHECK(bytes == 150'000'000);
}

TEST_CASE("blame names the commit of each line, through renames, and white space changes nothing") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/old.py", "if x:\n    y = 1\nz = 2\nlast = 3\n");
  const std::string first = world.commit(directory, "first");
  world.git(directory, {"mv", "old.py", "new.py"});
  world.commit(directory, "move");
  World::write(directory + "/new.py", "if x:\n        y = 1\nz = 2\nnew = 4\nlast = 3\n");
  const std::string third = world.commit(directory, "third");
  const auto repository = open(directory);
  const auto lines = must(repository.blame("new.py", "", {}, std::chrono::minutes(1)));
  REQUIRE(lines.size() == 5);
  CHECK(lines[1].commit == first);
  CHECK(lines[1].original_path == "old.py");
  CHECK(lines[1].author_time == 1700000000);
  CHECK(lines[3].commit == third);
  CHECK(lines[4].line == 5);
  CHECK(lines[4].original_line == 4);
  const auto some = must(repository.blame("new.py", "HEAD", {{2, 2}, {4, 5}}, std::chrono::minutes(1)));
  REQUIRE(some.size() == 3);
  CHECK(some[0].line == 2);
  CHECK(some[1].line == 4);
  CHECK(some[2].line == 5);
  // Not the work tree: what is not committed is not seen.
  World::write(directory + "/new.py", "nothing\n");
  CHECK(must(repository.blame("new.py", "", {}, std::chrono::minutes(1))).size() == 5);
  CHECK_FALSE(repository.blame("new.py", "", {{1, 99}, {200, 300}}, std::chrono::minutes(1)));
  CHECK(repository.blame("new.py", "", {{3, 2}}, std::chrono::minutes(1)).error().kind() == ErrorKind::kInvalid);
  CHECK(repository.blame("absent.py", "", {}, std::chrono::minutes(1)).error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("more ranges than a command line holds are answered as well") {
  World world;
  const std::string directory = world.repository();
  std::string content;
  std::vector<std::pair<int, int>> ranges;
  for (int i = 1; i <= 6000; ++i) {
    content += std::to_string(i) + "\n";
    if (i % 2 == 0) ranges.emplace_back(i, i);
  }
  World::write(directory + "/f", content);
  world.commit(directory);
  const auto lines = must(open(directory).blame("f", "", ranges, std::chrono::minutes(1)));
  CHECK(lines.size() == 3000);
  CHECK(std::ranges::all_of(lines, [](const auto& line) { return line.line % 2 == 0; }));
}

TEST_CASE("the log is newest first, whole, and only as long as asked") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/a", "1");
  const std::string first = world.commit(directory, "first");
  World::write(directory + "/b", "1");
  const std::string second = world.commit(directory, "second\n\nwith a body\nof two lines");
  const auto repository = open(directory);
  const auto commits = must(repository.log("HEAD", "", 10));
  REQUIRE(commits.size() == 2);
  CHECK(commits[0].id == second);
  CHECK(commits[0].parents == std::vector<std::string>{first});
  CHECK(commits[0].message == "second\n\nwith a body\nof two lines\n");
  CHECK(commits[0].author_name == "Ada");
  CHECK(commits[0].author_mail == "ada@example.org");
  CHECK(commits[0].author_time == 1700000000);
  CHECK(commits[0].commit_time == 1700000100);
  CHECK(commits[1].parents.empty());
  CHECK(must(repository.log("HEAD", "a", 10)).size() == 1);
  CHECK(must(repository.log("HEAD", "", 1)).size() == 1);
  CHECK(must(repository.log("HEAD", "*", 10)).empty());  // a name, not a pattern
}

TEST_CASE("no program that a repository names is ever run") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/a.txt", "one\n");
  World::write(directory + "/.gitattributes", "*.txt diff=evil filter=evil\n*.bin filter=lfs\n");
  world.commit(directory);
  const std::string program = trap(world);
  for (const char* key : {"core.fsmonitor", "diff.external", "core.pager", "pager.log", "diff.evil.textconv",
                          "diff.evil.command", "core.editor", "core.sshCommand", "core.askPass", "gpg.program",
                          "filter.lfs.process", "filter.lfs.smudge", "sequence.editor", "core.alternateRefsCommand"}) {
    world.git(directory, {"config", key, program});
  }
  world.git(directory, {"config", "log.showSignature", "true"});
  fs::create_directories(directory + "/hooks");
  for (const char* hook :
       {"post-index-change", "post-checkout", "pre-commit", "fsmonitor-watchman", "reference-transaction"}) {
    fs::copy_file(program, directory + "/hooks/" + hook);
  }
  world.git(directory, {"config", "core.hooksPath", directory + "/hooks"});
  World::write(directory + "/a.txt", "two\n");
  fs::remove(world.path + "/ran");

  const auto repository = open(directory);
  const auto entries = must(repository.index());
  must(repository.tree("HEAD"));
  must(repository.ignored());
  must(repository.blob("HEAD:a.txt"));
  REQUIRE(repository.blobs({entries[1].id}, [](std::size_t, std::optional<std::string>) {}));
  must(repository.blame("a.txt", "", {}, std::chrono::minutes(1)));
  must(repository.log("HEAD", "", 10));
  CHECK_THAT(must(repository.output({"diff", "HEAD"})), Catch::Contains("-one\n+two"));
  must(repository.output({"show", "HEAD"}));
  must(repository.output({"log", "-p", "-1"}));
  must(repository.output({"status", "--porcelain", "-z"}));
  std::string ran;
  std::ifstream file(world.path + "/ran");
  std::getline(file, ran, '\0');
  CHECK(ran.empty());

  // The trap works: git as a user runs it does start the program.
  world.git(directory, {"diff", "HEAD"});
  CHECK(fs::exists(world.path + "/ran"));
}

TEST_CASE("reading changes nothing in the repository, not even the index") {
  World world;
  const std::string directory = world.repository();
  World::write(directory + "/a", "1");
  world.commit(directory);
  fs::last_write_time(directory + "/a", fs::file_time_type::clock::now() + std::chrono::hours(1));
  const auto before = fs::last_write_time(directory + "/.git/index");
  const auto repository = open(directory);
  must(repository.output({"status", "--porcelain", "-z"}));
  must(repository.index());
  CHECK(fs::last_write_time(directory + "/.git/index") == before);
  CHECK_FALSE(fs::exists(directory + "/.git/index.lock"));
}

TEST_CASE("a partial clone fetches nothing, and what is missing is missing") {
  World world;
  const std::string origin = world.repository("origin");
  World::write(origin + "/a", "old\n");
  world.commit(origin);
  World::write(origin + "/a", "new\n");
  world.commit(origin);
  world.git(origin, {"config", "uploadpack.allowFilter", "true"});
  world.git(world.path, {"clone", "-q", "--filter=blob:none", "file://" + origin, world.path + "/clone"});
  const auto repository = open(world.path + "/clone");
  CHECK(must(repository.blob("HEAD:a")) == "new\n");
  CHECK_FALSE(repository.blob("HEAD~1:a"));
}
