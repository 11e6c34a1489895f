// Spans of one file: replacements against fixed bytes, each with the findings it belongs to, and how a
// later edit of the edited text is carried back to those bytes. The host's draft and the in-memory host are
// made of it, so that both say the same. Pure. [any thread]
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::spans {

struct Span {
  std::uint64_t offset = 0, size = 0;
  std::string replacement;
};

struct Piece {
  std::uint64_t offset = 0, size = 0;  // of the original bytes
  std::string replacement;
  std::set<std::uint64_t> findings;
  [[nodiscard]] std::uint64_t end() const { return offset + size; }
};
// Disjoint, ascending; pieces are shared between versions of a file and never change.
using Pieces = std::vector<std::shared_ptr<const Piece>>;

// The original with those pieces replaced that `wanted` names (all when it is empty).
std::string compose(std::string_view original, const Pieces& pieces,
                    const std::function<bool(const Piece&)>& wanted = nullptr);

// kInvalid: no span, one that does not begin behind the one before it, spans that overlap, or beyond `size`.
Result<void> check_spans(const std::vector<Span>& spans, std::uint64_t size);

struct Woven {
  Pieces pieces;
  std::set<std::uint64_t> joined;  // findings whose pieces touch the new ones: one change from now on
};
// `spans` are of compose(original, seen); `now` is what has become of `seen` meanwhile. kConflict where a
// place they speak of was changed since, or another finding wants something else there.
Result<Woven> weave(std::string_view original, const Pieces& seen, const Pieces& now, const std::vector<Span>& spans,
                    std::uint64_t finding);

}  // namespace daydream::spans
