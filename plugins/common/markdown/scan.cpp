// The second half of a Builder: what is inside the blocks.
#include <algorithm>

#include "builder.hpp"

namespace daydream::markdown {

void Builder::scan() {
  for (const Leaf& leaf : leaves_) scan_leaf(leaf);
  for (const Flat& flat : html_) scan_html(flat, document_.tags_);
}

void Builder::scan_leaf(const Leaf& leaf) {
  const Inlines out{&document_.links_, &document_.code_spans_, &document_.tags_, nullptr};
  const Flat& flat = leaf.flat;
  if (leaf.heading != kNone) {
    scan_inlines(flat, leaf.from, known_, out);
    Heading& heading = document_.headings_[leaf.heading];
    heading.plain = plain_text(flat, leaf.from, known_);
    split_id(heading);
    return;
  }
  if (leaf.from >= flat.text().size()) return;
  for (std::size_t line = 0; line + 1 < flat.lines().size(); ++line) {
    const std::size_t columns = delimiter_columns(document_.text(flat.lines()[line + 1]));
    if (columns == 0 || table_cells(content_, flat.lines()[line]).size() != columns) continue;
    if (line > 0 && flat.offset(leaf.from) < flat.lines()[line].begin) {
      Flat above;
      for (std::size_t before = 0; before < line; ++before) above.add(content_, flat.lines()[before]);
      scan_inlines(above, leaf.from, known_, out);
      document_.prose_.push_back(above.span(leaf.from, above.text().size()));
    }
    scan_rows(flat, line, out);
    return;
  }
  scan_inlines(flat, leaf.from, known_, out);
  document_.prose_.push_back(flat.span(leaf.from, flat.text().size()));
}

void Builder::scan_rows(const Flat& flat, std::size_t header, const Inlines& out) {
  for (std::size_t row = header; row < flat.lines().size(); ++row) {
    if (row == header + 1) continue;
    for (const Span& cell : table_cells(content_, flat.lines()[row])) {
      Flat one;
      one.add(content_, cell);
      scan_inlines(one, 0, known_, out);
    }
    document_.prose_.push_back(flat.lines()[row]);
  }
}

// Order, places, and indices in place of offsets.
void Builder::settle() {
  const auto by_place = [](const auto& left, const auto& right) { return left.span.begin < right.span.begin; };
  std::stable_sort(document_.links_.begin(), document_.links_.end(), by_place);
  std::stable_sort(document_.tags_.begin(), document_.tags_.end(), by_place);
  std::stable_sort(document_.code_spans_.begin(), document_.code_spans_.end(), by_place);
  auto& links = document_.links_;
  for (Link& link : links) {
    link.place = document_.place(link.span.begin);
    if (link.definition == kNone) continue;
    const auto found =
        std::lower_bound(links.begin(), links.end(), link.definition,
                         [](const Link& each, std::uint32_t offset) { return each.span.begin < offset; });
    link.definition = static_cast<std::uint32_t>(found - links.begin());
    link.url = found->url;
  }
  for (Tag& tag : document_.tags_) tag.place = document_.place(tag.span.begin);
  for (CodeSpan& span : document_.code_spans_) span.place = document_.place(span.span.begin);
}

}  // namespace daydream::markdown
