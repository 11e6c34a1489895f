#include "daydream/kit/spans.hpp"

#include <algorithm>
#include <optional>

namespace daydream::spans {

namespace {

using Shared = std::shared_ptr<const Piece>;

// A new span in original coordinates, and the pieces of `seen` that it swallows.
struct Carried {
  Piece piece;
  std::vector<Shared> swallowed;
};

// Walks `seen` once while the spans ascend: `shift` is edited minus original offset before `next`.
struct Walker {
  const Pieces& seen;
  std::size_t next = 0;
  std::int64_t shift = 0;

  [[nodiscard]] std::uint64_t edited_start(const Piece& piece) const {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(piece.offset) + shift);
  }
  [[nodiscard]] std::uint64_t edited_end(const Piece& piece) const {
    return edited_start(piece) + piece.replacement.size();
  }
  void pass(const Piece& piece) {
    shift += static_cast<std::int64_t>(piece.replacement.size()) - static_cast<std::int64_t>(piece.size);
    ++next;
  }
  [[nodiscard]] std::uint64_t original(std::uint64_t edited) const {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(edited) - shift);
  }
};

// True when the edited range [start, end) changes text that a piece put there, or, where the piece only
// deletes, goes across it. To touch its border is not enough, but to insert before an insertion is: two at
// one place of the original would lose their order.
bool reaches_into(std::uint64_t start, std::uint64_t end, const Walker& walker, const Piece& piece) {
  const std::uint64_t piece_start = walker.edited_start(piece);
  const std::uint64_t piece_end = walker.edited_end(piece);
  if (start == end && piece.size == 0 && piece_start == start && piece_end > start) return true;
  if (start == end || piece_start == piece_end) return piece_start < end && start < piece_end;
  return start < piece_end && piece_start < end;
}

// Leaves `walker` at the first piece that a later span may still reach into.
Carried carry_back(const Span& span, Walker& walker) {
  const std::uint64_t start = span.offset;
  const std::uint64_t end = span.offset + span.size;
  while (walker.next < walker.seen.size() && walker.edited_end(*walker.seen[walker.next]) <= start) {
    walker.pass(*walker.seen[walker.next]);
  }
  Carried result;
  std::string before;
  std::string after;
  std::uint64_t original_start = walker.original(start);
  Walker ahead = walker;
  while (ahead.next < ahead.seen.size()) {
    const Shared& piece = ahead.seen[ahead.next];
    const std::uint64_t piece_start = ahead.edited_start(*piece);
    const std::uint64_t piece_end = ahead.edited_end(*piece);
    if (!reaches_into(start, end, ahead, *piece)) break;
    if (piece_start < start) {
      before = piece->replacement.substr(0, start - piece_start);
      original_start = piece->offset;
    }
    if (end < piece_end) after = piece->replacement.substr(end - piece_start);
    result.swallowed.push_back(piece);
    ahead.pass(*piece);
  }
  const std::uint64_t original_end = after.empty() ? ahead.original(end) : result.swallowed.back()->end();
  result.piece.offset = original_start;
  result.piece.size = original_end - original_start;
  result.piece.replacement = before + span.replacement + after;
  return result;
}

// Spans that reach into the same piece become one, with the edited text between them.
std::vector<Span> merged(const std::vector<Span>& spans, const Pieces& seen, std::string_view edited) {
  std::vector<Span> result;
  Walker walker{seen};
  for (const Span& span : spans) {
    while (walker.next < seen.size() && walker.edited_end(*seen[walker.next]) <= span.offset) {
      walker.pass(*seen[walker.next]);
    }
    if (!result.empty() && walker.next < seen.size()) {
      Span& last = result.back();
      const std::uint64_t last_end = last.offset + last.size;
      const Piece& piece = *seen[walker.next];
      if (reaches_into(last.offset, last_end, walker, piece) &&
          reaches_into(span.offset, span.offset + span.size, walker, piece)) {
        last.replacement.append(edited.substr(last_end, span.offset - last_end)).append(span.replacement);
        last.size = span.offset + span.size - last.offset;
        continue;
      }
    }
    result.push_back(span);
  }
  return result;
}

// Neighbours that share no byte stand or fall by themselves; an insertion at another's border does not.
bool touch(const Piece& one, const Piece& other) {
  if (one.size != 0 && other.size != 0) return one.offset < other.end() && other.offset < one.end();
  return one.offset <= other.end() && other.offset <= one.end();
}

bool overlap(const Piece& one, const Piece& other) {
  if (one.size == 0 && other.size == 0) return false;  // two insertions: in the order they came
  if (one.size == 0) return other.offset < one.offset && one.offset < other.end();
  if (other.size == 0) return one.offset < other.offset && other.offset < one.end();
  return one.offset < other.end() && other.offset < one.end();
}

// Two findings that want the same, or both only delete, agree; the piece becomes both's.
bool agree(Piece& mine, const Piece& other) {
  bool same = mine.offset == other.offset && mine.size == other.size && mine.replacement == other.replacement;
  bool deletions = mine.replacement.empty() && other.replacement.empty();
  if (!same && !deletions) return false;
  std::uint64_t start = std::min(mine.offset, other.offset);
  mine.size = std::max(mine.end(), other.end()) - start;
  mine.offset = start;
  return true;
}

Result<void> insert(Carried carried, Woven& woven, std::uint64_t finding) {
  Piece& mine = carried.piece;
  mine.findings.insert(finding);
  Pieces& pieces = woven.pieces;
  std::optional<std::ptrdiff_t> former;  // where the first swallowed piece stood
  for (const Shared& old : carried.swallowed) {
    auto found = std::find(pieces.begin(), pieces.end(), old);
    if (found == pieces.end()) return Error(ErrorKind::kConflict, "the place was edited again meanwhile");
    mine.findings.insert(old->findings.begin(), old->findings.end());
    if (!former) former = found - pieces.begin();
    pieces.erase(found);
  }
  // Pieces are ordered by their ends as well: only the neighbours from here on can be concerned.
  auto from = std::lower_bound(pieces.begin(), pieces.end(), mine.offset,
                               [](const Shared& piece, std::uint64_t offset) { return piece->end() < offset; });
  auto at = from;
  while (at != pieces.end() && (*at)->offset <= mine.end()) {
    const Piece& other = **at;
    if (touch(mine, other)) woven.joined.insert(other.findings.begin(), other.findings.end());
    if (!overlap(mine, other)) {
      ++at;
      continue;
    }
    if (!agree(mine, other)) return Error(ErrorKind::kConflict, "another finding changes the same place");
    mine.findings.insert(other.findings.begin(), other.findings.end());
    at = pieces.erase(at);
  }
  woven.joined.insert(mine.findings.begin(), mine.findings.end());
  // Behind all that begin before it, and behind insertions at the same place.
  auto place = std::find_if(pieces.begin(), pieces.end(), [&](const Shared& piece) {
    return piece->offset > mine.offset || (piece->offset == mine.offset && piece->size != 0);
  });
  // An insertion that took in others of its place stands where they stood.
  if (former && mine.size == 0) place = pieces.begin() + *former;
  pieces.insert(place, std::make_shared<const Piece>(std::move(mine)));
  return {};
}

}  // namespace

std::string compose(std::string_view original, const Pieces& pieces, const std::function<bool(const Piece&)>& wanted) {
  std::string result;
  std::uint64_t at = 0;
  for (const auto& piece : pieces) {
    if (wanted && !wanted(*piece)) continue;
    result.append(original.substr(at, piece->offset - at));
    result.append(piece->replacement);
    at = piece->end();
  }
  result.append(original.substr(at));
  return result;
}

Result<void> check_spans(const std::vector<Span>& spans, std::uint64_t size) {
  if (spans.empty()) return Error(ErrorKind::kInvalid, "no spans");
  std::uint64_t at = 0;
  const Span* before = nullptr;
  for (const Span& span : spans) {
    if (span.offset < at || (before != nullptr && span.offset == before->offset)) {
      return Error(ErrorKind::kInvalid, "spans overlap or do not ascend");
    }
    if (span.offset > size || span.size > size - span.offset) {
      return Error(ErrorKind::kInvalid, "a span ends behind the end of the file");
    }
    at = span.offset + span.size;
    before = &span;
  }
  return {};
}

Result<Woven> weave(std::string_view original, const Pieces& seen, const Pieces& now, const std::vector<Span>& spans,
                    std::uint64_t finding) {
  Woven woven{now, {finding}};
  Walker walker{seen};
  for (const Span& span : seen.empty() ? spans : merged(spans, seen, compose(original, seen))) {
    Carried carried = carry_back(span, walker);
    if (auto inserted = insert(std::move(carried), woven, finding); !inserted) return std::move(inserted.error());
  }
  return woven;
}

}  // namespace daydream::spans
