// Loads only where somebody else defines this.
#include <daydream/sdk.hpp>

extern "C" int daydream_nobody_defines_this(int);

namespace {
struct Step {
  Step(daydream::sdk::Run&, const daydream::json::Value&) {}
  static daydream::Result<daydream::sdk::Outcome> run() {
    return daydream_nobody_defines_this(1) == 0 ? daydream::sdk::Outcome::ok() : daydream::sdk::Outcome::retry("no");
  }
};
}  // namespace

DAYDREAM_PLUGIN(Step, R"({"id": "unresolved", "version": "0.1.0", "summary": "s", "role": "step"})");
