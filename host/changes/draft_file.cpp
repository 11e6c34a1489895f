#include "changes/draft_file.hpp"

namespace daydream::changes {

namespace {

// Enough for a plugin that goes on with a content some commits old; the same after a kill, because it
// depends on the order of the effects alone.
constexpr std::size_t kVersionsKept = 64;

Error not_the_content() {
  return {ErrorKind::kConflict, "the file is not what the step saw"};
}

}  // namespace

DraftFile::DraftFile(std::optional<std::string> base, hash::GitFormat format)
    : in_base_(base.has_value()), original_(base ? std::move(*base) : ""), format_(format) {
  versions_.push_back({});
}

std::uint64_t DraftFile::token_of(Version& version) const {
  if (!version.token) {
    version.token = hash::token_of_blob_id(hash::git_blob_id(compose(original_, version.pieces), format_));
  }
  return *version.token;
}

const DraftFile::Version* DraftFile::find(std::uint64_t token) {
  if (token_of(base_) == token) return &base_;
  for (auto version = versions_.rbegin(); version != versions_.rend(); ++version) {
    if (token_of(*version) == token) return &*version;
  }
  return nullptr;
}

void DraftFile::advance(Pieces pieces) {
  versions_.push_back({std::move(pieces), std::nullopt});
  if (versions_.size() > kVersionsKept) versions_.pop_front();
}

DraftFile::Joined DraftFile::edit(std::uint64_t token, const std::vector<Span>& spans, FindingNumber finding) {
  if (!present()) return Error(ErrorKind::kConflict, "the file is gone");
  const Version* seen = find(token);
  if (seen == nullptr) return not_the_content();
  std::uint64_t size = original_.size();
  for (const auto& piece : seen->pieces) size = size - piece->size + piece->replacement.size();
  const auto taken = kit_spans(spans);
  if (auto good = check_spans(taken, size); !good) return std::move(good.error());
  auto woven = weave(original_, seen->pieces, versions_.back().pieces, taken, finding);
  if (!woven) return std::move(woven.error());
  advance(std::move(woven->pieces));
  woven->joined.insert(created_by_.begin(), created_by_.end());
  return std::move(woven->joined);
}

DraftFile::Joined DraftFile::create(const std::string& content, FindingNumber finding) {
  if (present()) return Error(ErrorKind::kConflict, "the file exists");
  if (in_base_ || !created_by_.empty()) {
    // Removed by this step and made anew: to the reader of the change a replacement of the whole.
    auto whole = std::make_shared<Piece>(Piece{0, original_.size(), content, removed_by_});
    for (FindingNumber number : findings()) whole->findings.insert(number);
    whole->findings.insert(finding);
    auto joined = whole->findings;
    removed_by_.clear();
    advance({std::move(whole)});
    return joined;
  }
  original_ = content;
  base_.token.reset();
  versions_.assign(1, {});
  created_by_.insert(finding);
  return std::set<FindingNumber>{finding};
}

DraftFile::Joined DraftFile::remove(std::uint64_t token, FindingNumber finding) {
  if (!present()) {
    if (removed_by_.empty()) return Error(ErrorKind::kConflict, "the file is gone");
    removed_by_.insert(finding);  // two findings want it gone: one change
    return removed_by_;
  }
  if (find(token) == nullptr) return not_the_content();
  std::set<FindingNumber> joined{finding};
  for (FindingNumber number : findings()) joined.insert(number);
  removed_by_.insert(finding);
  return joined;
}

std::optional<std::string> DraftFile::content(const Wanted& wanted) const {
  if (!in_base_ && !wanted(created_by_)) return std::nullopt;
  if (!removed_by_.empty() && wanted(removed_by_)) return std::nullopt;
  return compose(original_, versions_.back().pieces, [&](const Piece& piece) { return wanted(piece.findings); });
}

std::vector<FindingNumber> DraftFile::findings() const {
  std::vector<FindingNumber> result(created_by_.begin(), created_by_.end());
  std::set<FindingNumber> seen = created_by_;
  auto add = [&](const std::set<FindingNumber>& numbers) {
    for (FindingNumber number : numbers) {
      if (seen.insert(number).second) result.push_back(number);
    }
  };
  for (const auto& piece : versions_.back().pieces) add(piece->findings);
  add(removed_by_);
  return result;
}

}  // namespace daydream::changes
