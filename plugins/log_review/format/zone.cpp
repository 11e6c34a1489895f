#include "plugins/log_review/format/zone.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <ctime>

namespace daydream::logs {
namespace {

constexpr std::int64_t kMinute = 60'000, kDay = 86'400'000;
constexpr std::int64_t kBack = 731 * kDay, kAhead = 2 * kDay;
// Threads of one program overtake each other by less.
constexpr std::int64_t kDisorder = kMinute;

bool is_installed(const std::string& name) {
  if (name.empty() || name[0] == '/' || name.find("..") != std::string::npos) return false;
  const char* folder = std::getenv("TZDIR");
  const std::string path = std::string(folder == nullptr ? "/usr/share/zoneinfo" : folder) + "/" + name;
  struct stat facts {};
  return ::stat(path.c_str(), &facts) == 0 && S_ISREG(facts.st_mode);
}

// The process's TZ is another while this lives.
class OtherZone {
 public:
  explicit OtherZone(const std::string& name) {
    if (const char* before = std::getenv("TZ"); before != nullptr) before_ = before;
    (void)::setenv("TZ", (":" + name).c_str(), 1);
    ::tzset();
  }
  OtherZone(const OtherZone&) = delete;
  OtherZone& operator=(const OtherZone&) = delete;
  ~OtherZone() {
    (void)(before_ ? ::setenv("TZ", before_->c_str(), 1) : ::unsetenv("TZ"));
    ::tzset();
  }
  static int minutes_at(std::int64_t instant_ms) {
    const auto seconds = static_cast<std::time_t>(instant_ms / 1000);
    std::tm local{};
    return ::localtime_r(&seconds, &local) == nullptr ? 0 : static_cast<int>(local.tm_gmtoff / 60);
  }

 private:
  std::optional<std::string> before_;
};

}  // namespace

std::optional<ZoneRules> ZoneRules::of_name(const std::string& name, std::int64_t now_ms) {
  if (name.empty() || name == "UTC" || name == "Etc/UTC") return ZoneRules();
  if (!is_installed(name)) return std::nullopt;
  const OtherZone zone(name);
  std::int64_t at = (now_ms - kBack) / kDay * kDay;
  std::vector<Span> spans{{INT64_MIN, OtherZone::minutes_at(at)}};
  for (; at < now_ms + kAhead; at += kDay) {
    const int minutes = OtherZone::minutes_at(at + kDay);
    if (minutes == spans.back().minutes) continue;
    // The clocks were changed within this day: at which minute?
    std::int64_t before = at, behind = at + kDay;
    while (behind - before > kMinute) {
      const std::int64_t middle = before + (behind - before) / (2 * kMinute) * kMinute;
      (OtherZone::minutes_at(middle) == spans.back().minutes ? before : behind) = middle;
    }
    spans.push_back({behind, minutes});
  }
  return ZoneRules(std::move(spans));
}

int ZoneRules::minutes_at(std::int64_t instant_ms) const {
  std::size_t i = spans_.size() - 1;
  while (i > 0 && instant_ms < spans_[i].from_ms) --i;
  return spans_[i].minutes;
}

std::int64_t ZoneRules::instant_of(std::int64_t local_ms, std::int64_t last_ms, std::int64_t latest_ms) const {
  std::int64_t found = INT64_MIN;
  for (std::size_t i = 0; i < spans_.size(); ++i) {
    const std::int64_t instant = local_ms - spans_[i].minutes * kMinute;
    if (instant < spans_[i].from_ms) break;  // this and all later spans begin behind it
    const bool within = i + 1 == spans_.size() || instant < spans_[i + 1].from_ms;
    if (!within) continue;
    if (found == INT64_MIN) {
      found = instant;
    } else if (last_ms != INT64_MIN && found < last_ms - kDisorder && instant <= latest_ms + kDisorder) {
      found = instant;
    }
  }
  if (found != INT64_MIN) return found;
  // Skipped: by the offset before the change that did it.
  std::size_t i = spans_.size() - 1;
  while (i > 0 && local_ms - spans_[i].minutes * kMinute < spans_[i].from_ms) --i;
  return local_ms - spans_[i].minutes * kMinute;
}

}  // namespace daydream::logs
