// Stamps when it is entered. The first time of a run it commits a checkpoint and waits to be killed; when it
// finds that checkpoint it is done.
#include <ctime>

#include "stamp.hpp"

namespace {

using namespace daydream;

class WaitsOnce {
 public:
  WaitsOnce(sdk::Run& run, const json::Value&) : run_(run) {}

  Result<sdk::Outcome> run() {
    const auto entered = std::chrono::steady_clock::now();
    auto before = run_.state().checkpoint();
    if (!before) return std::move(before.error());
    bench::stamp(run_, before->has_value() ? "again" : "first", entered);
    if (before->has_value()) return sdk::Outcome::ok();
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_checkpoint(1, std::string(2048, 'c'));
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    bench::stamp(run_, "waiting");
    for (std::uint64_t turn = 1; !run_.cancelled(); ++turn) {
      run_.progress(turn, 0);
      const timespec pause{0, 20'000'000};
      ::nanosleep(&pause, nullptr);
    }
    return sdk::Outcome::cancelled();
  }

 private:
  sdk::Run& run_;
};

constexpr const char* kDescriptor = R"({"id": "bench/waits_once", "version": "1.0.0", "summary": "Waits to be killed",
  "checkpoint_schema": 1, "services": ["daydream.run/1", "daydream.state/1"]})";

}  // namespace

DAYDREAM_PLUGIN(WaitsOnce, kDescriptor);
