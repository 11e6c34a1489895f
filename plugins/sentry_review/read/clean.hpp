// Foreign text made harmless before anything keeps it: UTF-8, one line, secrets and personal data masked,
// cut. Linear; never fails.
#pragma once

#include <string>
#include <string_view>

namespace daydream::sentry {

// Masks what text::mask() knows, and IP addresses (not loopback or unspecified ones).
std::string clean(std::string_view foreign, std::size_t max_bytes);
// IPv4 and IPv6 addresses become "[masked ip]".
std::string mask_addresses(std::string_view text);

}  // namespace daydream::sentry
