// Needs one of everything once it is told whom to ask, and nothing before.
#include "daydream/sdk.hpp"

namespace {

using namespace daydream;

constexpr const char* kDescriptor = R"({
  "id": "acme/needy", "version": "1.0.0", "summary": "Needs things",
  "config_schema": {"type": "object", "properties": {
    "account": {"type": "string", "description": "whom to ask for"},
    "url": {"type": "string", "default": "https://api.acme.example", "description": "whom to ask"},
    "token": {"type": "string", "default": "ACME_TOKEN", "description": "the secret"},
    "journals": {"type": "array", "items": {"type": "string"}, "default": [], "description": "inputs to read"},
    "web": {"type": "boolean", "default": false, "description": "ask any host"},
    "after": {"type": "string", "description": "step whose output is read"},
    "saved": {"type": "string", "description": "a file to read in place of the server"}}},
  "services": ["daydream.run/1", "daydream.http/1"],
  "needs": {
    "hosts": [{"option": "url", "when": "account", "unless": "saved"}, {"name": "*", "when": "web"}],
    "secrets": [{"option": "token", "when": "account", "unless": "saved"}],
    "inputs": [{"option": "journals"}],
    "outputs": [{"option": "after"}]}})";

class Needy {
 public:
  Needy(sdk::Run& /*run*/, const json::Value& /*configuration*/) {}
  static Result<sdk::Outcome> run() { return sdk::Outcome::ok(); }
};

}  // namespace

DAYDREAM_PLUGIN(Needy, kDescriptor);
