// What is read out of pages and configuration files, and at which bytes.
#include <catch2/catch.hpp>

#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/formats/keys.hpp"
#include "plugins/docs_update/tree.hpp"
#include "plugins/docs_update/url.hpp"

namespace daydream::docs {
namespace {

std::string bytes_of(std::string_view content, const Link& link) {
  return std::string(content.substr(link.place.begin, link.place.end - link.place.begin));
}

std::vector<std::string> names(const std::optional<std::vector<Key>>& keys) {
  std::vector<std::string> all;
  if (!keys) return {"unreadable"};
  for (const Key& key : *keys) {
    std::string name;
    for (const std::string& part : key.path) name += (name.empty() ? "" : ".") + part;
    all.push_back(name + ":" + std::to_string(key.line) + (key.in_list ? "*" : ""));
  }
  return all;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("rST gives every target at its bytes") {
  const std::string_view content =
      "Title\n=====\n\n"
      ".. _Some Label:\n\n"
      "See `here <a.rst>`_, :doc:`the guide <guide/x>`, :ref:`some label`, ``code_x()``\n"
      "and :download:`f <../f.txt>` over\nlines.\n\n"
      ".. image:: b.png\n   :alt: x\n\n"
      ".. |logo| image:: c.png\n\n"
      ".. toctree::\n   :hidden:\n\n   one\n   Two <two>\n   self\n\n"
      ".. _ext: d.rst\n\n"
      "literal::\n\n   `no <none.rst>`_\n\n"
      ".. comment\n   .. image:: none.png\n";
  Page page;
  read_rst(content, page);
  Names targets;
  for (const Link& link : page.links) {
    CHECK(bytes_of(content, link) == link.target);
    targets.push_back(link.target + ":" + std::to_string(link.line));
  }
  CHECK(targets == Names{"a.rst:6", "guide/x:6", "some label:6", "../f.txt:7", "b.png:10", "c.png:13", "one:18",
                         "two:19", "d.rst:22"});
  CHECK(page.labels.contains("some label"));
  CHECK(page.anchors.contains("title"));
  REQUIRE(page.codes.size() == 1);
  CHECK(page.codes[0].text == "code_x()");
  CHECK(page.headings[0].line == 1);
}

TEST_CASE("rST titles with a line above and below") {
  Page page;
  read_rst("=====\nFirst\n=====\n\nSecond `one`\n------------\n\n- - -\n\nno title\n--\n", page);
  REQUIRE(page.headings.size() == 2);
  CHECK(page.headings[0].plain == "First");
  CHECK(page.headings[0].level == 1);
  CHECK(page.headings[1].plain == "Second one");
  CHECK(page.headings[1].level == 2);
}

TEST_CASE("HTML gives links at their bytes, quoted or not") {
  const std::string_view content =
      "<!doctype html>\n<a href=\"a.html?x=1&amp;y=2\">x</a><a href=b.html>y</a>\n<img alt='' src='c.png'>"
      "<p id=here><a name=\"there\"></a><!-- <a href=\"none.html\"> --><script>\"<a href='none.html'>\"</script>";
  Page page;
  read_html(content, page);
  REQUIRE(page.links.size() == 3);
  CHECK(page.links[0].target == "a.html?x=1&y=2");
  CHECK_FALSE(page.links[0].verbatim);
  CHECK(bytes_of(content, page.links[0]) == "a.html?x=1&amp;y=2");
  CHECK(bytes_of(content, page.links[1]) == "b.html");
  CHECK(page.links[1].line == 2);
  CHECK(bytes_of(content, page.links[2]) == "c.png");
  CHECK(page.anchors.contains("here"));
  CHECK(page.anchors.contains("there"));
}

TEST_CASE("HTML nested without end is not read") {
  std::string content;
  for (int i = 0; i < 20000; ++i) content += "<div>";
  Page page;
  read_html(content, page);
  CHECK(page.skipped == "nested too deep");
}

TEST_CASE("keys of YAML, JSON and TOML with their lines") {
  CHECK(names(yaml_keys("a: 1\nb:\n  c: &x {d: 2}\n  e: [1, {f: 3}]\n  g: *x\n")) ==
        Names{"a:1", "b:2", "b.c:3", "b.c.d:3", "b.e:4", "b.e.f:4*", "b.g:5"});
  CHECK(names(read_keys("x.sample.json", "{\n\t\"a\": {\"b\": [1]},\n\t\"c\": null\n}")) ==
        Names{"a:2", "a.b:2", "c:3"});
  CHECK(
      names(toml_keys("a = 1 # x\n[b.'c d']\ne.f = \"\"\"\nno = 1\n\"\"\"\ng = [\n 1, # [\n]\n[[h]]\ni = {j = 1}\n")) ==
      Names{"a:1", "b.c d:2", "b.c d.e.f:3", "b.c d.g:6", "h:9*", "h.i:10*"});
  CHECK(names(yaml_keys("a: [")) == Names{"unreadable"});
  CHECK(names(toml_keys("a\n")) == Names{"unreadable"});
  CHECK(names(read_keys("x.ini", "a=1")) == Names{"unreadable"});
}

TEST_CASE("YAML that nests or repeats without end is not read") {
  CHECK_FALSE(yaml_keys(std::string(1000, '[')).has_value());
  std::string bomb = "a: &a [x]\n";
  for (char c = 'b'; c < 'z'; ++c)
    bomb += std::string(1, c) + ": &" + c + " [*" + static_cast<char>(c - 1) + ", *" + static_cast<char>(c - 1) + "]\n";
  CHECK(yaml_keys(bomb)->size() == 25);
}

TEST_CASE("names of an example of the environment") {
  const auto keys = env_keys("# A comment = x\nA_B=1\n#C_D=2\nexport E=3\nlower=4\n 9X=5\nF_G = \"x\"\n");
  Names all;
  for (const EnvKey& key : keys) all.push_back(key.name + (key.optional ? "?" : "") + ":" + std::to_string(key.line));
  CHECK(all == Names{"A_B:2", "C_D?:3", "F_G:7"});
}

TEST_CASE("targets are taken apart") {
  const auto target = local_target("../a%20b.md?plain=1#Some%20Part");
  REQUIRE(target);
  CHECK(target->path == "../a b.md");
  CHECK(target->raw_path == "../a%20b.md");
  CHECK(target->fragment == "Some Part");
  for (const char* url : {"https://x", "mailto:a@b", "//x/y", "", "{{ x }}", "C:/x", "a\nb"})
    CHECK_FALSE(local_target(url).has_value());
  CHECK(percent_encoded("a b(c).md") == "a%20b%28c%29.md");
  CHECK(percent_decoded("%zz%4") == "%zz%4");
}

TEST_CASE("paths are joined and seen from elsewhere") {
  CHECK(join("a/b", "../c.md") == "a/c.md");
  CHECK(join("a", "../../c") == std::nullopt);
  CHECK(join("", "./a//b/.") == "a/b");
  CHECK(relative_path("docs/a", "docs/b/c.md") == "../b/c.md");
  CHECK(relative_path("", "x/y") == "x/y");
  CHECK(relative_path("a/b", "a/b/c") == "c");
  CHECK(relative_path("a/b", "a/b") == "../b");
}

TEST_CASE("a link into a submodule, a symlink or another case") {
  const Tree tree({{"docs/A.md", 1, 1}, {"src/x.py", 1, 2}}, "");
  CHECK(tree.exists("docs"));
  CHECK(tree.exists(""));
  CHECK_FALSE(tree.exists("docs/a.md"));
  CHECK(tree.other_case("docs/a.md") == "docs/A.md");
  CHECK(tree.has_suffix("x.py"));
  CHECK_FALSE(tree.has_suffix("c/x.py"));
}

}  // namespace daydream::docs
