// Saved answers of the API: every *.json below a folder, in byte order of its path, one a page.
#pragma once

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/source/pages.hpp"

namespace daydream::sentry {

// Finds the folder below the repository (live or source) or below a path that the step declares;
// kNotFound says where it was looked for.
Result<std::unique_ptr<Pages>> open_directory(const sdk::Run& run, const Settings& settings);

}  // namespace daydream::sentry
