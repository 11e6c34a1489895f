#include "changes/world_for_tests.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "base/files.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/process.hpp"

namespace daydream::changes::testing {

namespace fs = std::filesystem;

World::World() {
  char name[] = "/tmp/daydream-changes-XXXXXX";
  REQUIRE(::mkdtemp(name) != nullptr);
  root_ = fs::canonical(name);
  if (const char* home = std::getenv("HOME")) old_home_ = home;
  fs::create_directories(root_ / "home");
  fs::create_directories(live());
  fs::create_directories(state());
  ::setenv("HOME", (root_ / "home").c_str(), 1);
  ::setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
  ::unsetenv("XDG_CONFIG_HOME");
}

World::~World() {
  if (old_home_) ::setenv("HOME", old_home_->c_str(), 1);
  (void)files::remove_tree(root_);
}

void World::init() {
  git({"init", "-q", "-b", "main"});
  git({"config", "user.name", "Human"});
  git({"config", "user.email", "human@example.org"});
}

namespace {

process::Outcome call_git(const Path& directory, const std::vector<std::string>& arguments, const std::string& input) {
  process::Command command;
  command.arguments = {"git", "-C", directory.string()};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.extra = {{"GIT_AUTHOR_DATE", "@1700000000 +0000"}, {"GIT_COMMITTER_DATE", "@1700000000 +0000"}};
  command.input = input;
  auto outcome = process::run(command);
  REQUIRE(outcome.ok());
  return std::move(*outcome);
}

}  // namespace

std::string World::git(const std::vector<std::string>& arguments, const std::string& input) const {
  auto outcome = call_git(live(), arguments, input);
  INFO("git " << arguments.front() << ": " << outcome.error);
  REQUIRE(outcome.good());
  if (!outcome.output.empty() && outcome.output.back() == '\n') outcome.output.pop_back();
  return outcome.output;
}

bool World::git_succeeds(const std::vector<std::string>& arguments) const {
  return call_git(live(), arguments, "").good();
}

void World::write(const std::string& path, const std::string& content) const {
  fs::create_directories((live() / path).parent_path());
  std::ofstream(live() / path, std::ios::binary) << content;
}

std::string slurp(const Path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return "(absent)";
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

std::string World::read(const std::string& path) const {
  return slurp(live() / path);
}

std::string World::commit_all(const std::string& message) {
  git({"add", "-A"});
  git({"commit", "-q", "--allow-empty", "-m", message});
  return git({"rev-parse", "HEAD"});
}

std::unique_ptr<SourceTree> World::open(bool under_git) const {
  auto tree = SourceTree::open({live(), under_git, work(), state()});
  INFO((tree.ok() ? "" : tree.error().message()));
  REQUIRE(tree.ok());
  auto base = (*tree)->resolve_base("HEAD");
  INFO((base.ok() ? "" : base.error().message()));
  REQUIRE(base.ok());
  auto reset = (*tree)->reset(*base);
  INFO((reset.ok() ? "" : reset.error().message()));
  REQUIRE(reset.ok());
  return std::move(*tree);
}

std::unique_ptr<SourceTree> World::open_at(const std::string& commit) const {
  auto tree = SourceTree::open({live(), true, work(), state()});
  REQUIRE(tree.ok());
  auto reset = (*tree)->reset(commit);
  INFO((reset.ok() ? "" : reset.error().message()));
  REQUIRE(reset.ok());
  return std::move(*tree);
}

std::string World::belongings() const {
  std::vector<std::string> lines;
  for (auto at = fs::recursive_directory_iterator(live()); at != fs::recursive_directory_iterator(); ++at) {
    std::string path = fs::relative(at->path(), live()).string();
    // git's own store: new objects, our worktree and our branches are allowed there.
    for (const char* ours : {".git/objects", ".git/worktrees", ".git/refs/heads/daydream",
                             ".git/logs/refs/heads/daydream", ".git/refs/daydream", ".git/logs"}) {
      if (path.rfind(ours, 0) == 0) path.clear();
    }
    if (path.empty() || path == ".git" || path == ".git/refs" || path == ".git/refs/heads") continue;
    struct stat facts {};
    REQUIRE(::lstat(at->path().c_str(), &facts) == 0);
    std::string line = path + " " + std::to_string(facts.st_mode) + " " + std::to_string(facts.st_mtim.tv_sec) + "." +
                       std::to_string(facts.st_mtim.tv_nsec) + " " + std::to_string(facts.st_ino) + " ";
    if (S_ISREG(facts.st_mode)) line += hash::sha256_hex(slurp(at->path()));
    if (S_ISLNK(facts.st_mode)) line += fs::read_symlink(at->path()).string();
    lines.push_back(std::move(line));
  }
  std::sort(lines.begin(), lines.end());
  std::string all;
  for (const auto& line : lines) all += line + "\n";
  return all;
}

std::uint64_t token_of(std::string_view content) {
  return hash::token_of_blob_id(hash::git_blob_id(content));
}

Effect edit(const std::string& path, std::string_view seen, std::vector<Span> spans, FindingNumber number) {
  Effect effect;
  effect.kind = EffectKind::kEdit;
  effect.path = path;
  effect.token = token_of(seen);
  effect.spans = std::move(spans);
  effect.finding = number;
  return effect;
}

Effect replace(const std::string& path, const std::string& seen, const std::string& from, const std::string& to,
               FindingNumber number) {
  auto at = seen.find(from);
  REQUIRE(at != std::string::npos);
  REQUIRE(seen.find(from, at + 1) == std::string::npos);
  return edit(path, seen, {{at, from.size(), to}}, number);
}

Effect create(const std::string& path, const std::string& content, FindingNumber number) {
  Effect effect;
  effect.kind = EffectKind::kCreate;
  effect.path = path;
  effect.content = content;
  effect.finding = number;
  return effect;
}

Effect removal(const std::string& path, std::string_view seen, FindingNumber number) {
  Effect effect;
  effect.kind = EffectKind::kRemove;
  effect.path = path;
  effect.token = token_of(seen);
  effect.finding = number;
  return effect;
}

Finding finding(FindingNumber number, const std::string& rule, const std::string& path, int line) {
  Finding result;
  result.number = number;
  result.rule = rule;
  result.path = path;
  result.line = line;
  result.message = "message " + std::to_string(number);
  result.safety = Safety::kSafe;
  return result;
}

StepRun step_of(const World& world, Mode mode, std::vector<Effect> effects, const std::string& rule) {
  StepRun step;
  step.effects = std::move(effects);
  for (const Effect& effect : step.effects) {
    step.findings.emplace(effect.finding, finding(effect.finding, rule, effect.path));
    step.apply.insert(effect.finding);
  }
  step.options.mode = mode;
  step.options.run_id = step.options.date = "2026-11-22";
  step.options.step_number = 1;
  step.options.step_id = "legacy_cleanup";
  step.options.run_started = {1'795'310'000'000};
  step.options.state_directory = world.state();
  return step;
}

Published run_step(SourceTree& tree, const StepRun& step) {
  Draft draft(tree);
  for (const Effect& effect : step.effects) {
    auto added = draft.add(effect);
    INFO((added.ok() ? "" : added.error().message()));
    REQUIRE(added.ok());
  }
  auto written = draft.materialize();
  INFO((written.ok() ? "" : written.error().message()));
  REQUIRE(written.ok());
  auto published = publish(tree, draft, step.findings, step.apply, step.review, step.options);
  INFO((published.ok() ? "" : published.error().message()));
  REQUIRE(published.ok());
  return std::move(*published);
}

}  // namespace daydream::changes::testing
