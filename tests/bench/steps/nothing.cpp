// A step with nothing to do.
#include <daydream/sdk.hpp>

namespace {

using namespace daydream;

class Nothing {
 public:
  Nothing(sdk::Run&, const json::Value&) {}
  static Result<sdk::Outcome> run() { return sdk::Outcome::ok(); }
};

constexpr const char* kDescriptor = R"({"id": "bench/nothing", "version": "1.0.0", "summary": "Does nothing",
  "services": ["daydream.run/1"]})";

}  // namespace

DAYDREAM_PLUGIN(Nothing, kDescriptor);
