#include "host_side.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "base/files.hpp"
#include "daydream/kit/hash.hpp"
#include "worker/worker.hpp"

namespace daydream::worker_test {

using namespace std::chrono_literals;

Folder::Folder() {
  path = "/tmp/daydream-worker-XXXXXX";
  REQUIRE(::mkdtemp(path.data()) != nullptr);
}
Folder::~Folder() {
  (void)files::remove_tree(path);
}

std::string Folder::write(const std::string& name, std::string_view content) const {
  const Path file = Path(path) / name;
  REQUIRE(files::make_directories(file.parent_path()));
  REQUIRE(files::write_replace(file, content, files::Durability::kNone));
  return file.string();
}

frames::Start start_of(const std::string& name) {
  frames::Start start;
  start.plugin_file = plugin(name);
  auto content = files::read(start.plugin_file);
  REQUIRE(content);
  start.plugin_sha256 = hash::sha256_hex(*content);
  start.config = "{}";
  start.facts = "{}";
  start.arguments = "[]";
  return start;
}

HostSide::~HostSide() = default;

void HostSide::run(const frames::Start& start) {
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
  channel_ = std::make_unique<frames::Channel>(files::Descriptor(pair[0]));
  {
    const files::Descriptor theirs(pair[1]);
    const files::Descriptor nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
    process::Child::Options options;
    options.arguments = prefix;
    options.arguments.insert(options.arguments.end(), {child, "--worker", "3"});
    options.directory = "/";
    options.descriptors = {{3, theirs.get()}, {1, nothing.get()}, {2, nothing.get()}};
    auto started = process::Child::start(options);
    REQUIRE(started);
    process_.emplace(std::move(*started));
  }
  serve(start);
  exit = process_->wait(20s);
}

void HostSide::run_in_process(const frames::Start& start) {
  std::array<int, 2> pair{};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) == 0);
  channel_ = std::make_unique<frames::Channel>(files::Descriptor(pair[0]));
  std::thread thread([descriptor = pair[1]] { (void)worker::serve_in_process(descriptor); });
  serve(start);
  channel_.reset();
  thread.join();
}

void HostSide::cancel() {
  (void)channel_->send({static_cast<std::uint16_t>(frames::Type::kCancel), 0, ""});
}

// Until the worker's end is closed or Done has come, but for at most half a minute.
void HostSide::serve(const frames::Start& start) {
  REQUIRE(channel_->send({static_cast<std::uint16_t>(frames::Type::kStart), 0, start.encode()}));
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (std::chrono::steady_clock::now() < deadline && !done) {
    auto frame = channel_->receive(100ms);
    if (!frame) return;
    if (*frame) take(**frame);
  }
}

void HostSide::take(const frames::Frame& frame) {
  const auto type = static_cast<frames::Type>(frame.type);
  if (type < frames::Type::kCommit) return note(frame);
  ++requests[type];
  if (type == frames::Type::kCommit) order.emplace_back("commit");
  (void)channel_->send({static_cast<std::uint16_t>(frames::Type::kReply), frame.ticket, answer(frame).encode()});
}

void HostSide::note(const frames::Frame& frame) {
  switch (static_cast<frames::Type>(frame.type)) {
    case frames::Type::kReady:
      ready = frames::Ready::decode(frame.body).value();
      break;
    case frames::Type::kHeartbeat:
      ++heartbeats;
      if (on_heartbeat) on_heartbeat(*this);
      break;
    case frames::Type::kLog:
      order.emplace_back("log");
      logs.push_back(frames::Log::decode(frame.body).value());
      if (on_log) on_log(*this, logs.back().message);
      break;
    case frames::Type::kProgress:
      order.emplace_back("progress");
      progress.push_back(frames::Progress::decode(frame.body).value());
      break;
    case frames::Type::kExplain:
      explain = frames::Explain::decode(frame.body).value();
      break;
    case frames::Type::kPrint:
      printed += frame.body;
      break;
    case frames::Type::kDone:
      done = frames::Done::decode(frame.body).value();
      break;
    default:
      FAIL("frame of type " << frame.type);
  }
}

frames::Reply HostSide::answer(const frames::Frame& frame) {
  switch (static_cast<frames::Type>(frame.type)) {
    case frames::Type::kCommit: {
      commits.push_back(frames::Commit::decode(frame.body).value());
      if (commit_status != DD_OK) return {commit_status, ""};
      for (const auto& [key, value] : commits.back().put_memory) memory[key] = value;
      for (const auto& key : commits.back().drop_memory) memory.erase(key);
      return {DD_OK, ""};
    }
    case frames::Type::kMemory: {
      const auto entry = memory.find(frames::MemoryRequest::decode(frame.body).value().key);
      return entry == memory.end() ? frames::Reply{DD_NOT_FOUND, ""} : frames::Reply{DD_OK, entry->second};
    }
    case frames::Type::kScanMemory:
      return scan(frames::ScanRequest::decode(frame.body).value());
    case frames::Type::kOutput: {
      const auto request = frames::OutputRequest::decode(frame.body).value();
      const auto entry = outputs.find(request.step + "/" + request.name);
      return entry == outputs.end() ? frames::Reply{DD_NOT_FOUND, ""} : frames::Reply{DD_OK, entry->second};
    }
    case frames::Type::kFindings:
      return {DD_OK, findings};
    case frames::Type::kList:
      return list(frames::ListRequest::decode(frame.body).value());
    default:
      return {DD_BAD_ARGUMENT, ""};
  }
}

frames::Reply HostSide::scan(const frames::ScanRequest& request) const {
  frames::Pairs pairs;
  for (auto entry = memory.upper_bound(request.after); entry != memory.end() && pairs.items.size() < page; ++entry)
    if (entry->first.starts_with(request.prefix)) pairs.items.emplace_back(*entry);
  pairs.last = pairs.items.empty();
  return {DD_OK, pairs.encode()};
}

frames::Reply HostSide::list(const frames::ListRequest& request) const {
  frames::Entries entries;
  for (const frames::Entry& entry : listed)
    if (entry.path > request.after && entries.items.size() < page) entries.items.push_back(entry);
  return {DD_OK, entries.encode()};
}

bool HostSide::said(const std::string& line) const {
  return std::any_of(logs.begin(), logs.end(), [&](const frames::Log& log) { return log.message == line; });
}

std::string HostSide::all_logs() const {
  std::string all;
  for (const frames::Log& log : logs) all += log.message + "\n";
  return all;
}

}  // namespace daydream::worker_test
