// Comments of languages with // and /* */ as blocks of text: what stands below one another in one column
// is one text, and so is one comment of several lines.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/source/file.hpp"

namespace daydream::legacy::braces {

struct CommentText {
  std::uint32_t line = 0, last_line = 0;  // from 1
  std::uint32_t column = 0;               // from 0
  std::uint32_t begin = 0, end = 0;       // bytes, markers included
  bool lined = false;                     // of // lines; else one /* */
  bool fenced = false;                    // a /* */ whose ends have their lines to themselves
  bool head = false;                      // nothing of the program stands before it
  std::vector<std::string> raw;           // its lines as they stand in the file, trimmed
  std::vector<std::string> text;          // without markers and common indentation
  std::string_view before;                // the comment right above it

  // Lines [first, last) joined by line ends.
  [[nodiscard]] std::string joined(std::size_t first) const;
};

// Comments that have their lines to themselves and speak to people: documentation (/**, ///, //!),
// licences and what tools read belong to none.
std::vector<CommentText> comment_texts(std::string_view content, const std::vector<source::Comment>& comments);

}  // namespace daydream::legacy::braces
