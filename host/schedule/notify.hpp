// What systemd is told (man sd_notify), without libsystemd: a datagram to the socket that NOTIFY_SOCKET
// names. Where there is none, everything here does nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/files.hpp"

namespace daydream::schedule {

class Notifier {
 public:
  Notifier() = default;  // tells nobody
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID and takes them out of the environment, so that no
  // program we start speaks for us. Call it while the program has one thread.
  static Notifier from_environment();

  void ready() const { send("READY=1"); }
  void stopping() const { send("STOPPING=1"); }
  void watchdog() const { send("WATCHDOG=1"); }
  void status(std::string_view text) const;  // one line is made of it
  // How often watchdog() is due: half of what systemd waits. None: nobody watches.
  [[nodiscard]] std::optional<Milliseconds> watchdog_interval() const { return interval_; }
  [[nodiscard]] bool connected() const { return socket_.get() >= 0; }

 private:
  void send(std::string_view message) const;

  files::Descriptor socket_;
  std::optional<Milliseconds> interval_;
};

}  // namespace daydream::schedule
