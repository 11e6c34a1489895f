// What git knows: where a file went, when a line was written, what stood elsewhere then. Without a full
// history every answer is "unknown". Time is a budget: what is over it stays unknown this night.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daydream/kit/git.hpp"
#include "plugins/docs_update/tree.hpp"

namespace daydream::docs {

struct Gone {
  std::string commit;     // that took it away
  std::int64_t time = 0;  // of that commit, Unix seconds
  std::string now;        // where it lives today, by renames; "" = nowhere
  int alike = 100;        // the least likeness on the way, per cent
};

struct Written {
  std::string commit;
  std::int64_t time = 0;
};

class History {
 public:
  History(std::vector<std::string> roots, std::chrono::milliseconds budget);

  // A full history is there.
  [[nodiscard]] bool present() const { return repository_.has_value(); }
  [[nodiscard]] std::string remote() const { return remote_; }
  [[nodiscard]] bool exhausted() const { return exhausted_; }
  // Why there is none, or the first question that git did not answer; "" where all is well.
  [[nodiscard]] const std::string& trouble() const { return trouble_; }

  // Of those of the paths that were files (or folders) once and are not now, what became of them.
  std::map<std::string, Gone> gone(const std::vector<std::string>& paths, const Tree& tree);
  // Every file that was deleted, newest deletion first: path -> commit and time. Empty when it takes too long.
  const std::unordered_map<std::string, Written>& deleted();
  // Which of these git ignores.
  std::set<std::string> ignored(const std::vector<std::string>& paths);
  // Where this file lay before, newest first.
  std::vector<std::string> former_paths(const std::string& path);
  // When these lines (from 1) of the committed content were written.
  std::map<std::uint32_t, Written> written(const std::string& path, std::string_view content,
                                           const std::vector<std::uint32_t>& lines);
  // Lines of files below `folder` of that commit which hold one of the words, as whole words: "path\0line".
  std::optional<std::vector<std::pair<std::string, std::string>>> lines_with(const std::string& commit,
                                                                             const std::vector<std::string>& words);
  std::optional<std::string> content_at(const std::string& commit, const std::string& path);
  // Earlier contents of a file, newest first, at most `most`.
  std::vector<std::string> versions(const std::string& path, int most);
  // The commit that is looked from; "" without history.
  std::string head();

 private:
  std::optional<std::string> ask(const std::vector<std::string>& arguments, std::string input = "");
  Gone follow(Gone gone, const std::string& path, const Tree& tree);
  std::optional<std::pair<std::string, int>> renamed_in(const std::string& commit, const std::string& path);

  std::optional<git::Repository> repository_;
  std::string below_;  // of the work tree's root
  std::string remote_, trouble_;
  std::chrono::milliseconds budget_;
  bool exhausted_ = false;
  bool knows_deleted_ = false;
  std::unordered_map<std::string, Written> deleted_;
  std::unordered_map<std::string, std::map<std::string, std::pair<std::string, int>>> renames_;  // by commit
};

}  // namespace daydream::docs
