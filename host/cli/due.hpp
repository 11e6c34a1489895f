// The schedule asked for `run --if-due` and `serve`.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "cli/context.hpp"
#include "pipeline/run.hpp"
#include "schedule/due.hpp"

namespace daydream::cli {

// For RunOptions::due.
std::function<std::optional<std::string>(const pipeline::DueQuestion&)> due_by(const manifest::Schedule& schedule);
// What is due by the manifest and the store as they are now. Takes no lock; no store is an empty history.
Result<schedule::Due> due_now(const Places& places, const manifest::Schedule& schedule, Instant now);

}  // namespace daydream::cli
