#include "bad_input/cases.hpp"

#include <filesystem>

namespace daydream::bad_input {

namespace {

namespace fs = std::filesystem;

Ran without_commits(World& world) {
  world.init_git();
  world.write("a.txt", "BAD\n");
  e2e::marker_manifest(world);
  return run_untouched(world);
}

Ran bare(World& world) {
  world.git({"init", "-q", "--bare", "-b", "main"});
  return world.run();
}

Ran detached(World& world) {
  e2e::marked_project(world);
  world.git({"checkout", "-q", "--detach"});
  e2e::marker_manifest(world);
  return run_untouched(world);
}

Ran dirty(World& world) {
  e2e::marked_project(world);
  world.write("a.txt", "half typed BAD\n");
  world.write("new.txt", "BAD new\n");
  world.git({"add", "new.txt"});
  e2e::marker_manifest(world);
  return run_untouched(world);
}

// The step fails once, somebody commits, the run goes on: on the base it began with.
Ran head_moved(World& world) {
  e2e::marked_project(world);
  e2e::marker_manifest(world, R"({"trouble": "retry", "at": 2, "times": 3})");
  world.run();
  world.write("z.txt", "BAD late\n");
  world.commit("in the middle of the run");
  Ran ran = run_untouched(world);
  if (ran.exit_code == 0 && world.git({"show", "daydream/2026-11-22:a.txt"}) != "keep a\nkeep a2") ran.exit_code = -1;
  return ran;
}

Ran strange_names(World& world) {
  world.set_repository(world.root() / "a b/\xC3\xBC \xE2\x9C\x93");
  fs::create_directories(world.repository());
  world.init_git();
  world.write("with space.txt", "BAD 1\nkeep\n");
  world.write("\xC3\xA4.txt", "BAD 2\nkeep\n");
  world.write("not-utf8-\xFF\xFE.txt", "BAD 3\nkeep\n");
  world.write("new\nline.txt", "BAD 4\nkeep\n");
  world.write("legacy \xFF.py", "import os\nprint(1)\n");
  world.commit("strange names");
  world.manifest(R"({"manifest": 1, "steps": [
    {"id": "marker", "plugin": ")" +
                 std::string(E2E_STEPS) + R"(/marker.so"},
    {"id": "legacy_cleanup", "plugin": "legacy_cleanup"},
    {"id": "daily_report", "plugin": "daily_report"}]})");
  Ran ran = run_untouched(world);
  if (ran.exit_code == 0 && !e2e::contains(e2e::report(world), "- Removed 4 marked lines")) ran.exit_code = -1;
  return ran;
}

Ran symlink_out(World& world) {
  world.init_git();
  testing::write_file(world.root() / "outside/secret.py", "import os\n");
  testing::write_file(world.root() / "outside/secret.txt", "BAD secret\n");
  fs::create_symlink(world.root() / "outside/secret.py", world.repository() / "link.py");
  fs::create_symlink(world.root() / "outside/secret.txt", world.repository() / "link.txt");
  fs::create_directory_symlink(world.root() / "outside", world.repository() / "folder");
  world.write("a.txt", "BAD\n");
  world.commit("links");
  e2e::marker_manifest(world);
  Ran ran = run_untouched(world);
  if (testing::read_file(world.root() / "outside/secret.txt") != "BAD secret\n") ran.err += "TREE CHANGED";
  if (e2e::contains(e2e::report_json(world), "secret")) ran.exit_code = -1;
  return ran;
}

std::function<Ran(World&)> python_file(const std::string& content) {
  return [content](World& world) {
    world.init_git();
    world.write("strange.py", content);
    world.write("fine.py", "import os\nprint(1)\n");
    world.commit("start");
    Ran ran = run_untouched(world);
    // The file beside it is cleaned up all the same.
    if (ran.exit_code == 0 && world.try_git({"show", "daydream/2026-11-22:fine.py"}).out != "print(1)\n")
      ran.exit_code = -1;
    return ran;
  };
}

std::string generated_40_mb() {
  std::string text;
  text.reserve(std::size_t{41} << 20);
  while (text.size() < std::size_t{40} << 20) text += "value_" + std::to_string(text.size()) + " = [1, 2, 3]\n";
  return text;
}

std::string deep_nesting() {
  return "x = " + std::string(20'000, '(') + "1" + std::string(20'000, ')') + "\n";
}

Ran no_such_repository(World& world) {
  return world.daydream({"run", "--repo", (world.root() / "nowhere").string()});
}

}  // namespace

std::vector<Case> repository_cases() {
  return {
      {"repository that is not there", 65, "nowhere", no_such_repository, false, ""},
      {"repository without commits", 65, "no commits", without_commits, false, ""},
      {"bare repository", 65, "bare", bare, false, "", false},
      {"detached HEAD", 0, "", detached, false, ""},
      {"dirty tree", 0, "", dirty, false, ""},
      {"HEAD moved during the run", 0, "", head_moved, false, ""},
      {"spaces, non-ASCII, non-UTF-8, newline in names", 0, "", strange_names, false, ""},
      {"symlinks out of the repository", 0, "", symlink_out, false, ""},
      {"binary named .py", 0, "",
       python_file(std::string("\x7F"
                               "ELF\0\0\x01\x02import os\n\0",
                               20)),
       false, ""},
      {"invalid UTF-8 in .py", 0, "", python_file("name = '\xFF\xFE'\nprint(name)\n"), false, ""},
      {"40 MB generated .py", 0, "", python_file(generated_40_mb()), false, ""},
      {"expression nested 20,000 deep", 0, "", python_file(deep_nesting()), false, ""},
      {"empty .py", 0, "", python_file(""), false, ""},
      {"Windows line ends, no final newline", 0, "", python_file("x = 1\r\nprint(x)"), false, ""},
  };
}

}  // namespace daydream::bad_input
