#include "isolate.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <filesystem>

namespace daydream::conformance {
namespace {

constexpr std::size_t kStageSize = 256;
constexpr char kEnd = '\0';   // of an answer: tells a whole one from one that was cut
char* stage_words = nullptr;  // shared with the parent

struct Scratch {
  Scratch() {
    const char* base = std::getenv("TMPDIR");
    std::string name = std::string(base == nullptr || *base == '\0' ? "/tmp" : base) + "/daydream-conform-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) folder = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code failed;
    if (!folder.empty()) std::filesystem::remove_all(folder, failed);
  }
  std::string folder;  // empty: none could be made
};

void send_all(int pipe, const std::string& bytes) {
  for (std::size_t sent = 0; sent < bytes.size();) {
    const ssize_t written = ::write(pipe, bytes.data() + sent, bytes.size() - sent);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    sent += static_cast<std::size_t>(written);
  }
}

Verdict guarded(const std::function<Verdict()>& body) {
  try {
    return body();
  } catch (const std::exception& thrown) {
    return Verdict::fail(std::string("an exception came out of the step: ") + thrown.what());
  } catch (...) {
    return Verdict::fail("something that is no std::exception came out of the step");
  }
}

// A place of its own for all that is written by the way.
void move_into(const std::string& scratch) {
  for (const char* folder : {"/work", "/home", "/tmp"}) ::mkdir((scratch + folder).c_str(), 0700);
  ::setenv("TMPDIR", (scratch + "/tmp").c_str(), 1);
  ::setenv("HOME", (scratch + "/home").c_str(), 1);
  for (const char* name : {"XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"}) ::unsetenv(name);
  if (::chdir((scratch + "/work").c_str()) != 0) ::_exit(3);
}

[[noreturn]] void be_child(const std::function<Verdict()>& body, int pipe, const std::string& scratch) {
  ::setpgid(0, 0);
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  move_into(scratch);
  if (const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC); nowhere >= 0) {
    for (const int stream : {0, 1, 2}) ::dup2(nowhere, stream);
  }
  Verdict verdict = guarded(body);
  std::replace(verdict.words.begin(), verdict.words.end(), kEnd, ' ');
  send_all(pipe, std::string(1, static_cast<char>('0' + static_cast<int>(verdict.outcome))) + verdict.words + kEnd);
  ::_exit(0);  // no destructors of the step: they are no part of the check
}

// What the child said until it closed the pipe, said all, or the time was over.
std::string listen(int pipe, std::chrono::steady_clock::time_point end, bool& in_time) {
  std::string said;
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd waiting{pipe, POLLIN, 0};
    const int ready = left.count() <= 0 ? 0 : ::poll(&waiting, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno == EINTR) continue;
    if (ready <= 0) return in_time = false, said;
    char buffer[4096];
    const ssize_t got = ::read(pipe, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return said;
    said.append(buffer, static_cast<std::size_t>(got));
    if (said.back() == kEnd) return said;
  }
}

// The child's end, for as long as the time lasts; then it is made to end.
int end_of(pid_t child, std::chrono::steady_clock::time_point end, bool& in_time) {
  int status = 0;
  for (;;) {
    const pid_t ended = ::waitpid(child, &status, in_time ? WNOHANG : 0);
    if (ended == child) break;
    if (ended < 0 && errno != EINTR) break;
    if (ended == 0 && std::chrono::steady_clock::now() >= end) {
      in_time = false;
      ::kill(-child, SIGKILL);
      ::kill(child, SIGKILL);
    }
    if (ended == 0) ::usleep(500);
  }
  return status;
}

std::string where() {
  return stage_words == nullptr || *stage_words == '\0' ? "" : std::string(" ") + stage_words;
}

std::string how(int status) {
  if (WIFSIGNALED(status)) {
    return "signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
  }
  return "exit " + std::to_string(WEXITSTATUS(status));
}

Verdict read_verdict(std::string said) {
  said.pop_back();
  const int kind = said[0] - '0';
  if (kind < 0 || kind > 2) return Verdict::fail("the check's process answered nonsense");
  return {static_cast<Outcome>(kind), said.substr(1)};
}

}  // namespace

void stage(const std::string& words) {
  if (stage_words == nullptr) return;
  const std::size_t size = words.copy(stage_words, kStageSize - 1);
  stage_words[size] = '\0';
}

Verdict isolated(const std::function<Verdict()>& body, std::chrono::milliseconds limit) {
  if (stage_words == nullptr) {
    void* shared = ::mmap(nullptr, kStageSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared != MAP_FAILED) stage_words = static_cast<char*>(shared);
  }
  stage("");
  const Scratch scratch;
  int ends[2];
  if (scratch.folder.empty() || ::pipe2(ends, O_CLOEXEC) != 0) {
    return Verdict::fail(std::string("this machine cannot do it: ") + std::strerror(errno));
  }
  const auto end = std::chrono::steady_clock::now() + limit;
  const pid_t child = ::fork();
  if (child < 0) return Verdict::fail(std::string("no process: ") + std::strerror(errno));
  if (child == 0) {
    ::close(ends[0]);
    be_child(body, ends[1], scratch.folder);
  }
  ::setpgid(child, child);  // whoever of the two comes first
  ::close(ends[1]);
  bool in_time = true;
  const std::string said = listen(ends[0], end, in_time);
  ::close(ends[0]);
  if (!in_time) ::kill(-child, SIGKILL);
  const int status = end_of(child, end, in_time);
  ::kill(-child, SIGKILL);  // what it started
  if (!said.empty() && said.back() == kEnd) return read_verdict(said);
  if (!in_time) {
    return Verdict::fail("no end within " + std::to_string(limit.count() / 1000) + " s" + where());
  }
  return Verdict::fail("the process ended with " + how(status) + where());
}

}  // namespace daydream::conformance
