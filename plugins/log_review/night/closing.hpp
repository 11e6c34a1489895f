// The end of a night: everything that was learned becomes findings, figures and memory in one commit.
#pragma once

#include <daydream/sdk.hpp>
#include <vector>

#include "plugins/log_review/night/discovery.hpp"
#include "plugins/log_review/night/night.hpp"
#include "plugins/log_review/night/read_night.hpp"
#include "plugins/log_review/settings.hpp"

namespace daydream::logs {

struct Closing {
  const Settings* settings = nullptr;
  const sdk::Facts* facts = nullptr;
  const std::vector<LogFile>* files = nullptr;
  const std::vector<Assigned>* assigned = nullptr;  // none where nobody asks
};

Result<void> close_night(const sdk::Run& run, const Closing& closing, Night& night);
Result<void> load_generations(const sdk::Run& run, std::vector<Generation>& generations);

}  // namespace daydream::logs
