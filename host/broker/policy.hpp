// What one step may reach, and which secrets may go where. The rules in words: README.md. Pure. [any thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "broker/address.hpp"
#include "broker/url.hpp"

namespace daydream::broker {

// Why a request is not made, or how it failed: the stable word of the answer and words for people.
struct Refusal {
  std::string code, message;
};

struct Secret {
  std::string name;
  std::string value;
  std::string missing;             // not empty: why there is no value
  std::vector<std::string> hosts;  // patterns
};

struct Policy {
  std::vector<std::string> hosts;  // patterns of the manifest, lower case
  std::vector<Secret> secrets;     // those that the step names
};

// Whether `pattern` ("sentry.io", "*.sentry.io", "*", "localhost:8080", "127.0.0.1", "[::1]:80") means the
// host and port of `url`. Only a pattern without wildcard may mean a port other than the scheme's own.
bool pattern_matches(std::string_view pattern, const Url& url);

// Before the name is resolved. nullopt: the host is declared.
std::optional<Refusal> check_host(const Policy& policy, const Url& url);
// Each address that the name stands for, before any connection is made.
std::optional<Refusal> check_address(const Policy& policy, const Url& url, const Address& address);

// `value` with every ${NAME} replaced, for a request to `url` at an address that is public or not.
struct Expanded {
  std::string text;
  bool has_secret = false;
};
Result<Expanded> expand(const Policy& policy, const Url& url, std::string_view value, Refusal& refusal);
// Behind the resolution: a secret goes over https, or to an address that is not public.
std::optional<Refusal> check_secret_way(const Url& url, const std::vector<Address>& addresses);

}  // namespace daydream::broker
