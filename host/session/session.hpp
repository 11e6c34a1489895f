// The host's side of one try of one step: starts the worker, answers its frames, commits its
// transactions, watches its time. The only place that gives a plugin's words to store and changes.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "broker/client.hpp"
#include "changes/draft.hpp"
#include "changes/live.hpp"
#include "changes/source_tree.hpp"
#include "checkpoint/store.hpp"
#include "frames/messages.hpp"
#include "loader/descriptor.hpp"
#include "manifest/pipeline.hpp"
#include "session/launcher.hpp"
#include "session/progress.hpp"

namespace daydream::session {

enum class Ending {
  kOk,         // the plugin says its work is done
  kSkipped,    // it had nothing to do, and says why
  kCancelled,  // we asked it to stop and it did, or was made to
  kRetry,      // it failed and may succeed later
  kPermanent,  // it failed and will not succeed without a change
  kCrashed,    // the process ended without a word
  kHung,       // no progress, too long, no heartbeat
  kBrokeAbi,   // frames, versions or promises broken
};
std::string_view name_of(Ending ending);

struct Outcome {
  Ending ending = Ending::kOk;
  std::string code, message;            // for people
  std::uint64_t peak_memory_bytes = 0;  // 0: not known
  std::vector<std::string> unconfined;  // what the kernel lacks
  std::vector<std::string> notes;       // what else somebody should know of the try
  int commits = 0;
};

struct Options {
  checkpoint::Store* store = nullptr;
  changes::SourceTree* tree = nullptr;  // null for a command outside a run
  changes::Draft* draft = nullptr;      // null: edits are refused
  const Clock* clock = nullptr;
  ProgressSink* progress = nullptr;  // may be null
  Launcher launcher;
  bool confine = true;

  frames::Start start;  // checkpoint and finding numbers are filled in here
  std::string run_id, step_id, plugin_id;
  std::uint32_t memory_schema = 1;  // of the plugin as it is now
  int number = 0, total_steps = 0;
  std::vector<std::string> earlier_steps;  // whose findings and outputs may be read
  manifest::Step limits;                   // time-outs
  changes::LiveOptions live;
  broker::Client* broker = nullptr;  // null: no request is made
  broker::Policy http;               // what the step may reach
  std::function<bool()> stop_requested;
  int stop_descriptor = -1;
  std::function<void(const StepProgress&)> on_progress;  // state.json
  std::function<void()> on_tick;                         // some times a second, whatever happens
  std::function<void(std::string_view)> print;           // a command's standard output
};

// One try. An error is the host's own (store, disk): the run cannot go on.
Result<Outcome> run_step(Options options);

}  // namespace daydream::session
