#include "measure.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace daydream::bench {

namespace {

std::string shown(Seconds time) {
  char text[32];
  if (time.count() >= 1)
    std::snprintf(text, sizeof text, "%.2f s", time.count());
  else if (time.count() >= 1e-3)
    std::snprintf(text, sizeof text, "%.2f ms", time.count() * 1e3);
  else
    std::snprintf(text, sizeof text, "%.1f us", time.count() * 1e6);
  return text;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (auto& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

void put_on(int descriptor, const std::string& file, int flags) {
  const int opened = ::open(file.c_str(), flags, 0644);
  if (opened >= 0) ::dup2(opened, descriptor);
}

[[noreturn]] void become(const Program& program) {
  auto arguments = program.arguments;
  std::vector<std::string> environment;
  for (const auto& [name, value] : program.environment) environment.push_back(name + "=" + value);
  put_on(0, "/dev/null", O_RDONLY);
  put_on(1, program.output, O_WRONLY | O_CREAT | O_TRUNC);
  put_on(2, program.error, O_WRONLY | O_CREAT | O_TRUNC);
  if (!program.directory.empty() && ::chdir(program.directory.c_str()) != 0) ::_exit(126);
  ::execvpe(arguments[0].c_str(), pointers(arguments).data(), pointers(environment).data());
  ::_exit(127);
}

Seconds of(const timeval& time) {
  return Seconds(static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6);
}

}  // namespace

int repetitions(int usual) {
  const char* wanted = std::getenv("DAYDREAM_BENCH_REPEAT");
  return wanted == nullptr ? usual : std::max(1, std::atoi(wanted));
}

Seconds Series::median() const {
  if (taken_.empty()) return Seconds{};
  auto sorted = taken_;
  std::sort(sorted.begin(), sorted.end());
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

void row(const std::string& name, Seconds measured, Seconds control, double bar) {
  const double ratio = measured / control;
  std::printf("%-52s %10s  control %10s  %6.2f x  bar %4.1f  %s\n", name.c_str(), shown(measured).c_str(),
              shown(control).c_str(), ratio, bar, ratio <= bar ? "ok" : "over");
  std::fflush(stdout);
}

void figure(const std::string& name, Seconds measured, Seconds control) {
  std::printf("%-52s %10s  control %10s  %6.2f x\n", name.c_str(), shown(measured).c_str(), shown(control).c_str(),
              measured / control);
  std::fflush(stdout);
}

void limit(const std::string& name, Seconds measured, Seconds bar) {
  std::printf("%-52s %10s  bar     %10s            %s\n", name.c_str(), shown(measured).c_str(), shown(bar).c_str(),
              measured <= bar ? "ok" : "over");
  std::fflush(stdout);
}

void note(const std::string& words) {
  std::printf("    %s\n", words.c_str());
  std::fflush(stdout);
}

void give_up(const std::string& words) {
  std::printf("    could not be measured: %s\n", words.c_str());
  std::fflush(stdout);
  std::exit(1);
}

Started::Started(const Program& program) : pid_(-1), begun_(Steady::now()) {
  pid_ = ::fork();
  if (pid_ == 0) become(program);
  if (pid_ < 0) give_up("no process for " + program.arguments[0]);
}

void Started::kill() const {
  ::kill(pid_, SIGKILL);
}

Ended Started::wait() const {
  int status = 0;
  rusage usage{};
  while (::wait4(pid_, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  Ended ended;
  ended.begun = begun_;
  ended.wall = Steady::now() - begun_;
  ended.cpu = of(usage.ru_utime) + of(usage.ru_stime);
  if (WIFEXITED(status)) ended.exit_code = WEXITSTATUS(status);
  return ended;
}

Ended run(const Program& program) {
  return Started(program).wait();
}

Ended run_well(const Program& program) {
  const Ended ended = run(program);
  if (ended.exit_code == 0) return ended;
  std::ifstream file(program.error);
  const std::string words{std::istreambuf_iterator<char>(file), {}};
  give_up(program.arguments[0] + " ended with " + std::to_string(ended.exit_code) + ": " +
          words.substr(words.size() > 600 ? words.size() - 600 : 0));
}

Appender::Appender(const std::string& path)
    : descriptor_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (descriptor_ < 0) give_up("open " + path);
}
Appender::~Appender() {
  ::close(descriptor_);
}

void Appender::append(const std::string& bytes) const {
  if (::write(descriptor_, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      ::fdatasync(descriptor_) != 0)
    give_up("append and sync");
}

}  // namespace daydream::bench
