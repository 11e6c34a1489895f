// One try of one step, seen by its author: log, progress, facts, roots, and the ways to the other
// services. Owned by the SDK; it lives longer than the step. Thread rules as in abi.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "daydream/kit/json.hpp"
#include "daydream/run.h"
#include "daydream/sdk/service.hpp"

namespace daydream::sdk {

class State;
class Files;
class Http;
class Transaction;

struct PreviousRun {
  std::string run_id;
  std::int64_t now_ms = 0;
};

struct Facts {
  std::string run_id, date, zone, now;  // date: local; now: RFC 3339, frozen
  std::int64_t now_ms = 0;              // the same instant, Unix milliseconds
  std::string step_id;
  int attempt = 1;
  std::string mode;                         // observe, patch, branch, in-place
  std::string blob_format;                  // "sha1" or "sha256": what tokens are the front of
  std::optional<PreviousRun> previous_run;  // the step's own last completed run
  std::string command, directory;           // when a command runs: its name, and where the user stands
};

class Run {
 public:
  Run(const dd_host* host, dd_run* run) : host_(host), run_(run), service_(host, run, DD_RUN_SERVICE) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;

  // [any thread]
  void debug(std::string_view message) const { host_->log(run_, DD_LOG_DEBUG, text_of(message)); }
  void info(std::string_view message) const { host_->log(run_, DD_LOG_INFO, text_of(message)); }
  void warning(std::string_view message) const { host_->log(run_, DD_LOG_WARNING, text_of(message)); }
  void error(std::string_view message) const { host_->log(run_, DD_LOG_ERROR, text_of(message)); }
  // [any thread] Call it for every item: it also tells the watchdog that the step lives. total 0 = unknown.
  void progress(std::uint64_t done, std::uint64_t total, std::string_view what = "") const {
    host_->progress(run_, done, total, text_of(what));
  }
  // [any thread] True once the step should commit what is whole and return Outcome::cancelled().
  [[nodiscard]] bool cancelled() const { return host_->cancelled(run_) != 0; }
  void explain(std::string_view code, std::string_view message) const {
    host_->explain(run_, text_of(code), text_of(message));
  }

  [[nodiscard]] Result<Facts> facts() const;
  // "source", "repository", "input:<name>", "log:<n>": an absolute path; kNotFound when there is none.
  [[nodiscard]] Result<std::string> root(std::string_view name) const {
    dd_bytes path{};
    auto called =
        service_.call(&dd_run_service::root, "root \"" + std::string(name) + "\"", run_, text_of(name), &path);
    if (!called) return std::move(called.error());
    return std::string(view_of(path));
  }
  // Standard output of a command; ignored in a nightly run.
  [[nodiscard]] Result<void> print(std::string_view bytes) const {
    return service_.call(&dd_run_service::print, "print", run_, bytes_of(bytes));
  }

  [[nodiscard]] State state() const;
  [[nodiscard]] Files files() const;
  [[nodiscard]] Http http() const;
  // One at a time: an error while another is open.
  [[nodiscard]] Result<Transaction> begin() const;

  [[nodiscard]] const dd_host* host() const { return host_; }
  [[nodiscard]] dd_run* handle() const { return run_; }

 private:
  const dd_host* host_;
  dd_run* run_;
  Service<dd_run_service> service_;
};

inline Result<Facts> Run::facts() const {
  dd_text text{};
  auto called = service_.call(&dd_run_service::facts, "facts", run_, &text);
  if (!called) return std::move(called.error());
  json::ParseOptions options;
  options.name = "facts of the run";
  options.positions = false;
  auto parsed = json::Text::parse(view_of(text), options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return Error(ErrorKind::kInvalid, "facts of the run: not an object");
  Facts facts;
  facts.run_id = json::get_string(root, "run_id");
  facts.date = json::get_string(root, "date");
  facts.zone = json::get_string(root, "zone");
  facts.now = json::get_string(root, "now");
  facts.now_ms = json::get_int(root, "now_ms");
  facts.step_id = json::get_string(root, "step_id");
  facts.attempt = static_cast<int>(json::get_int(root, "attempt", 1));
  facts.mode = json::get_string(root, "mode");
  facts.blob_format = json::get_string(root, "blob_format", "sha1");
  facts.command = json::get_string(root, "command");
  facts.directory = json::get_string(root, "directory");
  const json::Value* previous = json::find(root, "previous_run");
  if (previous != nullptr && previous->IsObject()) {
    facts.previous_run = PreviousRun{json::get_string(*previous, "run_id"), json::get_int(*previous, "now_ms")};
  }
  return facts;
}

}  // namespace daydream::sdk
