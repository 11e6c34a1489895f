// Reads what has grown since the last night, in batches: after each a commit that moves offsets and counts together.
#pragma once

#include <daydream/sdk.hpp>
#include <functional>

#include "plugins/log_review/format/zone.hpp"
#include "plugins/log_review/night/discovery.hpp"
#include "plugins/log_review/night/night.hpp"
#include "plugins/log_review/settings.hpp"

namespace daydream::logs {

// A line of tonight and its shape, where assignments are asked for.
struct Assigned {
  std::uint32_t file = 0, shape = 0;
  std::uint64_t line = 0;
};

struct NightPlan {
  const Settings* settings = nullptr;
  std::int64_t now_ms = 0;
  ZoneRules zone{};                                  // of times without one
  std::function<Result<void>(const Night&)> commit;  // of what is read so far
  std::vector<Assigned>* assigned = nullptr;
};

// kCancelled once the run is asked to stop, all that is whole being committed.
Result<void> read_night(const sdk::Run& run, const std::vector<LogFile>& files, const NightPlan& plan, Night& night);

}  // namespace daydream::logs
