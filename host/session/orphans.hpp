// Processes that a step leaves behind, also those that went into a session of their own (setsid, a daemon): while
// an object of this kind lives, what loses its parent comes to us, and at the step's end it is ended.
#pragma once

#include <set>

namespace daydream::session {

class Orphans {
 public:
  // REQUIRES: no other thread of this process starts or waits for processes while the object lives.
  Orphans();
  ~Orphans();
  Orphans(const Orphans&) = delete;
  Orphans& operator=(const Orphans&) = delete;

  // Ends and reaps all children of ours that were not there when this object was made, but for `spared`, and
  // whatever they leave in turn. How many there were.
  int end_all(const std::set<int>& spared) const;

 private:
  std::set<int> before_;
};

}  // namespace daydream::session
