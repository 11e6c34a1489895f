// The first version of plugin-api/examples/growth, as far as it concerns memory: all sizes in one entry, schema 1.
#include "daydream/sdk.hpp"

namespace {

using namespace daydream;

constexpr const char* kDescriptor = R"({"id": "acme/growth", "version": "1.0.0", "summary": "Remembers sizes",
  "memory_schema": 1, "services": ["daydream.run/1", "daydream.state/1"], "needs": {"outputs": ["long_files"]}})";

class First {
 public:
  First(sdk::Run& run, const json::Value& /*configuration*/) : run_(run) {}
  Result<sdk::Outcome> run() {
    auto sizes = run_.state().output("long_files", "sizes");
    if (!sizes) return std::move(sizes.error());
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_memory("sizes", sizes->value_or("{}"));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  }

 private:
  sdk::Run& run_;
};

}  // namespace

DAYDREAM_PLUGIN(First, kDescriptor);
