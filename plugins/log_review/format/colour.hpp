// Colours and other orders to a terminal, which logs hold where a program took them for one. Pure. [any thread]
#pragma once

#include <string>
#include <string_view>

namespace daydream::logs {

bool has_colour(std::string_view line);
// The line as a terminal would show it: itself where nothing is to be taken out, else a view into `scratch`.
std::string_view without_colour(std::string_view line, std::string& scratch);

}  // namespace daydream::logs
