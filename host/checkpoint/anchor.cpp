#include "checkpoint/anchor.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "daydream/kit/hash.hpp"

namespace daydream::checkpoint {

namespace {

constexpr std::string_view kMagic = "DDANCHR1";
constexpr std::size_t kSlotSpacing = 4096;  // a torn write of one slot cannot reach the other
constexpr std::size_t kSlotBytes = 8 + 8 + 32 + 32;

std::string encode(const AnchorPoint& point) {
  std::string slot(kMagic);
  append_number(slot, static_cast<std::uint64_t>(point.generation));
  slot += bytes_of(point.head);
  auto sum = hash::sha256(slot);
  slot += bytes_of(sum);
  return slot;
}

std::optional<AnchorPoint> decode(std::string_view file, int slot) {
  std::size_t offset = static_cast<std::size_t>(slot) * kSlotSpacing;
  if (file.size() < offset + kSlotBytes) return std::nullopt;
  auto bytes = file.substr(offset, kSlotBytes);
  const Digest sum = hash::sha256(bytes.substr(0, kSlotBytes - Digest().size()));
  if (!bytes.starts_with(kMagic) || bytes.substr(kSlotBytes - sum.size()) != bytes_of(sum)) return std::nullopt;
  AnchorPoint point;
  point.generation = static_cast<std::int64_t>(read_number(bytes.substr(8)));
  auto head = bytes.substr(16, point.head.size());
  for (std::size_t i = 0; i < head.size(); ++i) point.head[i] = static_cast<std::uint8_t>(head[i]);
  return point;
}

Result<void> write_all(int fd, std::string_view bytes, off_t offset) {
  while (!bytes.empty()) {
    ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Error::from_errno(errno, "write");
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += written;
  }
  return {};
}

}  // namespace

Path Anchor::file_in(const Path& state_directory) {
  return state_directory / "daydream.anchor";
}

Result<Anchor> Anchor::read(const Path& state_directory) {
  Anchor anchor;
  anchor.file_ = file_in(state_directory);
  auto content = files::read(anchor.file_, std::size_t{1} << 20);
  if (!content) return std::move(content.error());
  auto first = decode(*content, 0);
  auto second = decode(*content, 1);
  if (!first && !second) {
    return Error(ErrorKind::kDamaged, anchor.file_.string() + ": neither of its two slots is whole");
  }
  anchor.one_slot_bad_ = !first || !second;
  anchor.newest_slot_ = !first || (second && second->generation > first->generation) ? 1 : 0;
  anchor.point_ = anchor.newest_slot_ == 0 ? *first : *second;
  return anchor;
}

Result<Anchor> Anchor::create(const Path& state_directory, const AnchorPoint& point) {
  Anchor anchor;
  anchor.file_ = file_in(state_directory);
  anchor.point_ = point;
  std::string content = encode(point);
  content.resize(kSlotSpacing, '\0');
  content += encode(point);
  content.resize(2 * kSlotSpacing, '\0');
  auto written = files::write_replace(anchor.file_, content, files::Durability::kSynced);
  if (!written) return std::move(written.error()).context("anchor");
  return anchor;
}

Result<void> Anchor::write(const AnchorPoint& point) {
  if (descriptor_.get() < 0) {
    descriptor_ = files::Descriptor(::open(file_.c_str(), O_WRONLY | O_CLOEXEC | O_NOFOLLOW));
    if (descriptor_.get() < 0) return Error::from_errno(errno, "anchor " + file_.string());
  }
  int slot = 1 - newest_slot_;
  auto written = write_all(descriptor_.get(), encode(point), static_cast<off_t>(slot) * off_t{kSlotSpacing});
  if (!written) return std::move(written.error()).context("anchor " + file_.string());
  auto synced = files::sync_file(descriptor_.get(), file_);
  if (!synced) return std::move(synced.error()).context("anchor");
  newest_slot_ = slot;
  point_ = point;
  return {};
}

}  // namespace daydream::checkpoint
