// `daydream logs patterns|detect FILE...`: what the step would see in files that a person names.
#pragma once

#include <daydream/sdk.hpp>

namespace daydream::logs {

Result<sdk::Outcome> run_logs_command(sdk::Run& run, const json::Value& arguments);

}  // namespace daydream::logs
