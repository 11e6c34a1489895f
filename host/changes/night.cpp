#include "changes/night.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "changes/branches.hpp"
#include "changes/durable.hpp"
#include "changes/git_writer.hpp"
#include "changes/stale_lock.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

constexpr std::string_view kSetAside = "refs/daydream/set-aside/";

std::string brief(const std::string& commit) {
  return commit.substr(0, 12);
}

// One commit put on top of another, without any work tree.
struct Picked {
  enum class Outcome { kNew, kEmpty, kConflict } outcome = Outcome::kConflict;
  std::string commit;
};

class Carrier {
 public:
  Carrier(SourceTree& tree, const Night& last, const std::string& base, Instant run_started)
      : tree_(tree), last_(last), base_(base), when_(run_started.ms / 1000) {}

  Result<Carried> run(const std::string& date);

 private:
  Result<void> inspect();
  Result<void> find_merged();
  Result<void> compare_with_branch();
  Result<bool> empty_onto_base(const std::string& from, const std::string& to);
  Result<Picked> pick(const std::string& commit, const std::string& onto);
  Result<std::string> merged_tree(const std::string& parent, const std::string& onto, const std::string& commit);
  Result<std::string> parent_of(const std::string& commit);
  Result<std::string> tree_of(const std::string& commit);
  Result<void> rebase(Carried& carried);
  Result<void> set_aside(const std::string& date, Carried& carried);
  void decline(const NightCommit& commit, const std::string& why, Carried& carried) const;

  SourceTree& tree_;
  const Night& last_;
  std::string base_;
  std::int64_t when_;
  std::string ref_tip_;            // where the last branch points now; "" = deleted
  std::set<std::string> merged_;   // commits of the last night whose changes the base holds
  std::set<std::string> dropped_;  // those a human took off the branch
  std::vector<std::string> conflicting_;
};

Result<std::string> Carrier::parent_of(const std::string& commit) {
  return tree_.writer().line_of({"rev-parse", "--verify", "--quiet", commit + "^1"});
}

Result<std::string> Carrier::tree_of(const std::string& commit) {
  return tree_.writer().line_of({"rev-parse", "--verify", "--quiet", commit + "^{tree}"});
}

// The tree of `onto` with what leads from `parent` to `commit`; "" where that conflicts. A commit with the tree
// of `onto` and the parent `parent` makes git merge over exactly that parent.
Result<std::string> Carrier::merged_tree(const std::string& parent, const std::string& onto,
                                         const std::string& commit) {
  auto ours = tree_of(onto);
  if (!ours) return ours;
  auto theirs = tree_of(commit);
  if (!theirs) return theirs;
  const GitWriter& git = tree_.writer();
  auto mine = git.line({{"commit-tree", *ours, "-p", parent, "-m", "onto"}, "", dated(when_)});
  if (!mine) return mine;
  auto other = git.line({{"commit-tree", *theirs, "-p", parent, "-m", "picked"}, "", dated(when_)});
  if (!other) return other;
  auto outcome = git.run({{"merge-tree", "--write-tree", "--no-messages", "--name-only", *mine, *other}, "", {}});
  if (!outcome) return std::move(outcome.error());
  if (outcome->exit_code == 1) return std::string();
  if (!outcome->good()) {
    return Error(ErrorKind::kPermanent, "git merge-tree: " + text::escape_terminal(text::trim(outcome->error)));
  }
  return std::string(text::trim(outcome->output));
}

Result<bool> Carrier::empty_onto_base(const std::string& from, const std::string& to) {
  auto merged = merged_tree(from, base_, to);
  if (!merged) return std::move(merged.error());
  if (merged->empty()) return false;
  auto base_tree = tree_of(base_);
  if (!base_tree) return std::move(base_tree.error());
  return *merged == *base_tree;
}

Result<Picked> Carrier::pick(const std::string& commit, const std::string& onto) {
  auto parent = parent_of(commit);
  if (!parent) return std::move(parent.error());
  if (*parent == onto) return Picked{Picked::Outcome::kNew, commit};
  auto tree = merged_tree(*parent, onto, commit);
  if (!tree) return std::move(tree.error());
  if (tree->empty()) return Picked{Picked::Outcome::kConflict, ""};
  auto before = tree_of(onto);
  if (!before) return std::move(before.error());
  if (*tree == *before) return Picked{Picked::Outcome::kEmpty, ""};
  auto message = tree_.writer().output_of({"log", "-1", "--format=%B", commit});
  if (!message) return std::move(message.error());
  std::string words(text::trim(*message));
  auto made = tree_.writer().line({{"commit-tree", *tree, "-p", onto, "-F", "-"}, words + "\n", dated(when_)});
  if (!made) return std::move(made.error());
  return Picked{Picked::Outcome::kNew, std::move(*made)};
}

Result<void> Carrier::inspect() {
  auto tip = branches::target(tree_, last_.ref);
  if (!tip) return std::move(tip.error());
  ref_tip_ = std::move(*tip);
  if (auto merged = find_merged(); !merged) return merged;
  if (ref_tip_.empty() || ref_tip_ == last_.tip) return {};
  return compare_with_branch();
}

// Reached the base as they are, as equal patches, or folded into other commits.
Result<void> Carrier::find_merged() {
  if (last_.commits.empty()) return {};
  auto whole = empty_onto_base(last_.base, last_.tip);
  if (!whole) return std::move(whole.error());
  std::vector<std::string> ids;
  for (const auto& commit : last_.commits) ids.push_back(commit.id);
  if (*whole) {
    merged_.insert(ids.begin(), ids.end());
    return {};
  }
  auto new_in_base = branches::commits_between(tree_, base_, {last_.base});
  if (!new_in_base) return std::move(new_in_base.error());
  if (new_in_base->empty()) return {};
  auto theirs = branches::patch_ids(tree_, *new_in_base);
  if (!theirs) return std::move(theirs.error());
  auto ours = branches::patch_ids(tree_, ids);
  if (!ours) return std::move(ours.error());
  std::set<std::string> base_ids(new_in_base->begin(), new_in_base->end());
  std::set<std::string> base_patches(theirs->begin(), theirs->end());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    bool reached = base_ids.count(ids[i]) != 0 || (!(*ours)[i].empty() && base_patches.count((*ours)[i]) != 0);
    if (!reached) {
      auto parent = parent_of(ids[i]);
      if (!parent) return std::move(parent.error());
      auto empty = empty_onto_base(*parent, ids[i]);
      if (!empty) return std::move(empty.error());
      reached = *empty;
    }
    if (reached) merged_.insert(ids[i]);
  }
  return {};
}

// The branch was moved by a human: which of our commits are still on it, as they were or rebased?
Result<void> Carrier::compare_with_branch() {
  auto there = branches::commits_between(tree_, ref_tip_, {last_.base});
  if (!there) return std::move(there.error());
  std::set<std::string> ids(there->begin(), there->end());
  auto patches = branches::patch_ids(tree_, *there);
  if (!patches) return std::move(patches.error());
  std::set<std::string> known(patches->begin(), patches->end());
  std::vector<std::string> ours;
  for (const auto& commit : last_.commits) ours.push_back(commit.id);
  auto our_patches = branches::patch_ids(tree_, ours);
  if (!our_patches) return std::move(our_patches.error());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    if (ids.count(ours[i]) == 0 && known.count((*our_patches)[i]) == 0) dropped_.insert(ours[i]);
  }
  return {};
}

void Carrier::decline(const NightCommit& commit, const std::string& why, Carried& carried) const {
  for (std::size_t i = 0; i < commit.findings.size(); ++i) {
    carried.declined.push_back({commit.findings[i], i < commit.contents.size() ? commit.contents[i] : "", why});
  }
}

Result<void> Carrier::rebase(Carried& carried) {
  for (const NightCommit& commit : last_.commits) {
    if (merged_.count(commit.id) != 0) {
      carried.merged.push_back(commit.id);
      continue;
    }
    if (ref_tip_.empty() || dropped_.count(commit.id) != 0) {
      decline(commit, ref_tip_.empty() ? "branch deleted" : "commit dropped", carried);
      continue;
    }
    auto picked = pick(commit.id, carried.night.tip);
    if (!picked) return std::move(picked.error()).context("carrying " + brief(commit.id));
    if (picked->outcome == Picked::Outcome::kEmpty) carried.merged.push_back(commit.id);
    if (picked->outcome == Picked::Outcome::kConflict) conflicting_.push_back(commit.id);
    if (picked->outcome != Picked::Outcome::kNew) continue;
    NightCommit moved = commit;
    moved.id = picked->commit;
    carried.night.tip = moved.id;
    carried.night.commits.push_back(std::move(moved));
  }
  return {};
}

// What no longer fits is kept where no tool shows it unasked, and said.
Result<void> Carrier::set_aside(const std::string& date, Carried& carried) {
  if (conflicting_.empty()) return {};
  auto refs = tree_.writer().output_of({"for-each-ref", "--format=%(objectname) %(refname)", std::string(kSetAside)});
  if (!refs) return std::move(refs.error());
  std::string kept;
  std::set<std::string> taken;
  for (auto line : text::split(*refs, '\n')) {
    auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    taken.emplace(line.substr(space + 1));
    if (line.substr(0, space) == last_.tip) kept = line.substr(space + 1);
  }
  for (int number = 1; kept.empty(); ++number) {
    std::string name = std::string(kSetAside) + date + "-" + std::to_string(number);
    if (taken.count(name) != 0) continue;
    if (auto moved = move_ref(tree_, name, "", last_.tip); !moved) return moved;
    kept = std::move(name);
  }
  carried.notes.push_back(std::to_string(conflicting_.size()) + " commit(s) of " + branches::short_name(last_.ref) +
                          " no longer fit the base and are kept under " + kept);
  return {};
}

}  // namespace

namespace {

// Commits on the branch that are neither ours, as they were or rebased, nor in the base.
Result<bool> holds_human_commits(SourceTree& tree, const Night& last, const std::string& tip, const std::string& base) {
  if (tip == last.tip) return false;
  auto there = branches::commits_between(tree, tip, {last.base, base});
  if (!there) return std::move(there.error());
  std::vector<std::string> ours;
  for (const auto& commit : last.commits) ours.push_back(commit.id);
  auto our_patches = branches::patch_ids(tree, ours);
  if (!our_patches) return std::move(our_patches.error());
  auto patches = branches::patch_ids(tree, *there);
  if (!patches) return std::move(patches.error());
  std::set<std::string> ids(ours.begin(), ours.end());
  std::set<std::string> known(our_patches->begin(), our_patches->end());
  for (std::size_t i = 0; i < there->size(); ++i) {
    if (ids.count((*there)[i]) == 0 && known.count((*patches)[i]) == 0) return true;
  }
  return false;
}

// Why the old branch must stay as it is; "" = it may go.
Result<std::string> reason_to_stay(SourceTree& tree, const Night& last, const std::string& tip,
                                   const std::string& base) {
  auto holder = branches::checked_out_at(tree, last.ref);
  if (!holder) return std::move(holder.error());
  if (!holder->empty()) return "it is checked out at " + text::show_path(*holder);
  auto shared = branches::is_shared(tree, last.ref);
  if (!shared) return std::move(shared.error());
  if (*shared) return std::string("it has an upstream");
  auto human = holds_human_commits(tree, last, tip, base);
  if (!human) return std::move(human.error());
  return *human ? std::string("it holds commits that are not Daydream's") : std::string();
}

// A name that is free, or the last night's own where nobody holds it.
Result<std::string> name_for(SourceTree& tree, const Night& last, const std::string& base, const std::string& date) {
  std::string ref = "refs/heads/daydream/" + date;
  // Where a branch "daydream" exists no branch can lie below it.
  auto nights = branches::nights(tree);
  if (!nights) return std::move(nights.error());
  const bool blocked = nights->count("refs/heads/daydream") != 0;
  if (blocked) ref = "refs/heads/daydream-" + date;
  for (int tries = 0; tries < 1000; ++tries, ref = branches::next_name(ref)) {
    auto known = nights->find(ref);
    auto tip = blocked ? branches::target(tree, ref)
                       : Result<std::string>(known == nights->end() ? std::string() : known->second);
    if (!tip || tip->empty()) return tip ? Result<std::string>(ref) : tip;
    if (ref != last.ref) continue;
    auto reason = reason_to_stay(tree, last, *tip, base);
    if (!reason || reason->empty()) return reason ? Result<std::string>(ref) : reason;
  }
  return Error(ErrorKind::kPermanent, "no free name for the night branch of " + date);
}

}  // namespace

Result<Carried> Carrier::run(const std::string& date) {
  Carried carried;
  carried.night.base = base_;
  carried.night.tip = base_;
  bool known = !last_.ref.empty() && !last_.commits.empty();
  if (known && !branches::has_commit(tree_, last_.tip)) {
    carried.notes.push_back("the commits of " + branches::short_name(last_.ref) + " are gone from the repository");
    for (const auto& commit : last_.commits) decline(commit, "branch deleted", carried);
    known = false;
  }
  if (known) {
    if (auto inspected = inspect(); !inspected) return std::move(inspected.error());
    if (auto rebased = rebase(carried); !rebased) return std::move(rebased.error());
    if (auto kept = set_aside(date, carried); !kept) return std::move(kept.error());
  }
  auto ref = name_for(tree_, last_, base_, date);
  if (!ref) return std::move(ref.error());
  carried.night.ref = std::move(*ref);
  carried.start = carried.night.tip;
  if (carried.start == last_.tip || (carried.start == base_ && conflicting_.empty())) return carried;
  auto synced = sync_file_systems({tree_.repository().common_directory()});
  return synced ? Result<Carried>(std::move(carried)) : std::move(synced.error());
}

Result<Carried> carry(SourceTree& tree, const Night& last, const std::string& base, const std::string& date,
                      Instant run_started) {
  if (auto ready = tree.provide(base); !ready) return std::move(ready.error());
  return Carrier(tree, last, base, run_started).run(date);
}

Result<void> move_ref(SourceTree& tree, const std::string& ref, const std::string& from, const std::string& to) {
  auto now = branches::target(tree, ref);
  if (!now) return std::move(now.error());
  if (*now == to) return {};
  std::string expected = from.empty() ? std::string(to.size(), '0') : from;
  auto outcome = tree.writer().run({{"update-ref", "-m", "daydream", ref, to, expected}, "", {}});
  if (!outcome) return std::move(outcome.error());
  if (outcome->good()) return {};
  std::string found = now->empty() ? "it does not exist" : "it points at " + brief(*now);
  if (*now != from)
    return Error(ErrorKind::kConflict, branches::short_name(ref) + " was moved by somebody else: " + found);
  const bool locked = lock_in_the_way(outcome->error).has_value();
  return Error(locked ? ErrorKind::kRetry : ErrorKind::kPermanent,
               "git update-ref: " + text::escape_terminal(text::trim(outcome->error)));
}

namespace {

Result<std::vector<std::string>> move_and_tidy(SourceTree& tree, const Night& last, const Night& tonight) {
  std::vector<std::string> notes;
  if (!tonight.commits.empty()) {
    std::string from;
    if (tonight.ref == last.ref) {
      auto now = branches::target(tree, last.ref);
      if (!now) return std::move(now.error());
      from = std::move(*now);
    }
    if (auto moved = move_ref(tree, tonight.ref, from, tonight.tip); !moved) return std::move(moved.error());
  }
  // A night without commits never made its ref.
  if (last.ref.empty() || last.commits.empty() || (last.ref == tonight.ref && !tonight.commits.empty())) return notes;
  auto tip = branches::target(tree, last.ref);
  if (!tip) return std::move(tip.error());
  if (tip->empty()) {
    // Perhaps gone by a git of ours that was killed before it let go of its locks: once more, and they go as well.
    if (auto again = tree.writer().run({{"update-ref", "-d", last.ref}, "", {}}); !again)
      return std::move(again.error());
    return notes;
  }
  auto reason = reason_to_stay(tree, last, *tip, tonight.base);
  if (!reason) return std::move(reason.error());
  if (!reason->empty()) {
    notes.push_back("branch " + branches::short_name(last.ref) + " stays: " + *reason);
    return notes;
  }
  auto removed = tree.writer().output_of({"update-ref", "-d", last.ref, *tip});
  if (!removed) return std::move(removed.error());
  return notes;
}

}  // namespace

Result<std::vector<std::string>> finish(SourceTree& tree, const Night& last, const Night& tonight) {
  auto notes = move_and_tidy(tree, last, tonight);
  if (!notes || (last.commits.empty() && tonight.commits.empty())) return notes;
  // The caller forgets last night now: its ref must not come back, tonight's not go.
  auto synced = sync_file_systems({tree.repository().common_directory()});
  return synced ? std::move(notes) : std::move(synced.error());
}

}  // namespace daydream::changes
