#include "plugins/log_review/reading/journal.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kChunk = std::size_t{64} << 10;
constexpr std::size_t kLongestValue = std::size_t{64} << 10;  // of a field that is kept; the rest is passed over
constexpr std::array<std::string_view, 6> kWanted = {"__REALTIME_TIMESTAMP", "PRIORITY", "SYSLOG_IDENTIFIER",
                                                     "_SYSTEMD_UNIT",        "_PID",     "MESSAGE"};

class Journal final : public Source {
 public:
  explicit Journal(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}

  Result<std::size_t> read(char* out, std::size_t size) override {
    while (at_ == ready_.size()) {
      if (ended_) return std::size_t{0};
      ready_.clear();
      at_ = 0;
      std::string raw(kChunk, '\0');
      auto got = inner_->read(raw.data(), raw.size());
      if (!got) return std::move(got.error());
      ended_ = *got == 0;
      take(std::string_view(raw.data(), *got));
      if (ended_) finish();
    }
    const std::size_t count = std::min(size, ready_.size() - at_);
    std::memcpy(out, ready_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  enum class Part { kName, kValue, kSize, kBytes, kBehind };

  void take(std::string_view bytes) {
    while (!bytes.empty()) {
      switch (part_) {
        case Part::kName:
          take_name(bytes);
          break;
        case Part::kValue:
          take_value(bytes);
          break;
        case Part::kSize:
          take_size(bytes);
          break;
        case Part::kBytes:
          take_bytes(bytes);
          break;
        case Part::kBehind:  // the newline behind a field with a size
          bytes.remove_prefix(1);
          end_field();
          break;
      }
    }
  }

  // Up to '=' (its value follows to the end of the line) or the line's end (a size and bytes follow).
  void take_name(std::string_view& bytes) {
    const std::size_t end = bytes.find_first_of("=\n");
    keep(name_, bytes.substr(0, end));
    if (end == std::string_view::npos) {
      bytes = {};
      return;
    }
    const bool line = bytes[end] == '\n';
    bytes.remove_prefix(end + 1);
    if (line && name_.empty()) return end_entry();
    part_ = line ? Part::kSize : Part::kValue;
  }

  void take_value(std::string_view& bytes) {
    const std::size_t end = bytes.find('\n');
    keep(value_, bytes.substr(0, end));
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (end != std::string_view::npos) end_field();
  }

  // Eight bytes, the least first.
  void take_size(std::string_view& bytes) {
    size_ |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes.front())) << (8 * size_bytes_);
    bytes.remove_prefix(1);
    if (++size_bytes_ == 8) part_ = size_ == 0 ? Part::kBehind : Part::kBytes;
  }

  void take_bytes(std::string_view& bytes) {
    const std::size_t count = static_cast<std::size_t>(std::min<std::uint64_t>(size_, bytes.size()));
    keep(value_, bytes.substr(0, count));
    bytes.remove_prefix(count);
    size_ -= count;
    if (size_ == 0) part_ = Part::kBehind;
  }

  static void keep(std::string& into, std::string_view bytes) {
    into.append(bytes.substr(0, kLongestValue - std::min(kLongestValue, into.size())));
  }

  void end_field() {
    const auto wanted = std::find(kWanted.begin(), kWanted.end(), name_);
    if (wanted != kWanted.end()) fields_.emplace_back(*wanted, std::move(value_));
    name_.clear();
    value_.clear();
    size_ = 0;
    size_bytes_ = 0;
    part_ = Part::kName;
  }

  void end_entry() {
    if (fields_.empty()) return;
    json::Writer writer;
    writer.begin_object();
    for (const auto& [name, value] : fields_) writer.field(std::string(name).c_str(), text::to_utf8(value));
    writer.end_object();
    ready_ += writer.take();
    ready_ += '\n';
    fields_.clear();
  }

  void finish() {
    if (part_ != Part::kName && !value_.empty()) end_field();
    end_entry();
  }

  std::unique_ptr<Source> inner_;
  std::string ready_;
  std::size_t at_ = 0;
  bool ended_ = false;
  Part part_ = Part::kName;
  std::string name_, value_;
  std::uint64_t size_ = 0;
  unsigned size_bytes_ = 0;
  std::vector<std::pair<std::string_view, std::string>> fields_;
};

}  // namespace

std::unique_ptr<Source> journal_source(std::unique_ptr<Source> inner) {
  return std::make_unique<Journal>(std::move(inner));
}

}  // namespace daydream::logs
