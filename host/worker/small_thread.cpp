#include "worker/small_thread.hpp"

#include <csignal>

namespace daydream::worker {
namespace {

constexpr std::size_t kStack = std::size_t{256} << 10;

void* call(void* work) {
  (*static_cast<std::function<void()>*>(work))();
  return nullptr;
}

}  // namespace

bool SmallThread::start(std::function<void()> work) {
  work_ = std::move(work);
  pthread_attr_t attributes;
  if (::pthread_attr_init(&attributes) != 0) return false;
  ::pthread_attr_setstacksize(&attributes, kStack);
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  started_ = ::pthread_create(&thread_, &attributes, call, &work_) == 0;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  ::pthread_attr_destroy(&attributes);
  return started_;
}

void SmallThread::join() {
  if (!started_) return;
  ::pthread_join(thread_, nullptr);
  started_ = false;
}

}  // namespace daydream::worker
