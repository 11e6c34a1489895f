// The comments of the source, before and behind the lists. What a file's comments are is remembered under its
// token, so that unchanged files are not read; what they were when the run began is kept aside until its
// end, so that a try that goes on after a kill compares the same two nights.
#pragma once

#include <daydream/sdk.hpp>
#include <map>
#include <string>
#include <vector>

#include "plugins/task_cleanup/comments/todo_comment.hpp"
#include "plugins/task_cleanup/history.hpp"
#include "plugins/task_cleanup/settings.hpp"

namespace daydream::tasks {

class CommentPhase {
 public:
  CommentPhase(sdk::Run& run, const Settings& settings, History& history)
      : run_(run), settings_(settings), history_(history) {}

  struct Source {
    std::string path;
    std::uint64_t token = 0;
    std::uint64_t size = 0;
  };
  // Files whose language is known; called for every entry of the tree. Files without an extension too.
  void consider(const sdk::Entry& entry);
  [[nodiscard]] bool empty() const { return sources_.empty(); }

  [[nodiscard]] bool knows(std::string_view path) const;

  // Reads what has changed, in commits of its own. kCancelled when asked to stop.
  Result<void> survey();
  // After survey(): what comments a file has, those of files that may hold closed ones.
  [[nodiscard]] std::vector<const Source*> worth_reading();
  [[nodiscard]] const std::vector<TodoComment>& comments_of(const Source& source) const;
  // After survey(): what has left the code since the last night, and memory, into one transaction; `comments`
  // counts those there are.
  Result<void> speak(sdk::Transaction& txn, std::size_t& comments);

 private:
  using Rows = std::map<std::string, ScanRow>;
  Result<void> recall();
  Result<ScanRow> scan(const Source& source);
  void say_closed(sdk::Transaction& txn, const std::string& path, const ScanRow& row);

  sdk::Run& run_;
  const Settings& settings_;
  History& history_;
  std::vector<Source> sources_;
  Rows scanned_, before_;  // tonight's, and those of the last night where they differ
};

}  // namespace daydream::tasks
