#include "worker/confinement.hpp"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "confine/landlock.hpp"
#include "confine/seccomp.hpp"
#include "worker/git_configuration.hpp"

namespace daydream::worker {
namespace {

// A sanitizer's shadow memory alone is larger than any limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

std::optional<std::string> limit(__rlimit_resource_t resource, std::uint64_t soft, std::uint64_t hard,
                                 const char* what) {
  rlimit value{};
  if (::getrlimit(resource, &value) == 0) {
    value.rlim_cur = std::min<rlim_t>(soft, value.rlim_max);
    value.rlim_max = std::min<rlim_t>(hard, value.rlim_max);
    if (::setrlimit(resource, &value) == 0) return std::nullopt;
  }
  return std::string("the limit on ") + what + " could not be set: " + std::strerror(errno);
}

void add(std::vector<std::string>& all, std::vector<std::string> more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

// Enough to run libc, git and what a plugin links; no home but for git's configuration, no other process.
confine::Reach reach_of(const frames::Start& start) {
  confine::Reach reach;
  reach.programs = true;
  reach.readable = confine::system_places();
  for (const auto& more : {git_configuration(), start.readable})
    reach.readable.insert(reach.readable.end(), more.begin(), more.end());
  reach.readable.push_back(start.plugin_file);
  if (!start.scratch.empty()) reach.writable.push_back(start.scratch);
  return reach;
}

}  // namespace

std::vector<std::string> set_limits(const frames::Start& start) {
  std::vector<std::string> missing;
  const auto note = [&missing](std::optional<std::string> problem) {
    if (problem) missing.push_back(std::move(*problem));
  };
  constexpr std::uint64_t kGrace = 5;  // SIGXCPU, then SIGKILL
  note(limit(RLIMIT_CORE, 0, 0, "core dumps"));
  if (start.memory_bytes != 0 && !kSanitized)
    note(limit(RLIMIT_DATA, start.memory_bytes, start.memory_bytes, "memory"));
  if (start.cpu_seconds != 0) note(limit(RLIMIT_CPU, start.cpu_seconds, start.cpu_seconds + kGrace, "CPU time"));
  if (start.open_files != 0) note(limit(RLIMIT_NOFILE, start.open_files, start.open_files, "open files"));
  return missing;
}

std::vector<std::string> confine(const frames::Start& start) {
  std::vector<std::string> missing;
  if (start.confine) {
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return {"no_new_privs: the step is not confined at all"};
    add(missing, confine::restrict_files(reach_of(start), "a step"));
    auto calls = confine::restrict_calls({.network = false, .programs = true, .resize = false, .host = ::getppid()});
    for (std::string& words : calls) words += ": a step could use the network and change attributes of files";
    add(missing, std::move(calls));
  }
  add(missing, set_limits(start));
  return missing;
}

}  // namespace daydream::worker
