#include "daydream/testing/draft.hpp"

#include <algorithm>

#include "daydream/kit/hash.hpp"

namespace daydream::testing {

std::uint64_t token_of(std::string_view content) {
  return hash::token_of_blob_id(hash::git_blob_id(content));
}

const Draft::Version* Draft::File::version(std::uint64_t token) const {
  const auto found =
      std::find_if(versions.rbegin(), versions.rend(), [token](const Version& each) { return each.token == token; });
  return found == versions.rend() ? nullptr : &*found;
}

std::set<std::uint64_t> Draft::File::findings() const {
  std::set<std::uint64_t> all = created_by;
  all.insert(removed_by.begin(), removed_by.end());
  for (const auto& piece : pieces) all.insert(piece->findings.begin(), piece->findings.end());
  return all;
}

Draft::Draft(FileMap base) : base_(std::move(base)), edited_(base_) {}

Draft::File& Draft::file(const std::string& path) {
  const auto [place, fresh] = files_.try_emplace(path);
  File& file = place->second;
  if (fresh) {
    if (const auto found = base_.find(path); found != base_.end()) {
      file.base = found->second;
      file.versions.push_back({token_of(*file.base), {}});
    }
  }
  return file;
}

Draft::Taken Draft::check(const Effect& effect) const {
  const bool edits = effect.kind == EffectKind::kEdit;
  const auto known = files_.find(effect.path);
  if (effect.kind == EffectKind::kCreate) {
    const bool there = known == files_.end() ? base_.count(effect.path) != 0 : known->second.present();
    return there ? Taken::kExists : Taken::kTaken;
  }
  if (known == files_.end()) {
    const auto original = base_.find(effect.path);
    if (original == base_.end()) return Taken::kMissing;
    if (token_of(original->second) != effect.token) return Taken::kUnknownToken;
    return !edits || spans::check_spans(effect.spans, original->second.size()) ? Taken::kTaken : Taken::kBadSpans;
  }
  if (!known->second.base) return Taken::kMissing;
  const Version* version = known->second.version(effect.token);
  if (version == nullptr) return Taken::kUnknownToken;
  const std::size_t size = spans::compose(*known->second.base, version->pieces).size();
  return !edits || spans::check_spans(effect.spans, size) ? Taken::kTaken : Taken::kBadSpans;
}

Draft::Taken Draft::edit(File& file, const Effect& effect) {
  if (!file.present()) return Taken::kConflict;  // removed by an earlier change
  auto woven = spans::weave(*file.base, file.version(effect.token)->pieces, file.pieces, effect.spans, effect.finding);
  if (!woven) return Taken::kConflict;
  file.pieces = std::move(woven->pieces);
  woven->joined.insert(file.created_by.begin(), file.created_by.end());
  woven->joined.insert(effect.finding);
  join(woven->joined);
  return Taken::kTaken;
}

Draft::Taken Draft::create(File& file, const Effect& effect) {
  std::set<std::uint64_t> joined{effect.finding};
  if (!file.removed_by.empty()) {
    // Removed by this step and made anew: to the reader of the change a replacement of the whole.
    joined.merge(file.findings());
    file.removed_by.clear();
    file.pieces = {std::make_shared<const spans::Piece>(spans::Piece{0, file.base->size(), effect.content, joined})};
  } else {
    file.base = effect.content;
    file.created_by = {effect.finding};
    file.versions.push_back({token_of(effect.content), {}});
  }
  join(joined);
  return Taken::kTaken;
}

Draft::Taken Draft::remove(File& file, const Effect& effect) {
  std::set<std::uint64_t> joined = file.findings();
  joined.insert(effect.finding);
  file.removed_by.insert(effect.finding);
  join(joined);
  return Taken::kTaken;
}

Draft Draft::of_path(const std::string& path) const {
  Draft one(FileMap{});
  if (const auto found = base_.find(path); found != base_.end()) one.base_.insert(*found);
  if (const auto found = files_.find(path); found != files_.end()) one.files_.insert(*found);
  return one;
}

Draft::Taken Draft::add(const Effect& effect) {
  if (const Taken checked = check(effect); checked != Taken::kTaken) return checked;
  File& target = file(effect.path);
  const Taken taken = effect.kind == EffectKind::kEdit     ? edit(target, effect)
                      : effect.kind == EffectKind::kCreate ? create(target, effect)
                                                           : remove(target, effect);
  if (taken == Taken::kTaken) refresh(effect.path, target);
  return taken;
}

void Draft::refresh(const std::string& path, File& file) {
  if (!file.present()) {
    edited_.erase(path);
    return;
  }
  std::string content = spans::compose(*file.base, file.pieces);
  const std::uint64_t token = token_of(content);
  if (file.versions.back().token != token) file.versions.push_back({token, {}});
  file.versions.back().pieces = file.pieces;
  edited_[path] = std::move(content);
}

void Draft::join(const std::set<std::uint64_t>& findings) {
  std::set<std::uint64_t> all = findings;
  std::erase_if(changes_, [&](const std::set<std::uint64_t>& change) {
    const bool meets = std::any_of(change.begin(), change.end(), [&](auto each) { return findings.count(each) != 0; });
    if (meets) all.insert(change.begin(), change.end());
    return meets;
  });
  changes_.push_back(std::move(all));
}

const std::set<std::uint64_t>& Draft::change_of(std::uint64_t finding) const {
  static const std::set<std::uint64_t> none;
  const auto found =
      std::find_if(changes_.begin(), changes_.end(), [&](const auto& each) { return each.count(finding) != 0; });
  return found == changes_.end() ? none : *found;
}

FileMap Draft::with(const std::function<bool(const std::set<std::uint64_t>&)>& wanted) const {
  const auto holds = [&](const std::set<std::uint64_t>& findings) {
    return !findings.empty() && wanted(change_of(*findings.begin()));
  };
  FileMap files = base_;
  for (const auto& [path, file] : files_) {
    const bool created = file.created_by.empty() || holds(file.created_by);
    if (!file.base || !created || holds(file.removed_by)) {
      files.erase(path);
      continue;
    }
    files[path] =
        spans::compose(*file.base, file.pieces, [&](const spans::Piece& piece) { return holds(piece.findings); });
  }
  return files;
}

}  // namespace daydream::testing
