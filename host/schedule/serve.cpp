#include "schedule/serve.hpp"

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/zone.hpp"
#include "log/log.hpp"

namespace daydream::schedule {

namespace {

constexpr int kResumable = 75;
constexpr std::string_view kSource = "schedule";

// Says WATCHDOG=1 from a thread of its own while it lives.
class Heartbeat {
 public:
  explicit Heartbeat(const Notifier& notifier) {
    const auto interval = notifier.watchdog_interval();
    if (!interval) return;
    thread_ = std::thread([this, &notifier, every = *interval] {
      std::unique_lock lock(mutex_);
      do {
        notifier.watchdog();
      } while (!changed_.wait_for(lock, every, [this] { return ended_; }));
    });
  }
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;
  ~Heartbeat() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ended_ = false;
  std::thread thread_;
};

bool needs_human(int exit_code) {
  return exit_code == 64 || exit_code == 65 || exit_code == 70 || exit_code == 78;
}

class Server {
 public:
  Server(const ServeOptions& options, const Clock& clock, Alarm& alarm, const Notifier& notifier)
      : options_(options), clock_(clock), alarm_(alarm), notifier_(notifier), pause_(options.first_pause) {}

  Result<int> serve() {
    notifier_.ready();
    auto end = loop();
    notifier_.stopping();
    return end;
  }

 private:
  Result<int> loop();
  // True: asked to stop.
  Result<bool> sleep_until(Instant instant, const std::string& what);
  int run_night(const Due& due);
  // When a run that left its night due is tried again.
  Instant next_try(const Due& due);

  const ServeOptions& options_;
  const Clock& clock_;
  Alarm& alarm_;
  const Notifier& notifier_;
  Milliseconds pause_;
};

Result<int> Server::loop() {
  while (!options_.stop_requested()) {
    const auto due = options_.next_due();
    if (!due) return Error(due.error());
    Instant wake = due->next;
    std::string what = "next night ";
    if (due->now()) {
      const int exit_code = run_night(*due);
      if (options_.stop_requested()) return exit_code == kResumable ? kResumable : 0;
      const auto after = options_.next_due();
      if (!after) return Error(after.error());
      if (needs_human(exit_code) && after->date == due->date && after->now()) return exit_code;
      wake = after->next;
      if (after->now()) {
        wake = next_try(*after);
        what = "last run ended with " + std::to_string(exit_code) + ", next try ";
      } else {
        pause_ = options_.first_pause;
      }
    }
    auto stopped = sleep_until(wake, what);
    if (!stopped) return std::move(stopped.error());
    if (*stopped) return 0;
  }
  return 0;
}

Result<bool> Server::sleep_until(Instant instant, const std::string& what) {
  const std::string words = what + zone::local_time(instant, options_.zone);
  log::info(kSource, words);
  notifier_.status(words);
  const Milliseconds at_most = notifier_.watchdog_interval().value_or(std::chrono::hours(1));
  for (;;) {
    notifier_.watchdog();
    auto woken = alarm_.wait(instant, at_most);
    if (!woken) return std::move(woken.error());
    if (*woken == Woken::kStop || options_.stop_requested()) return true;
    if (*woken == Woken::kClock) log::info(kSource, "the clock was set");
    if (*woken != Woken::kElapsed) return false;
  }
}

int Server::run_night(const Due& due) {
  const std::string words = due.date ? "running the night of " + *due.date : "going on with an unfinished run";
  log::info(kSource, words);
  notifier_.status(words);
  const Heartbeat heartbeat(notifier_);
  return options_.run_once();
}

Instant Server::next_try(const Due& due) {
  const Instant retry{clock_.now().ms + pause_.count()};
  pause_ = std::min(pause_ * 2, options_.longest_pause);
  return std::min(retry, due.next);
}

}  // namespace

Result<int> serve(const ServeOptions& options, const Clock& clock, Alarm& alarm, const Notifier& notifier) {
  return Server(options, clock, alarm, notifier).serve();
}

}  // namespace daydream::schedule
