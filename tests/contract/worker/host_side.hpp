// The host's side of a worker, played by a test: starts the child, answers what it asks from plain maps,
// keeps all it says.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "daydream/abi.h"
#include "daydream/kit/process.hpp"
#include "frames/channel.hpp"
#include "frames/messages.hpp"

namespace daydream::worker_test {

inline const std::string kFolder = BAD_PLUGINS;
inline std::string plugin(const std::string& name) {
  return kFolder + "/" + name + ".so";
}

class Folder {
 public:
  Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder();
  std::string write(const std::string& name, std::string_view content) const;
  std::string path;
};

// A Start for `name` with hash, a config and nothing else.
frames::Start start_of(const std::string& name);

class HostSide {
 public:
  HostSide() = default;
  HostSide(const HostSide&) = delete;
  HostSide& operator=(const HostSide&) = delete;
  ~HostSide();

  // Before: what the worker will find.
  std::map<std::string, std::string> memory;
  std::map<std::string, std::string> outputs;  // "step/name"
  std::string findings;
  std::vector<frames::Entry> listed;
  std::size_t page = 2;  // of scans and lists
  std::int32_t commit_status = DD_OK;
  std::function<void(HostSide&, const std::string& line)> on_log;
  std::function<void(HostSide&)> on_heartbeat;
  std::vector<std::string> prefix;  // words before the child's ("setpriv", ...)
  std::string child = kFolder + "/daydream_contract_child";

  void run(const frames::Start& start);             // in a process, to its end
  void run_in_process(const frames::Start& start);  // in a thread of this one
  void cancel();
  void kill() const { process_->signal_group(SIGKILL); }
  [[nodiscard]] int pid() const { return process_->pid(); }

  // After: what it said.
  std::vector<frames::Commit> commits;
  std::vector<frames::Log> logs;
  std::vector<frames::Progress> progress;
  std::vector<std::string> order;  // "commit", "progress", "log", ... as they came
  std::optional<frames::Ready> ready;
  std::optional<frames::Explain> explain;
  std::optional<frames::Done> done;
  std::string printed;
  int heartbeats = 0;
  std::map<frames::Type, int> requests;
  std::optional<process::Child::Exit> exit;
  [[nodiscard]] bool said(const std::string& line) const;
  [[nodiscard]] std::string all_logs() const;

 private:
  void serve(const frames::Start& start);
  void take(const frames::Frame& frame);
  void note(const frames::Frame& frame);
  frames::Reply answer(const frames::Frame& frame);
  frames::Reply scan(const frames::ScanRequest& request) const;
  frames::Reply list(const frames::ListRequest& request) const;
  std::unique_ptr<frames::Channel> channel_;
  std::optional<process::Child> process_;
};

}  // namespace daydream::worker_test
