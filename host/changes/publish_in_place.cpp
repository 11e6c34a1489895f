#include <sys/stat.h>

#include <algorithm>

#include "base/files.hpp"
#include "changes/beneath.hpp"
#include "changes/durable.hpp"
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
    return write(apply);  // publish() syncs, once for all that it does
  }

 private:
  // Paths whose entry in the user's index is not that of HEAD: staged, so not clean.
  Result<void> learn_staged();
  Result<Looked> look(const std::string& path, const MaybeContent& next) const;
  Result<void> settle(std::set<FindingNumber>& apply);
  Result<void> write(std::set<FindingNumber>& apply);
  // One file after the other through `one`; where a human came first theirs stays, and is named.
  using One = Result<void> (InPlace::*)(const std::string& path, const MaybeContent& next);
  Result<void> each(One one, bool removing, std::set<FindingNumber>& apply);
  Result<void> stage(const std::string& path, const MaybeContent& next);
  Result<void> put(const std::string& path, const MaybeContent& next);
  Result<void> remove(const std::string& path, const MaybeContent& next);
  // True: there is something to do; false: done before. kConflict: not clean any more.
  Result<bool> still_ready(const std::string& path, const MaybeContent& next) const;
  Result<void> keep_undo();
  [[nodiscard]] unsigned mode_of(const std::string& path) const;
  // The changes that touch `path` leave `apply`, as conflicts.
  void drop(const std::string& path, const std::string& why, std::set<FindingNumber>& apply);

  const PublishInput& input_;
  Published& published_;
  Contents old_, full_, next_;
  std::set<std::string> staged_;  // in the user's index
  std::set<std::string> left_;    // dropped while files were written
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
    const bool linked = facts->has_value() && (*facts)->st_nlink > 1;
    if (linked && !((*facts)->st_nlink == 2 && beneath::drop_staged_twin(*place, **facts)))
      return Looked{Standing::kOther, "the file has other hard links"};
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

Result<bool> InPlace::still_ready(const std::string& path, const MaybeContent& next) const {
  auto looked = look(path, next);
  if (!looked) return std::move(looked.error());
  if (looked->standing != Standing::kOther) return looked->standing == Standing::kReady;
  return Error(ErrorKind::kConflict, looked->why);
}

Result<void> InPlace::stage(const std::string& path, const MaybeContent& next) {
  auto ready = still_ready(path, next);
  if (!ready) return std::move(ready.error());
  auto place = beneath::open_place(input_.tree.live(), path, beneath::Missing::kCreate);
  if (!place) return std::move(place.error());
  if (*ready) return beneath::stage(*place, *next, {0666, true, false});
  beneath::drop_staged(*place);  // of a run that was killed
  return {};
}

// Looked at again: a human may have come while the others were staged.
Result<void> InPlace::put(const std::string& path, const MaybeContent& next) {
  auto ready = still_ready(path, next);
  auto place = beneath::open_place(input_.tree.live(), path, beneath::Missing::kFail);
  if (!place) return std::move(place.error());
  if (ready && !*ready) return {};
  auto done = ready ? beneath::put_staged(*place) : Result<void>(std::move(ready.error()));
  if (!done) beneath::drop_staged(*place);
  return done;
}

Result<void> InPlace::remove(const std::string& path, const MaybeContent& next) {
  auto ready = still_ready(path, next);
  if (!ready) return std::move(ready.error());
  if (!*ready) return {};
  auto place = beneath::open_place(input_.tree.live(), path, beneath::Missing::kFail);
  return place ? beneath::unlink(*place) : std::move(place.error());
}

Result<void> InPlace::each(One one, bool removing, std::set<FindingNumber>& apply) {
  for (const auto& [path, content] : next_) {
    if (content == old_.at(path) || content.has_value() == removing || left_.count(path) != 0) continue;
    auto done = (this->*one)(path, content);
    if (done) continue;
    if (!content && done.error().kind() == ErrorKind::kNotFound) continue;  // its folder has gone with it
    if (done.error().kind() == ErrorKind::kRetry || done.error().kind() == ErrorKind::kDamaged)
      return std::move(done.error()).context(text::show_path(path));
    drop(path, done.error().message(), apply);
    left_.insert(path);
  }
  return {};
}

// The undo copies and all new bytes are on the disk before the first name changes.
Result<void> InPlace::write(std::set<FindingNumber>& apply) {
  const bool removes = std::any_of(next_.begin(), next_.end(),
                                   [this](const auto& entry) { return !entry.second && old_.at(entry.first); });
  if (removes) {  // first: a folder may take the name of a file
    if (auto synced = sync_file_systems({input_.options.state_directory}); !synced) return synced;
    if (auto removed = each(&InPlace::remove, true, apply); !removed) return removed;
  }
  if (auto staged = each(&InPlace::stage, false, apply); !staged) return staged;
  if (auto synced = sync_file_systems({input_.tree.live(), input_.options.state_directory}); !synced) return synced;
  return each(&InPlace::put, false, apply);
}

}  // namespace

Result<void> publish_in_place(const PublishInput& input, std::set<FindingNumber>& apply, Published& published) {
  if (apply.empty()) return {};
  return InPlace(input, published).run(apply);
}

}  // namespace daydream::changes
