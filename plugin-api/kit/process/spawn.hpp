// fork and exec for a threaded program: between the two nothing is allocated and no lock is taken.
// Of this folder only.
#pragma once

#include <sys/types.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::process {

using Environment = std::map<std::string, std::string>;

// Our own environment as a map.
Environment current_environment();

struct Spawn {
  std::vector<std::string> arguments;
  std::string directory;  // "" = ours
  Environment environment;
  // Descriptor in the child <- ours; all others are closed. 0 defaults to /dev/null, 1 and 2 to ours.
  std::map<int, int> descriptors;
  bool die_with_parent = true;
  bool new_group = true;
};

struct Spawned {
  pid_t pid = -1;
  int pidfd = -1;  // close-on-exec; the caller closes it
};

// Returns once the program itself runs: that it could not be started is an error, not an exit code.
Result<Spawned> spawn(Spawn plan);

// Sends to the group of `pid` (to `pid` alone where it leads none). REQUIRES: it is not reaped yet.
void send_signal(pid_t pid, bool group, int number);

}  // namespace daydream::process
