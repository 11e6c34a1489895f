// A table of contents between the marks of a program that makes them, and the style it was written in.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/markdown/anchors.hpp"
#include "plugins/docs_update/page.hpp"

namespace daydream::docs {

// Where the entries stand: from the first one's line to the end of the last one's, its line end left out.
struct ContentsPlace {
  Range mark;               // the opening mark
  Range entries;            // whole lines
  std::uint32_t after = 0;  // behind the closing mark
  std::uint32_t line = 0, end_line = 0;
};

// Tables of a page: doctoc, markdown-toc, Markdown All in One and others that write
// `<!-- toc -->` ... `<!-- tocstop -->` or `<!-- TOC -->` ... `<!-- /TOC -->`. Left out are those that hold
// anything but one list of links to headings.
std::vector<ContentsPlace> find_contents(std::string_view content);

// Which headings are listed, and how a line is written.
struct ContentsStyle {
  enum class Scope : std::uint8_t { kAfter, kAll, kAllButTitle };  // kAllButTitle: without its own title above it
  enum class Words : std::uint8_t { kSource, kPlain };
  Scope scope = Scope::kAfter;
  Words words = Words::kSource;
  markdown::Dialect dialect = markdown::Dialect::kGithub;
  int first_level = 1, last_level = 6;
  std::string base, unit;            // white space before the entries; of one level
  std::vector<std::string> bullets;  // by depth, as far as the table shows; all others as the last
  std::string line_end;
};

// What a table may list of one state of a page: read once, for many styles are tried on it.
class PageHeadings {
 public:
  struct Heading {
    int level = 1;
    bool left_out = false;   // it says so itself
    bool after = false;      // it stands behind the table
    bool own_title = false;  // it is the table's
    std::string source, plain, id_text;
    bool operator==(const Heading&) const = default;
  };

  // `content` must outlive the result. nullopt: the page is over a limit.
  static std::optional<PageHeadings> read(std::string_view content, const ContentsPlace& place);
  [[nodiscard]] const std::vector<Heading>& all() const { return all_; }
  // Of all of them, in order; made once a dialect.
  const std::vector<std::string>& anchors(markdown::Dialect dialect);

 private:
  explicit PageHeadings(markdown::Document document) : document_(std::move(document)) {}
  markdown::Document document_;
  std::vector<Heading> all_;
  std::map<markdown::Dialect, std::vector<std::string>> anchors_;
};

// The table as this style writes it for this page; "" where a heading cannot be told (it holds a link, HTML).
std::string write_contents(PageHeadings& headings, const ContentsStyle& style);

// Every style in which the entries of `written` would be made of these headings, the likeliest first. They
// may be of different states of one page.
std::vector<ContentsStyle> styles_of(std::string_view written, PageHeadings& headings);

}  // namespace daydream::docs
