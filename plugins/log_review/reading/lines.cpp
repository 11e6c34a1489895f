#include "plugins/log_review/reading/lines.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace daydream::logs {
namespace {

constexpr std::size_t kBlock = std::size_t{256} << 10;
constexpr std::size_t kFirstBlock = std::size_t{16} << 10;  // small files are many

}  // namespace

Lines::Lines(Source& source, std::uint64_t offset) : source_(source), buffer_(kFirstBlock), offset_(offset) {}

bool Lines::fill() {
  if (at_end_) return false;
  if (end_ == buffer_.size() && buffer_.size() < kBlock) buffer_.resize(kBlock);
  if (begin_ > 0 && (end_ == buffer_.size() || begin_ == end_)) {
    std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
  }
  if (end_ == buffer_.size()) buffer_.resize(std::max(buffer_.size() * 2, kBlock));
  auto got = source_.read(buffer_.data() + end_, buffer_.size() - end_);
  if (!got) {
    at_end_ = true;
    trouble_ = std::move(got.error());
    return false;
  }
  at_end_ = *got == 0;
  end_ += *got;
  return !at_end_;
}

void Lines::give(Line& line, std::size_t length, std::size_t end) {
  std::string_view text(buffer_.data() + begin_, length);
  line.offset = offset_;
  line.size = length + end;
  line.ended = end > 0;
  line.nul_bytes = 0;
  if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
  if (!text.empty() && text.front() == '\0') {
    const std::size_t nuls = std::min(text.find_first_not_of('\0'), text.size());
    line.nul_bytes = static_cast<std::uint32_t>(nuls);
    text.remove_prefix(nuls);
  }
  line.text = text;
  begin_ += length + end;
  offset_ += length + end;
}

Result<bool> Lines::next(Line& line) {
  std::size_t looked = 0;
  for (;;) {
    const char* const from = buffer_.data() + begin_ + looked;
    const std::size_t left = end_ - begin_ - looked;
    const void* found = left == 0 ? nullptr : std::memchr(from, '\n', left);
    if (found != nullptr) {
      give(line, static_cast<std::size_t>(static_cast<const char*>(found) - (buffer_.data() + begin_)), 1);
      return true;
    }
    looked = end_ - begin_;
    if (looked >= kLongestLine) break;
    if (fill()) continue;
    if (begin_ == end_) {
      if (trouble_) return *std::exchange(trouble_, std::nullopt);
      return false;
    }
    give(line, end_ - begin_, 0);
    return true;
  }
  // Too long: its first part is the line, the rest is read over. The view must outlive that.
  std::vector<char> rest(kBlock);
  give(line, kLongestLine, 0);
  while (!at_end_) {
    const void* found = std::memchr(buffer_.data() + begin_, '\n', end_ - begin_);
    const std::size_t over =
        found == nullptr ? end_ - begin_
                         : static_cast<std::size_t>(static_cast<const char*>(found) - (buffer_.data() + begin_)) + 1;
    begin_ += over;
    offset_ += over;
    line.size += over;
    line.ended = found != nullptr;
    if (found != nullptr) break;
    auto got = source_.read(rest.data(), rest.size());
    if (!got) return std::move(got.error());
    at_end_ = *got == 0;
    if (end_ + *got > buffer_.size()) {
      // Behind the line's own bytes there is room for what follows it.
      const std::size_t keep = static_cast<std::size_t>(line.text.data() - buffer_.data()) + line.text.size();
      end_ = begin_ = keep;
      if (keep + *got > buffer_.size()) {
        const auto at = line.text.data() - buffer_.data();
        buffer_.resize(keep + *got);
        line.text = {buffer_.data() + at, line.text.size()};
      }
    }
    std::memcpy(buffer_.data() + end_, rest.data(), *got);
    end_ += *got;
  }
  return true;
}

Result<std::vector<std::string_view>> Lines::sample(std::size_t most, std::size_t bytes) {
  while (end_ < bytes && fill()) {
  }
  std::vector<std::string_view> lines;
  std::string_view rest(buffer_.data(), std::min(end_, bytes));
  while (!rest.empty() && lines.size() < most) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos && !(at_end_ && end_ <= bytes) && !lines.empty()) break;
    std::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    lines.push_back(line);
  }
  return lines;
}

}  // namespace daydream::logs
