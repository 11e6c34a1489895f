#include "checkpoint/header.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "base/files.hpp"

namespace daydream::checkpoint {
namespace {

// The version that is needed to write, and the one to read.
constexpr std::size_t kVersions = 18;
using FirstBytes = std::array<unsigned char, kVersions + 2>;

class Reader {
 public:
  explicit Reader(const Path& path) : file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}

  template <std::size_t size>
  [[nodiscard]] std::optional<std::array<unsigned char, size>> at(std::uint64_t offset) const {
    std::array<unsigned char, size> bytes{};
    const ssize_t got = ::pread(file_.get(), bytes.data(), size, static_cast<off_t>(offset));
    return got == static_cast<ssize_t>(size) ? std::optional(bytes) : std::nullopt;
  }

 private:
  files::Descriptor file_;
};

bool allows_writing(const FirstBytes& page) {
  return page[kVersions] <= 2 && page[kVersions + 1] <= 2;
}

template <std::size_t size>
std::uint32_t word(const std::array<unsigned char, size>& bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i) value = value << 8U | bytes[at + i];
  return value;
}

// The newest first page that the write-ahead log holds: SQLite takes it before the file's.
// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
std::optional<FirstBytes> first_page_in(const Reader& log) {
  constexpr std::size_t kLogHeader = 32, kFrameHeader = 24;
  std::optional<FirstBytes> page;
  const auto header = log.at<kLogHeader>(0);
  if (!header) return page;
  std::uint64_t at = kLogHeader;
  for (auto frame = log.at<kFrameHeader>(at); frame; frame = log.at<kFrameHeader>(at)) {
    const bool of_this_log = word(*frame, 8) == word(*header, 16) && word(*frame, 12) == word(*header, 20);
    if (!of_this_log) break;
    if (word(*frame, 0) == 1) page = log.at<kVersions + 2>(at + kFrameHeader);
    at += kFrameHeader + word(*header, 8);
  }
  return page;
}

}  // namespace

Result<void> check_header(const Path& database) {
  const auto first = Reader(database).at<kVersions + 2>(0);
  if (!first || allows_writing(*first)) return {};
  const auto newer = first_page_in(Reader(database.string() + "-wal"));
  if (newer && allows_writing(*newer)) return {};
  return Error(ErrorKind::kDamaged, "store: its first page forbids to write it");
}

}  // namespace daydream::checkpoint
