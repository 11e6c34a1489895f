#include <catch2/catch.hpp>
#include <chrono>
#include <set>
#include <string>

#include "daydream/kit/text.hpp"

using namespace daydream;
using namespace std::string_literals;

TEST_CASE("UTF-8 is valid only in its shortest form, without surrogates, to U+10FFFF") {
  for (const char* good : {"", "a", "ä", "€", "😀", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"})
    CHECK(text::valid_utf8(good));
  for (const char* bad : {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF0\x80\x80\x80",
                          "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xC3", "\xE2\x82", "a\xC3(b"})
    CHECK_FALSE(text::valid_utf8(bad));
}

TEST_CASE("each maximal invalid part becomes one replacement character") {
  CHECK(text::to_utf8("a\xFFz") == "a\uFFFDz");
  CHECK(text::to_utf8("\xE2\x82") == "\uFFFD");
  CHECK(text::to_utf8("\xF0\x9F\x98z") == "\uFFFDz");
  CHECK(text::to_utf8("\xC0\xAF") == "\uFFFD\uFFFD");
  CHECK(text::to_utf8("\xED\xA0\x80") == "\uFFFD\uFFFD\uFFFD");
  CHECK(text::to_utf8("ä😀") == "ä😀");
}

TEST_CASE("a shortened text is never longer than asked and ends at a character") {
  CHECK(text::shorten("abc", 3) == "abc");
  CHECK(text::shorten("abcdef", 5) == "ab…");
  CHECK(text::shorten("aäöü", 6) == "aä…");
  CHECK(text::shorten("aäöü", 5) == "a…");
  CHECK(text::shorten("äöü", 2).size() <= 2);
  CHECK(text::shorten("abc", 0).empty());
  for (std::size_t size = 0; size < 20; ++size) {
    const std::string cut = text::shorten("a😀b€c😀d", size);
    CHECK(cut.size() <= size);
    CHECK(text::valid_utf8(cut));
  }
}

TEST_CASE("markup in a text stays text in Markdown") {
  CHECK(text::escape_markdown("*a* `b` [c](d) ![e](f)") == "\\*a\\* \\`b\\` \\[c\\](d) !\\[e\\](f)");
  CHECK(text::escape_markdown("<script>&amp;") == "&lt;script>&amp;amp;");
  CHECK(text::escape_markdown("a|b ~~c~~ $x$ \\") == "a\\|b \\~\\~c\\~\\~ \\$x\\$ \\\\");
  CHECK(text::escape_markdown("_a_ __b__") == "\\_a\\_ \\_\\_b\\_\\_");
}

TEST_CASE("nothing at the start of a text opens a block in Markdown") {
  CHECK(text::escape_markdown("# a") == "\\# a");
  CHECK(text::escape_markdown("- a - b") == "\\- a - b");
  CHECK(text::escape_markdown("+ a") == "\\+ a");
  CHECK(text::escape_markdown("> a > b") == "\\> a > b");
  CHECK(text::escape_markdown("===") == "\\===");
  CHECK(text::escape_markdown("12. a 3. b") == "12\\. a 3. b");
  CHECK(text::escape_markdown("1) a") == "1\\) a");
  CHECK(text::escape_markdown("    code") == "&#32;   code");
  CHECK(text::escape_markdown("a\n\n# b\r\nc  ") == "a  \\# b  c &#32;");
}

TEST_CASE("names and words stay readable in Markdown") {
  CHECK(text::escape_markdown("read_from_disk(a, b) - v1.2.3: 3 > 2, a+b=c!") ==
        "read_from_disk(a, b) - v1.2.3: 3 > 2, a+b=c!");
  CHECK(text::escape_markdown("Grüße 😀 — ok") == "Grüße 😀 — ok");
}

TEST_CASE("people, issues and addresses are not linked from Markdown") {
  CHECK(text::escape_markdown("@team #12").find("@team") == std::string::npos);
  CHECK(text::escape_markdown("see #12").find("#12") == std::string::npos);
  CHECK(text::escape_markdown("https://evil.example") == "https\\://evil.example");
  CHECK(text::escape_markdown("www.evil.example") == "www\\.evil.example");
}

TEST_CASE("what cannot be seen is made visible") {
  CHECK(text::escape_markdown("a\u202Eb") == "a\\u{202e}b");
  CHECK(text::escape_terminal("a\x1b[31mred") == "a\\u{1b}[31mred");
  CHECK(text::escape_terminal("a\u009b31m") == "a\\u{9b}31m");  // CSI as one C1 character
  CHECK(text::escape_terminal("a\x9b"s + "31m") == "a\uFFFD31m");
  CHECK(text::escape_terminal("a\r\nb\tc\0d"s) == "a\\r\\nb\\tc\\u{00}d");
  CHECK(text::escape_terminal("\u200b\u2066\ufeff\u00ad\u2028") == "\\u{200b}\\u{2066}\\u{feff}\\u{ad}\\u{2028}");
  CHECK(text::escape_terminal("\U000E0041") == "\\u{e0041}");  // tag characters carry hidden text
  CHECK(text::escape_terminal("😀️ é") == "😀️ é");
}

TEST_CASE("a code span has a fence that its content cannot close") {
  CHECK(text::markdown_code("a_b*c*") == "`a_b*c*`");
  CHECK(text::markdown_code("a`b``c") == "```a`b``c```");
  CHECK(text::markdown_code("`a") == "`` `a ``");
  CHECK(text::markdown_code(" a ") == "`  a  `");
  CHECK(text::markdown_code("a\nb\x1b") == "`a b\\u{1b}`");
  CHECK(text::markdown_code("") == "` `");
  CHECK(text::markdown_code("\xff") == "`\uFFFD`");
}

TEST_CASE("HTML keeps no markup, in text and in attributes") {
  CHECK(text::escape_html("<a href=\"x\" onclick='y'>&") == "&lt;a href=&quot;x&quot; onclick=&#39;y&#39;&gt;&amp;");
  CHECK(text::escape_html("a\x1b\xff") == "a\\u{1b}\uFFFD");
}

TEST_CASE("two paths never look alike") {
  CHECK(text::show_path("src/ä.py") == "src/ä.py");
  CHECK(text::show_path("a\xff.txt") == "a\\xff.txt");
  CHECK(text::show_path("a\\xff.txt") == "a\\\\xff.txt");
  CHECK(text::show_path("a\nb") == "a\\nb");
  CHECK(text::show_path("a\\nb") == "a\\\\nb");
  std::set<std::string> shown;
  const std::vector<std::string> names = {"a\xff", "a\\xff", "a\xef\xbf\xbd", "a\n", "a\\n", "a\u202e", "a\\u{202e}"};
  for (const std::string& name : names) shown.insert(text::show_path(name));
  CHECK(shown.size() == names.size());
}

TEST_CASE("a typing mistake finds the word that was meant, and nothing far away") {
  const std::vector<std::string> known = {"command", "timeout", "log_review", "on_failure", "id"};
  CHECK(text::nearest("comand", known) == "command");
  CHECK(text::nearest("tiemout", known) == "timeout");
  CHECK(text::nearest("log-reviw", known) == "log_review");
  CHECK(text::nearest("OnFailure", known) == "on_failure");
  CHECK(text::nearest("zebra", known).empty());
  CHECK(text::nearest("xy", known).empty());
  CHECK(text::nearest("", known).empty());
  CHECK(text::nearest(std::string(100'000, 'a'), known).empty());
}

TEST_CASE("small helpers do what their names say") {
  using Parts = std::vector<std::string_view>;
  CHECK(text::split("a,,b", ',') == Parts{"a", "", "b"});
  CHECK(text::split("", ',') == Parts{""});
  CHECK(text::trim(" \t a b\n") == "a b");
  CHECK(text::trim("  ").empty());
  CHECK(text::join({"a", "b"}, ", ") == "a, b");
  CHECK(text::collapse_space("  a \n\t b  ") == "a b");
  CHECK(text::collapse_space(" \n ").empty());
  CHECK(text::to_lower_ascii("AbÄ") == "abÄ");
}

TEST_CASE("an offset has a line and a byte column, also behind the end") {
  const auto at = [](std::size_t offset) {
    const auto place = text::line_column("ab\nä\n", offset);
    return std::to_string(place.line) + ":" + std::to_string(place.column);
  };
  CHECK(at(0) == "1:1");
  CHECK(at(2) == "1:3");
  CHECK(at(3) == "2:1");
  CHECK(at(5) == "2:3");
  CHECK(at(99) == "3:1");
}
