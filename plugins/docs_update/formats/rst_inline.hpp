// Inline markup of reStructuredText: roles, references, literals.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "plugins/docs_update/page.hpp"

namespace daydream::docs {

class RstInline {
 public:
  RstInline(std::string_view content, Page& page) : content_(content), page_(page) {}
  // The bytes [begin, end), which start on `line`. `names`: also what leads to a target of the page by its name.
  void read(std::uint32_t begin, std::uint32_t end, std::uint32_t line, bool names = false);
  // Text that stands at `begin` points to `target`.
  void add(Use use, std::string_view target, std::uint32_t begin, std::uint32_t line, std::uint32_t column);

 private:
  void simple_names(std::size_t begin, std::size_t end, std::uint32_t line);
  void phrase(std::uint32_t begin, std::uint32_t end, std::uint32_t line);
  void literal(std::uint32_t begin, std::uint32_t end, std::uint32_t line);
  void interpreted(std::string_view role, std::uint32_t begin, std::uint32_t end, bool reference, std::uint32_t line);

  // Where the row of an offset begins. Offsets mostly grow: what was looked at is not looked at again.
  std::size_t row_of(std::size_t at);

  std::string_view content_;
  Page& page_;
  std::size_t row_ = 0, looked_ = 0;  // the row of `looked_`
};

// A title without its markup.
std::string rst_plain(std::string_view text);

}  // namespace daydream::docs
