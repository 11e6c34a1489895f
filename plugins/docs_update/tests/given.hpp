// A tree with a history in a temporary folder, and what one rule says of it.
#pragma once

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "daydream/testing/workspace.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {

class Given {
 public:
  // Each adds to the commits before it.
  void commit(const std::string& date, const testing::FileMap& files) {
    for (const auto& [path, content] : files) start_.files[path] = content;
    start_.history.push_back({date, date, files, {}});
  }
  // "path:line rule symbol" of what it says. The next call is the next night.
  std::vector<std::string> say(bool (*rule)(Survey&, Findings&)) {
    if (!workspace_) {
      auto made = testing::Workspace::create(start_);
      REQUIRE(made);
      workspace_ = std::move(*made);
    }
    std::vector<TreeFile> files;
    files.reserve(start_.files.size());
    for (const auto& [path, content] : start_.files) files.push_back({path, content.size(), 1});
    Settings settings;
    settings.history_budget = std::chrono::minutes(1);
    const std::string root = workspace_->root("source").value_or("");
    Survey survey(
        std::move(files), root, {root}, settings,
        [this](const TreeFile& file) { return std::optional<std::string_view>(start_.files.at(file.path)); },
        [this](const std::string& what) {
          ticks_.push_back(what);
          return true;
        });
    REQUIRE(survey.read_pages());
    survey.lasting() = lasting_;
    ticks_.clear();
    Findings findings;
    REQUIRE(rule(survey, findings));
    lasting_ = survey.lasting();
    std::vector<std::string> said;
    for (const auto& [path, of_page] : findings) {
      for (const Finding& finding : of_page) {
        said.push_back(path + ":" + std::to_string(finding.line) + " " + finding.rule + " " + finding.symbol);
      }
    }
    return said;
  }
  // What the rule told the host to be at.
  [[nodiscard]] const std::vector<std::string>& ticks() const { return ticks_; }

 private:
  testing::Start start_;
  std::unique_ptr<testing::Workspace> workspace_;
  std::vector<std::string> ticks_;
  std::map<std::string, std::string> lasting_;
};

}  // namespace daydream::docs
