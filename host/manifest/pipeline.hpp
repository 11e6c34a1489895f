// The checked pipeline: what a manifest (and what it extends) says, as one value.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::manifest {

using Milliseconds = std::chrono::milliseconds;

enum class OnFailure { kStop, kContinue };

// Whether a step runs when its turn comes.
struct When {
  enum class Kind {
    kInTurn,   // unless a step before it stopped the run
    kAlways,   // also then
    kSuccess,  // only where no step before it failed
    kFailure,  // only where one did; also where that stopped the run
    kChanged,  // only where a file that matches has changed since it last completed
  };
  Kind kind = Kind::kInTurn;
  std::vector<std::string> globs;  // of kChanged
};
// At most once in a local calendar day, week (from Monday) or month.
enum class Every { kRun, kDay, kWeek, kMonth };

struct Limits {                                         // of one worker
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;  // RLIMIT_DATA
  Milliseconds cpu{std::chrono::hours(1)};              // RLIMIT_CPU
  std::uint64_t open_files = 512;                       // RLIMIT_NOFILE
};

struct Step {
  std::string id;
  std::string plugin;  // name of an installed plugin, or a path (absolute once loaded)
  bool plugin_is_path = false;
  std::string config = "{}";   // JSON object, as written; defaults are the loader's business
  std::string config_pointer;  // its place in the effective manifest, "/steps/2/config": Loaded::error_at
  Milliseconds timeout{std::chrono::minutes(20)};
  Milliseconds idle_timeout{std::chrono::minutes(2)};
  int max_attempts = 3;
  OnFailure on_failure = OnFailure::kStop;
  Limits limits;
  std::vector<std::string> secrets;
  std::vector<std::string> paths;  // outside the repository, readable: roots "log:<n>"
  std::string sha256;              // pinned content of the plugin, or empty
  When when;
  Every every = Every::kRun;
  std::vector<std::string> after;  // the steps it said it stands behind; the order obeys them already
};

struct Input {
  std::vector<std::string> command;
  Milliseconds timeout{std::chrono::minutes(2)};
  std::uint64_t max_bytes = std::uint64_t{64} << 20;
};

struct Secret {
  std::string environment;  // variable, or
  std::string file;         // path of a 0600 file
  std::vector<std::string> hosts;
};

struct Verify {
  std::vector<std::string> command;  // empty: none
  Milliseconds timeout{std::chrono::minutes(15)};
};

struct Workspace {
  std::vector<std::string> link;
  std::vector<std::vector<std::string>> setup;
  Milliseconds setup_timeout{std::chrono::minutes(15)};
};

struct Schedule {
  std::string at = "02:30";  // local wall time
  std::string zone;          // IANA name; "" = the machine's
};

struct Pipeline {
  std::optional<Mode> mode;  // none: branch under git, patch without
  std::string base = "HEAD";
  Verify verify;
  Workspace workspace;
  Schedule schedule;
  std::map<std::string, Secret> secrets;
  std::map<std::string, std::vector<std::string>> hosts;  // by step id
  std::map<std::string, Input> inputs;
  std::vector<Step> steps;
  int retention_days = 90;
};

// One line of `config --explain`: a value and where it comes from.
struct Origin {
  std::string pointer, value, file;
  int line = 0;      // 0: a default of the program
  std::string note;  // "appended", "removed, was base.json:3", "team from $DAYDREAM_TEAM", "final by base.json:9"
};

class Tree;  // the merged files, kept to say where a value stands

struct Loaded {
  Pipeline pipeline;
  std::string main_file;           // absolute
  std::vector<std::string> files;  // all that took part, absolute
  // Over all of them but those of the machine's folder and of the installation; what `trust` records.
  std::string content_hash;
  std::string inner_hash;  // over those in the repository, and the names of those outside it
  std::vector<Origin> origins;
  // Keys that need trust when the manifest lies inside the repository ("verify", "steps[2].plugin"...),
  // each with file:line:column.
  std::vector<std::string> needs_trust;
  std::shared_ptr<const Tree> tree;

  // `pointer` is one of the effective manifest: step.config_pointer + "/rules/0". What a plugin's schema
  // says of a configuration is so reported at its place in the file, whichever file that is.
  [[nodiscard]] std::string where(std::string_view pointer) const;  // "file:line:column"
  // "file:line" of the `final` that keeps a key of the top level; nullopt: none does.
  [[nodiscard]] std::optional<std::string> final_by(std::string_view key) const;
  // kInvalid: "file:line:column: steps[2].config.rules[0]: message".
  [[nodiscard]] Error error_at(std::string_view pointer, std::string_view message) const;
  // The same for a problem the schema of a step's plugin has found (its pointer is one of the config).
  [[nodiscard]] Error config_error(const Step& step, const json::Problem& problem) const;
};

}  // namespace daydream::manifest
