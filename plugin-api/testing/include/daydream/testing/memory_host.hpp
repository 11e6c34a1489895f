// An in-memory host for tests of steps. It keeps the rules of the headers strictly (pages of two
// entries, views that die with the next call, checks of threads, handles and order) and forgets
// nothing that was committed:
//
//   MemoryHost host({.files = {{"a.py", "x = 1  \n"}}});
//   for (int kill_at = 1; host.run_killed_after(daydream_plugin_v1, kill_at).killed; ++kill_at) {}
//   CHECK(host.file("a.py") == "x = 1\n");
//
// One thread; not for use from two objects of one plugin at a time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/abi.h"
#include "daydream/testing/ledger.hpp"
#include "daydream/testing/start.hpp"
#include "daydream/testing/workspace.hpp"

namespace daydream::testing {

class Session;

class MemoryHost {
 public:
  explicit MemoryHost(Start start = {});
  ~MemoryHost();
  MemoryHost(const MemoryHost&) = delete;
  MemoryHost& operator=(const MemoryHost&) = delete;

  // One try: open, migrate where schemas ask for it, run, close; in this process.
  Answer run(const dd_plugin& plugin);
  Answer command(const dd_plugin& plugin, std::string_view name, std::string_view arguments_json = "[]");
  // As run(), in a child that ends without a word right after its n-th commit, as by SIGKILL. What it
  // committed stays: the next run() resumes. `killed` is false where it ended before; a crash is an answer.
  Answer run_killed_after(const dd_plugin& plugin, int commits);
  // As run(), in a child: a crash or a hang (60 s) is an answer.
  Answer run_in_child(const dd_plugin& plugin) { return run_killed_after(plugin, 0); }
  // In the next run the n-th commit is the last that happens: `cancelled` says 1 and all else DD_CANCELLED.
  void stop_after_commits(int commits) { stop_after_ = commits; }

  // Between runs, what the next one finds (a new configuration); files and history: before the first.
  [[nodiscard]] Start& start() { return start_; }
  [[nodiscard]] const Ledger& ledger() const { return *ledger_; }
  [[nodiscard]] const std::vector<Commit>& commits() const { return commits_; }
  // The content after the safe changes; "" where there is no such file.
  [[nodiscard]] std::string file(const std::string& path) const;
  // Findings as finding_line() writes them, sorted.
  [[nodiscard]] std::vector<std::string> finding_lines() const;
  // A new run of the same start: nothing is committed.
  void forget();

 private:
  friend class Session;
  Answer one_try(const dd_plugin& plugin, Session& session, const std::string* command, std::string_view arguments);
  Result<void> prepare();
  [[nodiscard]] const FileMap& visible() const;  // of the source tree, to the step
  void child(const dd_plugin& plugin, int commits, int stop_after, int pipe);
  Answer listen(int pipe, int child);
  void take(Commit commit);

  Start start_;
  std::unique_ptr<Workspace> workspace_;
  std::unique_ptr<Ledger> ledger_;
  std::vector<Commit> commits_;
  std::vector<std::unique_ptr<Session>> sessions_;  // kept: a thread of the step may still hold one
  int stop_after_ = 0;
  int attempt_ = 0;
};

// A step from its file, never unloaded. kInvalid: not a plugin, or of another ABI.
Result<const dd_plugin*> open_plugin(const std::string& file);

}  // namespace daydream::testing
