// What the private tree is known to hold, kept beside it so that a night with nothing to do asks git
// nothing. A cache: whatever does not fit makes it absent. Inside changes/ only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "base/model.hpp"

namespace daydream::changes {

struct Tracked {
  std::uint64_t token = 0, size = 0;
  std::int64_t mtime_ns = 0;
  bool filtered = false;
};
struct TreeRecord {
  std::string commit;
  bool attributes = false;  // new files need a question to git
  std::map<std::string, Tracked> files;
};

void write_record(const Path& file, const TreeRecord& record);  // best effort
// nullopt when missing, torn, of another start of the machine, or some file of it does not lie in `tree`
// with its size and time.
std::optional<TreeRecord> read_record(const Path& file, const Path& tree);

// Changes with every start of the machine; what was not synced before it may be lost.
std::string machine_start();

}  // namespace daydream::changes
