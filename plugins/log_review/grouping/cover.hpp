// Templates that already stand for a message: found by their marks, so that a log in which every line has a name of
// its own is not grouped again and again. One thread an object.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plugins/log_review/grouping/shapes.hpp"

namespace daydream::logs {

class Cover {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  void clear() { by_marks_.clear(); }
  [[nodiscard]] bool empty() const { return by_marks_.empty(); }
  // `index`: of `shape` in the list that find() is given.
  void add(std::uint32_t index, const Shape& shape);
  // The template with the fewest values that reads as the message does: the same tokens, or a value in place of a
  // word where two words at least are the same. kNone: there is none among the first kMostTried of equal marks.
  std::uint32_t find(std::string_view message, const std::vector<Shape>& templates, const Words& words);

 private:
  static constexpr std::size_t kMostTried = 64;
  std::unordered_map<std::uint64_t, std::vector<std::uint32_t>> by_marks_;
  Shape message_;  // kept for its memory
};

}  // namespace daydream::logs
