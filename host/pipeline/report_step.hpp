// The run's model for the report step, and the JSON report, which the host writes itself.
#pragma once

#include <string>
#include <vector>

#include "pipeline/context.hpp"

namespace daydream::pipeline {

// output(run, "daydream", "report"): the model with the report step counted as completed.
Result<void> provide_model(Context& context, const checkpoint::Run& run, const std::vector<PreparedStep>& steps,
                           const std::string& report_step);
// report_<run id>.json, from the same model.
Result<void> write_json_report(Context& context, const checkpoint::Run& run, const std::vector<PreparedStep>& steps);

}  // namespace daydream::pipeline
