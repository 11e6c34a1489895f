// A repository, a home and a cache in a temp folder that goes away with it, and the real program on them.
// `git` there is a shim (git_shim.cpp) inside the repository, where a confined step may execute it too; it
// says how long every git took, so that git can be told apart.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "measure.hpp"

namespace daydream::bench {

struct GitCalls {
  int count = 0;
  Seconds time{};  // the spawn of the shim and of git included
};

class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] std::filesystem::path repository() const { return root_ / "repository"; }
  [[nodiscard]] std::filesystem::path state() const { return root_ / "state"; }

  void write(const std::string& path, const std::string& content) const;  // in the repository
  void commit_all() const;
  void git(const std::vector<std::string>& arguments) const;

  // `steps`: the members of the manifest's "steps", JSON. A shared library of the bench is "$STEPS/name.so".
  void manifest(const std::string& steps) const;
  // `daydream run` with these words, stderr to root/err. Days count from 1: every one is a date of its own;
  // kToday: the clock is not frozen, so that the report knows how long each step took.
  static constexpr int kToday = 0;
  [[nodiscard]] Program daydream(int day, std::vector<std::string> more = {}) const;
  [[nodiscard]] Program version() const;
  [[nodiscard]] static std::string date(int day);  // and the id of its run
  [[nodiscard]] static std::string step_file(const std::string& name);
  // The same, run to its good end; the log of git's calls begins with it.
  Ended run_daydream(int day, std::vector<std::string> more = {}) const;
  // Calls of git by the host that ended between the two.
  [[nodiscard]] GitCalls git_calls(Steady::time_point from = Steady::time_point::min(),
                                   Steady::time_point until = Steady::time_point::max()) const;
  void forget_git_calls() const;
  // When a step of the bench stamped `word` in the last run; the epoch where it did not.
  [[nodiscard]] Steady::time_point stamp(const std::string& word) const;
  // Nothing of state and work directory is left.
  void forget() const;

 private:
  [[nodiscard]] Program program(std::vector<std::string> arguments) const;
  std::filesystem::path root_;
  Seconds shim_spawn_{};
};

}  // namespace daydream::bench
