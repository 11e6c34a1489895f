#include "schedule/notify.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "daydream/kit/text.hpp"

namespace daydream::schedule {

namespace {

std::string take_variable(const char* name) {
  const char* value = std::getenv(name);
  std::string taken = value != nullptr ? value : "";
  ::unsetenv(name);
  return taken;
}

std::optional<std::int64_t> number_in(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// A connected socket, or none where the name is none.
files::Descriptor connect_to(const std::string& name) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (name.size() < 2 || (name[0] != '/' && name[0] != '@') || name.size() >= sizeof address.sun_path) {
    return files::Descriptor();
  }
  std::memcpy(address.sun_path, name.data(), name.size());
  if (name[0] == '@') address.sun_path[0] = '\0';  // the abstract name space
  files::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return socket;
  // A manager that does not read must not hold up a run.
  const timeval patience{1, 0};
  ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) return files::Descriptor();
  return socket;
}

}  // namespace

Notifier Notifier::from_environment() {
  Notifier notifier;
  notifier.socket_ = connect_to(take_variable("NOTIFY_SOCKET"));
  const auto microseconds = number_in(take_variable("WATCHDOG_USEC"));
  const std::string pid = take_variable("WATCHDOG_PID");
  const bool ours = pid.empty() || number_in(pid) == static_cast<std::int64_t>(::getpid());
  if (notifier.connected() && ours && microseconds && *microseconds > 0) {
    notifier.interval_ = std::max(Milliseconds(1), Milliseconds(*microseconds / 2000));
  }
  return notifier;
}

void Notifier::status(std::string_view text) const {
  send("STATUS=" + text::escape_terminal(text::shorten(text::to_utf8(text), 500)));
}

void Notifier::send(std::string_view message) const {
  if (connected()) ::send(socket_.get(), message.data(), message.size(), MSG_NOSIGNAL);
}

}  // namespace daydream::schedule
