// What servers and proxies really send, made into JSON that a strict parser takes.
#pragma once

#include <string>
#include <string_view>

namespace daydream::sentry {

// Outside strings: NaN, Infinity and numbers with more than 300 digits or an exponent over 300 become
// null. Inside: lone surrogate escapes become \ufffd, raw control characters become spaces, invalid UTF-8
// becomes U+FFFD. A leading byte order mark goes. Everything else stays as it is. Linear.
std::string repair_json(std::string_view bytes);

}  // namespace daydream::sentry
