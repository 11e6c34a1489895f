// The distinct shapes of messages, counted: what grouping works on. A million lines have some thousand.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace daydream::logs {

// Texts of tokens as numbers. A mark is its byte; kValue stands for any value.
class Words {
 public:
  static constexpr std::uint32_t kValue = 256;
  static constexpr std::uint32_t kUnknown = UINT32_MAX;
  Words();
  Words(Words&&) = default;
  Words& operator=(Words&&) = default;
  std::uint32_t id(std::string_view text);
  [[nodiscard]] std::uint32_t find(std::string_view text) const;  // kUnknown where it has no number
  [[nodiscard]] std::string_view text(std::uint32_t id) const { return texts_[id]; }
  [[nodiscard]] static bool is_mark(std::uint32_t id) { return id < kValue; }
  [[nodiscard]] std::size_t size() const { return texts_.size(); }

 private:
  std::deque<std::string> texts_;
  std::unordered_map<std::string_view, std::uint32_t> ids_;
};

struct Shape {
  std::vector<std::uint32_t> tokens;
  std::vector<bool> spaces;  // before each token
};

// REQUIRES: nothing of `message`; at most the first tokens of a very long one are taken.
Shape shape_of(std::string_view message, Words& words);
// The same into `shape`, without a number for new words: they are Words::kUnknown.
void read_shape(std::string_view message, const Words& words, Shape& shape);
// "session opened for user <*>": for people, and the identity of a pattern.
// A shape as text and back, exactly: for memory.
std::string shape_text(const Shape& shape, const Words& words);
Shape shape_from_text(std::string_view text, Words& words);
std::string template_of(const Shape& shape, const Words& words);

}  // namespace daydream::logs
