// What git knows of tasks: when a line was written, which commit ticked it, which commits say they close
// something. Bounded in time; a shallow clone, a folder without git or a spent budget: silence.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/git.hpp"
#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

class History {
 public:
  // `root`: the source tree; "" or no repository: nothing is known.
  History(std::string root, std::chrono::milliseconds budget);

  // The commit the run began with, or "".
  [[nodiscard]] const std::string& head() const { return head_; }
  [[nodiscard]] hash::GitFormat format() const;
  // In words: "the box is ticked; 91ab2c3d4e5f wrote that line (2026-11-01)".
  std::string ticked_by(const List& list, const Task& task);

 private:
  std::chrono::milliseconds budget_, spent_{0};
  std::optional<git::Repository> repository_;
  std::string head_;
  bool shallow_ = false;
};

}  // namespace daydream::tasks
