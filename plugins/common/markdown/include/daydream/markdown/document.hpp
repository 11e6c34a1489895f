// Markdown (GitHub's dialect) by its bytes: every construct with the exact place it has in the original,
// so that an edit can change one byte and leave all others. cmark-gfm says what the blocks are; what is
// inside a block is found here, in the original bytes. CRLF, lone CR, tabs, a byte order mark, NUL and
// invalid UTF-8 are all fine; front matter (`---`, `+++`) is no Markdown and gives nothing.
// Nothing here recurses on the input, and the time is linear in its size.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::markdown {

struct Limits {
  std::size_t max_bytes = std::size_t{4} << 20;
  std::size_t max_nesting = 200;  // quotes and list items inside one another
};

inline constexpr std::uint32_t kNone = UINT32_MAX;

// Bytes [begin, end) of the original.
struct Span {
  std::uint32_t begin = 0, end = 0;
  [[nodiscard]] std::uint32_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return begin == end; }
  [[nodiscard]] bool holds(std::uint32_t offset) const { return begin <= offset && offset < end; }
  bool operator==(const Span&) const = default;
};

// Lines count from 1 and end at LF, CR LF or CR, as in cmark; columns are bytes from 1.
struct Place {
  std::uint32_t line = 0, column = 0;
};

struct Heading {
  Span span;  // whole lines, without the last line end; a setext underline included
  Span text;  // the content: no `#`, no underline; may span lines (setext)
  int level = 1;
  std::uint32_t line = 0;
  std::string plain;        // as rendered: no markup, links as their text, images and HTML left out
  std::string explicit_id;  // of a trailing `{#id}` or `{: #id }`, which is not in `plain`; else ""
  std::string id_text;      // those bytes with the white space before them: hosts without such ids show them
};

enum class LinkKind : std::uint8_t {
  kInline,      // [text](destination "title")
  kReference,   // [text][label], [label][], [label]: `definition` says where it goes
  kAutolink,    // <https://...>, <mail@...>
  kBare,        // https://... or www.... in running text
  kDefinition,  // [label]: destination
};

struct Link {
  LinkKind kind = LinkKind::kInline;
  bool image = false;
  Span span;                         // all of it, `!` included
  Span text;                         // between the first brackets; the label of a definition
  Span destination;                  // as written, without <>; of a reference: empty
  std::string url;                   // the destination with escapes and entities resolved; "www." gets no scheme
  std::uint32_t definition = kNone;  // of a reference: index into links() of its definition
  Place place;                       // of span.begin
};

struct CodeSpan {
  Span span;     // backticks included
  Span content;  // between them, as written
  Place place;
};

struct CodeBlock {
  bool fenced = true;
  Span span;             // whole lines, without the last line end
  Span content;          // of a fence: the lines between; may hold quote markers and indents of its containers
  Span info;             // "cpp {.numberLines}"
  std::string language;  // first word of info, lower case, without a leading "{." or "."
  std::uint32_t line = 0, end_line = 0;
  bool closed = true;  // a fence that ends with its file or container is not
};

struct HtmlBlock {
  Span span;
  std::uint32_t line = 0, end_line = 0;
};

struct Attribute {
  std::string name;  // lower case
  Span value;        // without quotes, as written; empty where there is none
};
// A start tag in an HTML block or in running text: <a name="x">, <img src='y'>. Not in comments.
struct Tag {
  std::string name;  // lower case
  Span span;
  std::vector<Attribute> attributes;
  Place place;
};

// A list item; with a checkbox it is a task.
struct Item {
  Span span;                      // from its marker (`-`, `1.`) to the end of its last line, without that line's end
  Span lines;                     // whole lines from the one its marker is on, all line ends included
  Span text;                      // of the first paragraph, behind the checkbox; empty where there is none
  std::uint32_t own_end = 0;      // where its own blocks end and the first nested list begins; else lines.end
  char state = 0;                 // 0: no checkbox; ' ', 'x', 'X', or what else stands there: '-', '/', '>'
  std::uint32_t state_at = 0;     // offset of that byte
  std::uint32_t parent = kNone;   // index into items() of the item around it
  std::uint32_t list = 0;         // number of its list: siblings have the same
  std::uint32_t heading = kNone;  // index into headings() of the nearest one before it
  bool quoted = false;            // inside a block quote
  bool alone = true;              // nothing else stands on its first line before its marker but white space
  Place place;                    // of the marker

  [[nodiscard]] bool task() const { return state != 0; }
  [[nodiscard]] bool ticked() const { return state == 'x' || state == 'X'; }
  [[nodiscard]] bool open() const { return state == ' '; }
};

class Document {
 public:
  // `content` must outlive the result. kUnsupported names the limit that is passed. [any thread]
  static Result<Document> parse(std::string_view content, const Limits& limits = {});

  [[nodiscard]] std::string_view content() const { return content_; }
  [[nodiscard]] std::string_view text(Span span) const { return content_.substr(span.begin, span.end - span.begin); }
  [[nodiscard]] Span front_matter() const { return front_matter_; }  // fences included; empty: none

  // All in the order of their bytes.
  [[nodiscard]] const std::vector<Heading>& headings() const { return headings_; }
  [[nodiscard]] const std::vector<Link>& links() const { return links_; }
  [[nodiscard]] const std::vector<CodeSpan>& code_spans() const { return code_spans_; }
  [[nodiscard]] const std::vector<CodeBlock>& code_blocks() const { return code_blocks_; }
  [[nodiscard]] const std::vector<HtmlBlock>& html_blocks() const { return html_blocks_; }
  [[nodiscard]] const std::vector<Tag>& tags() const { return tags_; }
  [[nodiscard]] const std::vector<Item>& items() const { return items_; }
  // Paragraphs and rows of tables: the text that people read, where links and code spans are.
  [[nodiscard]] const std::vector<Span>& prose() const { return prose_; }

  [[nodiscard]] std::size_t line_count() const { return lines_.size(); }
  [[nodiscard]] Place place(std::uint32_t offset) const;
  // The bytes of a line, without its end / with it. 1-based.
  [[nodiscard]] Span line(std::uint32_t number) const;
  [[nodiscard]] Span whole_line(std::uint32_t number) const;

 private:
  friend class Builder;
  Document() = default;
  std::string_view content_;
  Span front_matter_;
  std::vector<std::uint32_t> lines_;  // where each line begins
  std::vector<Heading> headings_;
  std::vector<Link> links_;
  std::vector<CodeSpan> code_spans_;
  std::vector<CodeBlock> code_blocks_;
  std::vector<HtmlBlock> html_blocks_;
  std::vector<Tag> tags_;
  std::vector<Item> items_;
  std::vector<Span> prose_;
};

}  // namespace daydream::markdown
