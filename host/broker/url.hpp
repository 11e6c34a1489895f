// http and https URLs, read strictly: what two parsers could read in two ways is refused, and only the
// canonical form made from the parts is ever given to libcurl. Pure. [any thread]
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "daydream/kit/result.hpp"

namespace daydream::broker {

struct Url {
  bool https = true;
  std::string host;  // lower case, ASCII; an address in canonical form, IPv6 without brackets
  bool literal = false;
  std::uint16_t port = 443;
  std::string target = "/";  // path and query, percent-encoded

  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] std::string authority() const;  // "host", "host:8080", "[::1]:80": no default port
  [[nodiscard]] bool default_port() const { return port == (https ? 443 : 80); }
  [[nodiscard]] bool same_origin(const Url& other) const {
    return https == other.https && host == other.host && port == other.port;
  }
};

// A host name that is not ASCII -> its xn-- form; "" when there is none. Null: such names are refused.
using ToAscii = std::function<std::string(const std::string&)>;

// kInvalid with words. Refused: other schemes, user-info, control characters, spaces and backslashes,
// zones, trailing dots, percent signs in the host, numbers that are no plain dotted IPv4, empty ports.
Result<Url> parse_url(std::string_view text, const ToAscii& to_ascii = nullptr);
// What a Location header of an answer to `base` means (RFC 3986, section 5).
Result<Url> resolve_url(const Url& base, std::string_view reference, const ToAscii& to_ascii = nullptr);

}  // namespace daydream::broker
