#include "plugins/log_review/grouping/flood.hpp"

#include <algorithm>

#include "plugins/log_review/grouping/packing.hpp"

namespace daydream::logs {
namespace {

// One in so many is let in at first sight, so that new patterns with names in them can still be learned.
constexpr std::uint64_t kOneIn = 64;
constexpr std::string_view kBegin = "(ungrouped", kEnd = "messages)";

}  // namespace

void Flood::rise(Severity severity) {
  if (seen_.empty()) seen_.resize(kSeen);
  std::uint32_t& needed = needed_[static_cast<std::size_t>(severity)];
  needed = needed == 0 ? 2 : std::min(needed * 2, kMostNeeded);
}

bool Flood::keeps_out(std::uint64_t hash, Severity severity) {
  const std::uint32_t needed = needed_[static_cast<std::size_t>(severity)];
  if (needed == 0 || (hash >> 32U) % kOneIn == 0) return false;
  Seen& seen = seen_[hash % kSeen];
  if (seen.hash != hash) seen = {hash, 0};
  return ++seen.times < needed;
}

std::string Flood::to_bytes() const {
  if (!any()) return {};
  Packer out;
  for (const std::uint32_t needed : needed_) out.number(needed);
  for (const Seen& seen : seen_) {
    out.number(seen.hash);
    out.number(seen.times);
  }
  return out.take();
}

Flood Flood::from_bytes(std::string_view bytes) {
  Flood flood;
  if (bytes.empty()) return flood;
  Unpacker in(bytes);
  for (std::uint32_t& needed : flood.needed_)
    needed = static_cast<std::uint32_t>(std::min<std::uint64_t>(in.number(), kMostNeeded));
  flood.seen_.resize(kSeen);
  for (Seen& seen : flood.seen_) {
    seen.hash = in.number();
    seen.times = static_cast<std::uint32_t>(std::min<std::uint64_t>(in.number(), kMostNeeded));
  }
  return flood;
}

std::string varied_text(Severity severity) {
  std::string text(kBegin);
  if (severity != Severity::kUnknown) text.append(" ").append(name_of(severity));
  return text.append(" ").append(kEnd);
}

std::string varied_shape(Severity severity) {
  return " =" + varied_text(severity) + "\n";
}

namespace {

std::string_view without_frame(std::string_view text) {
  if (text.starts_with(" =")) text.remove_prefix(2);
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_varied(std::string_view text) {
  text = without_frame(text);
  return text.starts_with(kBegin) && text.ends_with(kEnd) && text.size() < 40;
}

Severity varied_severity(std::string_view text) {
  text = without_frame(text);
  for (std::size_t i = 0; i < kSeverities; ++i) {
    if (text == varied_text(static_cast<Severity>(i))) return static_cast<Severity>(i);
  }
  return Severity::kUnknown;
}

}  // namespace daydream::logs
