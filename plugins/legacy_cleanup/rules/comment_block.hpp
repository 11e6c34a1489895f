// Comments as blocks: what stands below one another in one column is one text, judged as a whole.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/source/python_lexer.hpp"

namespace daydream::legacy {

struct CommentBlock {
  std::uint32_t line = 0;                   // of its first line, from 1; its lines follow one another
  std::uint32_t column = 0;                 // from 0
  bool nested = false;                      // inside brackets
  bool head = false;                        // nothing of the program stands before it
  std::vector<std::uint32_t> begins, ends;  // bytes of each comment, marker included
  std::vector<std::string> text;            // without marker and common indentation
  std::string_view before;                  // the comment above it, when it is close by; with its marker

  // Lines [first, last) joined by line ends.
  [[nodiscard]] std::string joined(std::size_t first, std::size_t last) const;
};

// Comments that have their line to themselves. Lines that speak to tools (pragmas, cookies, inline
// script metadata, editor and cell marks) belong to no block and part those around them.
std::vector<CommentBlock> comment_blocks(const source::python::Lexed& lexed);

}  // namespace daydream::legacy
