// A recipe's script started as a user would, in a world of its own.
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "daydream/kit/process.hpp"
#include "support/world.hpp"

namespace daydream::e2e {

using testing::contains;
using testing::Ran;
using testing::World;

// The marker step and the report, from the repository itself: plugins by name need no trust.
inline const char* const kMarked =
    R"({"manifest": 1, "steps": [{"id": "marker", "plugin": "marker"}, {"id": "daily_report", "plugin": "daily_report"}]})";

class Recipe {
 public:
  Recipe(World& world, const std::string& script) : world_(world), script_(std::string(RECIPES "/") + script) {
    world.environment["DAYDREAM"] = DAYDREAM_PROGRAM;
    world.environment["DAYDREAM_PLUGIN_PATH"] = E2E_STEPS;
    world.environment["TMPDIR"] = world.root().string();
  }

  [[nodiscard]] Ran run(std::vector<std::string> arguments = {}) const {
    process::Command command;
    command.arguments = words(std::move(arguments));
    command.directory = world_.repository().string();
    command.environment = world_.environment;
    command.timeout = std::chrono::minutes(2);
    auto outcome = process::run(command);
    REQUIRE(outcome.ok());
    return {outcome->exit_code, outcome->signal, outcome->output, outcome->error};
  }
  [[nodiscard]] process::Child start(std::vector<std::string> arguments = {}) const {
    process::Child::Options options;
    options.arguments = words(std::move(arguments));
    options.directory = world_.repository().string();
    options.environment = world_.environment;
    auto child = process::Child::start(options);
    REQUIRE(child.ok());
    return std::move(*child);
  }

 private:
  [[nodiscard]] std::vector<std::string> words(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"sh", script_});
    return arguments;
  }
  World& world_;
  std::string script_;
};

// True once `file` is there; false after half a minute.
inline bool appears(const std::filesystem::path& file, const process::Child&) {
  for (int i = 0; i < 3000; ++i) {
    if (std::filesystem::exists(file)) return true;
    process::Command nap;
    nap.arguments = {"sleep", "0.01"};
    (void)process::run(nap);
  }
  return false;
}

}  // namespace daydream::e2e
