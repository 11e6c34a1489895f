#include "builder.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::markdown {
namespace {

bool underline(std::string_view line) {
  line = text::trim(line);
  return !line.empty() && (line.find_first_not_of('=') == kNo || line.find_first_not_of('-') == kNo);
}

// How many `#` open the line, where they are a heading's; else 0.
std::size_t opening(std::string_view line) {
  const std::size_t count = std::min(line.find_first_not_of('#'), line.size());
  return count >= 1 && count <= 6 && (count == line.size() || is_space(line[count])) ? count : 0;
}

}  // namespace

void Builder::build(const std::string& copy) {
  index_lines();
  const std::size_t mark = content_.starts_with("\xEF\xBB\xBF") ? 3 : 0;
  cmark_parser* parser = cmark_parser_new(CMARK_OPT_DEFAULT);
  cmark_parser_feed(parser, copy.data() + mark, copy.size() - mark);
  cmark_node* root = cmark_parser_finish(parser);
  cmark_parser_free(parser);
  if (root != nullptr) walk(root);
  cmark_node_free(root);
  scan();
  settle();
}

void Builder::index_lines() {
  auto& lines = document_.lines_;
  if (content_.empty()) return;
  lines.push_back(0);
  for (std::size_t at = content_.find_first_of("\r\n"); at != kNo; at = content_.find_first_of("\r\n", at)) {
    at += content_.substr(at, 2) == "\r\n" ? 2 : 1;
    if (at < content_.size()) lines.push_back(static_cast<std::uint32_t>(at));
  }
}

void Builder::walk(cmark_node* root) {
  cmark_iter* each = cmark_iter_new(root);
  for (cmark_event_type event = cmark_iter_next(each); event != CMARK_EVENT_DONE; event = cmark_iter_next(each)) {
    cmark_node* node = cmark_iter_get_node(each);
    const cmark_node_type type = cmark_node_get_type(node);
    if (event == CMARK_EVENT_ENTER) {
      enter(node, type);
    } else {
      leave(type);
    }
  }
  cmark_iter_free(each);
}

void Builder::enter(cmark_node* node, cmark_node_type type) {
  const bool begins = std::exchange(item_begins_, false);
  if (type == CMARK_NODE_BLOCK_QUOTE) containers_.push_back({true, kNone, 0});
  if (type == CMARK_NODE_LIST) containers_.push_back({false, kNone, ++lists_});
  if (type == CMARK_NODE_ITEM) enter_item(node);
  if (type == CMARK_NODE_HEADING) enter_heading(node);
  if (type == CMARK_NODE_CODE_BLOCK) enter_code(node);
  if (type == CMARK_NODE_HTML_BLOCK) enter_html(node);
  if (type == CMARK_NODE_THEMATIC_BREAK) reach(document_.place(offset_of(node)).line);
  if (type != CMARK_NODE_PARAGRAPH) return;
  item_begins_ = begins;
  enter_paragraph(node);
  item_begins_ = false;
}

void Builder::leave(cmark_node_type type) {
  if (type != CMARK_NODE_BLOCK_QUOTE && type != CMARK_NODE_LIST && type != CMARK_NODE_ITEM) return;
  const Container container = containers_.back();
  containers_.pop_back();
  if (container.item == kNone) return;
  Item& item = document_.items_[container.item];
  const std::uint32_t end = ends_[container.item];
  item.span.end = std::max(document_.line(end).end, item.span.begin);
  item.lines = {document_.lines_[item.place.line - 1], document_.whole_line(end).end};
  if (item.own_end == 0) item.own_end = item.lines.end;
  reach(end);
}

std::uint32_t Builder::offset_of(cmark_node* node) const {
  const auto line = static_cast<std::uint32_t>(std::max(cmark_node_get_start_line(node), 1));
  const auto column = static_cast<std::uint32_t>(std::max(cmark_node_get_start_column(node), 1));
  const bool marked = line == 1 && content_.starts_with("\xEF\xBB\xBF");
  const Span whole = document_.line(std::min(line, last_line()));
  return std::min(whole.begin + column - 1 + (marked ? 3 : 0), whole.end);
}

void Builder::reach(std::uint32_t end_line) {
  for (auto outer = containers_.rbegin(); outer != containers_.rend(); ++outer) {
    if (outer->item == kNone) continue;
    ends_[outer->item] = std::max(ends_[outer->item], std::min(end_line, last_line()));
    return;  // the items around it learn it when this one is left
  }
}

void Builder::enter_item(cmark_node* node) {
  Item item;
  item.span.begin = offset_of(node);
  item.place = document_.place(item.span.begin);
  const Span line = document_.line(item.place.line);
  const std::string_view before = content_.substr(line.begin, item.span.begin - line.begin);
  item.alone = text::trim(before.starts_with("\xEF\xBB\xBF") ? before.substr(3) : before).empty();
  item.heading = document_.headings_.empty() ? kNone : static_cast<std::uint32_t>(document_.headings_.size() - 1);
  for (auto outer = containers_.rbegin(); outer != containers_.rend(); ++outer) {
    item.quoted = item.quoted || outer->quote;
    if (item.list == 0) item.list = outer->list;
    if (item.parent == kNone) item.parent = outer->item;
  }
  if (item.parent != kNone && document_.items_[item.parent].own_end == 0) {
    document_.items_[item.parent].own_end = item.alone ? line.begin : item.span.begin;
  }
  containers_.push_back({false, static_cast<std::uint32_t>(document_.items_.size()), 0});
  ends_.push_back(item.place.line);
  document_.items_.push_back(item);
  item_begins_ = true;
}

Span Builder::stripped(std::uint32_t number) const {
  Span line = document_.line(number);
  const auto skip = [&] {
    while (!line.empty() && (content_[line.begin] == ' ' || content_[line.begin] == '\t')) ++line.begin;
  };
  for (const Container& container : containers_) {
    if (!container.quote) continue;
    const std::uint32_t before = line.begin;
    skip();
    if (line.empty() || content_[line.begin] != '>') {
      line.begin = before;  // a lazy continuation
      break;
    }
    ++line.begin;
  }
  return line;
}

Flat Builder::flat_of(std::uint32_t begin, std::uint32_t line, std::uint32_t end_line) const {
  Flat flat;
  flat.add(content_, {begin, std::max(document_.line(line).end, begin)});
  for (std::uint32_t next = line + 1; next <= std::min(end_line, last_line()); ++next) {
    Span span = stripped(next);
    while (!span.empty() && is_space(content_[span.begin])) ++span.begin;
    flat.add(content_, span);
  }
  return flat;
}

std::uint32_t Builder::literal_lines(cmark_node* node) const {
  const char* literal = cmark_node_get_literal(node);
  if (literal == nullptr) return 0;
  const std::string_view text(literal);
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n')) +
         (text.empty() || text.back() == '\n' ? 0U : 1U);
}

void Builder::enter_paragraph(cmark_node* node) {
  const std::uint32_t begin = offset_of(node);
  const std::uint32_t line = document_.place(begin).line;
  const auto end = std::max(static_cast<std::uint32_t>(std::max(cmark_node_get_end_line(node), 1)), line);
  Leaf leaf;
  leaf.flat = flat_of(begin, line, end);
  reach(end);
  if (item_begins_) add_task(leaf.flat, leaf.from);
  if (leaf.from == 0) leaf.from = read_definitions(leaf.flat, document_.links_, known_);
  leaves_.push_back(std::move(leaf));
}

void Builder::add_task(Flat& flat, std::size_t& from) {
  Item& item = document_.items_.back();
  const std::string& text = flat.text();
  if (text.size() >= 4 && text[0] == '[' && text[2] == ']' && is_space(text[3]) && text[1] != ']' && text[1] != '[' &&
      text[1] != '^' && static_cast<unsigned char>(text[1]) >= ' ' && static_cast<unsigned char>(text[1]) < 0x7F &&
      skip_space(text, 3) < text.size()) {
    item.state = text[1];
    item.state_at = flat.offset(1);
    from = skip_space(text, 3);
  }
  item.text = flat.span(from, text.size());
}

void Builder::enter_heading(cmark_node* node) {
  const std::uint32_t begin = offset_of(node);
  const std::uint32_t line = document_.place(begin).line;
  Heading heading;
  heading.level = cmark_node_get_heading_level(node);
  heading.line = line;
  std::uint32_t end = line;
  Leaf leaf;
  const std::string_view first = document_.text({begin, document_.line(line).end});
  if (const std::size_t marks = opening(first); marks > 0) {
    std::string_view body = text::trim(first.substr(marks));
    const std::size_t kept = body.find_last_not_of('#');
    if (kept == kNo) {
      body = {};
    } else if (kept + 1 < body.size() && is_space(body[kept])) {
      body = text::trim(body.substr(0, kept));
    }
    const auto at = body.empty() ? begin + static_cast<std::uint32_t>(marks)
                                 : static_cast<std::uint32_t>(body.data() - content_.data());
    heading.text = {at, at + static_cast<std::uint32_t>(body.size())};
    leaf.flat.add(content_, heading.text);
  } else {
    while (end < last_line() && !underline(document_.text(stripped(end + 1)))) ++end;
    leaf.flat = flat_of(begin, line, end);
    // Definitions above an underline are none of the heading's; with nothing else there is no heading.
    leaf.from = read_definitions(leaf.flat, document_.links_, known_);
    if (leaf.from >= leaf.flat.text().size()) return reach(std::min(end + 1, last_line()));
    heading.text = leaf.flat.span(leaf.from, leaf.flat.text().size());
    end = std::min(end + 1, last_line());
  }
  heading.span = {document_.line(line).begin, document_.line(end).end};
  reach(end);
  leaf.heading = static_cast<std::uint32_t>(document_.headings_.size());
  document_.headings_.push_back(std::move(heading));
  leaves_.push_back(std::move(leaf));
}

void Builder::enter_code(cmark_node* node) {
  CodeBlock block;
  const std::uint32_t begin = offset_of(node);
  block.line = document_.place(begin).line;
  const std::uint32_t lines = literal_lines(node);
  const std::string_view first = document_.text({begin, document_.line(block.line).end});
  block.fenced = cmark_node_get_fence_info(node) != nullptr && (first.starts_with("```") || first.starts_with("~~~"));
  if (!block.fenced) {
    block.end_line = std::min(block.line + std::max(lines, 1U) - 1, last_line());
    block.content = {document_.line(block.line).begin, document_.whole_line(block.end_line).end};
  } else {
    const std::size_t fence = first.find_first_not_of(first.front());
    const std::string_view info = fence == kNo ? std::string_view() : text::trim(first.substr(fence));
    if (!info.empty()) {
      const auto at = static_cast<std::uint32_t>(info.data() - content_.data());
      block.info = {at, at + static_cast<std::uint32_t>(info.size())};
      std::string_view word = info.substr(0, info.find_first_of(" \t,{", 1));
      while (!word.empty() && (word.front() == '{' || word.front() == '.')) word.remove_prefix(1);
      block.language = text::to_lower_ascii(word.substr(0, word.find('}')));
    }
    const std::uint32_t last = std::min(block.line + lines, last_line());
    block.content = lines == 0 ? Span{document_.whole_line(block.line).end, document_.whole_line(block.line).end}
                               : Span{document_.whole_line(block.line + 1).begin, document_.whole_line(last).end};
    const std::string_view closing = last < last_line() ? text::trim(document_.text(stripped(last + 1))) : "";
    const std::size_t length = fence == kNo ? first.size() : fence;
    block.closed = closing.size() >= length && !closing.empty() && closing.find_first_not_of(first.front()) == kNo;
    block.end_line = block.closed ? last + 1 : last;
  }
  block.span = {document_.line(block.line).begin, document_.line(block.end_line).end};
  reach(block.end_line);
  document_.code_blocks_.push_back(std::move(block));
}

void Builder::enter_html(cmark_node* node) {
  const std::uint32_t begin = offset_of(node);
  HtmlBlock block;
  block.line = document_.place(begin).line;
  block.end_line = std::min(block.line + std::max(literal_lines(node), 1U) - 1, last_line());
  block.span = {document_.line(block.line).begin, document_.line(block.end_line).end};
  html_.push_back(flat_of(begin, block.line, block.end_line));
  reach(block.end_line);
  document_.html_blocks_.push_back(block);
}

}  // namespace daydream::markdown
