// What stands around a comment that looks like code, and so says what it is for: words right above or below it,
// or the line that does what the comment says.
#pragma once

#include <string_view>
#include <vector>

#include "plugins/legacy_cleanup/rules/braces/comment_text.hpp"

namespace daydream::legacy::braces {

// For each of `blocks` (of one file, in order): it is code by `code`, and no comment right above or below it but
// such as are code themselves.
std::vector<bool> without_words(const std::vector<CommentText>& blocks, const std::vector<bool>& code);

// For each of `blocks`: it only assigns, and explains: "x = a[0];" above `const x = load(a);`. Where a file does so
// again and again, all its comments that only assign are such.
std::vector<bool> explaining(std::string_view content, const std::vector<CommentText>& blocks);

}  // namespace daydream::legacy::braces
