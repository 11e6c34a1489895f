#include "plugins/log_review/reading/source.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

#include "plugins/log_review/reading/decoders.hpp"
#include "plugins/log_review/reading/journal.hpp"

namespace daydream::logs {
namespace {

class Plain final : public Source {
 public:
  Plain(int descriptor, std::uint64_t offset) : descriptor_(descriptor), offset_(offset) {
    seekable_ = ::lseek(descriptor, 0, SEEK_CUR) >= 0;
  }
  Plain(const Plain&) = delete;
  Plain& operator=(const Plain&) = delete;
  ~Plain() override { (void)::close(descriptor_); }

  Result<std::size_t> read(char* out, std::size_t size) override {
    for (;;) {
      const ssize_t got =
          seekable_ ? ::pread(descriptor_, out, size, static_cast<off_t>(offset_)) : ::read(descriptor_, out, size);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return Error::from_errno(errno, "reading the log");
      offset_ += static_cast<std::uint64_t>(got);
      return static_cast<std::size_t>(got);
    }
  }

 private:
  int descriptor_;
  std::uint64_t offset_;
  bool seekable_ = false;
};

// What was looked at first, then the rest.
class Prefixed final : public Source {
 public:
  Prefixed(std::string head, std::unique_ptr<Source> rest) : head_(std::move(head)), rest_(std::move(rest)) {}
  Result<std::size_t> read(char* out, std::size_t size) override {
    if (at_ == head_.size()) return rest_->read(out, size);
    const std::size_t count = std::min(size, head_.size() - at_);
    std::memcpy(out, head_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string head_;
  std::unique_ptr<Source> rest_;
  std::size_t at_ = 0;
};

Result<std::string> read_head(Source& source, std::size_t size) {
  std::string head(size, '\0');
  std::size_t have = 0;
  while (have < size) {
    auto got = source.read(head.data() + have, size - have);
    if (!got) return std::move(got.error());
    if (*got == 0) break;
    have += *got;
  }
  head.resize(have);
  return head;
}

class Utf16 final : public Source {
 public:
  Utf16(std::unique_ptr<Source> inner, bool big) : inner_(std::move(inner)), big_(big) {}

  Result<std::size_t> read(char* out, std::size_t size) override {
    while (at_ == ready_.size()) {
      auto more = fill();
      if (!more) return std::move(more.error());
      if (!*more) return std::size_t{0};
      decode();
    }
    const std::size_t count = std::min(size, ready_.size() - at_);
    std::memcpy(out, ready_.data() + at_, count);
    at_ += count;
    return count;
  }

  // Passes over what would be the next `count` bytes. Blocks before the last are only measured: a large log is opened
  // at its end many times a night. REQUIRES: nothing was read yet.
  Result<void> pass(std::uint64_t count) {
    while (count > ready_.size() - at_) {
      count -= ready_.size() - at_;
      at_ = ready_.size();
      auto more = fill();
      if (!more) return std::move(more.error());
      if (!*more) return {};
      const std::size_t size = measured();
      if (size == 0 || size > count) {
        decode();
      } else {
        count -= size;
      }
    }
    at_ += static_cast<std::size_t>(count);
    return {};
  }

 private:
  Result<bool> fill() {
    raw_.resize(std::size_t{32} << 10);
    auto got = inner_->read(raw_.data(), raw_.size());
    if (!got) return std::move(got.error());
    raw_.resize(*got);
    return *got > 0;
  }
  void decode() {
    ready_.clear();
    at_ = 0;
    for (std::size_t i = 0; i < raw_.size();) {
      if (half_ || high_ != 0 || !four_ascii(i)) {
        take(static_cast<unsigned char>(raw_[i++]));
        continue;
      }
      for (const std::size_t end = i + 8; i < end; i += 2) ready_ += raw_[i + (big_ ? 1 : 0)];
    }
  }
  // Four units of ASCII begin there: nearly all of a log.
  [[nodiscard]] bool four_ascii(std::size_t at) const {
    std::uint64_t word = 0, mask = 0;
    if (raw_.size() - at < sizeof word) return false;
    std::memcpy(&word, raw_.data() + at, sizeof word);
    std::memcpy(&mask, big_ ? "\xFF\x80\xFF\x80\xFF\x80\xFF\x80" : "\x80\xFF\x80\xFF\x80\xFF\x80\xFF", sizeof mask);
    return (word & mask) == 0;
  }
  // Bytes that raw_ becomes; 0 where that depends on what stands around it: halves of a unit or of a pair.
  [[nodiscard]] std::size_t measured() const {
    if (half_ || high_ != 0 || raw_.size() % 2 != 0) return 0;
    std::size_t size = 0, halves = 0;
    const std::size_t upper = big_ ? 0 : 1;
    for (std::size_t i = 0; i < raw_.size();) {
      if (four_ascii(i)) {
        size += 4;
        i += 8;
        continue;
      }
      const auto high = static_cast<unsigned char>(raw_[i + upper]);
      const auto low = static_cast<unsigned char>(raw_[i + 1 - upper]);
      size += 1U + static_cast<unsigned>(high != 0 || low >= 0x80) + static_cast<unsigned>(high >= 0x08);
      halves += static_cast<unsigned>((high & 0xF8U) == 0xD8U);
      i += 2;
    }
    return halves > 0 ? 0 : size;
  }
  void take(unsigned char byte) {
    if (!half_) {
      first_ = byte;
      half_ = true;
      return;
    }
    half_ = false;
    const std::uint32_t unit =
        big_ ? static_cast<std::uint32_t>(first_) << 8U | byte : static_cast<std::uint32_t>(byte) << 8U | first_;
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_ = unit;
      return;
    }
    if (unit >= 0xDC00 && unit < 0xE000 && high_ != 0) {
      put(0x10000 + ((high_ - 0xD800) << 10U) + (unit - 0xDC00));
    } else {
      put(unit >= 0xD800 && unit < 0xE000 ? 0xFFFD : unit);
    }
    high_ = 0;
  }
  void put(std::uint32_t point) {
    auto add = [this](std::uint32_t byte) { ready_ += static_cast<char>(byte); };
    if (point < 0x80) return add(point);
    if (point < 0x800) {
      add(0xC0U | point >> 6U);
    } else {
      if (point < 0x10000) {
        add(0xE0U | point >> 12U);
      } else {
        add(0xF0U | point >> 18U);
        add(0x80U | (point >> 12U & 0x3FU));
      }
      add(0x80U | (point >> 6U & 0x3FU));
    }
    add(0x80U | (point & 0x3FU));
  }

  std::unique_ptr<Source> inner_;
  bool big_;
  std::string raw_, ready_;
  std::size_t at_ = 0;
  unsigned char first_ = 0;
  bool half_ = false;
  std::uint32_t high_ = 0;
};

// Of a byte order mark at the start; 3: of UTF-8, 2: of UTF-16, 0: there is none.
std::size_t mark_size(std::string_view head) {
  if (head.starts_with("\xEF\xBB\xBF")) return 3;
  return head.starts_with("\xFF\xFE") || head.starts_with("\xFE\xFF") ? 2 : 0;
}

// Looks at the first bytes when first read.
class Utf8 final : public Source {
 public:
  explicit Utf8(std::unique_ptr<Source> inner) : inner_(std::move(inner)) {}
  Result<std::size_t> read(char* out, std::size_t size) override {
    if (!looked_) {
      if (auto looked = look(); !looked) return std::move(looked.error());
    }
    return inner_->read(out, size);
  }

 private:
  Result<void> look() {
    auto head = read_head(*inner_, 3);
    if (!head) return std::move(head.error());
    looked_ = true;
    const std::size_t mark = mark_size(*head);
    const bool big = (*head)[0] == '\xFE';
    inner_ = std::make_unique<Prefixed>(head->substr(mark), std::move(inner_));
    if (mark == 2) inner_ = std::make_unique<Utf16>(std::move(inner_), big);
    return {};
  }
  std::unique_ptr<Source> inner_;
  bool looked_ = false;
};

// A damaged beginning is told by the first read, as any other damage.
class Failing final : public Source {
 public:
  explicit Failing(Error error) : error_(std::move(error)) {}
  Result<std::size_t> read(char*, std::size_t) override { return error_; }

 private:
  Error error_;
};

std::unique_ptr<Source> journal_or_text(std::unique_ptr<Source> inner) {
  auto head = read_head(*inner, kJournalHead.size());
  if (!head) return std::make_unique<Failing>(std::move(head.error()));
  const bool journal = *head == kJournalHead;
  auto whole = std::make_unique<Prefixed>(std::move(*head), std::move(inner));
  if (journal) return journal_source(std::move(whole));
  return whole;
}

Result<void> skip(Source& source, std::uint64_t count) {
  std::vector<char> buffer(std::size_t{64} << 10);
  while (count > 0) {
    auto got = source.read(buffer.data(), static_cast<std::size_t>(std::min<std::uint64_t>(count, buffer.size())));
    if (!got) return std::move(got.error());
    if (*got == 0) return {};
    count -= *got;
  }
  return {};
}

}  // namespace

std::string_view name_of(Compression compression) {
  constexpr std::string_view kNames[] = {"none", "gzip", "zstd", "xz", "bzip2"};
  return kNames[static_cast<std::size_t>(compression)];
}

Compression compression_of(std::string_view head) {
  if (head.starts_with("\x1F\x8B\x08")) return Compression::kGzip;
  if (head.starts_with("\x28\xB5\x2F\xFD")) return Compression::kZstd;
  if (head.starts_with(std::string_view("\xFD"
                                        "7zXZ\0",
                                        6)))
    return Compression::kXz;
  if (head.size() >= 4 && head.starts_with("BZh") && head[3] >= '1' && head[3] <= '9') return Compression::kBzip2;
  return Compression::kNone;
}

std::unique_ptr<Source> plain_source(int descriptor, std::uint64_t offset) {
  return std::make_unique<Plain>(descriptor, offset);
}

std::unique_ptr<Source> utf8_source(std::unique_ptr<Source> inner) {
  return std::make_unique<Utf8>(std::move(inner));
}

Result<std::unique_ptr<Source>> decoded_source(Compression compression, std::unique_ptr<Source> inner) {
  switch (compression) {
    case Compression::kGzip:
      return gzip_source(std::move(inner));
    case Compression::kZstd:
      return zstd_source(std::move(inner));
    case Compression::kXz:
      return xz_source(std::move(inner));
    case Compression::kBzip2:
      return bzip2_source(std::move(inner));
    case Compression::kNone:
      break;
  }
  return inner;
}

namespace {

// A plain file from `offset` on, without reading what stands before it, or (UTF-16) nearly so; none for an export of
// the journal.
Result<std::unique_ptr<Source>> placed_source(int descriptor, std::string_view head, std::uint64_t offset) {
  const std::size_t mark = mark_size(head);
  auto begin = read_head(*utf8_source(std::make_unique<Plain>(::dup(descriptor), 0)), kJournalHead.size());
  if (!begin) return std::move(begin.error());
  if (*begin == kJournalHead) return std::unique_ptr<Source>();
  if (mark != 2) return std::unique_ptr<Source>(std::make_unique<Plain>(::dup(descriptor), mark + offset));
  auto wide = std::make_unique<Utf16>(std::make_unique<Plain>(::dup(descriptor), mark), head[0] == '\xFE');
  if (auto passed = wide->pass(offset); !passed) return std::move(passed.error());
  return std::unique_ptr<Source>(std::move(wide));
}

}  // namespace

Result<Opened> open_source(int descriptor, std::uint64_t offset) {
  std::unique_ptr<Source> plain = plain_source(descriptor, 0);
  auto head = read_head(*plain, kJournalHead.size());
  if (!head) return std::move(head.error());
  Opened opened;
  opened.compression = compression_of(*head);
  const bool piped = ::lseek(descriptor, 0, SEEK_CUR) < 0;
  if (opened.compression == Compression::kNone && !piped) {
    auto placed = placed_source(descriptor, *head, offset);
    if (!placed) return std::move(placed.error());
    opened.source = std::move(*placed);
    if (opened.source) return opened;
  }
  auto decoded = decoded_source(opened.compression, std::make_unique<Prefixed>(std::move(*head), std::move(plain)));
  if (!decoded) return std::move(decoded.error());
  auto read = journal_or_text(utf8_source(std::move(*decoded)));
  if (auto skipped = skip(*read, offset); !skipped) return std::move(skipped.error());
  opened.source = std::move(read);
  return opened;
}

}  // namespace daydream::logs
