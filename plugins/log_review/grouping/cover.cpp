#include "plugins/log_review/grouping/cover.hpp"

#include <algorithm>

namespace daydream::logs {
namespace {

constexpr std::size_t kWordsNeeded = 2;

std::uint64_t marks_of(const Shape& shape) {
  std::uint64_t hash = shape.tokens.size();
  for (const std::uint32_t token : shape.tokens) {
    hash = (hash ^ (Words::is_mark(token) ? token : Words::kValue)) * 0x9FB21C651E98DF25ULL;
    hash ^= hash >> 32U;
  }
  return hash;
}

// REQUIRES: as many tokens, the marks at the same places.
bool reads_as(const Shape& wide, const Shape& message) {
  std::size_t words = 0;
  bool equal = true;
  for (std::size_t i = 0; i < wide.tokens.size(); ++i) {
    if (wide.tokens[i] == message.tokens[i]) {
      words += wide.tokens[i] > Words::kValue ? 1 : 0;
    } else {
      if (wide.tokens[i] != Words::kValue) return false;
      equal = false;
    }
  }
  return equal || words >= kWordsNeeded;
}

}  // namespace

void Cover::add(std::uint32_t index, const Shape& shape) {
  by_marks_[marks_of(shape)].push_back(index);
}

std::uint32_t Cover::find(std::string_view message, const std::vector<Shape>& templates, const Words& words) {
  if (by_marks_.empty()) return kNone;
  read_shape(message, words, message_);
  const auto alike = by_marks_.find(marks_of(message_));
  if (alike == by_marks_.end()) return kNone;
  std::uint32_t best = kNone;
  std::ptrdiff_t fewest = 0;
  for (std::size_t i = 0; i < std::min(alike->second.size(), kMostTried); ++i) {
    const std::uint32_t index = alike->second[i];
    const Shape& wide = templates[index];
    if (wide.tokens.size() != message_.tokens.size() || !reads_as(wide, message_)) continue;
    const std::ptrdiff_t values = std::count(wide.tokens.begin(), wide.tokens.end(), Words::kValue);
    if (best != kNone && values >= fewest) continue;
    best = index;
    fewest = values;
  }
  return best;
}

}  // namespace daydream::logs
