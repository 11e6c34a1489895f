// Tables of contents: how much is done for one page.
#include "plugins/docs_update/rules/contents.hpp"

#include <algorithm>

#include "plugins/docs_update/tests/given.hpp"

namespace daydream::docs {
namespace {

// A page whose table lists `listed` headings, all but the first of which it has under another name.
std::string page_of(std::size_t listed, std::size_t headings, const std::string& text) {
  std::string page = "# Demo\n\n<!-- toc -->\n\n";
  for (std::size_t i = 0; i < listed; ++i) {
    const std::string number = std::to_string(i);
    page.append("- [Part ").append(number).append("](#part-").append(number).append(")\n");
  }
  page += "\n<!-- tocstop -->\n\n";
  for (std::size_t i = 0; i < headings; ++i) page.append("## Section ").append(std::to_string(i)).append("\n\n");
  return page + text;
}

std::vector<PageHeadings::Heading> headings_of(const std::string& page) {
  const auto places = find_contents(page);
  REQUIRE(places.size() == 1);
  auto headings = PageHeadings::read(page, places.front());
  REQUIRE(headings);
  return headings->all();
}

}  // namespace

TEST_CASE("a table of 2000 entries that fits no style is tried on 20000 headings in a moment") {
  for (const std::size_t headings : {std::size_t{2000}, std::size_t{20000}}) {
    const std::string page = page_of(2000, headings, "");
    const auto places = find_contents(page);
    REQUIRE(places.size() == 1);
    auto read = PageHeadings::read(page, places.front());
    REQUIRE(read);
    CHECK(read->all().size() == headings + 1);
    const auto written = std::string_view(page).substr(places.front().entries.begin,
                                                       places.front().entries.end - places.front().entries.begin);
    CHECK(styles_of(written, *read).empty());
  }
}

TEST_CASE("states of a page that differ in their text alone have equal headings") {
  const std::string page = page_of(1, 3, "text\n");
  CHECK(headings_of(page) == headings_of(page_of(1, 3, "other text\n")));
  CHECK_FALSE(headings_of(page) == headings_of(page_of(1, 4, "text\n")));
  CHECK_FALSE(headings_of(page) == headings_of(page_of(1, 3, "## Last\n")));
  CHECK_FALSE(headings_of(page_of(1, 3, "<!-- omit in toc -->\n## Last\n")) ==
              headings_of(page_of(1, 3, "<!-- not omitted -->\n## Last\n")));
}

TEST_CASE("every state of a page that is looked at is a sign of life") {
  Given given;
  for (int day = 1; day <= 9; ++day) {
    const std::string number = std::to_string(day);
    given.commit("2024-01-0" + number, {{"README.md", page_of(3, 3, "text " + number + "\n")}});
  }
  CHECK(given.say(&check_contents).empty());
  CHECK(std::count(given.ticks().begin(), given.ticks().end(), "README.md") == 1 + 9);
}

TEST_CASE("states with equal headings do not hide the one behind them that proves the table") {
  const std::string table = "# Demo\n\n<!-- toc -->\n\n- [Use](#use)\n\n<!-- tocstop -->\n\n## Use\n";
  Given given;
  given.commit("2024-01-01", {{"README.md", table}});
  for (int day = 2; day <= 5; ++day) {
    const std::string number = std::to_string(day);
    given.commit("2024-01-0" + number, {{"README.md", table + "\n## More\n\ntext " + number + "\n"}});
  }
  CHECK(given.say(&check_contents) == std::vector<std::string>{"README.md:5 outdated-contents "});
}

}  // namespace daydream::docs
