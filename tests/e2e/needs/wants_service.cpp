// Asks for a service that no Daydream of today has.
#include "daydream/sdk.hpp"

namespace {

using namespace daydream;

class Wants {
 public:
  Wants(sdk::Run& /*run*/, const json::Value& /*configuration*/) {}
  static Result<sdk::Outcome> run() { return sdk::Outcome::ok(); }
};

}  // namespace

DAYDREAM_PLUGIN(Wants, R"({"id": "acme/wants", "version": "1.0.0", "summary": "Wants more",
  "services": ["daydream.run/1", "daydream.mail/1"]})");
