// Real folders for the roots of a run, below one temporary folder that is removed at the end: "source"
// and "repository" (a real git repository where the start has a history), logs and inputs.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "daydream/testing/ledger.hpp"
#include "daydream/testing/start.hpp"

namespace daydream::testing {

class Workspace {
 public:
  static Result<std::unique_ptr<Workspace>> create(const Start& start);
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  // Makes "source" those files, and the other folders what the ledger says.
  Result<void> sync(const Ledger& ledger, const FileMap& source_files);
  [[nodiscard]] std::optional<std::string> root(const std::string& name) const;
  // "log:1", "log:2", ...: the paths that the manifest gives to a step, counted from 1.
  static bool log_root(std::string_view name);

 private:
  explicit Workspace(std::string folder) : folder_(std::move(folder)) {}
  Result<void> make_history(const Start& start);
  Result<void> commit_all(const HistoryCommit& commit);
  Result<void> git(const std::vector<std::string>& arguments, const std::string& date);
  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }

  std::string folder_;
  FileMap inputs_;
  FileMap repository_;  // what the live repository holds of the tree
};

// Writes what differs, removes what is not named; `.git` is left alone. Paths are clean and relative.
Result<void> write_folder(const std::string& folder, const FileMap& files);

}  // namespace daydream::testing
