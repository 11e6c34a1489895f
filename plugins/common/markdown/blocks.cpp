// Small facts about lines: cells of tables, ids of headings, their rendered text.
#include <cmark-gfm.h>

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::markdown {

std::vector<Span> table_cells(std::string_view content, Span line) {
  while (!line.empty() && is_space(content[line.end - 1])) --line.end;
  while (!line.empty() && is_space(content[line.begin])) ++line.begin;
  if (!line.empty() && content[line.begin] == '|') ++line.begin;
  std::vector<Span> cells;
  std::uint32_t begin = line.begin;
  for (std::uint32_t at = line.begin; at < line.end; ++at) {
    if (content[at] == '\\' && at + 1 < line.end) {
      ++at;
    } else if (content[at] == '|') {
      cells.push_back({begin, at});
      begin = at + 1;
    }
  }
  if (begin < line.end) cells.push_back({begin, line.end});
  return cells;
}

std::size_t delimiter_columns(std::string_view line) {
  line = text::trim(line);
  if (line.find('-') == kNo || line.find_first_not_of("|-: \t") != kNo) return 0;
  if (line.front() == '|') line.remove_prefix(1);
  if (!line.empty() && line.back() == '|') line.remove_suffix(1);
  std::size_t columns = 0;
  for (const std::string_view part : text::split(line, '|')) {
    std::string_view cell = text::trim(part);
    if (!cell.empty() && cell.front() == ':') cell.remove_prefix(1);
    if (!cell.empty() && cell.back() == ':') cell.remove_suffix(1);
    if (cell.empty() || cell.find_first_not_of('-') != kNo) return 0;
    ++columns;
  }
  return columns;
}

void split_id(Heading& heading) {
  const std::string_view plain = heading.plain;
  if (plain.empty() || plain.back() != '}') return;
  const std::size_t open = plain.rfind('{');
  if (open == kNo) return;
  std::string_view inner = plain.substr(open + 1, plain.size() - open - 2);
  if (inner.starts_with(':')) inner.remove_prefix(1);
  inner = text::trim(inner);
  if (!inner.starts_with('#')) return;
  const std::string_view id = inner.substr(1, inner.find_first_of(" \t") - 1);
  if (id.empty() || id.find_first_of("{}<>\"'`") != kNo) return;
  heading.explicit_id = id;
  const std::size_t end = std::min(plain.find_last_not_of(" \t", open == 0 ? kNo : open - 1), plain.size());
  const std::size_t keep = open == 0 || end == plain.size() ? 0 : end + 1;
  heading.id_text = plain.substr(keep);
  heading.plain = std::string(plain.substr(0, keep));
}

namespace {

// Rendered text of one line, by cmark: emphasis, escapes, entities and code are its business.
std::string rendered(const std::string& line) {
  // A letter in front keeps the line from being any other block, and is taken off again.
  const std::string page = "x " + line;
  cmark_node* root = cmark_parse_document(page.data(), page.size(), CMARK_OPT_DEFAULT);
  cmark_iter* each = cmark_iter_new(root);
  std::string out;
  for (cmark_event_type event = cmark_iter_next(each); event != CMARK_EVENT_DONE; event = cmark_iter_next(each)) {
    cmark_node* node = cmark_iter_get_node(each);
    const cmark_node_type type = cmark_node_get_type(node);
    if (event != CMARK_EVENT_ENTER) continue;
    if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE) {
      const char* literal = cmark_node_get_literal(node);
      if (literal != nullptr) out += literal;
    } else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
      out += ' ';
    }
  }
  cmark_iter_free(each);
  cmark_node_free(root);
  return out.size() >= 2 ? out.substr(2) : std::string();
}

}  // namespace

std::string plain_text(const Flat& flat, std::size_t from, const Definitions& known) {
  constexpr std::size_t kLongest = 4096;
  if (flat.text().size() > kLongest) return text::to_utf8(flat.text().substr(0, kLongest));
  std::vector<Link> links;
  std::vector<CodeSpan> code;
  std::vector<Span> html;
  scan_inlines(flat, from, known, {&links, &code, nullptr, &html});
  // Bytes that give no text: images, HTML, and of links all but their text.
  std::string line = flat.text();
  std::vector<bool> gone(line.size(), false);
  const auto mark = [&](Span span) {
    for (std::size_t at = 0; at < line.size(); ++at) {
      if (span.holds(flat.offset(at))) gone[at] = true;
    }
  };
  for (const Span& span : html) mark(span);
  for (const Link& link : links) {
    if (link.kind == LinkKind::kBare) continue;
    if (link.image) {
      mark(link.span);
    } else {
      mark({link.span.begin, link.text.begin});
      mark({link.text.end, link.span.end});
    }
  }
  std::string kept;
  for (std::size_t at = from; at < line.size(); ++at) {
    if (!gone[at]) kept += line[at] == '\n' || line[at] == '\0' ? ' ' : line[at];
  }
  return std::string(text::trim(rendered(text::to_utf8(kept))));
}

}  // namespace daydream::markdown
