// The step's configuration (schema.json) as checked values.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"
#include "plugins/sentry_review/code/locate.hpp"
#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

enum class Dialect : std::uint8_t { kAuto, kSentry, kGlitchtip };

struct Settings {
  std::string url = "https://sentry.io";  // of the server, without "/api/0"
  std::string organization;
  std::vector<std::string> projects, environments;
  std::string token = "SENTRY_AUTH_TOKEN";  // the name of a secret
  Dialect dialect = Dialect::kAuto;
  std::string directory;  // of saved pages; "" = the server
  Millis captured = 0;    // when they were saved
  Millis window = 24LL * 3600 * 1000;
  Millis quiet_after = 14LL * 24 * 3600 * 1000;
  std::size_t most_issues = 20'000, most_events = 200;
  double rate = 10;
  int concurrency = 4;
  std::vector<CodeMapping> code_mappings;

  // REQUIRES: `configuration` has passed schema.json. kInvalid names the value at fault.
  static Result<Settings> read(const json::Value& configuration);
  [[nodiscard]] bool configured() const { return !organization.empty() || !directory.empty(); }
};

}  // namespace daydream::sentry
