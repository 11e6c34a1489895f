// What is true after some commits: the start with them applied, as the host's store would say it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "daydream/testing/draft.hpp"
#include "daydream/testing/start.hpp"

namespace daydream::testing {

struct StoredFinding {
  std::uint64_t number = 0;
  std::string rule, severity, safety, path, symbol, context, message, evidence, suggestion;
  int line = 0, column = 0, end_line = 0;
  bool changed = false;   // an effect names it
  bool conflict = false;  // its change wants what another's does not let it; nothing was done
};

// A finding as the plugin may put it; kInvalid says what is wrong with it.
Result<StoredFinding> read_finding(std::uint64_t number, std::string_view json);

class Ledger {
 public:
  explicit Ledger(const Start& start);
  void apply(const Commit& commit);  // REQUIRES: taken by the host's checks

  [[nodiscard]] const Draft& draft() const { return draft_; }
  // A change is as safe as its least safe finding, and goes nowhere when one of its findings is in conflict.
  [[nodiscard]] FileMap applied() const;   // with the safe changes
  [[nodiscard]] FileMap proposed() const;  // with those for review too
  [[nodiscard]] const FileMap& memory() const { return memory_; }
  [[nodiscard]] const std::optional<Checkpoint>& checkpoint() const { return checkpoint_; }
  [[nodiscard]] const FileMap& outputs() const { return outputs_; }
  [[nodiscard]] const std::map<std::string, double>& metrics() const { return metrics_; }
  [[nodiscard]] const FileMap& state_files() const { return state_files_; }
  [[nodiscard]] const std::map<std::uint64_t, StoredFinding>& findings() const { return findings_; }
  [[nodiscard]] const std::set<std::string>& discarded() const { return discarded_; }  // "root/path"
  [[nodiscard]] const FileMap& archived() const { return archived_; }                  // archive path -> content
  // Remote changes, in order: key, request.
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& remote() const { return remote_; }
  // Live files by root, without what was discarded or archived and unlinked.
  [[nodiscard]] const std::map<std::string, FileMap>& roots() const { return roots_; }
  [[nodiscard]] std::uint64_t next_finding() const;

  // All that a report or a person could see, as text: two runs that say the same are the same. Without
  // the checkpoint, numbers and order of findings.
  [[nodiscard]] std::string summary() const;

 private:
  [[nodiscard]] bool change_is(const std::set<std::uint64_t>& change, bool safe) const;
  void apply_effect(const Effect& effect);
  void discard(const Effect& effect);
  void archive(const Effect& effect);

  Draft draft_;
  FileMap memory_, outputs_, state_files_, archived_;
  std::map<std::string, FileMap> roots_;
  std::optional<Checkpoint> checkpoint_;
  std::map<std::string, double> metrics_;
  std::map<std::uint64_t, StoredFinding> findings_;
  std::set<std::string> discarded_;
  std::vector<std::pair<std::string, std::string>> remote_;
};

// "path:line rule safety [symbol]", with " conflict" where its change was dropped.
std::string finding_line(const StoredFinding& finding);

}  // namespace daydream::testing
