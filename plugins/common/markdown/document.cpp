// From cmark's blocks to the original's bytes. Of cmark's positions only those are used that are right:
// where a block starts, the last line of a paragraph, and how many lines a literal has.
#include "daydream/markdown/document.hpp"

#include <algorithm>

#include "builder.hpp"

namespace daydream::markdown {

Result<Document> Document::parse(std::string_view content, const Limits& limits) {
  if (content.size() > limits.max_bytes || content.size() >= kNone) {
    return Error(ErrorKind::kUnsupported, "larger than " + std::to_string(limits.max_bytes / 1024) + " KiB");
  }
  Document document;
  document.content_ = content;
  document.front_matter_ = find_front_matter(content);
  auto copy = neutral_copy(content, document.front_matter_, limits);
  if (!copy) return std::move(copy.error());
  Builder(document).build(*copy);
  return document;
}

Span Document::line(std::uint32_t number) const {
  Span span = whole_line(number);
  while (!span.empty() && (content_[span.end - 1] == '\n' || content_[span.end - 1] == '\r')) --span.end;
  return span;
}

Span Document::whole_line(std::uint32_t number) const {
  if (number == 0 || number > lines_.size()) return {};
  const auto end = number < lines_.size() ? lines_[number] : static_cast<std::uint32_t>(content_.size());
  return {lines_[number - 1], end};
}

Place Document::place(std::uint32_t offset) const {
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  if (after == lines_.begin()) return {1, offset + 1};
  return {static_cast<std::uint32_t>(after - lines_.begin()), offset - *(after - 1) + 1};
}

}  // namespace daydream::markdown
