// What names and patterns in a manifest may look like. Pure.
#pragma once

#include <string_view>

namespace daydream::manifest {

bool is_step_id(std::string_view text);        // lower-case letters, digits, _ and -; a letter first
bool is_plugin_name(std::string_view text);    // the same
bool is_plugin_path(std::string_view text);    // has a '/' or ends in ".so"
bool is_variable_name(std::string_view text);  // [A-Za-z_][A-Za-z0-9_]*
bool is_host_pattern(std::string_view text);   // a host name or address, "*.suffix", "*"
bool is_wall_time(std::string_view text);      // HH:MM
bool is_sha256(std::string_view text);         // 64 lower-case hexadecimal digits
bool is_inner_path(std::string_view text);     // relative, without "..", ".git" or empty parts

}  // namespace daydream::manifest
