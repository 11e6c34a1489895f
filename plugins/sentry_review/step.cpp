// The step: its configuration checked, then the review.
#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "plugins/sentry_review/review.hpp"

namespace daydream::sentry {
namespace {

class SentryReview {
 public:
  static Result<std::unique_ptr<SentryReview>> open(sdk::Run& run, const json::Value& configuration) {
    auto settings = Settings::read(configuration);
    if (!settings) return std::move(settings.error());
    return std::make_unique<SentryReview>(run, std::move(*settings));
  }
  SentryReview(sdk::Run& run, Settings settings) : run_(run), settings_(std::move(settings)) {}

  Result<sdk::Outcome> run() {
    if (!settings_.configured()) {
      return sdk::Outcome::skipped(
          "not configured: set the step's \"organization\" (its slug on the server), the secret SENTRY_AUTH_TOKEN and "
          "\"hosts\" in the manifest; or \"source\": {\"directory\": ...} for saved pages",
          "not-configured");
    }
    auto suggestions = Suggestions::load();
    if (!suggestions) return std::move(suggestions.error());
    return Review(run_, settings_, std::move(*suggestions)).run();
  }

 private:
  sdk::Run& run_;
  Settings settings_;
};

}  // namespace
}  // namespace daydream::sentry

DAYDREAM_PLUGIN(daydream::sentry::SentryReview, daydream::kStepDescriptor);
