// How far a run has come and what the nights remember, kept so that a kill at any instruction loses at
// most the work since the last commit(). Tables: schema.sql; hash chain and anchor: anchor.md.
// Every row carries a checksum, checked when read. One process, one thread. What is deliberately absent:
// nothing here repairs a store by itself; that is for doctor, with a human's word.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/clock.hpp"
#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::checkpoint {

struct Migration;  // upgrade.hpp
struct Table;      // row.hpp

enum class RunStatus { kRunning = 0, kCompleted = 1, kFailed = 2, kInterrupted = 3, kAbandoned = 4 };
enum class StepStatus {
  kPending = 0,    // not begun
  kRunning = 1,    // begun; its checkpoint says how far
  kEnded = 2,      // the plugin returned ok; its result has not left the private tree yet
  kCompleted = 3,  // settled: published, findings have ids and actions
  kSkipped = 4,    // the plugin had nothing to do; settled
  kFailed = 5,     // all attempts of this start used up
  kQuarantined = 6,
};
std::string_view name_of(RunStatus status);
std::string_view name_of(StepStatus status);

struct Run {
  std::string id, date;
  bool full = true;  // false: --only, --from; never makes a date done
  RunStatus status = RunStatus::kRunning;
  Instant started, finished;  // finished.ms 0: not yet
  Mode mode = Mode::kObserve;
  std::string base;   // commit the private tree started from (after carrying: its tip)
  std::string facts;  // JSON, the pipeline's: zone, frozen now, repository, pid, base ref, ...
  int resumed = 0;    // how often it went on after a stop
};

struct Step {
  std::string run, id, plugin;
  int number = 0;           // from 1, in the manifest
  std::string config_hash;  // step identity: id + plugin + this
  StepStatus status = StepStatus::kPending;
  int attempts = 0;  // in this run
  Instant started, finished;
  std::string code, message;  // explained failure or skip
  std::string result;         // JSON of the host: tip commit, verify words, peak memory, ...
};

struct Checkpoint {
  std::uint32_t schema = 0;
  std::string bytes;
};

// What one commit changes; buffered, nothing happens until Store::commit.
class Transaction {
 public:
  void put_checkpoint(std::string run, std::string step, std::uint32_t schema, std::string bytes);
  void put_memory(std::string plugin, std::string key, std::string value);
  void drop_memory(std::string plugin, std::string key);
  void put_output(std::string run, std::string step, std::string name, std::string json);
  void put_metric(std::string run, std::string step, std::string name, double value);
  void put_finding(std::string run, std::string step, Finding finding);  // insert or replace by number
  void put_effect(std::string run, std::string step, Effect effect);     // sequence is set by commit
  void set_effect(std::int64_t sequence, EffectState state, std::string detail);
  void put_run(Run run);     // insert or replace
  void put_step(Step step);  // insert or replace
  // Its checkpoint, outputs, metrics, findings and effects (applied state files apart); memory stays.
  void forget_step(std::string run, std::string step);
  void forget_run(std::string run);
  void put_host(std::string key, std::string value);  // the host's own key-value space
  void drop_host(std::string key);

  [[nodiscard]] bool empty() const;

 private:
  friend class Store;
  struct Operation;
  void add(Operation operation);
  void put(const Table& table, std::vector<std::variant<std::int64_t, double, std::string>> row);
  std::vector<std::shared_ptr<Operation>> operations_;
};

// The folder with its .gitignore, so that nothing in it shows in the user's `git status`.
Result<void> make_state_directory(const Path& state_directory);

class Store {
 public:
  struct Options {
    Path state_directory;
    Path marker_directory;   // --work-dir: remembers that a state directory existed
    bool create = true;      // false: kNotFound when there is none (status, report)
    bool read_only = false;  // never changes anything; no lock needed; sees one moment of the store
    // Upgrades from older schema versions; null: those that are shipped. For tests.
    const std::vector<Migration>* migrations = nullptr;
  };
  // REQUIRES (unless read_only): the caller holds the run lock. A damaged store is kDamaged with what to
  // do, never a new one; a newer schema is kInvalid naming both numbers; an older one is upgraded.
  static Result<std::unique_ptr<Store>> open(const Options& options);
  ~Store();

  // Once this returns ok, everything in the transaction survives SIGKILL and power loss. Sequences of new
  // effects are returned in order. After an error the store is unusable (fsync is never retried).
  Result<std::vector<std::int64_t>> commit(Transaction&& transaction);
  // As commit(), without a sync of its own: may be lost, never torn. For what recovery redoes anyway.
  Result<void> commit_lazily(Transaction&& transaction);
  // Writes the two-slot anchor (generation and chain head) and syncs it: at step start and end and before
  // a remote effect.
  Result<void> anchor();
  // At the end of a run whose store changed: a verified copy daydream.db.bak.
  Result<void> keep_copy();

  Result<std::vector<Run>> runs();  // oldest first
  Result<std::optional<Run>> run(const std::string& id);
  Result<std::optional<Run>> unfinished_run();  // running, failed or interrupted; not abandoned
  Result<std::vector<Step>> steps(const std::string& run);
  Result<std::optional<Checkpoint>> checkpoint(const std::string& run, const std::string& step);
  Result<std::optional<std::string>> memory(const std::string& plugin, const std::string& key);
  // Entries with `prefix` behind `after`, in byte order, until `most` entries or about `bytes` bytes.
  Result<std::vector<std::pair<std::string, std::string>>> scan_memory(const std::string& plugin,
                                                                       const std::string& prefix,
                                                                       const std::string& after, int most,
                                                                       std::size_t bytes);
  Result<std::optional<std::string>> output(const std::string& run, const std::string& step, const std::string& name);
  Result<std::vector<std::pair<std::string, double>>> metrics(const std::string& run, const std::string& step);
  Result<std::vector<Finding>> findings(const std::string& run,
                                        const std::string& step = "");  // "" = all, by step number
  Result<std::vector<Effect>> effects(const std::string& run, const std::string& step = "");  // by sequence
  Result<std::optional<std::string>> host_value(const std::string& key);
  Result<std::vector<std::pair<std::string, std::string>>> host_values(const std::string& prefix);

  [[nodiscard]] std::int64_t generation() const;                  // commits so far
  [[nodiscard]] const std::vector<std::string>& notices() const;  // for the report: upgraded, anchor behind, ...

 private:
  Store();
  struct State;
  class Commit;
  template <class T>
  Result<T> worded(Result<T>&& result);
  std::unique_ptr<State> state_;
};

// `doctor`: what is wrong, in words, without changing anything; then the repairs.
struct Diagnosis {
  std::string what, remedy;
  bool fatal = false;
};
std::vector<Diagnosis> diagnose(const Store::Options& options);
// Goes on with the newest that is whole, the store itself or its copy; says which. kDamaged: nothing is.
Result<std::string> repair_store(const Store::Options& options);
Result<std::string> accept_lost_memory(const Store::Options& options, const std::string& date_done);

}  // namespace daydream::checkpoint
