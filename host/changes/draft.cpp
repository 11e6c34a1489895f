#include "changes/draft.hpp"

#include <algorithm>
#include <deque>

#include "changes/draft_file.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::changes {

namespace {

// Which findings are one change: a forest of numbers.
class Groups {
 public:
  FindingNumber root(FindingNumber number) const {
    for (auto found = parent_.find(number); found != parent_.end() && found->second != number;
         found = parent_.find(number)) {
      number = found->second;
    }
    return number;
  }
  void join(const std::set<FindingNumber>& numbers) {
    if (numbers.empty()) return;
    FindingNumber least = root(*numbers.begin());
    for (FindingNumber number : numbers) least = std::min(least, root(number));
    for (FindingNumber number : numbers) {
      parent_[root(number)] = least;
      parent_[number] = least;
    }
  }

 private:
  std::map<FindingNumber, FindingNumber> parent_;
};

}  // namespace

struct Draft::State {
  explicit State(SourceTree& source) : tree(source) {}
  SourceTree& tree;
  std::map<std::string, DraftFile> files;
  Groups groups;
  std::set<std::string> changed;  // since the last materialize

  Result<DraftFile*> file(const std::string& path);
  Result<DraftFile> begin(const std::string& path);
};

// A path is taken in only where an edit of it can reach a commit.
Result<DraftFile> Draft::State::begin(const std::string& path) {
  if (!walk::clean_relative(path)) return Error(ErrorKind::kInvalid, "not a clean relative path");
  if (auto allowed = tree.editable(path); !allowed) return std::move(allowed.error()).as(ErrorKind::kConflict);
  if (!tree.tracked(path)) return DraftFile(std::nullopt, tree.repository().format());
  auto content = tree.read(path);
  if (content) return DraftFile(std::move(*content), tree.repository().format());
  if (content.error().kind() == ErrorKind::kRetry) return std::move(content.error());
  return std::move(content.error()).as(ErrorKind::kConflict);
}

Result<DraftFile*> Draft::State::file(const std::string& path) {
  auto found = files.find(path);
  if (found != files.end()) return &found->second;
  auto begun = begin(path);
  if (!begun) return std::move(begun.error());
  return &files.emplace(path, std::move(*begun)).first->second;
}

Draft::Draft(SourceTree& tree) : state_(std::make_unique<State>(tree)) {}
Draft::~Draft() = default;
Draft::Draft(Draft&&) noexcept = default;
Draft& Draft::operator=(Draft&&) noexcept = default;

Result<void> Draft::add(const Effect& effect) {
  const std::string shown = text::show_path(effect.path);
  if (effect.finding == 0) return Error(ErrorKind::kInvalid, shown + ": an edit needs a finding");
  auto file = state_->file(effect.path);
  if (!file) return std::move(file.error()).context(shown);
  Result<std::set<FindingNumber>> joined = Error(ErrorKind::kInvalid, "not an edit of the source tree");
  if (effect.kind == EffectKind::kEdit) joined = (*file)->edit(effect.token, effect.spans, effect.finding);
  if (effect.kind == EffectKind::kCreate) {
    auto free = state_->tree.free_place(effect.path);
    if (!free && (*file)->untouched() && !(*file)->in_base()) return std::move(free.error()).context(shown);
    joined = (*file)->create(effect.content, effect.finding);
  }
  if (effect.kind == EffectKind::kRemove) joined = (*file)->remove(effect.token, effect.finding);
  if (!joined) {
    if ((*file)->untouched()) state_->files.erase(effect.path);
    return std::move(joined.error()).context(shown);
  }
  joined->insert(effect.finding);
  state_->groups.join(*joined);
  state_->changed.insert(effect.path);
  return {};
}

Result<void> Draft::materialize() {
  auto everything = [](const std::set<FindingNumber>&) { return true; };
  std::vector<std::pair<const std::string*, std::string>> written;
  // Removals first: a folder may take the name of a file.
  for (const std::string& path : state_->changed) {
    auto content = state_->files.at(path).content(everything);
    if (content) {
      written.emplace_back(&path, std::move(*content));
    } else if (auto removed = state_->tree.remove(path); !removed) {
      return removed;
    }
  }
  for (const auto& [path, content] : written) {
    if (auto done = state_->tree.write(*path, content); !done) return done;
  }
  state_->changed.clear();
  return {};
}

std::vector<Change> Draft::changes() const {
  std::vector<Change> result;
  std::map<FindingNumber, std::size_t> place;
  for (const auto& [path, file] : state_->files) {
    for (FindingNumber number : file.findings()) {
      auto [found, added] = place.emplace(state_->groups.root(number), result.size());
      if (added) result.emplace_back();
      result[found->second].findings.insert(number);
      result[found->second].paths.insert(path);
    }
  }
  return result;
}

Result<std::map<std::string, std::optional<std::string>>> Draft::contents(
    const std::set<FindingNumber>& findings) const {
  std::set<FindingNumber> roots;
  for (FindingNumber number : findings) roots.insert(state_->groups.root(number));
  auto wanted = [&](const std::set<FindingNumber>& of_piece) {
    return !of_piece.empty() && roots.count(state_->groups.root(*of_piece.begin())) != 0;
  };
  std::map<std::string, std::optional<std::string>> result;
  for (const auto& [path, file] : state_->files) result.emplace(path, file.content(wanted));
  return result;
}

std::set<std::string> Draft::paths() const {
  std::set<std::string> result;
  for (const auto& entry : state_->files) result.insert(entry.first);
  return result;
}

}  // namespace daydream::changes
