// A store in memory-backed files, and findings to put into it.
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <memory>
#include <string>

#include "checkpoint/store.hpp"

namespace daydream::report::test {

class World {
 public:
  World() {
    std::string name = ::access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    name += "/daydream-report-XXXXXX";
    root_ = ::mkdtemp(name.data());
    checkpoint::Store::Options options;
    options.state_directory = root_ / "state";
    auto opened = checkpoint::Store::open(options);
    if (!opened) FAIL(opened.error().message());
    store_ = std::move(*opened);
  }
  ~World() {
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  checkpoint::Store& store() { return *store_; }
  void commit(checkpoint::Transaction&& transaction) {
    auto done = store_->commit(std::move(transaction));
    if (!done) FAIL(done.error().message());
  }

 private:
  Path root_;
  std::unique_ptr<checkpoint::Store> store_;
};

inline Finding a_finding(std::uint64_t number, const std::string& rule, const std::string& path, int line = 1) {
  Finding finding;
  finding.number = number;
  finding.step = "legacy_cleanup";
  finding.rule = rule;
  finding.id = rule + "-" + std::to_string(number);
  finding.severity = Severity::kWarning;
  finding.safety = Safety::kSafe;
  finding.path = path;
  finding.line = line;
  finding.symbol = "os";
  finding.context = "import os";
  finding.message = "os is imported but never used";
  return finding;
}

}  // namespace daydream::report::test
