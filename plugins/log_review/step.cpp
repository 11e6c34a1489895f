#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "plugins/log_review/command.hpp"

namespace daydream::logs {
namespace {

class LogReview {
 public:
  LogReview(sdk::Run& run, const json::Value& configuration) : run_(run), configuration_(configuration) {}
  Result<sdk::Outcome> run() { return sdk::Outcome::skipped("no logs here"); }
  Result<sdk::Outcome> command(std::string_view /*name*/, const json::Value& arguments) {
    return run_logs_command(run_, arguments);
  }

 private:
  sdk::Run& run_;
  const json::Value& configuration_;
};

}  // namespace
}  // namespace daydream::logs

DAYDREAM_PLUGIN(daydream::logs::LogReview, daydream::kStepDescriptor);
