// What the review keeps of an issue and of an event: only what a judgement needs, masked and cut before
// it is stored. Users, cookies, headers, request data and variables are never read.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::sentry {

using Millis = std::int64_t;  // Unix milliseconds; 0 = unknown

enum class Status : std::uint8_t { kUnresolved, kResolved, kIgnored };

// How the server says an issue was resolved, or what its history remembers of it.
struct Fix {
  std::string release{};        // the fix is in this release
  std::string after_release{};  // the fix is in the releases after this one
  std::string commit{};         // the commit that fixes it
  Millis when = 0;              // of the resolution
  [[nodiscard]] bool empty() const { return release.empty() && after_release.empty() && commit.empty(); }
};

struct Issue {
  std::string id, short_id, title, culprit, level, substatus, priority, permalink, platform;
  std::string type, value, filename, function;  // of its metadata
  std::string category;                         // "error", "performance", ...
  std::string project_id, project;
  Status status = Status::kUnresolved;
  std::optional<bool> unhandled;
  std::int64_t count = 0;           // in the window where the server can say that
  std::int64_t lifetime_count = 0;  // 0 = not said
  std::int64_t users = 0;
  bool count_known = false;
  Millis first_seen = 0, last_seen = 0;
  Fix fix;
  std::string first_release, last_release;

  [[nodiscard]] std::string name() const { return short_id.empty() ? "issue " + id : short_id; }
  [[nodiscard]] std::string to_json() const;
  static Issue from_json(const json::Value& value);
};

struct Frame {
  std::string filename, abs_path, module, function, context_line;
  int line = 0;
  std::optional<bool> in_app;
};

struct Exception {
  std::string type, value, module;
  std::optional<bool> handled;
  std::vector<Frame> frames;  // outermost call first, as the API sends them
};

struct Event {
  std::string id, issue_id, project_id, platform, level, title, message, culprit;
  std::string release, release_commit, environment;
  Millis when = 0;
  std::vector<Exception> exceptions;
  std::vector<Frame> frames;   // of a thread or bare stack trace, where there is no exception with one
  std::string signal_address;  // of a native crash: "0x10"

  // The frames of the exception that says most: the last one with a stack trace.
  [[nodiscard]] const std::vector<Frame>& main_frames() const;
  [[nodiscard]] std::string to_json() const;
  static Event from_json(const json::Value& value);
};

// What saved pages or a server say beside issues and events.
struct Release {
  std::string version, commit;
};

}  // namespace daydream::sentry
