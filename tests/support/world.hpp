// A world for end-to-end tests: a temp folder with a repository, a home, a cache, and the real program.
// Everything goes away with it. No network, no real clock but the process's own time-outs.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "daydream/kit/process.hpp"

namespace daydream::testing {

struct Ran {
  int exit_code = -1;
  int signal = 0;
  std::string out, err;
};

std::string daydream_program();

// Built with a sanitizer: its runtime comes first in every program, and its shadow is larger than any limit.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] const std::filesystem::path& repository() const { return repository_; }
  void set_repository(const std::filesystem::path& path) { repository_ = path; }
  [[nodiscard]] std::filesystem::path state() const { return repository_ / "logs/daydream"; }
  // Environment of every program started here; tests may add.
  std::map<std::string, std::string> environment;
  std::string program = daydream_program();  // that daydream() and run() start

  // A repository with a first commit, deterministic ids.
  void init_git();
  void write(const std::string& path, const std::string& content) const;  // in the repository
  [[nodiscard]] std::string read(const std::string& path) const;          // "" when absent
  [[nodiscard]] bool has(const std::string& path) const;
  void commit(const std::string& message, const std::string& date = "2026-01-05T10:00:00Z");
  // git in the repository; the output, trimmed. Fails the test when git fails.
  std::string git(const std::vector<std::string>& arguments) const;
  [[nodiscard]] Ran try_git(const std::vector<std::string>& arguments) const;

  // .daydream/pipeline.json outside the repository (so that it needs no trust), given by --manifest.
  void manifest(const std::string& json);
  // daydream with these arguments, from the repository; --now 2026-11-22T02:30:00Z and --manifest are added
  // to `run` unless given.
  Ran daydream(std::vector<std::string> arguments, std::chrono::milliseconds timeout = std::chrono::minutes(2)) const;
  Ran run(std::vector<std::string> more = {}) const;
  // A start by a timer (`run --if-due`: a night that was done before is not begun again), killed (SIGKILL to the
  // host) after the time; false when it ended before.
  [[nodiscard]] bool run_and_kill_after(std::chrono::microseconds delay) const;
  // The next start by the timer: goes on, or finds nothing left to do.
  [[nodiscard]] Ran run_if_due() const { return run({"--if-due"}); }

  // Work tree, index, HEAD and refs of the user, as one text: must not change in branch mode.
  [[nodiscard]] std::string users_view() const;
  // All files below a folder with their bytes, as path -> content.
  static std::map<std::string, std::string> snapshot(const std::filesystem::path& folder);
  // Tree of the night branch, commits' subjects and trailers; "" when there is no branch.
  [[nodiscard]] std::string night_view(const std::string& date = "2026-11-22") const;

 private:
  [[nodiscard]] std::vector<std::string> run_arguments(const std::vector<std::string>& more) const;
  std::filesystem::path root_, repository_, manifest_;
};

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& content);
bool contains(const std::string& text, const std::string& part);

}  // namespace daydream::testing
