#include "plugins/sentry_review/read/repair.hpp"

#include "daydream/kit/text.hpp"

namespace daydream::sentry {
namespace {

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_number_part(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

class Repair {
 public:
  explicit Repair(std::string_view bytes) : bytes_(bytes) { out_.reserve(bytes.size() + 16); }

  std::string run() {
    if (bytes_.starts_with("\xEF\xBB\xBF")) at_ = 3;
    while (at_ < bytes_.size()) {
      const char c = bytes_[at_];
      if (c == '"') {
        string();
      } else if (c == '-' || (c >= '0' && c <= '9')) {
        number();
      } else if (c == 'N' || c == 'I') {
        word();
      } else {
        out_ += c;
        ++at_;
      }
    }
    return std::move(out_);
  }

 private:
  void string() {
    out_ += bytes_[at_++];
    while (at_ < bytes_.size()) {
      const char c = bytes_[at_];
      if (c == '"') {
        out_ += c;
        ++at_;
        return;
      }
      if (c == '\\') {
        escape();
      } else {
        out_ += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        ++at_;
      }
    }
  }

  // The four digits of "\uXXXX" at `at`, or -1.
  [[nodiscard]] int unit(std::size_t at) const {
    if (at + 6 > bytes_.size() || bytes_[at] != '\\' || bytes_[at + 1] != 'u') return -1;
    int value = 0;
    for (std::size_t i = at + 2; i < at + 6; ++i) {
      const char c = bytes_[i];
      if (!is_hex(c)) return -1;
      value = value * 16 + (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
  }

  void escape() {
    const int first = unit(at_);
    if (first < 0xD800 || first > 0xDFFF) {
      const std::size_t size = first >= 0 ? 6 : 2;
      out_ += bytes_.substr(at_, size);
      at_ += std::min(size, bytes_.size() - at_);
      return;
    }
    const int second = first < 0xDC00 ? unit(at_ + 6) : -1;
    const bool pair = second >= 0xDC00 && second <= 0xDFFF;
    out_ += pair ? bytes_.substr(at_, 12) : std::string_view("\\ufffd");
    at_ += pair ? 12 : 6;
  }

  void number() {
    std::size_t end = at_;
    while (end < bytes_.size() && is_number_part(bytes_[end])) ++end;
    const std::string_view text = bytes_.substr(at_, end - at_);
    at_ = end;
    if (text == "-" && bytes_.substr(at_).starts_with("Infinity")) {
      at_ += 8;
      out_ += "null";
    } else {
      out_ += too_big(text) ? std::string_view("null") : text;
    }
  }

  static bool too_big(std::string_view text) {
    const std::size_t exponent = text.find_first_of("eE");
    if (exponent == std::string_view::npos) return text.size() > 300;
    std::string_view digits = text.substr(exponent + 1);
    if (!digits.empty() && (digits.front() == '+' || digits.front() == '-')) digits.remove_prefix(1);
    while (digits.size() > 1 && digits.front() == '0') digits.remove_prefix(1);
    return text.size() > 300 || digits.size() > 3 || (digits.size() == 3 && digits >= "290");
  }

  void word() {
    for (const std::string_view name : {std::string_view("NaN"), std::string_view("Infinity")}) {
      if (!bytes_.substr(at_).starts_with(name)) continue;
      out_ += "null";
      at_ += name.size();
      return;
    }
    out_ += bytes_[at_++];
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string repair_json(std::string_view bytes) {
  if (text::valid_utf8(bytes)) return Repair(bytes).run();
  const std::string valid = text::to_utf8(bytes);
  return Repair(valid).run();
}

}  // namespace daydream::sentry
