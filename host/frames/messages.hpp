// What host and worker say to each other. Every struct has encode() and a decode() that refuses
// anything but a whole, clean body. Numbers are never renumbered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::frames {

enum class Type : std::uint16_t {
  // host -> worker
  kStart = 1,
  kCancel = 2,  // empty body
  kReply = 3,
  // worker -> host, no reply
  kReady = 10,      // Ready: confinement in force, library loaded, about to call the plugin
  kHeartbeat = 11,  // empty body, once a second, from a thread of its own
  kLog = 12,
  kProgress = 13,
  kExplain = 14,
  kPrint = 15,
  kDone = 16,
  // worker -> host, answered by kReply with the same ticket
  kCommit = 30,
  kMemory = 31,
  kScanMemory = 32,
  kOutput = 33,
  kFindings = 34,
  kList = 35,
  kHttpPoll = 36,  // http_messages.hpp
  kHttpSettled = 37,
  kHttpReconciled = 39,
  // worker -> host, no reply
  kHttpSubmit = 38,
};

enum class Task : std::uint8_t { kRun = 0, kCommand = 1, kCheckConfig = 2 };

struct Start {
  Task task = Task::kRun;
  std::string plugin_file, plugin_sha256;                  // the worker checks the hash of what it opens,
  std::string plugin_facts;                                // unless loader::file_facts() still says this
  std::string config;                                      // JSON, defaults filled in
  std::string facts;                                       // JSON of "daydream.run/1"
  std::vector<std::pair<std::string, std::string>> roots;  // name, absolute path
  bool has_checkpoint = false;
  std::uint32_t checkpoint_schema = 0;
  std::string checkpoint;
  std::uint32_t memory_schema = 0;                             // of what lies in memory; 0: nothing yet
  std::uint64_t next_finding = 1;                              // numbers go on where the last try stopped
  std::string command, arguments;                              // Task::kCommand: name, JSON array
  std::vector<std::pair<std::string, std::string>> reconcile;  // key, request: sent by an earlier try
  // Confinement.
  bool confine = true;
  std::vector<std::string> readable;  // absolute paths: files or trees
  std::string scratch;                // the one writable directory ("" = none)
  std::uint64_t memory_bytes = 0, cpu_seconds = 0, open_files = 0;
  [[nodiscard]] std::string encode() const;
  static Result<Start> decode(std::string_view body);
};

struct Ready {
  std::vector<std::string> missing;  // parts of the confinement this kernel lacks, for people
  [[nodiscard]] std::string encode() const;
  static Result<Ready> decode(std::string_view body);
};

struct Log {
  std::int32_t level = 1;
  std::string message;
  [[nodiscard]] std::string encode() const;
  static Result<Log> decode(std::string_view body);
};

struct Progress {
  std::uint64_t done = 0, total = 0;
  std::string what;
  [[nodiscard]] std::string encode() const;
  static Result<Progress> decode(std::string_view body);
};

struct Explain {
  std::string code, message;
  [[nodiscard]] std::string encode() const;
  static Result<Explain> decode(std::string_view body);
};

struct Done {
  std::int32_t status = 0;  // what run/command/open returned
  std::string stage;        // "open", "migrate", "run", "command", "load"
  [[nodiscard]] std::string encode() const;
  static Result<Done> decode(std::string_view body);
};

struct Reply {
  std::int32_t status = 0;  // dd_status
  std::string body;         // as the request says
  [[nodiscard]] std::string encode() const;
  static Result<Reply> decode(std::string_view body);
};

// One transaction. Findings come with their numbers; effects name them.
struct Commit {
  bool has_checkpoint = false;
  std::uint32_t checkpoint_schema = 0;
  std::string checkpoint;
  bool migrated = false;  // the transaction of `migrate`: the host records the new memory schema
  std::vector<std::pair<std::string, std::string>> put_memory;
  std::vector<std::string> drop_memory;
  std::vector<std::pair<std::string, std::string>> outputs;
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<std::pair<std::uint64_t, std::string>> findings;  // number, JSON
  std::vector<Effect> effects;                                  // sequence, state, detail not sent
  [[nodiscard]] std::string encode() const;
  static Result<Commit> decode(std::string_view body);
};

struct MemoryRequest {  // reply body: the value; DD_NOT_FOUND
  std::string key;
  [[nodiscard]] std::string encode() const;
  static Result<MemoryRequest> decode(std::string_view body);
};

struct ScanRequest {  // reply body: Pairs
  std::string prefix, after;
  [[nodiscard]] std::string encode() const;
  static Result<ScanRequest> decode(std::string_view body);
};
struct Pairs {
  std::vector<std::pair<std::string, std::string>> items;
  bool last = false;  // nothing behind these
  [[nodiscard]] std::string encode() const;
  static Result<Pairs> decode(std::string_view body);
};

struct OutputRequest {  // reply body: JSON; kFindings uses `step` alone, reply body: JSON lines
  std::string step, name;
  [[nodiscard]] std::string encode() const;
  static Result<OutputRequest> decode(std::string_view body);
};

struct ListRequest {  // reply body: Entries
  std::string globs;  // JSON array
  std::string after;
  [[nodiscard]] std::string encode() const;
  static Result<ListRequest> decode(std::string_view body);
};
struct Entry {
  std::string path;
  std::uint64_t size = 0, token = 0;
};
struct Entries {
  std::vector<Entry> items;
  bool last = false;
  [[nodiscard]] std::string encode() const;
  static Result<Entries> decode(std::string_view body);
};

}  // namespace daydream::frames
