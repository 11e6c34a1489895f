// Which files a process may still reach from here on: Landlock, for this thread and all it starts.
#pragma once

#include <string>
#include <vector>

namespace daydream::confine {

struct Reach {
  std::vector<std::string> readable;  // files and folders; what is not there is passed over
  std::vector<std::string> writable;  // everything but devices
  bool programs = false;              // what is readable may be executed
  bool network = false;               // TCP
};

// What a process needs to run at all: programs, libraries, configuration of the system.
const std::vector<std::string>& system_places();

// Takes everything else away. REQUIRES: no_new_privs is set; no other thread yet. Returns what this kernel lacks,
// in words for people who read of a `whom`; "" is nothing missing.
std::vector<std::string> restrict_files(const Reach& reach, const std::string& whom);

}  // namespace daydream::confine
