// Folders, values and rough tools for the tests of this room.
#pragma once

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>

#include "checkpoint/store.hpp"

namespace daydream::checkpoint::test {

class Folder {
 public:
  Folder() {
    // In memory where there is such a place: these tests wait for no disk, and no power is cut.
    std::string name = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    name += "/daydream-store-XXXXXX";
    root_ = ::mkdtemp(name.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const Path& root() const { return root_; }
  [[nodiscard]] Path state() const { return root_ / "state"; }
  [[nodiscard]] Path work() const { return root_ / "work"; }
  [[nodiscard]] Path database() const { return state() / "daydream.db"; }
  [[nodiscard]] Store::Options options() const {
    Store::Options options;
    options.state_directory = state();
    options.marker_directory = work();
    return options;
  }
  [[nodiscard]] std::unique_ptr<Store> open() const {
    auto store = Store::open(options());
    if (!store) FAIL(store.error().message());
    return std::move(*store);
  }
  [[nodiscard]] std::unique_ptr<Store> open_read_only() const {
    Store::Options reading = options();
    reading.read_only = true;
    auto store = Store::open(reading);
    if (!store) FAIL(store.error().message());
    return std::move(*store);
  }
  // The error of opening it; fails the test when it opens.
  [[nodiscard]] Error refusal() const {
    auto store = Store::open(options());
    if (store) FAIL("the store opened");
    return store.error();
  }

 private:
  Path root_;
};

inline Run a_run(const std::string& id) {
  Run run;
  run.id = id;
  run.date = id.substr(0, 10);
  run.started = Instant{1'000};
  run.mode = Mode::kBranch;
  run.facts = "{}";
  return run;
}

inline Step a_step(const std::string& run, const std::string& id, int number) {
  Step step;
  step.run = run;
  step.id = id;
  step.plugin = id;
  step.number = number;
  step.status = StepStatus::kRunning;
  step.attempts = 1;
  return step;
}

inline Finding a_finding(std::uint64_t number, const std::string& rule) {
  Finding finding;
  finding.number = number;
  finding.rule = rule;
  finding.step = "legacy";
  finding.severity = Severity::kWarning;
  finding.safety = Safety::kSafe;
  finding.path = "src/caf\xe9.py";
  finding.line = 3;
  finding.symbol = "os";
  finding.context = "import os";
  finding.message = "os is imported but never used";
  finding.action = Action::kApplied;
  finding.note = "a note";
  return finding;
}

inline Effect an_edit(const std::string& path) {
  Effect effect;
  effect.kind = EffectKind::kEdit;
  effect.finding = 1;
  effect.root = "repository";
  effect.path = path;
  effect.token = 0xfedcba9876543210U;
  effect.spans = {{0, 10, ""}, {20, 3, std::string("x\0y", 3)}};
  return effect;
}

inline std::string content_of(const Path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  content << file.rdbuf();
  return content.str();
}

inline void write(const Path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << content;
}

// Runs SQL past the store; the first column of the first row.
inline std::string query(const Path& database, const std::string& sql) {
  sqlite3* handle = nullptr;
  REQUIRE(sqlite3_open(database.c_str(), &handle) == SQLITE_OK);
  std::string answer;
  char* message = nullptr;
  int code = sqlite3_exec(
      handle, sql.c_str(),
      [](void* out, int, char** values, char**) {
        auto& text = *static_cast<std::string*>(out);
        if (text.empty() && values[0] != nullptr) text = values[0];
        return 0;
      },
      &answer, &message);
  std::string words = message == nullptr ? "" : message;
  sqlite3_free(message);
  sqlite3_close(handle);
  INFO(words);
  REQUIRE(code == SQLITE_OK);
  return answer;
}

}  // namespace daydream::checkpoint::test
