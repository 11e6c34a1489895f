// Records of a source: its lines with their parts, and which of them go on with the one before. The format
// is learned from the first lines, or given where the file was read before.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <string>

#include "plugins/log_review/format/format.hpp"
#include "plugins/log_review/reading/lines.hpp"
#include "plugins/log_review/reading/traces.hpp"

namespace daydream::logs {

struct Record {
  Parts parts{};  // of a line that begins a record
  Line line{};
  std::uint64_t number = 0;  // of the line, from 1
  bool continues = false;    // the line belongs to the record before it
  bool crash = false;        // the line is of a trace: a record that does not say how grave it is, is an error
  // What the line that begins it says, or an error where that is the head of a trace.
  [[nodiscard]] Severity severity() const {
    return crash && parts.severity == Severity::kUnknown ? Severity::kError : parts.severity;
  }
};

class Records {
 public:
  // Offsets count from `offset`. Without `format` it is learned from the first lines.
  Records(Source& source, std::uint64_t offset, std::optional<Format> format);
  // False at the end. Views live until the next call. kUnsupported at the first call where the file is no text.
  Result<bool> next(Record& record);
  [[nodiscard]] const Format& format() const { return *format_; }

 private:
  // A line that was read before it is given, with its own bytes.
  struct Held {
    Line line{};
    std::string text;
  };
  bool goes_on(std::string_view line, bool joins);
  bool next_held(Line& line);
  Result<const Held*> look_ahead();
  Result<void> find_message(Record& record);

  Lines lines_;
  std::optional<Format> format_;
  std::uint64_t number_ = 0;
  bool any_ = false;                    // a record was given
  Severity last_ = Severity::kUnknown;  // of that record
  Traces traces_;                       // where records have no head
  std::deque<Held> ahead_;              // read, not given yet
  Held held_, own_;                     // the line that was given, where it is not in the buffer
  std::string title_;                   // the message of such a record
};

}  // namespace daydream::logs
