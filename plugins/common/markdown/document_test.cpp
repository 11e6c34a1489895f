#include "daydream/markdown/document.hpp"

#include <catch2/catch.hpp>

using namespace daydream;
using namespace daydream::markdown;

namespace {

Document parsed(std::string_view content) {
  auto document = Document::parse(content);
  REQUIRE(document.ok());
  return std::move(*document);
}

std::vector<std::string> destinations(const Document& document) {
  std::vector<std::string> all;
  for (const Link& link : document.links()) all.emplace_back(document.text(link.destination));
  return all;
}

std::vector<std::string> code(const Document& document) {
  std::vector<std::string> all;
  for (const CodeSpan& span : document.code_spans()) all.emplace_back(document.text(span.content));
  return all;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a checkbox is told by the byte that stands there") {
  // cmark-gfm's own extension takes the first of these for ticked.
  const auto document =
      parsed("- [ ] a [x](y)\n- [x] b\n- [X] c\n- [-] d\n* [ ] e\n1. [ ] f\n2) [x] g\n- [ ]\n- [  ] h\n");
  REQUIRE(document.items().size() == 9);
  std::string states;
  for (const Item& item : document.items()) states += item.state == 0 ? '.' : item.state;
  CHECK(states == " xX-  x..");
  for (const Item& item : document.items()) {
    if (item.task()) CHECK(document.content()[item.state_at] == item.state);
  }
  CHECK(document.text(document.items()[0].text) == "a [x](y)");
}

TEST_CASE("checkboxes in code, quotes and nested lists have their bytes") {
  const auto document = parsed(
      "```\n- [ ] no\n```\n\n    - [ ] no\n\n> - [ ] quoted\n>   goes on\n\n- one\n  - [x] two\n    1. [ ] three\n\n  "
      "more\n- [ ] "
      "last");
  REQUIRE(document.items().size() == 5);
  const auto& items = document.items();
  CHECK(items[0].quoted);
  CHECK_FALSE(items[0].alone);
  CHECK(document.text(items[0].text) == "quoted\n>   goes on");
  CHECK(items[2].ticked());
  CHECK(items[2].parent == 1);
  CHECK(items[3].parent == 2);
  CHECK(document.text(items[1].lines) == "- one\n  - [x] two\n    1. [ ] three\n\n  more\n");
  CHECK(document.text({items[1].span.begin, items[1].own_end}) == "- one\n");
  CHECK(items[4].parent == kNone);
  CHECK(items[4].list == items[1].list);
  CHECK(document.text(items[4].span) == "- [ ] last");
}

TEST_CASE("line ends, tabs, a byte order mark and NUL leave every place exact") {
  const std::string crlf = "\xEF\xBB\xBF# T\r\n\r\n-\t[ ] a\r\n-\t[x] b [l](u)\r\n";
  const auto document = parsed(crlf);
  REQUIRE(document.items().size() == 2);
  CHECK(document.content()[document.items()[1].state_at] == 'x');
  CHECK(document.text(document.items()[1].lines) == "-\t[x] b [l](u)\r\n");
  CHECK(document.items()[1].place.line == 4);
  CHECK(document.headings().at(0).plain == "T");
  CHECK(destinations(document) == Strings{"u"});
  const std::string nul("- [ ] a\0b [l](u)\n", 17);
  CHECK(destinations(parsed(nul)) == Strings{"u"});
  CHECK(parsed("# a\r\r- [x] b\r").items().at(0).place.line == 3);
}

TEST_CASE("links of every kind, with the bytes of their destinations") {
  const auto document = parsed(
      "[a](b.md) ![i](p%20q.png \"t\") [c](<d e.md>) [f][G] [g] [h][] <https://x.org/?a=1> see https://y.org/z. "
      "`[no](no)`\n"
      "\\[j](no) [k](no \"t\"u) [l]( m.md\n'title') [n](o(p)q)\n\n[G]: target.md 'T'\n[h]:\n  other.md\n");
  CHECK(destinations(document) == Strings{"b.md", "p%20q.png", "d e.md", "", "", "", "https://x.org/?a=1",
                                          "https://y.org/z", "m.md", "o(p)q", "target.md", "other.md"});
  CHECK(document.links()[1].image);
  CHECK(document.links()[3].url == "target.md");
  CHECK(document.links()[5].url == "other.md");
  CHECK(document.links()[document.links()[3].definition].kind == LinkKind::kDefinition);
  CHECK(document.text(document.links()[8].span) == "[l]( m.md\n'title')");
  CHECK(document.links()[8].place.line == 2);
}

TEST_CASE("a link in a link is none, an image in a link is") {
  const auto document = parsed("[![alt](i.png)](page.md) [a [b](c) d](e) [https://x.org](y)\n");
  CHECK(destinations(document) == Strings{"page.md", "i.png", "c", "y"});
}

TEST_CASE("continuation lines in quotes and items keep their places") {
  const std::string text = "> some `code\n> span` and [a](x)\nlazy [b](y)\n\n- item\n  [c](z) `q`\n";
  const auto document = parsed(text);
  CHECK(destinations(document) == Strings{"x", "y", "z"});
  CHECK(document.links()[1].place.line == 3);
  CHECK(document.links()[1].place.column == 6);
  CHECK(code(document) == Strings{"code\n> span", "q"});
}

TEST_CASE("cells of tables are texts of their own") {
  const auto document = parsed("intro `a`\n| x ` | [l](u) |\n|---|:-:|\n| b ` c | [m](v) `d` |\n| `e \\| f` | |\n");
  CHECK(destinations(document) == Strings{"u", "v"});
  CHECK(code(document) == Strings{"a", "d", "e \\| f"});
}

TEST_CASE("headings as they are rendered") {
  const auto document = parsed(
      "# A *b* `c_d` [e](f) ![g](h) <b>i</b> &amp; \\# ##\n\nSet\next\n===\n\n## snake_case __x__ {#own}\n\n#\n\n> ### "
      "quoted\n"
      "#no\n- ## in item\n");
  Strings plain;
  for (const Heading& heading : document.headings()) plain.push_back(heading.plain);
  CHECK(plain == Strings{"A b c_d e  i & #", "Set ext", "snake_case x", "", "quoted", "in item"});
  CHECK(document.headings()[2].explicit_id == "own");
  CHECK(document.headings()[2].id_text == " {#own}");
  CHECK(document.headings()[1].line == 3);
  CHECK(document.text(document.headings()[1].span) == "Set\next\n===");
}

TEST_CASE("fences, indented code and HTML") {
  const auto document = parsed(
      "~~~ Cpp {.x}\nint a;\n~~~\n\n```{.python}\nb\n\n    code\n\n<div id=\"one\">\n<!-- <a name=\"no\"> -->\n<img "
      "src='p.png'>\n\n"
      "text <a name=two href=x.html>t</a>\n");
  REQUIRE(document.code_blocks().size() == 2);
  CHECK(document.code_blocks()[0].language == "cpp");
  CHECK(document.text(document.code_blocks()[0].content) == "int a;\n");
  CHECK(document.code_blocks()[0].end_line == 3);
  CHECK(document.code_blocks()[1].language == "python");
  CHECK_FALSE(document.code_blocks()[1].closed);
  const auto html =
      parsed("<div id=\"one\">\n<!-- <a name=\"no\"> -->\n<img src='p.png'>\n\ntext <a name=two href=x.html>t</a>\n");
  REQUIRE(html.tags().size() == 3);
  CHECK(html.text(html.tags()[1].attributes.at(0).value) == "p.png");
  CHECK(html.tags()[2].place.line == 5);
  CHECK(html.html_blocks().at(0).end_line == 3);
}

TEST_CASE("front matter is no Markdown, a rule is no front matter") {
  const auto document = parsed("---\ntitle: \"[a](b)\"\nlist:\n- [ ] x\n---\n# T\n");
  CHECK(document.links().empty());
  CHECK(document.items().empty());
  CHECK(document.headings().at(0).line == 6);
  CHECK(parsed("---\nJust words [a](b)\n---\n").links().size() == 1);
}

TEST_CASE("definitions above a rule are definitions, no heading") {
  const auto document = parsed("see [x] and [y]\n\n[x]: /u\n[y]: /v\n---\n");
  CHECK(document.headings().empty());
  CHECK(destinations(document) == Strings{"", "", "/u", "/v"});
  CHECK(document.links()[0].url == "/u");
}

TEST_CASE("limits are said, not crashed into") {
  Limits limits;
  limits.max_bytes = 10;
  CHECK_FALSE(Document::parse("more than ten bytes", limits).ok());
  CHECK_FALSE(Document::parse(std::string(100000, '>')).ok());
  CHECK(Document::parse("").ok());
  CHECK(Document::parse(std::string(300000, '[')).ok());
  std::string nasty;
  for (int i = 0; i < 30000; ++i) nasty += "[a](http://b](";
  CHECK(Document::parse(nasty).ok());
}
