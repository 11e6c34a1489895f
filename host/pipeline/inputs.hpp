// Commands of the manifest whose output steps read: run once a run by the host, spooled, never by a plugin.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "pipeline/context.hpp"

namespace daydream::pipeline {

// Roots "input:<name>" of the inputs that could be had; a failed one becomes a notice. Spooled files are
// kept for the run (a resumed run reads the same bytes) below <work-dir>/inputs/<run>.
Result<std::vector<std::pair<std::string, std::string>>> provide_inputs(Context& context, const std::string& run);
void drop_inputs(const Context& context, const std::string& run);

}  // namespace daydream::pipeline
