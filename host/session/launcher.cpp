#include "session/launcher.hpp"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <map>

namespace daydream::session {

namespace {

constexpr int kChannelInWorker = 3;

// What a plugin may know of our environment: enough to run git and libc, no secrets.
std::map<std::string, std::string> worker_environment() {
  std::map<std::string, std::string> environment{{"LANG", "C.UTF-8"}, {"LC_ALL", "C.UTF-8"}};
  for (const char* name : {"PATH", "HOME", "TZ", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM",
                           "GIT_CONFIG_NOSYSTEM", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) environment[name] = value;
  }
  return environment;
}

class ProcessWorker final : public Worker {
 public:
  ProcessWorker(process::Child child, files::Descriptor channel, files::Descriptor output)
      : child_(std::move(child)), channel_(std::move(channel)), output_(std::move(output)) {}

  files::Descriptor take_channel() override { return std::move(channel_); }
  [[nodiscard]] int exit_descriptor() const override { return child_.pidfd(); }
  [[nodiscard]] int output_descriptor() const override { return output_.get(); }
  [[nodiscard]] int pid() const override { return child_.pid(); }
  void signal(int number) override { child_.signal_group(number); }
  std::optional<process::Child::Exit> wait(std::chrono::milliseconds at_most) override { return child_.wait(at_most); }

 private:
  process::Child child_;
  files::Descriptor channel_, output_;
};

Result<std::unique_ptr<Worker>> launch(const std::string& program, int standard_input) {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    return Error::from_errno(errno, "socketpair for a worker");
  files::Descriptor ours(sockets[0]), theirs(sockets[1]);
  std::array<int, 2> pipes{};
  if (pipe2(pipes.data(), O_CLOEXEC) != 0) return Error::from_errno(errno, "pipe for a worker");
  files::Descriptor output(pipes[0]), output_in(pipes[1]);
  fcntl(output.get(), F_SETFL, O_NONBLOCK);

  process::Child::Options options;
  options.arguments = {program, "--worker", std::to_string(kChannelInWorker)};
  options.directory = "/";
  options.environment = worker_environment();
  options.descriptors = {{kChannelInWorker, theirs.get()}, {1, output_in.get()}, {2, output_in.get()}};
  if (standard_input >= 0) options.descriptors[0] = standard_input;
  auto child = process::Child::start(options);
  if (!child) return std::move(child.error()).context("start a worker");
  return std::unique_ptr<Worker>(
      std::make_unique<ProcessWorker>(std::move(*child), std::move(ours), std::move(output)));
}

}  // namespace

Launcher process_launcher(std::string program, int standard_input) {
  return [program = std::move(program), standard_input] { return launch(program, standard_input); };
}

}  // namespace daydream::session
