// What git knows of tasks: when a line was written, which commits say they close something, whether a name
// was in the code then and is now. Bounded in time. A shallow clone, a folder without git, a spent budget:
// nothing is known, and nothing is said. Our own commits count for nothing.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "daydream/kit/git.hpp"
#include "daydream/kit/process.hpp"
#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

struct Commit {
  std::string id;
  std::int64_t time = 0;  // committed, Unix seconds
  std::string subject;    // first line of its message
};

// Whether something stands in a tree; kUnknown: git did not say in time.
enum class Presence : std::uint8_t { kUnknown, kAbsent, kPresent };

class History {
 public:
  History(std::vector<std::string> roots, std::chrono::milliseconds budget);

  // The commit the run began with, or "".
  const std::string& head();
  // A question tonight may have gone unanswered for want of time.
  [[nodiscard]] bool spent() const { return spent_ >= budget_; }
  // The first question opens the repository: a night without one costs nothing.
  bool known() {
    open();
    return repository_.has_value() && !shallow_;
  }

  // Answers of earlier nights, by path and content: see take_fresh().
  static constexpr std::string_view kPrefix = "written/";
  void remember(std::string_view key, std::string_view value) { remembered_.emplace(key, value); }
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> take_fresh();

  // Keys of files that are not `there`.
  [[nodiscard]] std::vector<std::string> orphans(const std::function<bool(const std::string&)>& there) const;

  // The commit that wrote each line of the file (from 1), as it is committed; empty: not known.
  const std::vector<Commit>& written(const std::string& path, std::string_view content);

  // "owner/name" of the remote, or "": where whole addresses of issues must lead to be meant.
  const std::string& project();
  // Whether any commit says it closes one of them: asked before anything that costs more.
  bool closes_any(const std::vector<std::string>& references);
  // The newest commit after `written` that says it closes `reference` ("#12", "ABC-12") and was not reverted.
  std::optional<Commit> closed_after(const std::string& reference, const Commit& written);

  // The commit changed the file, against its first parent.
  bool touches(const std::string& commit, const std::string& path);

  Presence file_at(const std::string& commit, const std::string& path);
  // A whole word in files that are no prose. `tests`: only in files of tests. Lines that hold the words `own`
  // (white space collapsed) are passed over: a comment that names a thing is no use of it.
  Presence word_at(const std::string& commit, const std::string& word, bool tests, const std::string& own = "");
  // What took the file away; none where it lives on under another name.
  std::optional<Commit> deleted_by(const std::string& path);
  // The commit that took these words out of the file; none where that was one of ours.
  std::optional<Commit> deleted_text(const std::string& path, const std::string& words);
  std::optional<Commit> added_by(const std::string& path);
  // The newest (or oldest) commit that changed how often the word stands there.
  std::optional<Commit> changed_by(const std::string& word, bool oldest);
  // Commits of the last 90 days by path, each weighted 0..1000 by how recent it is.
  const std::unordered_map<std::string, std::int64_t>& heat(std::int64_t now_seconds);

 private:
  void open();
  std::optional<std::string> ask(const std::vector<std::string>& arguments);
  Result<process::Outcome> grep(const std::vector<std::string>& arguments);
  [[nodiscard]] std::string inside(const std::string& path) const { return below_ + path; }
  void read_closings();
  void read_message(const Commit& commit, std::string_view message);
  std::vector<Commit> blame(const std::string& path, std::size_t lines);
  const std::vector<std::string>& our_commits();
  static std::optional<Commit> first_commit(const std::string& line);

  std::vector<std::string> roots_;
  std::chrono::milliseconds budget_, spent_{0};
  bool opened_ = false;
  std::optional<bool> ignores_;  // there are revisions that blame is to pass over
  std::optional<git::Repository> repository_;
  std::string head_;
  std::optional<std::string> project_;
  std::string below_;  // where our root lies in the work tree: "", "sub/"
  bool shallow_ = false;
  std::map<std::string, std::string> remembered_, fresh_;
  std::map<std::string, std::vector<Commit>> written_;
  std::optional<std::multimap<std::string, Commit>> closings_;
  std::set<std::string> reverted_;
  std::optional<std::vector<std::string>> ours_;
  std::map<std::string, Presence> presences_;
  std::optional<std::unordered_map<std::string, std::int64_t>> heat_;
};

// "fixes #12", "Closes: ABC-7" in a message; what it only wants to, or does in part, is left out.
// Whole addresses count where they are of this `project`.
std::vector<std::string> closed_references(std::string_view message, std::string_view project = "");
std::string words_of(const Commit& commit);  // "91ab2c3d4e5f (2026-11-01)"

}  // namespace daydream::tasks
