// The pieces of a line's head, each as one function: how much of `rest` it takes, 0 where it is not there.
#pragma once

#include <string_view>

#include "plugins/log_review/format/layout.hpp"

namespace daydream::logs {

std::string_view first_word(std::string_view text);
std::string_view without_space(std::string_view text);
// What the piece takes from the start of `rest` (which begins with no space); severity and component are
// set where the piece holds them.
std::size_t take_piece(Op op, std::string_view rest, Parts& parts);

}  // namespace daydream::logs
