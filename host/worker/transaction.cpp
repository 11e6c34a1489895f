// One transaction at a time; consumed by commit whatever it returns. A handle is an address that is
// never given out twice, so that the use of a finished one is seen.
#include <algorithm>
#include <iterator>

#include "worker/run.hpp"

namespace daydream::worker {
namespace {

// Room in a frame for the numbers and lengths around the bytes.
constexpr std::size_t kMaxTransaction = frames::kMaxFrame - (std::size_t{8} << 20);
constexpr std::size_t kOverhead = 64;  // of one entry, at most

void finish(dd_run& run, bool taken) {
  if (!taken && run.transaction->first_finding < run.next_finding)
    run.lost_findings.emplace_back(run.transaction->first_finding, run.next_finding);
  run.transaction.reset();
}

}  // namespace

dd_txn* begin_transaction(dd_run& run) {
  run.transaction.emplace();
  run.transaction->first_finding = run.next_finding;
  return &run.handles.emplace_back();
}

void roll_back(dd_run& run) {
  finish(run, false);
}

dd_status commit_open(dd_run& run) {
  run.link.flush();
  Transaction& open = *run.transaction;
  frames::Commit& commit = open.commit;
  commit.put_memory.assign(std::make_move_iterator(open.puts.begin()), std::make_move_iterator(open.puts.end()));
  commit.drop_memory.assign(open.drops.begin(), open.drops.end());
  commit.outputs.assign(std::make_move_iterator(open.outputs.begin()), std::make_move_iterator(open.outputs.end()));
  commit.metrics.assign(open.metrics.begin(), open.metrics.end());
  const dd_status status = run.link.ask(frames::Type::kCommit, commit.encode()).status;
  if (status == DD_OK) {
    if (commit.has_checkpoint)
      run.checkpoint = std::make_shared<dd_run::Checkpoint>(
          dd_run::Checkpoint{commit.checkpoint_schema, std::move(commit.checkpoint)});
    if (!commit.put_memory.empty() || !commit.drop_memory.empty()) run.given.scanned.stale = true;
  }
  finish(run, status == DD_OK);
  return status;
}

bool reserve(dd_run& run, std::size_t more, const char* function) {
  Transaction& open = *run.transaction;
  if (more > kMaxTransaction || open.bytes + more + kOverhead > kMaxTransaction) {
    contract_break(&run, function, "the transaction is larger than 248 MiB: commit more often");
    return false;
  }
  open.bytes += more + kOverhead;
  return true;
}

bool known_finding(const dd_run& run, std::uint64_t number) {
  return number != 0 && number < run.next_finding &&
         std::none_of(run.lost_findings.begin(), run.lost_findings.end(),
                      [&](const auto& lost) { return number >= lost.first && number < lost.second; });
}

}  // namespace daydream::worker
