#include "broker/policy.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::broker {
namespace {

constexpr std::size_t kNone = std::string_view::npos;

struct Parts {
  std::string_view host;  // without brackets
  std::string_view port;  // "" = none
};

Parts parts_of(std::string_view pattern) {
  if (pattern.starts_with("[")) {
    const std::size_t end = pattern.find(']');
    if (end == kNone) return {pattern, ""};
    const std::string_view rest = pattern.substr(end + 1);
    return {pattern.substr(1, end - 1), rest.starts_with(":") ? rest.substr(1) : ""};
  }
  const std::size_t colon = pattern.find(':');
  if (colon == kNone || pattern.find(':', colon + 1) != kNone) return {pattern, ""};
  return {pattern.substr(0, colon), pattern.substr(colon + 1)};
}

bool same_host(std::string_view declared, const Url& url) {
  if (declared == url.host) return true;
  if (!url.literal) return false;
  const auto left = parse_address(declared);
  return left && left == parse_address(url.host);
}

bool is_wild(std::string_view pattern) {
  return pattern.starts_with("*");
}

bool is_local_name(std::string_view host) {
  return host == "localhost" || host.ends_with(".localhost");
}

// Declared by name, not by a wildcard.
bool named(const Policy& policy, const Url& url) {
  return std::any_of(policy.hosts.begin(), policy.hosts.end(),
                     [&](const std::string& pattern) { return !is_wild(pattern) && pattern_matches(pattern, url); });
}

// The address itself is declared, alone or with the port of the URL.
bool declared(const Policy& policy, const Url& url, const Address& address) {
  Url at = url;
  at.host = to_string(address);
  at.literal = true;
  return named(policy, at);
}

std::string words_for(Reach reach) {
  switch (reach) {
    case Reach::kSite:
      return "an address of a private network";
    case Reach::kLoopback:
      return "an address of this machine";
    default:
      return "an address of special use";
  }
}

bool is_name_char(char c) {
  return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

const Secret* find_secret(const Policy& policy, std::string_view name) {
  for (const Secret& secret : policy.secrets) {
    if (secret.name == name) return &secret;
  }
  return nullptr;
}

// Why the secret may not be sent there; "" when it may.
std::string objection(const Policy& policy, const Url& url, std::string_view name) {
  const Secret* secret = find_secret(policy, name);
  const std::string word = text::escape_terminal(name);
  if (secret == nullptr) return "the step does not name the secret " + word + "; add it to the step's \"secrets\"";
  if (!secret->missing.empty()) return "the secret " + word + " " + secret->missing;
  const auto matches = [&](const std::string& pattern) { return pattern_matches(pattern, url); };
  if (std::none_of(secret->hosts.begin(), secret->hosts.end(), matches))
    return "the secret " + word + " is not for " + url.authority() + "; its \"hosts\" say where it may go";
  return "";
}

}  // namespace

bool pattern_matches(std::string_view pattern, const Url& url) {
  if (pattern == "*") return url.default_port();
  if (pattern.starts_with("*.")) {
    const std::string_view suffix = pattern.substr(1);
    return url.default_port() && !url.literal && url.host.size() > suffix.size() && url.host.ends_with(suffix);
  }
  const Parts parts = parts_of(pattern);
  if (!same_host(parts.host, url)) return false;
  return parts.port.empty() ? url.default_port() : parts.port == std::to_string(url.port);
}

std::optional<Refusal> check_host(const Policy& policy, const Url& url) {
  const auto matches = [&](const std::string& pattern) { return pattern_matches(pattern, url); };
  if (std::any_of(policy.hosts.begin(), policy.hosts.end(), matches)) return std::nullopt;
  return Refusal{"host_refused", "the manifest's \"hosts\" do not let this step reach " + url.authority() +
                                     (url.default_port() ? "" : " (a port of its own must be declared with its host)")};
}

std::optional<Refusal> check_address(const Policy& policy, const Url& url, const Address& address) {
  const Reach reach = reach_of(address);
  bool allowed = false;
  switch (reach) {
    case Reach::kPublic:
      allowed = true;
      break;
    case Reach::kSite:
      allowed = named(policy, url) || declared(policy, url, address);
      break;
    case Reach::kLoopback:
      allowed = (is_local_name(url.host) && named(policy, url)) || declared(policy, url, address);
      break;
    case Reach::kSpecial:
      allowed = declared(policy, url, address);
      break;
    case Reach::kNever:
      break;
  }
  if (allowed) return std::nullopt;
  const std::string shown = to_string(address);
  return Refusal{"private_address", url.authority() + (shown == url.host ? "" : " stands for " + shown) + ": " +
                                        words_for(reach) + ", which the manifest's \"hosts\" do not declare"};
}

Result<Expanded> expand(const Policy& policy, const Url& url, std::string_view value, Refusal& refusal) {
  Expanded out;
  while (!value.empty()) {
    const std::size_t start = value.find("${");
    out.text += value.substr(0, start);
    if (start == kNone) break;
    const std::size_t end = value.find('}', start);
    const std::string_view name = end == kNone ? "" : value.substr(start + 2, end - start - 2);
    if (name.empty() || !std::all_of(name.begin(), name.end(), is_name_char)) {
      refusal = {"bad_request", "a header value has a ${ that names no secret: ${NAME} is the form"};
      return Error(ErrorKind::kInvalid, refusal.message);
    }
    if (const std::string words = objection(policy, url, name); !words.empty()) {
      refusal = {"secret_refused", words};
      return Error(ErrorKind::kInvalid, refusal.message);
    }
    out.text += find_secret(policy, name)->value;
    out.has_secret = true;
    value.remove_prefix(end + 1);
  }
  return out;
}

std::optional<Refusal> check_secret_way(const Url& url, const std::vector<Address>& addresses) {
  if (url.https) return std::nullopt;
  const bool open = std::any_of(addresses.begin(), addresses.end(),
                                [](const Address& address) { return reach_of(address) == Reach::kPublic; });
  if (!open) return std::nullopt;
  return Refusal{"secret_refused", "a secret is not sent to " + url.authority() + " over plain http"};
}

}  // namespace daydream::broker
