#include "daydream/markdown/anchors.hpp"

#include <catch2/catch.hpp>

using namespace daydream::markdown;
using Strings = std::vector<std::string>;

namespace {

Strings anchors(std::string_view page, Dialect dialect) {
  auto document = Document::parse(page);
  REQUIRE(document.ok());
  return heading_anchors(*document, dialect);
}

}  // namespace

TEST_CASE("duplicates probe for a free number on GitHub") {
  CHECK(anchors("# echo\n# echo\n# echo 1\n# echo-1\n# echo\n", Dialect::kGithub) ==
        Strings{"echo", "echo-1", "echo-1-1", "echo-1-2", "echo-2"});
}

TEST_CASE("letters, marks, digits and connectors stay on GitHub, all else goes") {
  CHECK(slug("Hello, World!", Dialect::kGithub) == "hello-world");
  CHECK(slug("a  b - c", Dialect::kGithub) == "a--b---c");
  CHECK(slug("snake_case & Co. (v1.2)", Dialect::kGithub) == "snake_case--co-v12");
  CHECK(slug("⚙️ Setup", Dialect::kGithub) == "\xEF\xB8\x8F-setup");  // U+FE0F is a mark
  CHECK(slug("Привет МИР", Dialect::kGithub) == "привет-мир");
  CHECK(slug("ΟΔΟΣ", Dialect::kGithub) == "οδος");                  // final sigma
  CHECK(slug("İstanbul", Dialect::kGithub) == "i\xCC\x87stanbul");  // U+0130
  CHECK(slug("हिन्दी", Dialect::kGithub) == "हिन्दी");
  CHECK(slug("x²½", Dialect::kGithub) == "x");  // No-category digits go
  CHECK(slug("Ⓐ Ⅷ", Dialect::kGithub) == "ⓐ-ⅷ");
  CHECK(slug(":smile: ok", Dialect::kGithub) == "smile-ok");
}

TEST_CASE("a heading's anchor is of its rendered text") {
  CHECK(anchors("## The `--flag` of [this](x) ![no](y) **b_c** <i>d</i> &amp;\n", Dialect::kGithub) ==
        Strings{"the---flag-of-this--b_c-d-"});
}

TEST_CASE("explicit ids count where the dialect knows them") {
  CHECK(anchors("# A {#own-id}\n# B\n", Dialect::kDocusaurus) == Strings{"own-id", "b"});
  CHECK(anchors("# A {#own-id}\n", Dialect::kGithub) == Strings{"a-own-id"});
}

TEST_CASE("other dialects") {
  CHECK(slug("Hello -- World!", Dialect::kGitlab) == "hello-world");
  CHECK(slug("Hello World", Dialect::kBitbucket) == "markdown-header-hello-world");
  CHECK(slug("1. The API", Dialect::kPandoc) == "the-api");
  CHECK(slug("Über uns", Dialect::kMkdocs) == "uber-uns");
  CHECK(slug("v1.2 notes", Dialect::kGitbook) == "v1.2-notes");
  CHECK(anchors("# a\n# a\n", Dialect::kMkdocs) == Strings{"a", "a_1"});
}

TEST_CASE("anchors of HTML") {
  auto document = Document::parse("<a name=\"one\"></a>\n\ntext <b id='two &amp; three'>\n");
  REQUIRE(document.ok());
  CHECK(html_anchors(*document) == Strings{"one", "two & three"});
}
