// Numbers and texts in one row of bytes: what checkpoints of the step are made of. A text that was cut or changed
// is told by good(), never by a crash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daydream::logs {

class Packer {
 public:
  // Seven bits a byte, the lowest first.
  void number(std::uint64_t value) {
    while (value >= 128) {
      bytes_ += static_cast<char>((value & 127U) | 128U);
      value >>= 7U;
    }
    bytes_ += static_cast<char>(value);
  }
  void text(std::string_view text) {
    number(text.size());
    bytes_ += text;
  }
  std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

class Unpacker {
 public:
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  [[nodiscard]] bool good() const { return good_; }
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && !rest_.empty(); shift += 7) {
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 127U) << shift;
      if (byte < 128) return value;
    }
    good_ = false;
    return 0;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) good_ = false;
    if (!good_) return {};
    std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return text;
  }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace daydream::logs
