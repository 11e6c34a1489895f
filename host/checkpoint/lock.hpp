// One run at a time: flock on <state-dir>/lock and <work-dir>/lock, held for the life of a run,
// close-on-exec. The file names the holder for people.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/clock.hpp"
#include "base/files.hpp"
#include "base/model.hpp"

namespace daydream::checkpoint {

struct Holder {
  int pid = 0;
  std::string host, since, command;  // since: RFC 3339
};

class RunLock {
 public:
  // kRetry naming pid, host and since when another process holds it. A dead holder holds nothing.
  static Result<RunLock> take(const Path& state_directory, const Path& work_directory, Instant now);
  RunLock(RunLock&&) noexcept = default;
  RunLock& operator=(RunLock&&) noexcept = default;

 private:
  RunLock() = default;
  files::Descriptor state_, work_;
};

// Who holds it now; none when nobody does. Takes nothing.
std::optional<Holder> lock_holder(const Path& state_directory);

}  // namespace daydream::checkpoint
