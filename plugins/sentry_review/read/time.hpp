// Instants as servers write them.
#pragma once

#include <string>
#include <string_view>

#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

// RFC 3339 (a fraction, "Z", an offset or no zone at all, which means UTC) -> Unix milliseconds; 0 for
// anything else.
Millis parse_time(std::string_view text);
// "2026-11-22T02:30:00Z"; whole seconds.
std::string format_time(Millis when);

}  // namespace daydream::sentry
