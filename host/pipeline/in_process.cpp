#include "pipeline/in_process.hpp"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <thread>

#include "worker/worker.hpp"

namespace daydream::pipeline {

namespace {

class ThreadWorker final : public session::Worker {
 public:
  ThreadWorker(files::Descriptor ours, int theirs, files::Descriptor ended)
      : channel_(std::move(ours)), ended_(std::move(ended)) {
    thread_ = std::thread([this, theirs] {
      worker::serve_in_process(theirs);
      done_ = true;
      const std::uint64_t one = 1;
      (void)!::write(ended_.get(), &one, sizeof one);
    });
  }
  // A thread cannot be made to end: a plugin that never returns keeps the debugged host waiting.
  ~ThreadWorker() override { thread_.join(); }
  ThreadWorker(const ThreadWorker&) = delete;
  ThreadWorker& operator=(const ThreadWorker&) = delete;

  files::Descriptor take_channel() override { return std::move(channel_); }
  [[nodiscard]] int exit_descriptor() const override { return ended_.get(); }
  [[nodiscard]] int output_descriptor() const override { return -1; }
  [[nodiscard]] int pid() const override { return 0; }
  void signal(int /*number*/) override {}
  std::optional<process::Child::Exit> wait(std::chrono::milliseconds /*at_most*/) override {
    if (!done_) return std::nullopt;
    process::Child::Exit exit;
    exit.exit_code = 0;
    return exit;
  }

 private:
  files::Descriptor channel_, ended_;
  std::atomic<bool> done_{false};
  std::thread thread_;
};

Result<std::unique_ptr<session::Worker>> launch() {
  std::array<int, 2> sockets{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
    return Error::from_errno(errno, "socketpair for a worker");
  files::Descriptor ours(sockets[0]);
  files::Descriptor ended(eventfd(0, EFD_CLOEXEC));
  if (ended.get() < 0) return Error::from_errno(errno, "eventfd for a worker");
  return std::unique_ptr<session::Worker>(
      std::make_unique<ThreadWorker>(std::move(ours), sockets[1], std::move(ended)));
}

}  // namespace

session::Launcher in_process_launcher() {
  return [] { return launch(); };
}

}  // namespace daydream::pipeline
