// What the tests of this room share: a folder of its own under /tmp, a real repository in it, and a
// fingerprint of everything a human owns. For *_test.cpp only.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "changes/draft.hpp"
#include "changes/publish.hpp"
#include "changes/source_tree.hpp"

namespace daydream::changes::testing {

class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  [[nodiscard]] Path live() const { return root_ / "live"; }
  [[nodiscard]] Path state() const { return root_ / "state"; }
  [[nodiscard]] Path work() const { return root_ / "work"; }
  [[nodiscard]] const Path& root() const { return root_; }

  // A repository in live(), without the user's or the system's settings.
  void init();
  // git in live(); REQUIREs that it succeeds. Standard output without the last line break.
  std::string git(const std::vector<std::string>& arguments, const std::string& input = "") const;
  bool git_succeeds(const std::vector<std::string>& arguments) const;
  void write(const std::string& path, const std::string& content) const;  // in live()
  [[nodiscard]] std::string read(const std::string& path) const;          // of live(); "(absent)"
  std::string commit_all(const std::string& message = "work");            // its id

  // REQUIREs success. The tree stands at `commit` (default HEAD, or a fresh copy).
  std::unique_ptr<SourceTree> open(bool under_git = true) const;
  std::unique_ptr<SourceTree> open_at(const std::string& commit) const;

  // Every byte, mode and time of a human's: work tree, and of the git directory HEAD, index, config, refs
  // outside daydream/, hooks, info.
  [[nodiscard]] std::string belongings() const;

 private:
  Path root_;
  std::optional<std::string> old_home_;
};

std::uint64_t token_of(std::string_view content);
Effect edit(const std::string& path, std::string_view seen, std::vector<Span> spans, FindingNumber finding);
// Replaces the only occurrence of `from` in `seen`.
Effect replace(const std::string& path, const std::string& seen, const std::string& from, const std::string& to,
               FindingNumber finding);
Effect create(const std::string& path, const std::string& content, FindingNumber finding);
Effect removal(const std::string& path, std::string_view seen, FindingNumber finding);
Finding finding(FindingNumber number, const std::string& rule, const std::string& path, int line = 1);
std::string slurp(const Path& file);  // "(absent)"

// A step that proposes `effects` and publishes all of them as safe.
struct StepRun {
  std::map<FindingNumber, Finding> findings;
  std::set<FindingNumber> apply, review;
  std::vector<Effect> effects;
  PublishOptions options;
};
StepRun step_of(const World& world, Mode mode, std::vector<Effect> effects, const std::string& rule = "unused-import");
Published run_step(SourceTree& tree, const StepRun& step);

}  // namespace daydream::changes::testing
