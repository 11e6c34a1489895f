// What edits do to bytes, over lists nobody wrote: all others stay.
#include <catch2/catch.hpp>
#include <random>

#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"

using namespace daydream::tasks;

namespace {

const std::vector<std::string> kPieces{"- [ ] ",
                                       "- [x] ",
                                       "* [X] ",
                                       "1. [x] ",
                                       "2) [ ] ",
                                       "  ",
                                       "    ",
                                       "\t",
                                       "\n",
                                       "\n",
                                       "\r\n",
                                       "\n\n",
                                       "words ",
                                       "`code` ",
                                       "```\n",
                                       "> ",
                                       "# head\n",
                                       "===\n",
                                       "---\n",
                                       "| a | b |\n",
                                       "|---|---|\n",
                                       "[l](u) ",
                                       "<!-- ",
                                       "-->",
                                       "x 2026-01-02 ",
                                       "(A) ",
                                       "due:2026-11-10 ",
                                       "+p ",
                                       "\xFF",
                                       "\xC3\xA9",
                                       "<div>\n",
                                       "P1 ",
                                       "! ",
                                       "[-] ",
                                       "#12 ",
                                       "\xEF\xBB\xBF"};

std::string random_list(std::mt19937& random) {
  std::string text;
  const std::size_t pieces = random() % 40;
  for (std::size_t at = 0; at < pieces; ++at) text += kPieces[random() % kPieces.size()];
  return text;
}

std::string applied(const std::string& content, const std::vector<Edit>& edits) {
  std::string out;
  std::size_t at = 0;
  for (const Edit& edit : edits) {
    REQUIRE(edit.at.begin >= at);
    REQUIRE(edit.at.end <= content.size());
    out += content.substr(at, edit.at.begin - at) + edit.replacement;
    at = edit.at.end;
  }
  return out + content.substr(at);
}

struct Judge {
  Settings settings;
  History history{{}, std::chrono::seconds(1)};
  Notes notes;

  std::vector<Proposal> proposals(const List& list) {
    const Subject subject{list,         settings,     history, notes,   day_of("2026-11-22").value_or(0),
                          "2026-11-22", "2026-11-22", nullptr, nullptr, true};
    std::vector<Proposal> out;
    find_completed(subject, out);
    find_outdated_plans(subject, out);
    find_stale(subject, out);
    find_priorities(subject, out);
    return out;
  }
};

void check_list(const std::string& content, Kind kind) {
  auto list =
      read_list(kind == Kind::kMarkdown ? "TODO.md" : "todo.txt", kind, content, day_of("2026-11-22").value_or(0));
  if (!list) return;
  Judge judge;
  for (const Proposal& proposal : judge.proposals(*list)) {
    if (proposal.edits.empty()) continue;
    INFO(proposal.rule << " in " << content);
    const std::string after = applied(content, proposal.edits);
    if (proposal.archive) {
      // What left is what the archive has, and put back it is the list again.
      const Bytes& gone = proposal.edits.front().at;
      CHECK(proposal.archive->bytes == content.substr(gone.begin, gone.size()));
      CHECK(after.substr(0, gone.begin) + proposal.archive->bytes + after.substr(gone.begin) == content);
      auto less = read_list(list->path, kind, after, 0);
      REQUIRE(less.ok());
      CHECK(less->tasks.size() < list->tasks.size());
    } else {
      // A box or a priority: one byte becomes another, or a few bangs.
      auto same = read_list(list->path, kind, after, 0);
      REQUIRE(same.ok());
      CHECK(same->tasks.size() == list->tasks.size());
      std::size_t changed = 0;
      for (const Edit& edit : proposal.edits) changed += edit.at.size() + edit.replacement.size();
      CHECK(changed <= 6);
    }
  }
}

}  // namespace

TEST_CASE("edits of random Markdown leave all other bytes") {
  std::mt19937 random(20261122);
  for (int round = 0; round < 4000; ++round) check_list(random_list(random), Kind::kMarkdown);
}

TEST_CASE("edits of random todo.txt leave all other bytes") {
  std::mt19937 random(20261123);
  for (int round = 0; round < 4000; ++round) check_list(random_list(random), Kind::kTodoTxt);
}

TEST_CASE("a line of todo.txt is completed as the format says") {
  auto list = read_list("todo.txt", Kind::kTodoTxt, "(B) 2026-01-01 pay +home\r\nplain words id:1\n(C) last", 0);
  REQUIRE(list.ok());
  REQUIRE(list->tasks.size() == 3);
  Judge judge;
  const Subject subject{*list, judge.settings, judge.history, judge.notes, 0, "2026-11-22",
                        "r",   nullptr,        nullptr,       true};
  CHECK(applied(list->content, ticked(subject, list->tasks[0])) ==
        "x 2026-11-22 2026-01-01 pay +home pri:B\r\nplain words id:1\n(C) last");
  CHECK(applied(list->content, ticked(subject, list->tasks[1])) ==
        "(B) 2026-01-01 pay +home\r\nx 2026-11-22 plain words id:1\n(C) last");
  CHECK(applied(list->content, ticked(subject, list->tasks[2])) ==
        "(B) 2026-01-01 pay +home\r\nplain words id:1\nx 2026-11-22 last pri:C");
}

TEST_CASE("ids are of the words, not of the place") {
  const auto id_of = [](const std::string& content, std::size_t index) {
    auto list = read_list("TODO.md", Kind::kMarkdown, content, 0);
    REQUIRE(list.ok());
    return list->tasks.at(index).id;
  };
  const std::string id = id_of("- [ ] one\n- [ ] two\n", 1);
  CHECK(id == id_of("# new\n\n* [x]  Two <!-- stale? why -->\n", 0));
  CHECK(id != id_of("- [ ] one\n  - [ ] two\n", 1));
  CHECK(id_of("- [ ] a\n- [ ] a\n", 0) != id_of("- [ ] a\n- [ ] a\n", 1));
}
