// Nights over a few logs that live on: what a test does to the files between two of them.
#pragma once

#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "daydream/kit/json.hpp"
#include "daydream/testing/memory_host.hpp"

namespace daydream::logs::testing {

class Nights {
 public:
  daydream::testing::FileMap files;  // of the live repository
  daydream::testing::FileMap memory;
  std::string config = R"({"files": ["logs/**"], "exclude": [], "inputs": [], "window": "24h", "max_findings": 10})";
  std::string zone = "UTC";
  int day = 1;
  double entries = 0, patterns = 0;
  std::vector<std::string> findings, messages;
  daydream::testing::FileMap archived;

  // One night. `kill_after`: killed after that many commits, then resumed until it ends.
  void run(int kill_after = 0) {
    daydream::testing::Start start;
    start.roots["repository"] = files;
    start.memory = memory;
    start.config = config;
    start.now = now();
    start.zone = zone;
    daydream::testing::MemoryHost host(start);
    auto plugin = daydream::testing::open_plugin(DAYDREAM_LOG_REVIEW);
    REQUIRE(plugin.ok());
    for (int at = kill_after; at > 0; --at) {
      if (!host.run_killed_after(**plugin, 1).killed) break;
      ++kills;
    }
    const auto answer = host.run(**plugin);
    INFO(answer.message);
    for (const std::string& broken : answer.breaks) FAIL(broken);
    status = answer.status;
    log = answer.log;
    memory = host.ledger().memory();
    archived = host.ledger().archived();
    entries = metric(host, "entries");
    patterns = metric(host, "patterns");
    findings = host.finding_lines();
    messages.clear();
    for (const auto& [number, finding] : host.ledger().findings())
      messages.push_back(finding.rule + ": " + finding.message);
    const auto& outputs = host.ledger().outputs();
    summary = outputs.empty() ? "" : outputs.begin()->second;
    ++day;
  }

  [[nodiscard]] std::string date() const {
    char text[16];
    std::snprintf(text, sizeof text, "2026-11-%02d", day);
    return text;
  }
  [[nodiscard]] std::string now() const { return date() + "T23:00:00Z"; }
  // `count` lines of tonight, numbered from `from`.
  [[nodiscard]] std::string lines(int from, int count, const std::string& message = "INFO request {} served") const {
    std::string text;
    for (int i = from; i < from + count; ++i) {
      char head[40];
      std::snprintf(head, sizeof head, "%s %02d:%02d:%02d ", date().c_str(), 1 + i / 3600 % 20, i / 60 % 60, i % 60);
      std::string line = message;
      if (const std::size_t hole = line.find("{}"); hole != std::string::npos) line.replace(hole, 2, std::to_string(i));
      text += head + line + "\n";
    }
    return text;
  }
  int status = 0, kills = 0;
  std::vector<std::string> log;
  std::string summary;

 private:
  static double metric(const daydream::testing::MemoryHost& host, const std::string& name) {
    const auto found = host.ledger().metrics().find(name);
    return found == host.ledger().metrics().end() ? -1 : found->second;
  }
};

}  // namespace daydream::logs::testing
