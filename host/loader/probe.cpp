#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>

#include "base/files.hpp"
#include "base/masking.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "loader/cache.hpp"
#include "loader/loader.hpp"

namespace daydream::loader {
namespace {

using SteadyClock = std::chrono::steady_clock;
constexpr std::size_t kMaxAnswer = std::size_t{16} << 20;

Error refuse(const std::string& file, const std::string& why) {
  return {ErrorKind::kInvalid, "plugin " + text::show_path(file) + ": " + why};
}

// One probe child and how far the talk with it is.
class Prober {
 public:
  explicit Prober(const ProbeOptions& options) : options_(options) {}

  // The descriptor as text. A child that was there before may have been spoilt by an earlier plugin
  // (a thread of its own that crashes later), so blame is laid only on what also ends a fresh one.
  Result<std::string> descriptor_of(const std::string& file) {
    const bool fresh = !child_;
    auto first = ask(file);
    if (first || child_ || fresh) return first;
    return ask(file);
  }

 private:
  Result<void> start();
  Result<std::string> ask(const std::string& file);
  Result<std::string> read_answer(const std::string& file);
  Error ended(const std::string& file);
  std::string last_words() const;

  const ProbeOptions& options_;
  std::optional<process::Child> child_;
  files::Descriptor socket_;
  files::Descriptor words_;  // its stderr, in memory
};

Result<void> Prober::start() {
  std::array<int, 2> pair{-1, -1};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0)
    return Error::from_errno(errno, "socketpair");
  socket_ = files::Descriptor(pair[0]);
  const files::Descriptor theirs(pair[1]);
  words_ = files::Descriptor(::memfd_create("daydream-probe", MFD_CLOEXEC));
  if (words_.get() < 0) return Error::from_errno(errno, "memfd_create");
  process::Child::Options options;
  options.arguments = {options_.program.empty() ? process::self_path() : options_.program, "--probe"};
  options.descriptors = {{0, theirs.get()}, {1, theirs.get()}, {2, words_.get()}};
  auto child = process::Child::start(options);
  if (!child) return std::move(child.error()).context("the child that opens plugins");
  child_.emplace(std::move(*child));
  return {};
}

Result<std::string> Prober::ask(const std::string& file) {
  if (!child_) {
    if (auto started = start(); !started) return std::move(started.error());
  }
  const std::string line = file + '\0';
  ssize_t sent = -1;
  do sent = ::send(socket_.get(), line.data(), line.size(), MSG_NOSIGNAL);
  while (sent < 0 && errno == EINTR);
  if (sent != static_cast<ssize_t>(line.size())) return ended(file);
  auto answer = read_answer(file);
  if (!answer) return std::move(answer.error());
  json::ParseOptions options;
  options.name = "answer of the probe";
  options.positions = false;
  auto parsed = json::Text::parse(*answer, options);
  if (!parsed || !parsed->root().IsObject()) {
    child_.reset();
    return refuse(file, "wrote over the answer of the process that opened it");
  }
  if (const json::Value* error = json::find(parsed->root(), "error"); error != nullptr && error->IsString())
    return Error(ErrorKind::kInvalid, json::string_of(*error));
  return json::get_string(parsed->root(), "descriptor");
}

Result<std::string> Prober::read_answer(const std::string& file) {
  const auto deadline = SteadyClock::now() + options_.at_most;
  std::string answer;
  std::array<char, 16384> chunk{};
  while (true) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - SteadyClock::now()).count();
    pollfd entry{socket_.get(), POLLIN, 0};
    const int ready = left <= 0 ? 0 : ::poll(&entry, 1, static_cast<int>(left));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) {
      child_.reset();
      return refuse(file, "did not load within " + std::to_string(options_.at_most.count()) +
                              " ms: its constructors hang; a plugin must do nothing before open()");
    }
    const ssize_t got = ::recv(socket_.get(), chunk.data(), chunk.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0 || answer.size() > kMaxAnswer) return ended(file);
    answer.append(chunk.data(), static_cast<std::size_t>(got));
    if (answer.back() == '\n') return answer;
  }
}

// No plugin's doing: a person, a shutdown or the killer of a full memory.
bool from_outside(int signal) {
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP;
}

// The child has gone, or has closed what we speak through.
Error Prober::ended(const std::string& file) {
  const auto exit = child_->wait(std::chrono::seconds(2));
  child_.reset();
  std::string how = "closed the descriptors of the process that opened it";
  if (exit && exit->signal != 0) {
    const char* const name = ::sigdescr_np(exit->signal);
    how = "crashed while it was loaded: signal " + std::to_string(exit->signal) +
          (name == nullptr ? "" : std::string(" (") + name + ")");
  } else if (exit) {
    how = "ended the process that opened it: exit " + std::to_string(exit->exit_code);
  }
  if (exit && from_outside(exit->signal))
    return refuse(file, "the process that opened it was ended from outside: signal " + std::to_string(exit->signal))
        .as(ErrorKind::kRetry);
  const std::string words = last_words();
  return refuse(file, how + (words.empty() ? "" : "; its last words: " + words));
}

std::string Prober::last_words() const {
  std::array<char, 400> tail{};
  const off_t size = ::lseek(words_.get(), 0, SEEK_END);
  const off_t from = std::max<off_t>(0, size - static_cast<off_t>(tail.size()));
  const ssize_t got = ::pread(words_.get(), tail.data(), tail.size(), from);
  if (got <= 0) return "";
  return text::escape_terminal(daydream::mask(text::collapse_space({tail.data(), static_cast<std::size_t>(got)})));
}

bool settled(const std::string& file) {
  struct stat facts {};
  timespec now{};
  if (::stat(file.c_str(), &facts) != 0 || ::clock_gettime(CLOCK_REALTIME, &now) != 0) return false;
  constexpr time_t kTick = 2;  // seconds: coarser than the time stamps of any file system in use
  return std::max(facts.st_mtim.tv_sec, facts.st_ctim.tv_sec) + kTick < now.tv_sec;
}

Result<Plugin> probe_one(const std::string& file, Cache& cache, Prober& prober) {
  Plugin plugin;
  plugin.file = file;
  std::string descriptor;
  plugin.facts = file_facts(file);
  if (const std::string* hashed = cache.hash_of(plugin.facts)) {
    plugin.sha256 = *hashed;
  } else {
    auto content = files::read(file);
    if (!content) return refuse(file, content.error().message());
    if (auto elf = check_elf(*content, file); !elf) return std::move(elf.error());
    plugin.sha256 = hash::sha256_hex(*content);
    // Written a moment ago, it might be written again with the same times.
    if (!settled(file)) plugin.facts.clear();
    cache.remember(plugin.facts, plugin.sha256);
  }
  const std::string* known = cache.find(plugin.sha256);
  if (known != nullptr) {
    descriptor = *known;
  } else {
    auto answer = prober.descriptor_of(file);
    if (!answer) return std::move(answer.error());
    descriptor = std::move(*answer);
  }
  auto parsed = parse_descriptor(descriptor, text::show_path(file));
  if (!parsed) return std::move(parsed.error());
  plugin.descriptor = std::move(*parsed);
  if (known == nullptr) cache.add(plugin.sha256, descriptor);
  return plugin;
}

}  // namespace

std::vector<Result<Plugin>> probe(const std::vector<std::string>& files, const Path& cache_file,
                                  const ProbeOptions& options) {
  Cache cache(cache_file);
  Prober prober(options);
  std::vector<Result<Plugin>> result;
  result.reserve(files.size());
  for (const std::string& file : files) result.push_back(probe_one(file, cache, prober));
  cache.save();
  return result;
}

}  // namespace daydream::loader
