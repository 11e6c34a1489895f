// Bodies of the API (and saved ones, and events as SDKs send them) -> records. Every field is optional,
// every type may be another, nothing is trusted: what cannot be read is counted, never guessed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

struct Payload {
  std::vector<Issue> issues;
  std::vector<Event> events;
  std::vector<Release> releases;
  std::size_t unreadable = 0;    // items that are no issue, event or release
  bool list = false;             // the body was an array
  bool names_substatus = false;  // some issue has a field that only Sentry's own server sends
};

// kInvalid with words when the body is no JSON of this kind at all ("an HTML page", "cut short", ...).
Result<Payload> read_payload(std::string_view body);
// The reason a server gives in an error body: "detail" in its shapes, a field map, or "".
std::string error_detail(std::string_view body);

// The parts, for those who have a parsed value.
bool looks_like_issue(const json::Value& value);
bool looks_like_event(const json::Value& value);
Issue read_issue(const json::Value& value);
Event read_event(const json::Value& value);

}  // namespace daydream::sentry
