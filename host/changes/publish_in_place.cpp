#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/files.hpp"
#include "changes/beneath.hpp"
#include "changes/git_writer.hpp"
#include "changes/publish_parts.hpp"
#include "changes/undo_pack.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;
using MaybeContent = std::optional<std::string>;

enum class Standing {
  kDone,   // holds what this step makes of it
  kReady,  // holds what the step began with
  kOther,  // a human's, or not a file that may be written
};

struct Looked {
  Standing standing = Standing::kOther;
  std::string why;
};

class InPlace {
 public:
  InPlace(const PublishInput& input, Published& published) : input_(input), published_(published) {}

  Result<void> run(std::set<FindingNumber>& apply) {
    auto old = input_.draft.contents({});
    if (!old) return std::move(old.error());
    old_ = std::move(*old);
    auto full = input_.draft.contents(apply);
    if (!full) return std::move(full.error());
    full_ = std::move(*full);
    if (auto known = learn_staged(); !known) return known;
    if (auto settled = settle(apply); !settled) return settled;
    if (auto kept = keep_undo(); !kept) return kept;
    if (auto written = write(apply); !written) return written;
    return sync();
  }

 private:
  // Paths whose entry in the user's index is not that of HEAD: staged, so not clean.
  Result<void> learn_staged();
  Result<Looked> look(const std::string& path, const MaybeContent& next) const;
  Result<void> settle(std::set<FindingNumber>& apply);
  Result<void> write(std::set<FindingNumber>& apply);
  Result<void> write_or_drop(const std::string& path, const MaybeContent& next, std::set<FindingNumber>& apply);
  Result<void> write_one(const std::string& path, const MaybeContent& next);
  Result<void> keep_undo();
  [[nodiscard]] unsigned mode_of(const std::string& path) const;
  Result<void> sync() const;
  // The changes that touch `path` leave `apply`, as conflicts.
  void drop(const std::string& path, const std::string& why, std::set<FindingNumber>& apply);

  const PublishInput& input_;
  Published& published_;
  Contents old_, full_, next_;
  std::set<std::string> staged_;
};

Result<void> InPlace::learn_staged() {
  if (!input_.tree.under_git()) return {};
  auto live = input_.tree.repository().index();
  if (!live) return std::move(live.error());
  auto head = input_.tree.repository().tree("HEAD");
  if (!head) return std::move(head.error());
  std::map<std::string, std::string> committed;
  for (const auto& entry : *head) committed[entry.path] = entry.id;
  std::map<std::string, std::string> index;
  for (const auto& entry : *live) index[entry.path] = entry.stage == 0 ? entry.id : "unmerged";
  for (const auto& [path, content] : old_) {
    auto entry = index.find(path);
    auto base = committed.find(path);
    std::string now = entry == index.end() ? "" : entry->second;
    if (now != (base == committed.end() ? "" : base->second)) staged_.insert(path);
  }
  return {};
}

Result<Looked> InPlace::look(const std::string& path, const MaybeContent& next) const {
  auto place = beneath::open_place(input_.tree.live(), path, beneath::Missing::kFail);
  MaybeContent now;
  if (place) {
    auto facts = beneath::look(*place);
    if (!facts) return std::move(facts.error());
    if (facts->has_value() && !S_ISREG((*facts)->st_mode)) return Looked{Standing::kOther, "not a regular file"};
    if (facts->has_value() && (*facts)->st_nlink > 1) return Looked{Standing::kOther, "the file has other hard links"};
    auto content = beneath::read(*place, kMaxFile);
    if (!content && content.error().kind() == ErrorKind::kRetry) return std::move(content.error());
    if (!content) return Looked{Standing::kOther, content.error().message()};
    now = std::move(*content);
  } else if (place.error().kind() == ErrorKind::kRetry) {
    return std::move(place.error());
  } else if (place.error().kind() != ErrorKind::kNotFound) {
    return Looked{Standing::kOther, place.error().message()};
  }
  if (now == next || now == full_.at(path)) return Looked{Standing::kDone, ""};
  if (now != old_.at(path)) return Looked{Standing::kOther, "changed in the work tree meanwhile"};
  if (staged_.count(path) != 0) return Looked{Standing::kOther, "staged in the index, not clean"};
  return Looked{Standing::kReady, ""};
}

void InPlace::drop(const std::string& path, const std::string& why, std::set<FindingNumber>& apply) {
  std::string words = text::show_path(path) + ": " + why;
  for (const Change& change : input_.draft.changes()) {
    if (change.paths.count(path) == 0) continue;
    for (FindingNumber number : change.findings) {
      if (apply.erase(number) != 0) published_.conflicts[number] = words;
    }
  }
}

// Until every path of what is left may be written.
Result<void> InPlace::settle(std::set<FindingNumber>& apply) {
  for (;;) {
    auto next = input_.draft.contents(apply);
    if (!next) return std::move(next.error());
    next_ = std::move(*next);
    bool stable = true;
    for (const auto& [path, content] : next_) {
      if (content == old_.at(path)) continue;
      auto looked = look(path, content);
      if (!looked) return std::move(looked.error());
      if (looked->standing != Standing::kOther) continue;
      drop(path, looked->why, apply);
      stable = false;
    }
    if (stable) return {};
  }
}

// Before the first file is written; written again by a run that goes on, with the modes that were there.
Result<void> InPlace::keep_undo() {
  const auto& options = input_.options;
  const Path file = undo_file(options.state_directory, options.run_id, options.step_number, options.step_id);
  std::map<std::string, unsigned> modes;
  if (auto before = read_undo(file)) {
    for (const UndoEntry& entry : *before) modes[entry.path] = entry.mode;
  }
  std::vector<UndoEntry> entries;
  for (const auto& [path, content] : next_) {
    const MaybeContent& old = old_.at(path);
    if (content == old) continue;
    auto known = modes.find(path);
    const unsigned mode = known != modes.end() ? known->second : mode_of(path);
    entries.push_back({path, old, content ? hash::sha256_hex(*content) : "", mode});
  }
  return entries.empty() ? Result<void>() : write_undo(file, entries);
}

unsigned InPlace::mode_of(const std::string& path) const {
  struct stat facts {};
  if (::lstat((input_.tree.live() / path).c_str(), &facts) != 0) return 0644;
  return facts.st_mode & 07777;
}

Result<void> InPlace::write_one(const std::string& path, const MaybeContent& next) {
  auto place =
      beneath::open_place(input_.tree.live(), path, next ? beneath::Missing::kCreate : beneath::Missing::kFail);
  if (!place) return std::move(place.error());
  bool done = false;
  auto unchanged = [&]() -> Result<void> {
    auto looked = look(path, next);
    if (!looked) return std::move(looked.error());
    if (looked->standing == Standing::kReady) return {};
    done = looked->standing == Standing::kDone;
    return Error(ErrorKind::kConflict, looked->why.empty() ? "changed in the work tree meanwhile" : looked->why);
  };
  Result<void> written;
  if (next)
    written = beneath::replace(*place, *next, {0666, true, unchanged});
  else if (written = unchanged(); written)
    written = beneath::unlink(*place);
  return done ? Result<void>() : std::move(written);
}

Result<void> InPlace::write(std::set<FindingNumber>& apply) {
  // Removals first: a folder may take the name of a file.
  for (bool removing : {true, false}) {
    for (const auto& [path, content] : next_) {
      if (content == old_.at(path) || content.has_value() == removing) continue;
      if (auto written = write_or_drop(path, content, apply); !written) return written;
    }
  }
  return {};
}

Result<void> InPlace::write_or_drop(const std::string& path, const MaybeContent& next, std::set<FindingNumber>& apply) {
  auto written = write_one(path, next);
  if (written) return {};
  if (!next && written.error().kind() == ErrorKind::kNotFound) return {};  // its folder has gone with it
  if (written.error().kind() == ErrorKind::kRetry) return std::move(written.error()).context(text::show_path(path));
  // A human came between the look and the rename: their file stays, and is named.
  drop(path, written.error().message(), apply);
  return {};
}

Result<void> InPlace::sync() const {
  files::Descriptor held(::open(input_.tree.live().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (held.get() < 0 || ::syncfs(held.get()) != 0) {
    return Error(ErrorKind::kDamaged, "syncing " + input_.tree.live().string());
  }
  return {};
}

}  // namespace

Result<void> publish_in_place(const PublishInput& input, std::set<FindingNumber>& apply, Published& published) {
  if (apply.empty()) return {};
  return InPlace(input, published).run(apply);
}

}  // namespace daydream::changes
