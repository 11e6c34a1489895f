// The whole repository as a rule may see it: settings, date, files, and what each Python file takes
// from the others.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "plugins/legacy_cleanup/history.hpp"
#include "plugins/legacy_cleanup/index.hpp"
#include "plugins/legacy_cleanup/project.hpp"
#include "plugins/legacy_cleanup/script_index.hpp"
#include "plugins/legacy_cleanup/script_project.hpp"
#include "plugins/legacy_cleanup/settings.hpp"

namespace daydream::legacy {

struct TreeFile {
  std::string path;
  std::uint64_t size = 0;
  std::uint64_t token = 0;  // hash of the content
};

struct Repository {
  Settings settings;
  Index index;
  ScriptIndex scripts;                                                 // of JavaScript and TypeScript
  std::map<std::string, std::vector<std::string>, std::less<>> users;  // of what half-migration knows: paths
  std::vector<TreeFile> files;         // all regular files of the source tree, in byte order of path
  std::string source_root;             // absolute path of the private tree; "" when there is none to read
  std::string live_root;               // absolute path of the live tree; "" when there is none to read
  std::string date;                    // of the run, local: "2026-11-22"
  std::shared_ptr<Projects> projects;  // nullptr: nothing is known of them
  std::shared_ptr<History> history;    // nullptr: nothing is known of the past

  // A file's facts, to the index they belong to.
  void add(const std::string& path, const Facts& facts);
  // That day is past. The first day that is not yet past is noted: until then all answers stay.
  [[nodiscard]] bool past(const std::string& day) const;
  // The last day on which every question of past() has the answer it had; "" where no day changes one.
  [[nodiscard]] const std::string& answers_until() const { return answers_until_; }
  // Everything that was asked of projects lies in files of the tree.
  [[nodiscard]] bool within_tree() const { return script_projects_ == nullptr || !script_projects_->outside(); }
  // What projects in JavaScript or TypeScript say of themselves; read when first asked for.
  [[nodiscard]] ScriptProjects& script_projects() const;

 private:
  mutable std::shared_ptr<ScriptProjects> script_projects_;
  mutable std::string answers_until_;
};

}  // namespace daydream::legacy
