// Numbers and texts as bytes and back, for the step's memory. Reading never fails outright: what is cut short or
// says more than there is leaves good() false, and what was read is not to be used.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::legacy {

class Packer {
 public:
  void number(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) out_ += static_cast<char>(0x80 | (number & 0x7F));
    out_ += static_cast<char>(number);
  }
  void text(std::string_view text) {
    number(text.size());
    out_ += text;
  }
  void list(const std::vector<std::string>& list) {
    number(list.size());
    for (const std::string& item : list) text(item);
  }
  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class Unpacker {
 public:
  // `bytes` must outlive it.
  explicit Unpacker(std::string_view bytes) : rest_(bytes) {}
  std::uint64_t number() {
    std::uint64_t result = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (rest_.empty()) break;
      const auto byte = static_cast<unsigned char>(rest_.front());
      rest_.remove_prefix(1);
      result |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return result;
    }
    good_ = false;
    return 0;
  }
  std::string text() {
    const std::uint64_t size = number();
    if (size > rest_.size()) {
      good_ = false;
      return {};
    }
    std::string found(rest_.substr(0, size));
    rest_.remove_prefix(size);
    return found;
  }
  // How many items follow; each takes at least a byte.
  std::uint64_t count() {
    const std::uint64_t many = number();
    if (many > rest_.size()) good_ = false;
    return good_ ? many : 0;
  }
  std::vector<std::string> list() {
    std::vector<std::string> found(count());
    for (std::string& item : found) item = text();
    return found;
  }
  // All there was has been read, and nothing else.
  [[nodiscard]] bool good() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

}  // namespace daydream::legacy
