#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "daydream/markdown/document.hpp"
#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/tree.hpp"

namespace daydream::docs {
namespace {

using markdown::Document;
using markdown::LinkKind;

Range range_of(markdown::Span span) {
  return {span.begin, span.end};
}

void add_link(const Document& document, const markdown::Link& link, Page& page) {
  if (link.kind != LinkKind::kInline && link.kind != LinkKind::kDefinition && link.kind != LinkKind::kAutolink &&
      link.kind != LinkKind::kBare) {
    return;
  }
  // [^1]: is a footnote, not a place.
  if (link.kind == LinkKind::kDefinition && document.text(link.text).starts_with("^")) return;
  const markdown::Place place = document.place(link.destination.empty() ? link.span.begin : link.destination.begin);
  page.links.push_back({link.image ? Use::kImage : Use::kLink, link.url, range_of(link.destination), place.line,
                        place.column, document.text(link.destination) == link.url});
}

void add_tag(const Document& document, const markdown::Tag& tag, Page& page) {
  const bool anchor = tag.name == "a" || tag.name == "area";
  const bool image = tag.name == "img" || tag.name == "source" || tag.name == "video";
  for (const markdown::Attribute& attribute : tag.attributes) {
    const std::string_view value = document.text(attribute.value);
    const bool points = (anchor && attribute.name == "href") || (image && attribute.name == "src");
    if (!points || value.empty()) continue;
    const markdown::Place place = document.place(attribute.value.begin);
    const bool plain = value.find('&') == std::string_view::npos;
    page.links.push_back({image ? Use::kImage : Use::kLink, std::string(value), range_of(attribute.value), place.line,
                          place.column, plain});
  }
}

bool name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.' || c == ':' ||
         static_cast<unsigned char>(c) > 0x7F;
}

// `{#id}`, `{: #id}`, `{ #id .class }` behind any text; `(label)=` of MyST; ids in HTML.
void add_explicit_anchors(std::string_view content, Page& page) {
  for (std::size_t at = content.find('#'); at != std::string_view::npos; at = content.find('#', at + 1)) {
    std::size_t before = at;
    while (before > 0 && (content[before - 1] == ' ' || content[before - 1] == ':')) --before;
    if (before == 0 || (content[before - 1] != '{' && content[before - 1] != '(')) continue;
    // ((#id)): HashiCorp's pages
    if (content[before - 1] == '(' && (before < 2 || content[before - 2] != '(')) continue;
    std::size_t end = at + 1;
    while (end < content.size() && name_character(content[end])) ++end;
    page.anchors.emplace(content.substr(at + 1, end - at - 1));
  }
  for (std::size_t at = content.find(")="); at != std::string_view::npos; at = content.find(")=", at + 2)) {
    const auto line = content.rfind('\n', at);
    const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
    if (content[begin] != '(' || at <= begin + 1 || at - begin > 200) continue;
    const std::string_view label = content.substr(begin + 1, at - begin - 1);
    page.anchors.emplace(label);
    page.anchors.insert(docutils_id(label));
    page.labels.insert(sphinx_label(label));
  }
}

// Lists of people that all-contributors writes: it gives each sign an anchor that no page has.
void drop_contributors(std::string_view content, Page& page) {
  const auto begin = content.find("<!-- ALL-CONTRIBUTORS-LIST:START");
  const auto end = content.find("<!-- ALL-CONTRIBUTORS-LIST:END", begin == std::string_view::npos ? 0 : begin);
  if (begin == std::string_view::npos || end == std::string_view::npos) return;
  const auto first = 1 + std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(begin), '\n');
  const auto last = first + std::count(content.begin() + static_cast<std::ptrdiff_t>(begin),
                                       content.begin() + static_cast<std::ptrdiff_t>(end), '\n');
  std::erase_if(page.links, [&](const Link& link) {
    return link.target.starts_with('#') && link.line >= first && link.line <= last;
  });
}

// The page without its blocks of code, which give no headings whatever is put into them.
std::string without_code(const Document& document) {
  std::string rest;
  std::uint32_t at = 0;
  for (const markdown::CodeBlock& block : document.code_blocks()) {
    if (!block.fenced || !block.closed || block.span.begin < at) continue;
    rest += document.content().substr(at, block.span.begin - at);
    at = block.span.end;
  }
  return rest += document.content().substr(at);
}

// Marks of a generator that puts more into the page than its file holds.
bool made_elsewhere(std::string_view content, std::string_view path) {
  static constexpr std::array<std::string_view, 16> kMarks = {
      "{{#include", "{{ #include", "{% include",   "{%- include", "--8<--",     "::: ", "!INCLUDE", "[!include",
      "{!",         "```{include", "```{eval-rst", "<<<",         ":::include", "{{<",  "{{%",      "{% "};
  for (const std::string_view mark : kMarks) {
    if (content.find(mark) != std::string_view::npos) return true;
  }
  const bool mdx = path.ends_with(".mdx");
  return (mdx || content.find("\nimport ") != std::string_view::npos) &&
         content.find(" from ") != std::string_view::npos && content.find("import ") != std::string_view::npos;
}

// "<Foo" in .mdx: a component may render headings.
bool has_component(std::string_view content) {
  for (std::size_t at = content.find('<'); at != std::string_view::npos; at = content.find('<', at + 1)) {
    if (at + 1 < content.size() && std::isupper(static_cast<unsigned char>(content[at + 1])) != 0) return true;
  }
  return false;
}

// As VitePress and VuePress make them: marks become '-', a digit at the front gets '_'.
std::string mdit_slug(std::string_view plain) {
  std::string slug;
  for (const char c : markdown::to_lower(plain)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > 0x7F || std::isalnum(byte) != 0) {
      slug += c;
    } else if (!slug.empty() && slug.back() != '-') {
      slug += '-';
    }
  }
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
  if (!slug.empty() && std::isdigit(static_cast<unsigned char>(slug[0])) != 0) slug.insert(0, 1, '_');
  return slug;
}

// The text between <h2> and </h2>, without tags: hosts give such headings anchors too.
std::string html_heading(std::string_view content, std::uint32_t from) {
  const auto end = content.find("</h", from);
  if (end == std::string_view::npos || end - from > 2000) return {};
  std::string plain;
  bool tag = false;
  for (const char c : content.substr(from, end - from)) {
    if (c == '<') tag = true;
    if (!tag) plain += c;
    if (c == '>') tag = false;
  }
  return text::collapse_space(plain);
}

void add_anchors_of(const std::string& plain, const AnchorStyle& style, Page& page) {
  if (style.docutils) page.anchors.insert(docutils_id(plain));
  if (style.mdit) page.anchors.insert(mdit_slug(plain));
}

void add_headings(const Document& document, const AnchorStyle& style, Page& page) {
  for (const markdown::Heading& heading : document.headings()) {
    page.headings.push_back(
        {heading.plain, heading.level, heading.line, range_of(heading.span), range_of(heading.text)});
    if (!heading.explicit_id.empty()) page.anchors.insert(heading.explicit_id);
    add_anchors_of(heading.plain, style, page);
  }
  for (const markdown::Tag& tag : document.tags()) {
    if (tag.name.size() != 2 || tag.name[0] != 'h' || tag.name[1] < '1' || tag.name[1] > '6') continue;
    const std::string plain = html_heading(document.content(), tag.span.end);
    if (plain.empty()) continue;
    for (const markdown::Dialect dialect : style.dialects) page.anchors.insert(markdown::slug(plain, dialect));
    add_anchors_of(plain, style, page);
  }
  for (std::size_t i = 0; i < style.dialects.size(); ++i) {
    auto slugs = markdown::heading_anchors(document, style.dialects[i]);
    for (const std::string& slug : slugs) page.anchors.insert(slug);
    if (i == 0) page.slugs = std::move(slugs);
  }
  for (const std::string& anchor : markdown::html_anchors(document)) page.anchors.insert(anchor);
}

}  // namespace

Format format_of(std::string_view path) {
  const std::string extension = extension_of(path);
  if (extension == ".md" || extension == ".markdown" || extension == ".mdown" || extension == ".mkd" ||
      extension == ".mdx") {
    return Format::kMarkdown;
  }
  if (extension == ".rst" || extension == ".rest") return Format::kRst;
  if (extension == ".html" || extension == ".htm") return Format::kHtml;
  return Format::kNone;
}

bool has_front_matter(std::string_view content) {
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  if (content.starts_with("% ")) return true;  // pandoc's title block
  return content.starts_with("---\n") || content.starts_with("---\r\n") || content.starts_with("+++\n");
}

void read_markdown(std::string_view content, const AnchorStyle& style, Page& page) {
  page.format = Format::kMarkdown;
  auto document = Document::parse(content);
  if (!document) {
    page.skipped = document.error().message();
    page.dynamic = true;
    return;
  }
  page.front_matter = !document->front_matter().empty();
  page.dynamic =
      made_elsewhere(without_code(*document), page.path) || (page.path.ends_with(".mdx") && has_component(content));
  for (const markdown::Link& link : document->links()) add_link(*document, link, page);
  for (const markdown::Tag& tag : document->tags()) add_tag(*document, tag, page);
  for (const markdown::CodeSpan& span : document->code_spans()) {
    page.codes.push_back({std::string(document->text(span.content)), range_of(span.content), span.place.line});
  }
  for (const markdown::CodeBlock& block : document->code_blocks()) {
    page.blocks.push_back({block.language, range_of(block.content), block.line, block.end_line});
  }
  add_headings(*document, style, page);
  add_explicit_anchors(content, page);
  drop_contributors(content, page);
}

}  // namespace daydream::docs
