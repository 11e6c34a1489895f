#include "plugins/legacy_cleanup/crew.hpp"

#include <pthread.h>

#include <algorithm>
#include <condition_variable>
#include <csignal>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace daydream::legacy {
namespace {

constexpr unsigned kMost = 4;

}  // namespace

struct Crew::State {
  std::mutex mutex;
  std::condition_variable begun, ended;
  const std::function<void(std::size_t)>* work = nullptr;
  std::size_t count = 0, next = 0;  // of the list being worked on
  std::size_t busy = 0;             // threads inside `work`
  std::exception_ptr failure;
  bool leaving = false;
  std::vector<std::thread> threads;

  // Works until no number is left. REQUIRES: the lock is held; it is held again at the end.
  void take_part(std::unique_lock<std::mutex>& lock) {
    while (next < count) {
      const std::size_t mine = next++;
      ++busy;
      lock.unlock();
      std::exception_ptr thrown;
      try {
        (*work)(mine);
      } catch (...) {
        thrown = std::current_exception();
      }
      lock.lock();
      --busy;
      if (!thrown) continue;
      if (!failure) failure = thrown;
      next = count;
    }
  }

  void live() {
    std::unique_lock lock(mutex);
    while (true) {
      begun.wait(lock, [&] { return leaving || next < count; });
      if (leaving) return;
      take_part(lock);
      if (busy == 0) ended.notify_all();
    }
  }
};

Crew::Crew() : state_(std::make_unique<State>()) {
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  const unsigned wanted = std::min(std::thread::hardware_concurrency(), kMost);
  try {
    while (state_->threads.size() + 1 < wanted) state_->threads.emplace_back([state = state_.get()] { state->live(); });
  } catch (const std::system_error&) {
    // Those that there are, or the caller alone, do the work.
  }
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

Crew::~Crew() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->leaving = true;
  }
  state_->begun.notify_all();
  for (std::thread& thread : state_->threads) thread.join();
}

void Crew::each(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::unique_lock lock(state_->mutex);
  state_->work = &work;
  state_->count = count;
  state_->next = 0;
  state_->failure = nullptr;
  if (count > 1) state_->begun.notify_all();
  state_->take_part(lock);
  state_->ended.wait(lock, [&] { return state_->busy == 0; });
  state_->count = state_->next = 0;
  if (state_->failure) std::rethrow_exception(state_->failure);
}

}  // namespace daydream::legacy
