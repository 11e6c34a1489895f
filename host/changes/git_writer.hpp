// git where it writes: to objects, to refs of ours and to the index of the private tree. Never to the
// user's work tree, index, HEAD or configuration. Runs no hook, no signer, no monitor and no filter
// program. Inside changes/ only.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes {

class GitWriter {
 public:
  GitWriter() = default;
  explicit GitWriter(Path directory) : directory_(std::move(directory)) {}

  // Filter drivers of the repository (by name) whose programs must not run.
  void neutralise(const std::vector<std::string>& drivers);

  struct Call {
    std::vector<std::string> arguments;
    std::string input;
    std::map<std::string, std::string> environment;  // added
  };
  // Any exit code. Waits up to 5 s for a lock that somebody holds.
  Result<process::Outcome> run(const Call& call) const;
  // Standard output of exit 0; else an error with git's last words.
  Result<std::string> output(const Call& call) const;
  Result<std::string> output_of(std::vector<std::string> arguments) const {
    return output(Call{std::move(arguments), "", {}});
  }
  // output() without the line break at its end.
  Result<std::string> line(const Call& call) const;
  Result<std::string> line_of(std::vector<std::string> arguments) const {
    return line(Call{std::move(arguments), "", {}});
  }

 private:
  [[nodiscard]] Result<process::Outcome> run_once(const Call& call) const;

  Path directory_;
  std::vector<std::pair<std::string, std::string>> settings_;
};

// Author and committer dates, so that equal input gives equal commit ids. `when` is Unix seconds.
std::map<std::string, std::string> dated(std::int64_t when);
// NUL-separated records, the last one ended.
std::vector<std::string> split_records(std::string_view output);
std::string join_records(const std::vector<std::string>& records);

}  // namespace daydream::changes
