// A `daydream` that is under way while the test goes on: its worker, its signals, its end.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>

#include "daydream/kit/json.hpp"
#include "e2e/fixtures.hpp"

namespace daydream::e2e {

using std::chrono::milliseconds;

class Running {
 public:
  Running(const World& world, const std::vector<std::string>& arguments) : output_(world.root() / "running.txt") {
    process::Child::Options options;
    options.arguments = {testing::daydream_program()};
    options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
    options.directory = world.repository().string();
    options.environment = world.environment;
    const int file = open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    REQUIRE(file >= 0);
    options.descriptors = {{1, file}, {2, file}};
    auto child = process::Child::start(options);
    close(file);
    REQUIRE(child.ok());
    child_.emplace(std::move(*child));
  }
  // `run` as World::run() does it.
  static Running night(const World& world, std::vector<std::string> more = {}) {
    std::vector<std::string> arguments{"run", "--manifest", (world.root() / "pipeline.json").string(), "--now",
                                       "2026-11-22T02:30:00Z"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return {world, arguments};
  }

  [[nodiscard]] int pid() const { return child_->pid(); }
  void signal(int number) const { kill(child_->pid(), number); }
  std::optional<process::Child::Exit> wait(milliseconds at_most) { return child_->wait(at_most); }
  [[nodiscard]] std::string output() const { return testing::read_file(output_); }

  // Its child with --worker, or 0.
  [[nodiscard]] int worker() const {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename();
      if (name.find_first_not_of("0123456789") != std::string::npos) continue;
      if (parent_of(name) != child_->pid()) continue;
      if (contains(testing::read_file(entry.path() / "cmdline"), "--worker")) return std::stoi(name);
    }
    return 0;
  }
  // False: it ended, or `at_most` was over, before `true_now` was.
  bool until(const std::function<bool()>& true_now, milliseconds at_most = std::chrono::seconds(30)) {
    const auto end = std::chrono::steady_clock::now() + at_most;
    while (!true_now()) {
      if (child_->wait(milliseconds(2)) || std::chrono::steady_clock::now() > end) return true_now();
    }
    return true;
  }

 private:
  static int parent_of(const std::string& pid) {
    const std::string stat = testing::read_file("/proc/" + pid + "/stat");
    const auto name_end = stat.rfind(") ");
    return name_end == std::string::npos || stat.size() < name_end + 5 ? 0 : std::atoi(stat.c_str() + name_end + 4);
  }

  std::filesystem::path output_;
  std::optional<process::Child> child_;
};

// A member of state.json as text ("" when there is none).
inline std::string state_member(const World& world, const char* key) {
  const auto parsed = json::Text::parse(testing::read_file(world.state() / "state.json"), {.name = "state"});
  if (!parsed || !parsed->root().IsObject()) return "";
  const json::Value* value = json::find(parsed->root(), key);
  if (value == nullptr) return "";
  return value->IsString() ? json::string_of(*value) : json::write(*value);
}
inline bool is_completed(const World& world) {
  return state_member(world, "status") == "completed";
}

}  // namespace daydream::e2e
