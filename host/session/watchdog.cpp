#include "session/watchdog.hpp"

namespace daydream::session {

Reason Watchdog::judge(Milliseconds now, bool stop_requested) const {
  if (stop_requested) return Reason::kRequested;
  if (now - started_ >= limits_.timeout) return Reason::kTimeout;
  if (now - progress_ >= limits_.idle_timeout) return Reason::kIdle;
  if (now - beat_ >= limits_.heartbeat) return Reason::kFrozen;
  return Reason::kNone;
}

Order Watchdog::tick(Milliseconds now, bool stop_requested) {
  if (reason_ == Reason::kNone) {
    reason_ = judge(now, stop_requested);
    if (reason_ == Reason::kNone) return Order::kNothing;
    cancelled_ = now;
    last_ = Order::kCancel;
    return Order::kCancel;
  }
  if (last_ == Order::kCancel && now - cancelled_ >= limits_.terminate_after) return last_ = Order::kTerminate;
  if (last_ == Order::kTerminate && now - cancelled_ >= limits_.kill_after) return last_ = Order::kKill;
  return Order::kNothing;
}

std::string Watchdog::words() const {
  switch (reason_) {
    case Reason::kNone:
      return "";
    case Reason::kRequested:
      return "asked to stop";
    case Reason::kTimeout:
      return "took longer than its timeout of " + human_duration(limits_.timeout);
    case Reason::kIdle:
      return "made no progress for " + human_duration(limits_.idle_timeout) + " (idle_timeout)";
    case Reason::kFrozen:
      return "gave no sign of life for " + human_duration(limits_.heartbeat);
  }
  return "";
}

}  // namespace daydream::session
