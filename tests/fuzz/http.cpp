// Requests of plugins and the URL policy: whatever is let through has one meaning, and it is a declared one.
#include <algorithm>
#include <string>

#include "broker/pace.hpp"
#include "broker/policy.hpp"
#include "broker/request.hpp"
#include "targets.hpp"

namespace daydream::fuzz {

namespace {

bool plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

void check(const broker::Url& url) {
  const std::string text = url.to_string();
  promise(plain(text), "a URL is printable ASCII");
  promise(text.find('@') == std::string::npos || text.find('@') > text.find('/', 8), "a URL has no user");
  auto again = broker::parse_url(text);
  promise(again.ok(), "a canonical URL is read again");
  promise(again->to_string() == text && again->same_origin(url), "and means the same");
  const auto address = broker::parse_address(url.host);
  promise(address.has_value() == url.literal, "an address is known as one");
  const broker::Policy everything{{"*"}, {}};
  if (!address || broker::check_host(everything, url)) return;
  const bool reached = !broker::check_address(everything, url, *address);
  promise(!reached || broker::reach_of(*address) == broker::Reach::kPublic, "\"*\" leads to public addresses alone");
}

}  // namespace

void http(std::string_view bytes) {
  if (auto request = broker::parse_request(bytes, false)) check(request->url);
  const auto [text, reference] = halves(bytes);
  auto url = broker::parse_url(text);
  if (url) {
    check(*url);
    if (auto next = broker::resolve_url(*url, reference)) check(*next);
  }
  broker::Refusal refusal;
  const broker::Policy policy{{"*"}, {{"TOKEN", "value-of-it", "", {"sentry.io"}}}};
  const broker::Url other = *broker::parse_url("https://example.com/");
  if (auto expanded = broker::expand(policy, other, text, refusal))
    promise(!expanded->has_secret, "a secret goes to its own hosts alone");
  (void)broker::wanted_wait(429, {{"retry-after", std::string(text)}, {"date", std::string(reference)}}, 0);
}

}  // namespace daydream::fuzz
