// What the files of this folder share: a leaf block as one text with a way back to the bytes.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daydream/markdown/document.hpp"

namespace daydream::markdown {

// The lines of a leaf block without quote markers and indents, joined by '\n'.
class Flat {
 public:
  void add(std::string_view content, Span line);
  [[nodiscard]] const std::string& text() const { return text_; }
  // Of a position in text(): its offset in the original. The end of a line is the end of its span.
  [[nodiscard]] std::uint32_t offset(std::size_t at) const;
  [[nodiscard]] Span span(std::size_t begin, std::size_t end) const;
  [[nodiscard]] const std::vector<Span>& lines() const { return lines_; }
  [[nodiscard]] bool empty() const { return lines_.empty(); }

 private:
  std::string text_;
  std::vector<Span> lines_;
  std::vector<std::uint32_t> starts_;  // of each line in text_
};

// Labels of definitions, normal, with where they begin.
using Definitions = std::unordered_map<std::string, std::uint32_t>;
std::string normal_label(std::string_view label);

// Definitions at the front of a paragraph; how far they reach in its text.
std::size_t read_definitions(const Flat& flat, std::vector<Link>& links, Definitions& known);

struct Inlines {
  std::vector<Link>* links;
  std::vector<CodeSpan>* code_spans;
  std::vector<Tag>* tags;
  std::vector<Span>* html;  // every piece of inline HTML; may be null
};
// Everything in running text from `from` on. `definition` of a reference is where the definition begins.
void scan_inlines(const Flat& flat, std::size_t from, const Definitions& known, const Inlines& out);

// Pieces of CommonMark that more than one place reads; each answers the position behind it, or npos.
inline constexpr std::size_t kNo = std::string_view::npos;
bool is_punctuation(char byte);
bool is_space(char byte);  // space, tab, line ends
std::size_t skip_space(std::string_view text, std::size_t at);
// `<...>` or balanced; `inner` is what stands in it.
std::size_t read_destination(std::string_view text, std::size_t at, std::pair<std::size_t, std::size_t>& inner);
std::size_t read_title(std::string_view text, std::size_t at);
// `[label]`, at most 999 bytes.
std::size_t read_label(std::string_view text, std::size_t at);
std::string unescaped(std::string_view text);  // backslashes and entities
// An entity at "&", appended as UTF-8; how many bytes it took. Where there is none: the "&" itself, 1.
std::size_t append_entity(std::string_view text, std::string& out);

// A tag, comment, instruction, declaration or CDATA at '<'. For a start tag `tag` gets name and attributes
// (positions in `text`), else it keeps an empty name.
struct RawTag {
  std::string name;
  struct Part {
    std::string name;
    std::size_t begin = 0, end = 0;
  };
  std::vector<Part> attributes;
};
std::size_t read_html(std::string_view text, std::size_t at, RawTag& tag);
// Start tags of an HTML block, outside comments, scripts and styles.
void scan_html(const Flat& flat, std::vector<Tag>& tags);
Tag to_tag(const RawTag& raw, const Flat& flat, std::size_t begin, std::size_t end);

// Rendered text of a heading.
std::string plain_text(const Flat& flat, std::size_t from, const Definitions& known);
// Takes a trailing `{#id}` off.
void split_id(Heading& heading);

// The copy that cmark is given: as long as the original, without what only inlines care for.
Result<std::string> neutral_copy(std::string_view content, Span front_matter, const Limits& limits);
Span find_front_matter(std::string_view content);

// A line `| a | b |` by its cells; `\|` does not part.
std::vector<Span> table_cells(std::string_view content, Span line);
// How many columns a delimiter row (`|---|:-:|`) has; 0 for any other line.
std::size_t delimiter_columns(std::string_view line);

}  // namespace daydream::markdown
