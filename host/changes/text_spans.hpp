// The kit's spans under this room's names. Inside changes/ only.
#pragma once

#include <vector>

#include "base/model.hpp"
#include "daydream/kit/spans.hpp"

namespace daydream::changes {

using spans::check_spans;
using spans::compose;
using spans::Piece;
using spans::Pieces;
using spans::weave;

inline std::vector<spans::Span> kit_spans(const std::vector<Span>& given) {
  std::vector<spans::Span> result;
  result.reserve(given.size());
  for (const Span& span : given) result.push_back({span.offset, span.size, span.replacement});
  return result;
}

}  // namespace daydream::changes
