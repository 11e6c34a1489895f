// Row 2: what a commit of the store costs beside a bare append and fdatasync of the same bytes.
#include <filesystem>

#include "checkpoint/lock.hpp"
#include "checkpoint/store.hpp"
#include "sandbox.hpp"

using namespace daydream;
using namespace daydream::bench;

namespace {

constexpr const char* kRun = "2026-11-22";
constexpr const char* kStep = "bench";

Finding a_finding(std::uint64_t number) {
  Finding finding;
  finding.number = number;
  finding.rule = "unused-import";
  finding.path = "src/package/module.py";
  finding.line = 12;
  finding.symbol = "os";
  finding.context = "import os";
  finding.message = "\"os\" is imported and never used";
  finding.evidence = "no other mention of \"os\" in the file, and nothing imports it from here";
  return finding;
}

checkpoint::Transaction one_row(const std::string& bytes) {
  checkpoint::Transaction transaction;
  transaction.put_checkpoint(kRun, kStep, 1, bytes);
  return transaction;
}

checkpoint::Transaction full(const std::string& bytes, int turn) {
  checkpoint::Transaction transaction = one_row(bytes);
  for (int key = 0; key < 3; ++key)
    transaction.put_memory(kStep, "file/" + std::to_string(turn % 100 * 3 + key), std::string(200, 'm'));
  transaction.put_finding(kRun, kStep, a_finding(static_cast<std::uint64_t>(turn % 1000) + 1));
  transaction.put_output(kRun, kStep, "files", std::string(300, '1'));
  return transaction;
}

void commit(checkpoint::Store& store, checkpoint::Transaction&& transaction) {
  auto committed = store.commit(std::move(transaction));
  if (!committed) give_up(committed.error().message());
}

void begin_run(checkpoint::Store& store) {
  checkpoint::Transaction transaction;
  checkpoint::Run run;
  run.id = run.date = kRun;
  transaction.put_run(run);
  checkpoint::Step step;
  step.run = kRun;
  step.id = step.plugin = kStep;
  step.number = 1;
  transaction.put_step(step);
  commit(store, std::move(transaction));
}

}  // namespace

int main() {
  const Sandbox sandbox;
  std::filesystem::create_directories(sandbox.state());
  std::filesystem::create_directories(sandbox.root() / "work");
  auto lock = checkpoint::RunLock::take(sandbox.state(), sandbox.root() / "work", Instant{});
  if (!lock) give_up(lock.error().message());
  auto store = checkpoint::Store::open({sandbox.state(), sandbox.root() / "work"});
  if (!store) give_up(store.error().message());
  begin_run(**store);

  const Appender log((sandbox.root() / "control").string());
  const std::string two_kb(2048, 'c');
  const Finding finding = a_finding(1);
  const std::string full_bytes(2048 + 3 * 210 + to_json(finding).size() + 300, 'f');
  Series row_time, row_control, full_time, full_control;
  for (int turn = 0, turns = repetitions(400); turn < turns; ++turn) {
    row_control.add(time_of([&] { log.append(two_kb); }));
    row_time.add(time_of([&] { commit(**store, one_row(two_kb)); }));
    full_control.add(time_of([&] { log.append(full_bytes); }));
    full_time.add(time_of([&] { commit(**store, full(two_kb, turn)); }));
  }
  row("a checkpoint row of 2 KB", row_time.median(), row_control.median(), 1.3);
  row("a full transaction", full_time.median(), full_control.median(), 2);
}
