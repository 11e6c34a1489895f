// What the steps' descriptors say they need, against what the manifest gives. Pure.
#pragma once

#include <string>
#include <vector>

#include "manifest/pipeline.hpp"
#include "pipeline/prepare.hpp"

namespace daydream::pipeline {

// `steps` in the order in which they will run, with checked configurations. One line for each need that is not
// met: the step's place, the step, the need and what to add; empty when a run can start.
std::vector<std::string> unmet_needs(const manifest::Loaded& loaded, const std::vector<PreparedStep>& steps);

}  // namespace daydream::pipeline
