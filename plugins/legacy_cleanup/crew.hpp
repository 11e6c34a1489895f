// A few threads that share the items of a list with the thread that asks. Results lie where the items lie, so
// that nothing depends on who was faster.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace daydream::legacy {

class Crew {
 public:
  // As many threads as the machine has processors for us, the caller's among them, and never more than four;
  // fewer where the system gives fewer. They take no signals, so that those reach the caller's thread.
  Crew();
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  // Calls `work` once with every number below `count`, on any thread and in any order; back when all are done.
  // The first exception of `work` is thrown again here, the numbers not begun by then are left out.
  // REQUIRES: two calls of `work` touch nothing in common.
  void each(std::size_t count, const std::function<void(std::size_t)>& work);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daydream::legacy
