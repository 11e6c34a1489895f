// Which system calls a process may still make from here on.
#pragma once

#include <string>
#include <vector>

namespace daydream::confine {

struct Calls {
  bool network = false;   // sockets may be made
  bool programs = false;  // other programs may be started
  bool resize = false;    // files may be cut short
  int host = 0;           // the process that no signal may reach
};

// What is closed fails with EPERM, so that a library that merely tries goes on. REQUIRES: no_new_privs is set; no
// other thread yet. Returns what could not be done, in words for people; nothing missing is an empty list.
std::vector<std::string> restrict_calls(const Calls& calls);

}  // namespace daydream::confine
