// reStructuredText, line by line: sections, targets, directives and inline markup. What is literal
// (behind "::", in code directives, in comments) gives nothing.
#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/formats/rst_inline.hpp"

namespace daydream::docs {
namespace {

struct Line {
  std::string_view text;  // without its end
  std::uint32_t begin = 0;
  std::size_t indent = 0;
  [[nodiscard]] bool blank() const { return indent == text.size(); }
  [[nodiscard]] std::string_view body() const { return text.substr(indent); }
};

std::vector<Line> lines_of(std::string_view content) {
  std::vector<Line> lines;
  std::size_t at = 0;
  while (at <= content.size()) {
    auto end = content.find('\n', at);
    if (end == std::string_view::npos) end = content.size();
    std::string_view text = content.substr(at, end - at);
    while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.remove_suffix(1);
    const auto indent = std::min(text.find_first_not_of(" \t"), text.size());
    lines.push_back({text, static_cast<std::uint32_t>(at), indent});
    at = end + 1;
  }
  return lines;
}

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The same punctuation mark all along.
bool adornment(std::string_view text) {
  if (text.empty() || std::ispunct(static_cast<unsigned char>(text[0])) == 0) return false;
  return text.find_first_not_of(text[0]) == std::string_view::npos;
}

class Reader {
 public:
  Reader(std::string_view content, Page& page) : lines_(lines_of(content)), inline_(content, page), page_(page) {}

  void read() {
    for (at_ = 0; at_ < lines_.size();) {
      const Line& line = lines_[at_];
      if (line.blank()) {
        ++at_;
      } else if (line.body().starts_with(".. ") || line.body() == "..") {
        explicit_markup(line);
      } else if (line.body().starts_with("__ ")) {
        target(line, line.body().substr(3), line.indent + 3);
        ++at_;
      } else if (!title(line)) {
        paragraph();
      }
    }
    number_headings();
  }

 private:
  [[nodiscard]] std::uint32_t number(std::size_t index) const { return static_cast<std::uint32_t>(index) + 1; }

  // Everything deeper than `indent`, blank lines between included.
  void skip_block(std::size_t indent) {
    while (at_ < lines_.size() && (lines_[at_].blank() || lines_[at_].indent > indent)) ++at_;
  }

  void link(Use use, const Line& line, std::string_view target, std::size_t column) {
    inline_.add(use, target, line.begin + static_cast<std::uint32_t>(column), number(at_),
                static_cast<std::uint32_t>(column) + 1);
  }

  // `rest` as in ".. _name: rest".
  void target(const Line& line, std::string_view rest, std::size_t column) {
    const std::string_view trimmed = text::trim(rest);
    if (trimmed.empty() || trimmed.ends_with('_')) return;
    link(Use::kLink, line, trimmed, column + static_cast<std::size_t>(trimmed.data() - rest.data()));
  }

  bool title(const Line& line) {
    if (at_ + 1 >= lines_.size() || line.indent != 0) return false;
    const bool over = adornment(line.text) && line.text.size() >= 3 && at_ + 2 < lines_.size() &&
                      !lines_[at_ + 1].blank() && lines_[at_ + 2].text == line.text;
    const Line& text = over ? lines_[at_ + 1] : line;
    const Line& under = lines_[at_ + (over ? 2 : 1)];
    const bool fits = adornment(under.text) && under.text.size() >= 2 && !adornment(text.text) &&
                      (under.text.size() >= 4 || under.text.size() >= text.text.size());
    if (!fits) return false;
    const std::string style = (over ? "o" : "u") + std::string(1, under.text[0]);
    auto known = std::find(styles_.begin(), styles_.end(), style);
    if (known == styles_.end()) known = styles_.insert(styles_.end(), style);
    const auto begin = text.begin + static_cast<std::uint32_t>(text.indent);
    page_.headings.push_back({rst_plain(text.body()),
                              static_cast<int>(known - styles_.begin()) + 1,
                              number(at_ + (over ? 1 : 0)),
                              {line.begin, under.begin + static_cast<std::uint32_t>(under.text.size())},
                              {begin, begin + static_cast<std::uint32_t>(text.body().size())}});
    at_ += over ? 3 : 2;
    return true;
  }

  void number_headings() {
    for (const Heading& heading : page_.headings) {
      page_.targets.insert(sphinx_label(heading.plain));
      page_.slugs.push_back(docutils_id(heading.plain));
      page_.anchors.insert(page_.slugs.back());
    }
    for (std::size_t i = 1; i < page_.headings.size(); ++i) page_.anchors.insert("id" + std::to_string(i));
  }

  // Lines up to a blank one; with "::" at its end the deeper block behind it is literal.
  void paragraph() {
    const std::size_t first = at_;
    std::size_t end = at_;
    while (end < lines_.size() && !lines_[end].blank() && (end == first || !starts_markup(lines_[end]))) ++end;
    at_ = end;
    inline_.read(lines_[first].begin, lines_[end - 1].begin + static_cast<std::uint32_t>(lines_[end - 1].text.size()),
                 number(first), lines_[first].indent == 0 && !lines_[first].text.starts_with(">>>"));
    if (!lines_[end - 1].text.ends_with("::")) return;
    const std::size_t indent = lines_[end - 1].indent;
    skip_block(indent);
  }

  static bool starts_markup(const Line& line) { return line.body().starts_with(".. "); }

  void explicit_markup(const Line& line) {
    const std::string_view body = line.body();
    const std::string_view rest = body.size() > 3 ? text::trim(body.substr(3)) : std::string_view();
    const std::size_t column = line.indent + static_cast<std::size_t>(rest.empty() ? 0 : rest.data() - body.data());
    if (rest.starts_with("_")) {
      named_target(line, rest, column);
      return;
    }
    if (rest.starts_with("[")) {  // a footnote: its text is text
      page_.targets.insert(sphinx_label(rest.substr(1, rest.find(']') - 1)));
      ++at_;
      return;
    }
    std::string_view words = rest;
    if (words.starts_with("|")) {  // a substitution
      const auto close = words.find('|', 1);
      words = close == std::string_view::npos ? std::string_view() : text::trim(words.substr(close + 1));
    }
    const auto colons = words.find("::");
    const std::string_view name = words.substr(0, colons);
    const bool directive =
        colons != std::string_view::npos && !name.empty() && name.find_first_of(" \t`") == std::string_view::npos;
    if (!directive) {  // a comment
      ++at_;
      skip_block(line.indent);
      return;
    }
    const std::string_view argument = text::trim(words.substr(colons + 2));
    run_directive(line, name, argument,
                  static_cast<std::size_t>((argument.empty() ? words.data() + words.size() : argument.data()) -
                                           line.text.data()));
  }

  void named_target(const Line& line, std::string_view rest, std::size_t column) {
    std::size_t colon = std::string_view::npos;
    std::string_view name;
    if (rest.starts_with("_`")) {
      const auto close = rest.find('`', 2);
      if (close != std::string_view::npos && close + 1 < rest.size() && rest[close + 1] == ':') colon = close + 1;
      name = rest.substr(2, close == std::string_view::npos ? 0 : close - 2);
    } else {
      colon = rest.find(':');
      while (colon != std::string_view::npos && colon > 0 && rest[colon - 1] == '\\') colon = rest.find(':', colon + 1);
      name = colon == std::string_view::npos ? std::string_view() : rest.substr(1, colon - 1);
    }
    if (colon != std::string_view::npos) {
      const std::string_view goes = rest.substr(colon + 1);
      std::string label;
      for (const char c : name) {
        if (c != '\\') label += c;
      }
      page_.labels.insert(sphinx_label(label));
      page_.targets.insert(sphinx_label(label));
      page_.anchors.insert(docutils_id(label));
      target(line, goes, column + colon + 1);
    }
    ++at_;
    skip_block(line.indent);
  }

  void run_directive(const Line& line, std::string_view name, std::string_view argument, std::size_t column) {
    if (name.starts_with("auto") || name.starts_with("doxygen") || name == "include" || name == "click" ||
        name == "argparse" || name.find(':') != std::string_view::npos || name == "function" || name == "class") {
      page_.dynamic = true;
    }
    if (one_of(name, {"contents", "topic", "sidebar"})) page_.targets.insert(sphinx_label(argument));
    if (one_of(name, {"image", "figure"}) && !argument.empty()) link(Use::kImage, line, argument, column);
    if (one_of(name, {"include", "literalinclude"}) && !argument.empty()) link(Use::kInclude, line, argument, column);
    const std::size_t indent = line.indent;
    ++at_;
    read_options(indent);
    if (name == "toctree") {
      read_toctree(indent);
    } else if (one_of(name, {"code-block",
                             "code",
                             "sourcecode",
                             "parsed-literal",
                             "raw",
                             "literalinclude",
                             "math",
                             "highlight",
                             "testcode",
                             "testsetup",
                             "testoutput",
                             "doctest",
                             "prompt",
                             "ipython",
                             "graphviz",
                             "digraph",
                             "plantuml",
                             "mermaid",
                             "program-output",
                             "jinja",
                             "productionlist",
                             "uml",
                             "csv-table",
                             "include",
                             "code-cell",
                             "cli",
                             "console",
                             "tab-code"})) {
      skip_block(indent);
    }
  }

  // ":name: value" lines under a directive.
  void read_options(std::size_t indent) {
    for (; at_ < lines_.size() && !lines_[at_].blank() && lines_[at_].indent > indent; ++at_) {
      const std::string_view body = lines_[at_].body();
      if (!body.starts_with(':')) return;
      const auto close = body.find(':', 1);
      if (close == std::string_view::npos) return;
      const std::string_view name = body.substr(1, close - 1);
      const std::string_view value = text::trim(body.substr(close + 1));
      if (value.empty()) continue;
      if (name == "name") {
        page_.labels.insert(sphinx_label(value));
        page_.targets.insert(sphinx_label(value));
      }
      if (name == "glob") return;
    }
  }

  void read_toctree(std::size_t indent) {
    for (; at_ < lines_.size() && (lines_[at_].blank() || lines_[at_].indent > indent); ++at_) {
      const Line& line = lines_[at_];
      std::string_view entry = line.body();
      if (entry.empty() || entry.starts_with(':') || entry.find('*') != std::string_view::npos || entry == "self") {
        continue;
      }
      std::size_t column = line.indent;
      if (const auto open = entry.rfind('<'); open != std::string_view::npos && entry.ends_with('>')) {
        column += open + 1;
        entry = entry.substr(open + 1, entry.size() - open - 2);
      }
      link(Use::kDocument, line, entry, column);
    }
  }

  std::vector<Line> lines_;
  RstInline inline_;
  Page& page_;
  std::vector<std::string> styles_;
  std::size_t at_ = 0;
};

}  // namespace

void read_rst(std::string_view content, Page& page) {
  page.format = Format::kRst;
  if (content.size() > kLargestPage) {
    page.skipped = "larger than 4 MiB";
    page.dynamic = true;
    return;
  }
  Reader(content, page).read();
}

std::string docutils_id(std::string_view name) {
  std::string id;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0) {
      id += static_cast<char>(std::tolower(byte));
    } else if (byte > 0x7F) {
      continue;  // docutils keeps what decomposes to ASCII; such names are compared by their other dialects
    } else if (!id.empty() && id.back() != '-') {
      id += '-';
    }
  }
  while (!id.empty() && id.back() == '-') id.pop_back();
  const auto begin = id.find_first_not_of("-0123456789");
  return begin == std::string::npos ? "" : id.substr(begin);
}

std::string sphinx_label(std::string_view name) {
  return text::to_lower_ascii(text::collapse_space(name));
}

}  // namespace daydream::docs
