// Task lists through several nights: closed, archived, given back.
#include <catch2/catch.hpp>
#include <set>

#include "support/world.hpp"

using daydream::testing::contains;
using daydream::testing::Ran;
using daydream::testing::read_file;
using daydream::testing::World;

namespace {

void manifest(World& world, const std::string& config = "{}") {
  world.manifest(R"({"manifest": 1, "steps": [{"id": "task_cleanup", "plugin": "task_cleanup", "config": )" + config +
                 R"(}, {"id": "daily_report", "plugin": "daily_report"}]})");
}

Ran night(World& world, const std::string& date) {
  Ran ran = world.run({"--now", date + "T02:30:00Z"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  return ran;
}

// A file of a night's branch, every byte of it.
std::string of_branch(const World& world, const std::string& date, const std::string& path) {
  const Ran shown = world.try_git({"show", "daydream/" + date + ":" + path});
  return shown.exit_code == 0 ? shown.out : "(absent)";
}

std::string report(const World& world, const std::string& date) {
  return read_file(world.state() / ("report_" + date + ".md"));
}

// The id behind "restore " in a report.
std::string id_in(const std::string& text) {
  const auto at = text.find("daydream tasks restore ");
  return at == std::string::npos ? "" : text.substr(at + 23, 12);
}

}  // namespace

TEST_CASE("a ticked task leaves its list, and restore gives back its bytes") {
  World world;
  world.init_git();
  const std::string task = "- [x] write `it`\t \xC3\xA9\xFF\r\n  and more\r\n";
  world.write("docs/TODO.md", "# T\r\n\r\n- [ ] open\r\n" + task + "- [ ] last");
  world.commit("start");
  manifest(world);
  const std::string before = world.users_view();
  night(world, "2026-11-22");
  CHECK(world.users_view() == before);
  CHECK(of_branch(world, "2026-11-22", "docs/TODO.md") == "# T\r\n\r\n- [ ] open\r\n- [ ] last");
  const std::string said = report(world, "2026-11-22");
  CHECK(contains(said, "- Closed 1 stale items"));
  CHECK(contains(said, "- Updated 0 priorities"));
  const std::string id = id_in(said);
  REQUIRE(id.size() == 12);
  const Ran restored = world.daydream({"tasks", "restore", id});
  INFO(restored.err);
  CHECK(restored.exit_code == 0);
  CHECK(restored.out == task);
  CHECK(contains(world.daydream({"tasks", "archived"}).out, id));
  CHECK(world.daydream({"tasks", "restore", "nothing"}).exit_code != 0);
  // Merged, it is found in the work tree.
  world.git({"merge", "-q", "--ff-only", "daydream/2026-11-22"});
  CHECK(world.daydream({"tasks", "restore", id}).out == task);
}

TEST_CASE("a commit closes, a true revert takes that back") {
  World world;
  world.init_git();
  world.write("TODO.md", "- [ ] crash (#12)\n- [ ] hang (#13)\n");
  world.commit("start", "2026-10-01T10:00:00Z");
  world.write("a.c", "int a;\n");
  world.commit("Fixes #12", "2026-10-02T10:00:00Z");
  world.write("b.c", "int b;\n");
  world.commit("Fixes #13", "2026-10-03T10:00:00Z");
  const std::string fixed = world.git({"rev-parse", "HEAD"});
  world.write("b.c", "int c;\n");
  world.commit("Revert \"Fixes #13\"\n\nThis reverts commit " + fixed + ".", "2026-10-04T10:00:00Z");
  manifest(world);
  night(world, "2026-11-22");
  CHECK(of_branch(world, "2026-11-22", "TODO.md") == "- [x] crash (#12)\n- [ ] hang (#13)\n");
  CHECK(contains(report(world, "2026-11-22"), "- Closed 1 stale items"));
  // The next night the archive takes it; it was counted before.
  night(world, "2026-11-23");
  CHECK(of_branch(world, "2026-11-23", "TODO.md") == "- [ ] hang (#13)\n");
  CHECK(contains(report(world, "2026-11-23"), "- Closed 0 stale items"));
  CHECK(contains(of_branch(world, "2026-11-23", "archive/tasks-2026-11.md"), "says it closes #12"));
}

TEST_CASE("what seems done is marked, and closed when its grace period has passed") {
  World world;
  world.init_git();
  world.write("TODO.md", "- [ ] Delete src/gone.c\n- [ ] other\n");
  world.write("src/gone.c", "int gone;\n");
  world.commit("start", "2026-10-01T10:00:00Z");
  world.git({"rm", "-q", "src/gone.c"});
  world.commit("Drop it", "2026-10-02T10:00:00Z");
  manifest(world);
  night(world, "2026-11-01");
  const std::string marked = of_branch(world, "2026-11-01", "TODO.md");
  CHECK(contains(marked, "- [ ] Delete src/gone.c <!-- stale? `src/gone.c` was removed in "));
  CHECK(contains(marked, "\n- [ ] other\n"));
  CHECK(contains(report(world, "2026-11-01"), "- Closed 0 stale items"));
  night(world, "2026-11-02");
  CHECK(of_branch(world, "2026-11-02", "TODO.md") == marked);
  night(world, "2026-11-14");  // three runs, not yet fourteen days
  CHECK(of_branch(world, "2026-11-14", "TODO.md") == marked);
  night(world, "2026-11-15");
  CHECK(of_branch(world, "2026-11-15", "TODO.md") == "- [ ] other\n");
  CHECK(contains(report(world, "2026-11-15"), "- Closed 1 stale items"));
  const std::string archive = of_branch(world, "2026-11-15", "archive/tasks-2026-11.md");
  CHECK(contains(archive, "marked since 2026-11-01, through 4 runs"));
  CHECK(contains(archive, "\n- [ ] Delete src/gone.c <!-- stale? "));
}

TEST_CASE("who takes the mark away is heard, night after night") {
  World world;
  world.init_git();
  world.write("TODO.md", "- [ ] Delete src/gone.c\n");
  world.write("src/gone.c", "int gone;\n");
  world.commit("start", "2026-10-01T10:00:00Z");
  world.git({"rm", "-q", "src/gone.c"});
  world.commit("Drop it", "2026-10-02T10:00:00Z");
  manifest(world);
  night(world, "2026-11-01");
  world.git({"merge", "-q", "--ff-only", "daydream/2026-11-01"});
  world.write("TODO.md", "- [ ] Delete src/gone.c\n");
  world.commit("Keep it", "2026-11-01T12:00:00Z");
  for (const char* date : {"2026-11-02", "2026-11-10", "2026-11-20", "2026-11-30"}) {
    night(world, date);
    CHECK(of_branch(world, date, "TODO.md") == "(absent)");
  }
  CHECK(world.read("TODO.md") == "- [ ] Delete src/gone.c\n");
}

TEST_CASE("a priority goes one step up when due, and what we wrote is not taken for what a human gave") {
  World world;
  world.init_git();
  world.write("todo.txt", "(B) pay due:2026-11-10 +home\n(C) walk @out\n");
  world.commit("start");
  manifest(world);
  night(world, "2026-11-22");
  CHECK(of_branch(world, "2026-11-22", "todo.txt") == "(A) pay due:2026-11-10 +home\n(C) walk @out\n");
  CHECK(contains(report(world, "2026-11-22"), "- Updated 1 priorities"));
  night(world, "2026-11-23");  // unchanged: what we wrote is not taken for what a human gave
  CHECK(of_branch(world, "2026-11-23", "todo.txt") == "(A) pay due:2026-11-10 +home\n(C) walk @out\n");
  CHECK(contains(report(world, "2026-11-23"), "- Updated 0 priorities"));
}

TEST_CASE("secrets in tasks appear in no output, and stay in their bytes") {
  World world;
  world.init_git();
  const std::string token = std::string("ghp_") + "16C7e42F292c6912E7710c838347Ae178B4a";
  const std::string task = "- [x] rotate " + token + " of jane.doe@example.org\n";
  world.write("TODO.md", task + "- [ ] use " + token + " \xF0\x9F\x93\x85 2026-11-01\n");
  world.commit("start");
  manifest(world);
  const Ran ran = night(world, "2026-11-22");
  const std::string said = report(world, "2026-11-22");
  const std::string model = read_file(world.state() / "report_2026-11-22.json");
  for (const std::string& text : {said, model, ran.err, read_file(world.state() / "daydream.log"),
                                  world.daydream({"tasks", "list"}).out, world.daydream({"tasks", "archived"}).out}) {
    CHECK_FALSE(contains(text, token));
    CHECK_FALSE(contains(text, "jane.doe@example.org"));
  }
  CHECK(world.daydream({"tasks", "restore", id_in(said)}).out == task);
}

TEST_CASE("a shallow clone knows no history and stays silent about it") {
  World world;
  world.init_git();
  world.write("TODO.md", "- [ ] crash (#12)\n- [ ] Delete src/gone.c\n");
  world.write("src/gone.c", "int gone;\n");
  world.commit("start", "2026-10-01T10:00:00Z");
  world.git({"rm", "-q", "src/gone.c"});
  world.commit("Fixes #12", "2026-10-02T10:00:00Z");
  const auto clone = world.root() / "clone";
  world.git({"clone", "-q", "--depth", "1", "file://" + world.repository().string(), clone.string()});
  world.set_repository(clone);
  manifest(world);
  night(world, "2026-11-22");
  CHECK(of_branch(world, "2026-11-22", "TODO.md") == "(absent)");
}

TEST_CASE("what a human declined stays, and takes no archive from what is closed later") {
  World world;
  world.init_git();
  world.write("TODO.md", "- [x] one\n- [ ] two\n- [ ] three\n");
  world.commit("start");
  manifest(world);
  night(world, "2026-11-22");
  REQUIRE(of_branch(world, "2026-11-22", "TODO.md") == "- [ ] two\n- [ ] three\n");
  world.git({"branch", "-q", "-D", "daydream/2026-11-22"});
  world.write("TODO.md", "- [x] one\n- [x] two\n- [ ] three\n");
  world.commit("more", "2026-11-22T12:00:00Z");
  night(world, "2026-11-23");
  const std::string list = of_branch(world, "2026-11-23", "TODO.md");
  const std::string archive = of_branch(world, "2026-11-23", "archive/tasks-2026-11.md");
  INFO(list << archive);
  // Never out of the list without being in the archive.
  const bool left = !contains(list, "- [x] two") && list != "(absent)";
  CHECK((!left || contains(archive, "- [x] two\n")));
  CHECK(left);
  CHECK(contains(list, "- [x] one"));
  CHECK((list == "(absent)" || contains(list, "- [x] one") || contains(archive, "- [x] one\n")));
}

TEST_CASE("a TODO comment closed by a commit leaves the code, and restore gives back its bytes") {
  World world;
  world.init_git();
  const std::string tail = "\t // TODO(#12): handle \xFF input";
  const std::string lines = "  // FIXME: log it (#12)\r\n";
  const std::string code = "int a;" + tail + "\r\n" + lines + "int b;";
  world.write("src/a.c", code);
  world.commit("start", "2026-10-01T10:00:00Z");
  world.write("src/a.c", code + "\n");
  world.commit("Fixes #12", "2026-10-02T10:00:00Z");
  manifest(world);
  night(world, "2026-11-22");
  CHECK(of_branch(world, "2026-11-22", "src/a.c") == "int a;\r\nint b;\n");
  const std::string archive = of_branch(world, "2026-11-22", "archive/tasks-2026-11.md");
  CHECK(contains(archive, "- From: `src/a.c:1`"));
  CHECK(contains(report(world, "2026-11-22"), "- Closed 2 stale items"));
  std::set<std::string> restored;
  for (std::size_t at = archive.find("\n## "); at != std::string::npos; at = archive.find("\n## ", at + 1)) {
    restored.insert(world.daydream({"tasks", "restore", archive.substr(at + 4, 12)}).out);
  }
  CHECK(restored == std::set<std::string>{tail, lines});
}

TEST_CASE("a TODO comment whose symbol is gone is said for its grace period, then leaves the code") {
  World world;
  world.init_git();
  const std::string code = "# TODO: remove old_parser()\nx = 1\n";
  world.write("a.py", code);
  world.write("b.py", "def old_parser():\n    return 1\n");
  world.commit("start", "2026-10-01T10:00:00Z");
  world.write("b.py", "y = 1\n");
  world.commit("Drop it", "2026-10-02T10:00:00Z");
  manifest(world, R"({"grace": {"days": 2, "runs": 2}})");
  for (const char* date : {"2026-11-20", "2026-11-21"}) {
    night(world, date);
    CHECK(of_branch(world, date, "a.py") == "(absent)");
    CHECK(contains(report(world, date), "stale?"));
  }
  night(world, "2026-11-22");
  CHECK(of_branch(world, "2026-11-22", "a.py") == "x = 1\n");
  CHECK(contains(report(world, "2026-11-22"), "- Closed 1 stale items"));
  // Nobody has merged it: the carried branch stays as it is, and what is gone is not said again.
  night(world, "2026-11-23");
  CHECK(of_branch(world, "2026-11-23", "a.py") == "x = 1\n");
  CHECK(contains(report(world, "2026-11-23"), "- Closed 0 stale items"));
  CHECK_FALSE(contains(report(world, "2026-11-23"), "was taken out of the code"));
  CHECK_FALSE(contains(read_file(world.state() / "report_2026-11-23.json"), "was taken out of the code"));
}
