// Which comments are code that a commit switched off, by git's own word: the commit that introduced
// them took the same text away uncommented. One blame a file, of the lines in question alone. Answers
// are remembered from night to night; a night's work is bounded, the rest is asked the next night.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "daydream/kit/git.hpp"
#include "plugins/legacy_cleanup/identity.hpp"

namespace daydream::legacy {

class History {
 public:
  struct Block {
    std::uint32_t line = 0;            // of its first line, from 1
    std::vector<std::string> comment;  // its lines as they stand in the file, trimmed
    std::vector<std::string> code;     // the same without their markers, trimmed; "" proves nothing
  };
  struct Proof {
    std::string commit, date;  // "2026-01-05"
  };

  // `roots`: places of the repository, the first that is one counts. Without one, or where history is
  // cut off (a shallow clone), nothing is ever proven. `today`: "2026-11-22". What another `build` remembered
  // is asked anew.
  History(std::vector<std::string> roots, std::chrono::milliseconds budget, std::string today,
          std::string_view build = build_identity())
      : roots_(std::move(roots)), budget_(budget), today_(std::move(today)), build_(build) {}

  static constexpr std::string_view kPrefix = "h1/";  // of its keys in the step's memory
  void remember(std::string_view key, std::string_view value) { known_.emplace(key, value); }

  // One answer a block: the proof, or none. What the budget does not allow is not proven this night.
  std::vector<std::optional<Proof>> proofs(const std::string& path, std::string_view content,
                                           const std::vector<Block>& blocks);

  // The lines `first` and `last` (from 1) were put around the lines between them, which lived before:
  // `#if 0` and `#endif`, or the two ends of a comment. The proof names the commit that did.
  std::optional<Proof> enclosed(const std::string& path, std::string_view content, std::uint32_t first,
                                std::uint32_t last);

  // As many files as today matched `pattern` (an extended regular expression, among files of these
  // `globs`) `days` ago: the proof names the commit of then. `state` says what the answer hangs on; it is
  // remembered under it.
  std::optional<Proof> as_many(const std::string& state, const std::string& pattern,
                               const std::vector<std::string>& globs, std::size_t today, int days);

  // Every question so far has its last word: none waits for another night's budget, or for a repository to ask.
  [[nodiscard]] bool answered() const { return answered_; }
  // The commits that proofs have named since the last call and not before.
  std::set<std::string> take_named() { return std::exchange(newly_named_, {}); }
  // All of these are still in the repository; true for none of them.
  [[nodiscard]] bool still_there(const std::set<std::string>& commits);

  // What memory is to hold since the last call.
  std::vector<std::pair<std::string, std::string>> take_fresh();
  // Keys that no night has asked for in a long time.
  [[nodiscard]] std::vector<std::string> stale() const;

 private:
  struct Change {  // of one file by one commit: lines with white space trimmed, and how often
    std::unordered_map<std::string, int> gone, come;
  };
  using Answers = std::vector<std::optional<Proof>>;

  bool open();
  bool may_ask();
  void name(const std::optional<Proof>& proof);
  [[nodiscard]] std::chrono::milliseconds left() const;
  Answers look_up_or_ask(const std::string& path, std::string_view content, const std::vector<Block>& blocks);
  std::optional<Answers> ask(const std::string& path, std::string_view content, const std::vector<Block>& blocks);
  std::optional<Proof> ask_enclosed(const std::string& path, std::string_view content, std::uint32_t first,
                                    std::uint32_t last);
  std::optional<Proof> ask_as_many(const std::string& pattern, const std::vector<std::string>& globs, std::size_t today,
                                   int days);
  std::optional<Proof> judge(const Block& block, const std::vector<const git::BlameLine*>& lines);
  const Change* change_of(const std::string& commit, const std::string& path);
  void keep(const std::string& key, const std::vector<Block>& blocks, const Answers& answers);
  std::optional<Answers> remembered(const std::string& key, const std::vector<Block>& blocks);
  bool exists(const std::string& commit);

  std::vector<std::string> roots_;
  std::chrono::milliseconds budget_, spent_{0};
  std::string today_, build_;
  bool opened_ = false;
  std::optional<git::Repository> repository_;
  std::string below_;  // where our root lies in the work tree: "", "sub/"
  std::chrono::steady_clock::time_point asked_;
  std::map<std::string, std::string> known_;
  std::unordered_set<std::string> fresh_;
  std::unordered_map<std::string, std::optional<Change>> changes_;  // by commit and path
  std::unordered_map<std::string, bool> commits_;
  std::set<std::string> named_, newly_named_;
  bool answered_ = true;
};

}  // namespace daydream::legacy
