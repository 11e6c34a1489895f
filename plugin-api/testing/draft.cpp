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

namespace {

// Neighbours that share no byte stand or fall by themselves; an insertion at another's border does not.
bool touch(const Piece& one, const Piece& other) {
  const std::uint64_t one_end = one.offset + one.size;
  const std::uint64_t other_end = other.offset + other.size;
  if (one.size != 0 && other.size != 0) return one.offset < other_end && other.offset < one_end;
  return one.offset <= other_end && other.offset <= one_end;
}

}  // namespace

bool add_span(const Pieces& version, const SpanEdit& span, std::uint64_t finding, Pieces& target,
              std::set<std::uint64_t>& joined) {
  Carried carried = carry_back(version, span, finding);
  Pieces next = target;
  for (const auto& swallowed : carried.swallowed) {
    const auto found = std::find(next.begin(), next.end(), swallowed);
    if (found == next.end()) return false;
    next.erase(found);
  }
  for (auto other = next.begin(); other != next.end();) {
    if (touch(carried.piece, *other)) joined.insert(other->findings.begin(), other->findings.end());
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

const Draft::Version* Draft::File::version(std::uint64_t token) const {
  const auto found =
      std::find_if(versions.rbegin(), versions.rend(), [token](const Version& each) { return each.token == token; });
  return found == versions.rend() ? nullptr : &*found;
}

std::set<std::uint64_t> Draft::File::findings() const {
  std::set<std::uint64_t> all = created_by;
  all.insert(removed_by.begin(), removed_by.end());
  for (const auto& piece : pieces) all.insert(piece.findings.begin(), piece.findings.end());
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
  const bool edits = effect.kind == EffectKind::kEdit;
  const auto known = files_.find(effect.path);
  if (known == files_.end()) {
    const auto original = base_.find(effect.path);
    if (original == base_.end()) return Taken::kMissing;
    if (token_of(original->second) != effect.token) return Taken::kUnknownToken;
    return !edits || good_spans(effect.spans, original->second.size()) ? Taken::kTaken : Taken::kBadSpans;
  }
  if (!known->second.base) return Taken::kMissing;
  const Version* version = known->second.version(effect.token);
  if (version == nullptr) return Taken::kUnknownToken;
  const std::size_t size = compose(*known->second.base, version->pieces).size();
  return !edits || good_spans(effect.spans, size) ? Taken::kTaken : Taken::kBadSpans;
}

Draft::Taken Draft::edit(File& file, const Effect& effect) {
  if (!file.present()) return Taken::kConflict;  // removed by an earlier change
  // By value: the spans of one edit are all carried back by the content as the step saw it.
  const Pieces seen = file.version(effect.token)->pieces;
  Pieces pieces = file.pieces;
  std::set<std::uint64_t> joined = file.created_by;
  joined.insert(effect.finding);
  for (const auto& span : effect.spans) {
    if (!add_span(seen, span, effect.finding, pieces, joined)) return Taken::kConflict;
  }
  file.pieces = std::move(pieces);
  join(joined);
  return Taken::kTaken;
}

Draft::Taken Draft::create(File& file, const Effect& effect) {
  if (file.present()) return Taken::kExists;
  std::set<std::uint64_t> joined{effect.finding};
  if (!file.removed_by.empty()) {
    // Removed by this step and made anew: to the reader of the change a replacement of the whole.
    joined.merge(file.findings());
    file.removed_by.clear();
    file.pieces = {{0, file.base->size(), effect.content, joined}};
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

Draft::Taken Draft::add(const Effect& effect) {
  if (effect.kind != EffectKind::kCreate) {
    if (const Taken checked = check(effect); checked != Taken::kTaken) return checked;
  }
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
  std::string content = compose(*file.base, file.pieces);
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
  static const std::set<std::uint64_t> kNone;
  const auto found =
      std::find_if(changes_.begin(), changes_.end(), [&](const auto& each) { return each.count(finding) != 0; });
  return found == changes_.end() ? kNone : *found;
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
    Pieces pieces;
    for (const auto& piece : file.pieces) {
      if (holds(piece.findings)) pieces.push_back(piece);
    }
    files[path] = compose(*file.base, pieces);
  }
  return files;
}

}  // namespace daydream::testing
