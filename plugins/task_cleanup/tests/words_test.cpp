// Fields, aims, commit messages, days and priorities: what words are taken to say.
#include <catch2/catch.hpp>

#include "plugins/task_cleanup/comments/todo_comment.hpp"
#include "plugins/task_cleanup/fields.hpp"
#include "plugins/task_cleanup/history.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/priority.hpp"
#include "plugins/task_cleanup/subjects.hpp"

using namespace daydream::tasks;
using Strings = std::vector<std::string>;

namespace {

const std::int64_t kToday = day_of("2026-11-22").value_or(0);

Strings names(const std::vector<Name>& all) {
  Strings words;
  for (const Name& name : all) words.push_back((name.path ? "path " : "") + name.text);
  return words;
}

}  // namespace

TEST_CASE("days count from 1970 and back") {
  CHECK(day_of("1970-01-01") == 0);
  CHECK(day_of("2026-11-22") == 20779);
  for (const std::int64_t day : {-1, 0, 59, 60, 11016, 20779, 365000}) CHECK(day_of(date_of(day)) == day);
  for (const char* wrong :
       {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-01", "26-01-01", "2026-01-32", "abcd-ef-gh"}) {
    CHECK_FALSE(day_of(wrong));
  }
  CHECK(day_of("2024-02-29"));
}

TEST_CASE("a message closes what its verb stands before") {
  CHECK(closed_references("Fixes #12") == Strings{"#12"});
  CHECK(closed_references("x\n\nCloses: ABC-7\nResolved #8.") == Strings{"ABC-7", "#8"});
  CHECK(closed_references("fix(parser): closes #3, fixes #4") == Strings{"#3", "#4"});
  CHECK(closed_references("[fixed #5]") == Strings{"#5"});
  for (const char* nothing :
       {"Merge pull request #12", "fix crash (#12)", "does not fix #12", "partially fixes #12", "fixes #12 partially",
        "try to fix #12", "fixes other/repo#12", "prefixes #12", "fix UTF-8", "see #12", "unfixes #12",
        "#12 closes nothing", "closes", "fixes the #12 way"}) {
    INFO(nothing);
    CHECK(closed_references(nothing).empty());
  }
}

TEST_CASE("a task's own references stand in front or at the end") {
  CHECK(fields_of("#12 crash", kToday, false).ids == Strings{"#12"});
  CHECK(fields_of("crash (#12)", kToday, false).ids == Strings{"#12"});
  CHECK(fields_of("crash [#12](https://x.org/o/r/issues/12)", kToday, false).ids == Strings{"#12"});
  CHECK(fields_of("ABC-3: crash", kToday, false).ids == Strings{"ABC-3"});
  CHECK(fields_of("crash id:7f", kToday, true).ids == Strings{"7f"});
  for (const char* none :
       {"like #12 did", "crash, see #12", "use UTF-8", "follow RFC-2119", "part of #12", "color #1234567890", "# 12"}) {
    INFO(none);
    CHECK(fields_of(none, kToday, false).ids.empty());
  }
  CHECK(fields_of("x blocked by #9", kToday, false).needs == Strings{"#9"});
}

TEST_CASE("dates, owners and what is to stay") {
  CHECK(fields_of("pay due:2026-11-10", kToday, true).due == day_of("2026-11-10"));
  CHECK(fields_of("pay 📅 2026-11-10 now", kToday, false).due == day_of("2026-11-10"));
  CHECK(fields_of("pay by 2026-12-01", kToday, false).any_future_date);
  CHECK_FALSE(fields_of("since 2026-01-01", kToday, false).any_future_date);
  CHECK(fields_of("pay @bob", kToday, false).owner);
  CHECK_FALSE(fields_of("pay @phone", kToday, true).owner);
  CHECK(fields_of("pay <!-- keep -->", kToday, false).keep);
  CHECK_FALSE(fields_of("keep the API small", kToday, false).keep);
}

TEST_CASE("an aim is only what words say plainly") {
  CHECK(names(aim_of("Remove `old_parser()`").gone) == Strings{"old_parser"});
  CHECK(names(aim_of("delete src/a.c and src/b.c (#12)").gone) == Strings{"path src/a.c", "path src/b.c"});
  CHECK(names(aim_of("Drop the deprecated old_parser() function in favour of x").gone) == Strings{"old_parser"});
  CHECK(names(aim_of("Add `src/cache.py`").come) == Strings{"path src/cache.py"});
  CHECK(names(aim_of("Replace `a_name` by `b_name`").come) == Strings{"b_name"});
  for (const char* none :
       {"Remove old parser", "Remove `foo`", "Fix `old_parser()`", "Refactor src/a.c", "Remove all `old_parser` calls",
        "Remove support for `old_parser`", "Do not remove `old_parser`", "Add tests for `old_parser`",
        "Remove `--flag`", "Remove caching in `old_parser`", "Consider removing `old_parser`",
        "Add `old_parser` caching", "Remove `old_parser` workaround", "Replace `old_parser`",
        "Remove https://x.org/a.c", "Write docs"}) {
    INFO(none);
    CHECK(aim_of(none).empty());
  }
}

TEST_CASE("terms follow Taskwarrior's curves") {
  CHECK(due_value(-30) == 200);
  CHECK(due_value(-14) == 200);
  CHECK(due_value(0) == 733);
  CHECK(due_value(7) == 1000);
  CHECK(due_value(70) == 1000);
  CHECK(prio_value(0) * 6 == 6000);
  CHECK(prio_value(1) * 6 == 3900);
  CHECK(prio_value(2) * 6 == 1800);
}

TEST_CASE("a score prints every term") {
  auto list = read_list("todo.txt", Kind::kTodoTxt,
                        "(A) 2025-11-22 pay due:2026-11-29 id:a\n(B) walk dep:a t:2026-12-01\n", kToday);
  REQUIRE(list.ok());
  REQUIRE(list->tasks.size() == 2);
  Surroundings around;
  around.today = kToday;
  read_ids(*list, around);
  CHECK(score_of(list->tasks[0], std::nullopt, around).words() ==
        "21.592 = 12*due 0.466 + 8*blocking 1.000 + 6*prio 1.000 + 2*age 1.000");
  CHECK(score_of(list->tasks[1], std::nullopt, around).words() ==
        "-4.100 = 6*prio 0.650 - 5*blocked 1.000 - 3*waiting 1.000");
}

TEST_CASE("priorities stand in front or in brackets at the end") {
  CHECK(priority_in("P1 pay").level == 1);
  CHECK(priority_in("[P0] pay").level == 0);
  CHECK(priority_in("pay (P3)").level == 3);
  CHECK(priority_in("!! pay").level == 1);
  CHECK(priority_in("pay !!!").level == 0);
  for (const char* none : {"P2P", "pay P1 now", "P9 x", "wow!", "!important", "P", "x (P12)", "!!!! x", "!"}) {
    INFO(none);
    CHECK(priority_in(none).scale == Scale::kNone);
  }
}

TEST_CASE("TODO in comments only, with owner and what is around it") {
  using daydream::source::Language;
  const auto found = todo_comments(
      "void f() {\n  g(); // TODO(bob): one\n  /* FIXME two\n   * XXX: three */\n}\nconst char* s = \"TODO: no\";\nint "
      "TODO_x;\n// todo later\n// the TODO list\n",
      Language::kCpp);
  REQUIRE(found.size() == 3);
  CHECK(found[0].owner == "bob");
  CHECK(found[0].words == "one");
  CHECK(found[0].symbol == "f");
  CHECK(found[0].end - found[0].begin == std::string_view("// TODO(bob): one").size());
  CHECK(found[1].tag == "FIXME");
  CHECK(found[2].words == "three");
  CHECK(found[2].line == 4);
  const ScanRow row{7, found};
  const auto back = ScanRow::decode(row.encode());
  REQUIRE(back.has_value());
  CHECK(back->comments == found);
  CHECK_FALSE(ScanRow::decode("{\"token\": \"x\"}"));
}

TEST_CASE("which files are lists") {
  for (const char* list : {"TODO.md", "docs/todo.md", "ROADMAP-2026.md", "PLAN", "Plans.markdown", "doc/plans/x.md",
                           "docs/plans/deep/y.md", "planning.md"}) {
    INFO(list);
    CHECK(list_kind(list, {}) == Kind::kMarkdown);
  }
  CHECK(list_kind("todo.txt", {}) == Kind::kTodoTxt);
  for (const char* none :
       {"planet.md", "README.md", "todo.py", "mytodo.md", "docs/plans/x.py", "node_modules/a/TODO.md",
        "archive/tasks-2026-11.md", "docs/plans/archive/tasks-2026-11.md", "plans/x.md"}) {
    INFO(none);
    CHECK_FALSE(list_kind(none, {}));
  }
  CHECK(list_kind("work/x.md", {"work/**"}) == Kind::kMarkdown);
  CHECK_FALSE(list_kind("TODO.md", {"work/**"}));
}
