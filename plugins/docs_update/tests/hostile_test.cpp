// Pages made to take long: every one of them must be done at once.
#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/rules/contents.hpp"
#include "plugins/docs_update/tests/given.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kMegabyte = std::size_t{1} << 20;

std::string repeated(std::string_view part, std::size_t bytes) {
  std::string text;
  text.reserve(bytes + part.size());
  while (text.size() < bytes) text += part;
  return text;
}

}  // namespace

TEST_CASE("a word of a megabyte with a name's mark at every second byte holds no name") {
  Page page;
  read_rst("Title\n=====\n\n" + repeated("a_", kMegabyte) + "b\n", page);
  CHECK(page.names.empty());
}

TEST_CASE("a row of a megabyte of names and addresses has them all, at their columns") {
  const std::string row = repeated("name_ `x <y>`_ ", kMegabyte);
  Page page;
  read_rst("Title\n=====\n\n" + row + "\n\nlast_ `x <z>`_\n", page);
  const std::size_t times = row.size() / 15;
  REQUIRE(page.names.size() == times + 1);
  REQUIRE(page.links.size() == times + 1);
  CHECK(page.links[times - 1].line == 4);
  CHECK(page.links[times - 1].column == 15 * (times - 1) + 11);
  CHECK(page.links[times].line == 6);
  CHECK(page.links[times].column == 11);
}

TEST_CASE("marks of tables of contents that no mark ends") {
  CHECK(find_contents(repeated("<!-- toc -->\n", kMegabyte)).empty());
  // They do not hide what another program ends.
  CHECK(find_contents("<!-- markdowntoc -->\n<!-- toc -->\n- [Use](#use)\n<!-- /toc -->\n").size() == 1);
  CHECK(find_contents("<!-- toc -->\n- [Use](#use)\n<!-- /toc -->\n\n<!-- toc -->\n- [Use](#use)\n<!-- endtoc -->\n")
            .size() == 2);
}

TEST_CASE("a row of a megabyte of flags") {
  Given given;
  given.commit("2024-01-01", {{"README.md", "`" + repeated("x --dry-run ", kMegabyte) + "`\n"},
                              {"demo.py", "parser.add_argument(\"--dry-run\")\n"}});
  given.commit("2024-02-01", {{"demo.py", "x = 1\n"}});
  CHECK(given.say(&check_flags) == std::vector<std::string>{"README.md:1 outdated-reference --dry-run"});
}

}  // namespace daydream::docs
