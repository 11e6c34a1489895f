// A thread with a small stack: RLIMIT_DATA counts the stacks of threads. It takes no signals.
#pragma once

#include <pthread.h>

#include <functional>
#include <memory>

namespace daydream::worker {

class SmallThread {
 public:
  SmallThread() = default;
  SmallThread(const SmallThread&) = delete;
  SmallThread& operator=(const SmallThread&) = delete;
  ~SmallThread() { join(); }
  // False when the system gives no thread.
  bool start(std::function<void()> work);
  void join();

 private:
  std::function<void()> work_;
  pthread_t thread_{};
  bool started_ = false;
};

}  // namespace daydream::worker
