#include "daydream/testing/draft.hpp"

#include <algorithm>

#include "daydream/kit/hash.hpp"

namespace daydream::testing {

std::uint64_t token_of(std::string_view content) {
  return hash::token_of_blob_id(hash::git_blob_id(content));
}

std::string compose(std::string_view base, const Pieces& pieces) {
  std::string out;
  std::uint64_t at = 0;
  for (const auto& piece : pieces) {
    out += base.substr(at, piece.offset - at);
    out += piece.replacement;
    at = piece.offset + piece.size;
  }
  return out += base.substr(at);
}

namespace {

// A span carried back to the base, and the pieces of the version that it swallows.
struct Carried {
  Piece piece;
  Pieces swallowed;
};

Carried carry_back(const Pieces& version, const SpanEdit& span, std::uint64_t finding) {
  const std::uint64_t end = span.offset + span.size;
  Carried carried;
  std::string head;
  std::string tail;
  std::uint64_t begin_base = span.offset;
  std::uint64_t end_base = end;
  std::int64_t shift = 0;  // version offset - base offset, behind the pieces seen
  for (const auto& piece : version) {
    const std::uint64_t from = piece.offset + static_cast<std::uint64_t>(shift);
    const std::uint64_t to = from + piece.replacement.size();
    const std::int64_t grown =
        static_cast<std::int64_t>(piece.replacement.size()) - static_cast<std::int64_t>(piece.size);
    const bool touches = span.offset < to && from < end;
    const bool inside = span.size == 0 && from < span.offset && span.offset < to;
    const bool hole = piece.replacement.empty() && span.offset < from && from < end;
    if (touches || inside || hole) {
      if (carried.swallowed.empty() && from < span.offset) {
        head = piece.replacement.substr(0, span.offset - from);
        begin_base = piece.offset;
      } else if (carried.swallowed.empty()) {
        begin_base = span.offset - static_cast<std::uint64_t>(shift);
      }
      if (to > end) tail = piece.replacement.substr(end - from);
      end_base = to >= end ? piece.offset + piece.size : end - static_cast<std::uint64_t>(shift + grown);
      carried.swallowed.push_back(piece);
      carried.piece.findings.insert(piece.findings.begin(), piece.findings.end());
    } else if (to <= span.offset) {
      begin_base = span.offset - static_cast<std::uint64_t>(shift + grown);
      end_base = end - static_cast<std::uint64_t>(shift + grown);
    } else {
      break;
    }
    shift += grown;
  }
  carried.piece.offset = begin_base;
  carried.piece.size = end_base - begin_base;
  carried.piece.replacement = head + span.replacement + tail;
  carried.piece.findings.insert(finding);
  return carried;
}

bool overlap(const Piece& left, const Piece& right) {
  const std::uint64_t left_end = left.offset + left.size;
  const std::uint64_t right_end = right.offset + right.size;
  if (left.size == 0 && right.size == 0) return false;  // two insertions: in the order they came
  if (left.size == 0) return right.offset < left.offset && left.offset < right_end;
  if (right.size == 0) return left.offset < right.offset && right.offset < left_end;
  return left.offset < right_end && right.offset < left_end;
}

// Two removals join to their union; the same change twice is one.
bool join(Piece& into, const Piece& other) {
  const bool same = into.offset == other.offset && into.size == other.size && into.replacement == other.replacement;
  if (!same && (!into.replacement.empty() || !other.replacement.empty())) return false;
  const std::uint64_t end = std::max(into.offset + into.size, other.offset + other.size);
  into.offset = std::min(into.offset, other.offset);
  into.size = end - into.offset;
  into.findings.insert(other.findings.begin(), other.findings.end());
  return true;
}

}  // namespace

bool add_span(const Pieces& version, const SpanEdit& span, std::uint64_t finding, Pieces& target) {
  Carried carried = carry_back(version, span, finding);
  Pieces next = target;
  for (const auto& swallowed : carried.swallowed) {
    const auto found = std::find(next.begin(), next.end(), swallowed);
    if (found == next.end()) return false;
    next.erase(found);
  }
  for (auto other = next.begin(); other != next.end();) {
    if (!overlap(carried.piece, *other)) {
      ++other;
    } else if (join(carried.piece, *other)) {
      next.erase(other);
      other = next.begin();  // the union may now reach others
    } else {
      return false;
    }
  }
  const auto place =
      std::upper_bound(next.begin(), next.end(), carried.piece, [](const Piece& left, const Piece& right) {
        return left.offset != right.offset ? left.offset < right.offset : left.size < right.size;
      });
  next.insert(place, std::move(carried.piece));
  target = std::move(next);
  return true;
}

Draft::Draft(FileMap base) : base_(std::move(base)), applied_(base_) {}

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

namespace {

bool good_spans(const std::vector<SpanEdit>& spans, std::size_t size) {
  std::uint64_t last = 0;
  for (const auto& span : spans) {
    if (span.offset < last || span.offset > size || span.size > size - span.offset) return false;
    last = span.offset + span.size;
  }
  return !spans.empty();
}

}  // namespace

Draft::Taken Draft::check(const Effect& effect) const {
  const auto known = files_.find(effect.path);
  if (known == files_.end()) {
    const auto original = base_.find(effect.path);
    if (original == base_.end()) return Taken::kMissing;
    if (token_of(original->second) != effect.token) return Taken::kUnknownToken;
    const bool good = effect.kind != EffectKind::kEdit || good_spans(effect.spans, original->second.size());
    return good ? Taken::kTaken : Taken::kBadSpans;
  }
  if (!known->second.base) return Taken::kMissing;
  for (const auto& version : known->second.versions) {
    if (version.token != effect.token) continue;
    if (effect.kind != EffectKind::kEdit) return Taken::kTaken;
    const std::string content = compose(*known->second.base, version.pieces);
    return good_spans(effect.spans, content.size()) ? Taken::kTaken : Taken::kBadSpans;
  }
  return Taken::kUnknownToken;
}

Draft::Taken Draft::edit(File& file, const Effect& effect, bool safe) {
  if (!file.base || !file.removed_by.empty()) return Taken::kMissing;
  const auto version = std::find_if(file.versions.rbegin(), file.versions.rend(),
                                    [&](const Version& each) { return each.token == effect.token; });
  if (version == file.versions.rend()) return Taken::kUnknownToken;
  if (!good_spans(effect.spans, compose(*file.base, version->pieces).size())) return Taken::kBadSpans;
  // A span is carried back by the version as it was, so the spans of one edit do not shift each other.
  const Pieces pieces = version->pieces;
  Pieces applied = file.applied;
  Pieces proposed = file.proposed;
  for (const auto& span : effect.spans) {
    if (safe && !add_span(pieces, span, effect.finding, applied)) return Taken::kConflict;
    if (!add_span(pieces, span, effect.finding, proposed)) return Taken::kConflict;
  }
  file.applied = std::move(applied);
  file.proposed = std::move(proposed);
  return Taken::kTaken;
}

Draft::Taken Draft::create(File& file, const Effect& effect, bool safe) {
  if (file.base) return Taken::kExists;
  file.base = effect.content;
  file.created_by = effect.finding;
  file.created_safe = safe;
  file.versions = {{token_of(effect.content), {}}};
  return Taken::kTaken;
}

Draft::Taken Draft::remove(File& file, const Effect& effect, bool safe) {
  if (!file.base || !file.removed_by.empty()) return Taken::kMissing;
  const bool known = std::any_of(file.versions.begin(), file.versions.end(),
                                 [&](const Version& each) { return each.token == effect.token; });
  if (!known) return Taken::kUnknownToken;
  if (safe) file.removed_by.insert(effect.finding);
  file.proposed_removed_by.insert(effect.finding);
  return Taken::kTaken;
}

Draft::Taken Draft::add(const Effect& effect, bool safe) {
  File& target = file(effect.path);
  Taken taken = Taken::kTaken;
  if (effect.kind == EffectKind::kEdit) taken = edit(target, effect, safe);
  if (effect.kind == EffectKind::kCreate) taken = create(target, effect, safe);
  if (effect.kind == EffectKind::kRemove) taken = remove(target, effect, safe);
  if (taken == Taken::kTaken) refresh(effect.path, target);
  return taken;
}

void Draft::refresh(const std::string& path, File& file) {
  const bool present = file.base && file.removed_by.empty() && (file.created_by == 0 || file.created_safe);
  if (!present) {
    applied_.erase(path);
    return;
  }
  std::string content = compose(*file.base, file.applied);
  const std::uint64_t token = token_of(content);
  if (file.versions.empty() || file.versions.back().token != token) file.versions.push_back({token, file.applied});
  file.versions.back().pieces = file.applied;
  applied_[path] = std::move(content);
}

void Draft::drop(std::uint64_t finding) {
  for (auto& [path, file] : files_) {
    const auto holds = [finding](const Piece& piece) { return piece.findings.count(finding) != 0; };
    std::erase_if(file.applied, holds);
    std::erase_if(file.proposed, holds);
    file.removed_by.erase(finding);
    file.proposed_removed_by.erase(finding);
    if (file.created_by == finding) file = File{};
    refresh(path, file);
  }
}

FileMap Draft::proposed() const {
  FileMap files = applied_;
  for (const auto& [path, file] : files_) {
    if (!file.base || !file.proposed_removed_by.empty()) {
      files.erase(path);
    } else {
      files[path] = compose(*file.base, file.proposed);
    }
  }
  return files;
}

}  // namespace daydream::testing
