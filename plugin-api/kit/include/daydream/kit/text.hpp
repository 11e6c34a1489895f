// Text that may come from anywhere: UTF-8, escaping for each kind of output, masking of secrets.
// Pure functions: [any thread], never fail, linear time (nearest() and globs: see there).
#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::text {

bool valid_utf8(std::string_view bytes);
// Invalid sequences become U+FFFD, one for each maximal invalid part.
std::string to_utf8(std::string_view bytes);
// At most `max_bytes` of it, cut at a character border, with "…" when cut.
std::string shorten(std::string_view utf8, std::size_t max_bytes);

// Harmless in every place of a Markdown document (also inside a table or a link text): controls, bidi
// overrides and zero-width characters become visible \u{..}, markup characters are backslash-escaped,
// `<` and `&` become entities, line breaks become spaces, "@name" and "#12" do not link.
std::string escape_markdown(std::string_view text);
// As an inline code span with a fence long enough; controls and bidi made visible.
std::string markdown_code(std::string_view text);
// Harmless on a terminal and in a log line: controls (also C1), ESC, bidi and zero-width made visible;
// one line.
std::string escape_terminal(std::string_view text);
std::string escape_html(std::string_view text);
// A path for people: escape_terminal, and invalid UTF-8 bytes as \xNN, so that two names never look alike.
std::string show_path(std::string_view path_bytes);

// Replaces what looks like a secret by "[masked]": key=value of secret-like keys, bearer/basic
// authorisation, URL user-info, JWT, private key blocks, known token shapes (cloud, forge, chat, Sentry),
// payment card numbers (Luhn) as "[masked card]", mail addresses as "[masked mail]".
std::string mask(std::string_view text);
// As mask(), and every occurrence of the given values (of at least 6 bytes), also base64 and URL-encoded.
class Masker {
 public:
  void add_secret(std::string_view value);
  [[nodiscard]] std::string mask(std::string_view text) const;

 private:
  std::vector<std::string> values_;
};

// The name of `known` nearest to `word` by edit distance, or "" when none is near enough to be meant.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

// The parts are views of `text`: a temporary string would be gone before them.
std::vector<std::string_view> split(std::string_view text, char separator);
template <std::same_as<std::string> Temporary>
std::vector<std::string_view> split(Temporary&& text, char separator) = delete;
std::string_view trim(std::string_view text);
std::string join(const std::vector<std::string>& parts, std::string_view separator);
// Runs of white space become one space; trimmed.
std::string collapse_space(std::string_view text);
std::string to_lower_ascii(std::string_view text);
// .gitignore-like pattern without negation: "*" not over '/', "**" over it, "?" and "[a-z]"; a pattern
// without '/' (but at the end) matches in every folder; a match of a folder matches all below it.
// A pattern that ends in '/' means folders; a path that ends in '/' is one. At most pattern x path steps.
bool glob_match(std::string_view pattern, std::string_view path);
// The same for the path alone: that a folder above it matches does not count.
bool glob_match_itself(std::string_view pattern, std::string_view path);

// 1-based line and byte column of an offset.
struct LineColumn {
  int line = 1;
  int column = 1;
};
LineColumn line_column(std::string_view text, std::size_t offset);

}  // namespace daydream::text
