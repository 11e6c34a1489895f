// How far the night has come: the step's checkpoint.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"
#include "plugins/sentry_review/settings.hpp"

namespace daydream::sentry {

// What is true in each: values live in checkpoints, never renumber.
enum class Phase : std::uint8_t {
  kLists = 0,    // pages up to `cursor` of list `list` are stored
  kRefresh = 1,  // all lists are; open errors that no list told of are asked about, `at` ids so far
  kEvents = 2,   // that too; events are asked for, those that came are stored
  kSpeak = 3,    // everything read is stored; entries of the ledger with our `stamp` are spoken of
  kDone = 4,
};

struct Progress {
  static constexpr std::uint32_t kSchema = 1;
  Phase phase = Phase::kLists;
  Millis start = 0, end = 0;  // the window, fixed when the run began
  Dialect dialect = Dialect::kAuto;
  std::uint64_t stamp = 0;
  std::uint64_t list = 0, page = 0, at = 0;  // page: pages stored of all lists
  std::string cursor;
  std::uint64_t issues = 0, unreadable = 0, events = 0;
  std::vector<std::string> gaps;    // what could not be read and why: makes the review incomplete
  std::vector<std::string> notes;   // what is worth a line and lost nothing of weight
  std::vector<std::string> recent;  // cursors of this list, the latest last: a circle is noticed

  [[nodiscard]] std::string to_bytes() const;
  static Result<Progress> from_bytes(std::string_view bytes);
};

}  // namespace daydream::sentry
