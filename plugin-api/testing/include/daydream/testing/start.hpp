// What a run of a step finds, and what its commits say: plain values. The state at any moment is the
// start with the commits applied in order, so a kill is "the commits so far".
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daydream/kit/result.hpp"
#include "daydream/kit/spans.hpp"

namespace daydream::testing {

using FileMap = std::map<std::string, std::string>;  // path -> bytes

struct HistoryCommit {
  std::string message;
  std::string date;  // RFC 3339, or only the day
  FileMap files;     // written by it
  std::vector<std::string> removed;
};

// One request of the step through "daydream.http/1", and what comes back: an answer of a server, or where
// `error` is set ("timeout", "host_refused", ...: README of the host's broker) a failure.
struct HttpRequest {
  std::string method, url;
  FileMap headers;  // as the step wrote them: ${NAME} is still in them
  std::string body;
  std::string json;  // all of it
};
struct HttpReply {
  int status = 200;
  FileMap headers{};  // lower-case names
  std::string body{};
  std::string error{}, message{};
};

struct Start {
  FileMap files{};                         // the source tree
  std::vector<HistoryCommit> history{};    // not empty: the tree is a real git repository; `files` is its head
  std::map<std::string, FileMap> roots{};  // "repository": live files beside those of the tree; "log:1": ...
  FileMap inputs{};                        // name -> what the command printed
  FileMap memory{};                        // as earlier nights left it
  std::uint32_t memory_schema = 0;         // of it; 0: the plugin's own
  std::map<std::pair<std::string, std::string>, std::string> outputs{};  // (step, name) -> JSON
  std::vector<std::pair<std::string, std::string>> findings{};           // (step, JSON) of earlier steps

  std::string config = "{}";
  std::string now = "2026-11-22T02:30:00Z";
  std::string zone = "UTC";
  std::string mode = "branch";
  std::string step_id = "step";
  std::optional<std::pair<std::string, std::string>> previous_run{};  // id, RFC 3339
  // Whether the step sees its own committed edits at once, or only the steps behind it do. A step must
  // work with both: after a kill the host may show either.
  bool edits_visible = false;
  std::size_t page = 2;  // entries a page of `list`: small, so that paging is tested
  // Answers the step's requests, each once, in the order they were submitted, when it polls; and those that
  // it put into a transaction, once that is committed. Not set: every request is refused.
  std::function<HttpReply(const HttpRequest&)> http{};
};

struct Checkpoint {
  std::uint32_t schema = 0;
  std::string bytes;
};

using SpanEdit = spans::Span;

enum class EffectKind : std::uint8_t { kEdit, kCreate, kRemove, kDiscard, kArchive, kHttp };

struct Effect {
  EffectKind kind = EffectKind::kEdit;
  std::uint64_t finding = 0;
  std::string root, path;
  std::uint64_t token = 0;
  std::vector<SpanEdit> spans;
  std::string content;
  std::string archive_path, options;
  std::string key, request;  // kHttp; `content` is its body
};

// One transaction.
struct Commit {
  std::optional<Checkpoint> checkpoint;
  std::vector<std::pair<std::string, std::string>> put_memory;
  std::vector<std::string> drop_memory;
  std::vector<std::pair<std::string, std::string>> outputs;
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<std::pair<std::uint64_t, std::string>> findings;  // number, JSON as the step put it
  std::vector<std::pair<std::string, std::string>> files;       // of the state directory
  std::vector<Effect> effects;
};

// How a call of the step ended.
struct Answer {
  std::int32_t status = 0;
  std::string stage = "run";        // open, migrate, run, command
  std::string code, message;        // the last `explain`
  std::vector<std::string> log;     // "info: text"
  std::vector<std::string> breaks;  // broken promises of the ABI; a test should find none
  std::string printed;
  bool killed = false;  // by run_killed_after, at the commit asked for
  std::string crash;    // "signal 11 (Segmentation fault)": in a child only

  [[nodiscard]] bool good() const { return status == 0 && breaks.empty() && crash.empty() && !killed; }
};

std::string status_name(std::int32_t status);  // "ok", "retry", ...

// Bytes for a pipe, and back; kDamaged for anything but a whole, clean body.
std::string pack(const Commit& commit);
Result<Commit> unpack_commit(std::string_view bytes);
std::string pack(const Answer& answer);
Result<Answer> unpack_answer(std::string_view bytes);

}  // namespace daydream::testing
