// `git` for a bench: calls the real one and appends "begun ended arguments" (monotonic nanoseconds) to
// $BENCH_GIT_LOG where that may be written (in a confined step it may not). --shim-only: what it costs itself.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>

namespace {

long long now() {
  return std::chrono::steady_clock::now().time_since_epoch().count();
}

}  // namespace

int main(int count, char** arguments) {
  const long long begun = now();
  if (count == 2 && std::string(arguments[1]) == "--shim-only") return 0;
  const pid_t child = ::fork();
  if (child == 0) {
    ::execv("/usr/bin/git", arguments);
    ::_exit(127);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::string line = std::to_string(begun) + " " + std::to_string(now());
  for (int index = 1; index < count; ++index) line += " " + std::string(arguments[index]);
  line += "\n";
  const char* log = std::getenv("BENCH_GIT_LOG");
  const int file = log == nullptr ? -1 : ::open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file >= 0 && ::write(file, line.data(), line.size()) < 0) return 1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}
