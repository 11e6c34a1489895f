// The host's tables as older and newer hosts would give them. Each copy ends at a page that nobody may touch.
#pragma once

#include <string_view>

#include "daydream/abi.h"

namespace daydream::conformance {

// As the first minor had it: struct_size and abi_minor say so, and what lies behind cannot be read.
const void* smallest_table(std::string_view id, const void* table);
const dd_host* smallest_host(const dd_host* table);
// As the next minor may have it: functions behind those that we know, each of which answers DD_UNSUPPORTED, and the
// host's abi_minor is greater by one.
const void* grown_table(const void* table);
const dd_host* grown_host(const dd_host* table);

}  // namespace daydream::conformance
