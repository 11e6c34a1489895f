#include "checkpoint/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/masking.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::checkpoint {

namespace {

constexpr std::size_t kMostHolderBytes = 64 << 10;
constexpr int kLookTries = 50;

Path lock_file(const Path& directory) {
  return directory / "lock";
}

std::string host_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// Our own command line, for people; secrets in it are nobody's business.
std::string own_command() {
  auto bytes = files::read("/proc/self/cmdline", kMostHolderBytes);
  if (!bytes) return "";
  std::string line = *bytes;
  for (char& c : line) c = c == '\0' ? ' ' : c;
  return text::shorten(daydream::mask(text::to_utf8(text::trim(line))), 1000);
}

std::string holder_json(Instant now) {
  json::Writer writer;
  writer.begin_object()
      .field("pid", static_cast<int>(::getpid()))
      .field("host", text::to_utf8(host_name()))
      .field("since", rfc3339(now))
      .field("command", own_command())
      .end_object();
  return writer.take() + "\n";
}

std::optional<Holder> read_holder(const Path& file) {
  auto bytes = files::read(file, kMostHolderBytes);
  if (!bytes) return std::nullopt;
  json::ParseOptions options;
  options.positions = false;
  auto parsed = json::Text::parse(*bytes, options);
  if (!parsed || !parsed->root().IsObject()) return std::nullopt;
  Holder holder;
  holder.pid = static_cast<int>(json::get_int(parsed->root(), "pid"));
  holder.host = json::get_string(parsed->root(), "host");
  holder.since = json::get_string(parsed->root(), "since");
  holder.command = json::get_string(parsed->root(), "command");
  // Whoever has just taken the lock has not written its name yet.
  bool gone = holder.host == host_name() && holder.pid > 0 && ::kill(holder.pid, 0) != 0 && errno == ESRCH;
  return gone || holder.pid <= 0 ? std::nullopt : std::optional<Holder>(holder);
}

Error held_by_another(const Path& file) {
  auto holder = read_holder(file);
  std::string who = "another run has just begun";
  if (holder) {
    who = "another run is at work: pid " + std::to_string(holder->pid) + " on " + text::escape_terminal(holder->host) +
          " since " + text::escape_terminal(holder->since);
  }
  return {ErrorKind::kRetry, who + " (lock " + file.string() + ")"};
}

bool flock_now(int fd, int how) {
  int code = 0;
  do {
    code = ::flock(fd, how | LOCK_NB);
  } while (code != 0 && errno == EINTR);
  return code == 0;
}

// Those who only look (lock_holder) hold a shared lock for an instant: while nobody holds the exclusive
// one, a shared lock can be had, and it is worth trying again.
bool take_exclusive(int fd) {
  for (int i = 0; i < kLookTries; ++i) {
    if (flock_now(fd, LOCK_EX)) return true;
    if (errno != EWOULDBLOCK) return false;
    if (!flock_now(fd, LOCK_SH)) return false;
    flock_now(fd, LOCK_UN);
    timespec pause{0, 1'000'000};
    ::nanosleep(&pause, nullptr);
  }
  errno = EWOULDBLOCK;
  return false;
}

Result<files::Descriptor> lock_in(const Path& directory, Instant now) {
  auto made = files::make_directories(directory);
  if (!made) return std::move(made.error()).context("lock");
  Path file = lock_file(directory);
  files::Descriptor descriptor(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666));
  if (descriptor.get() < 0) return Error::from_errno(errno, "lock " + file.string());
  if (!take_exclusive(descriptor.get())) {
    int number = errno;
    if (number == EWOULDBLOCK) return held_by_another(file);
    if (number == ENOLCK || number == EOPNOTSUPP) {
      return Error(ErrorKind::kUnsupported, "the file system of " + directory.string() + " has no locks");
    }
    return Error::from_errno(number, "lock " + file.string());
  }
  std::string words = holder_json(now);
  if (::ftruncate(descriptor.get(), 0) != 0 ||
      ::pwrite(descriptor.get(), words.data(), words.size(), 0) != static_cast<ssize_t>(words.size())) {
    return Error::from_errno(errno, "lock " + file.string());
  }
  return descriptor;
}

}  // namespace

Result<RunLock> RunLock::take(const Path& state_directory, const Path& work_directory, Instant now) {
  RunLock lock;
  auto state = lock_in(state_directory, now);
  if (!state) return std::move(state.error());
  lock.state_ = std::move(*state);
  std::error_code unknown;
  if (work_directory.empty() || std::filesystem::equivalent(state_directory, work_directory, unknown)) return lock;
  auto work = lock_in(work_directory, now);
  if (!work) return std::move(work.error());
  lock.work_ = std::move(*work);
  return lock;
}

std::optional<Holder> lock_holder(const Path& state_directory) {
  Path file = lock_file(state_directory);
  files::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (descriptor.get() < 0) return std::nullopt;
  if (flock_now(descriptor.get(), LOCK_SH) || errno != EWOULDBLOCK) return std::nullopt;
  auto holder = read_holder(file);
  return holder ? holder : Holder{};
}

}  // namespace daydream::checkpoint
