// The head of a file's lines, learned from a sample of them: where the time stands, and what lies between
// it and the message (severity, thread, process, component). No format is named anywhere: a column is part
// of the head because nearly every line has the same kind of thing there.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/log_review/format/severity.hpp"
#include "plugins/log_review/format/timestamp.hpp"

namespace daydream::logs {

// A line, taken apart. Views into it.
struct Parts {
  bool head = false;  // the line begins as a record of its file begins
  Stamp stamp{};
  bool timed = false;
  Severity severity = Severity::kUnknown;
  std::string_view component{};
  std::string_view message{};
};

enum class Piece : std::uint8_t {
  kMarks,    // punctuation
  kField,    // up to and with '|' (or tab, ';'), no space in it
  kLevel,    // a severity
  kWords,    // `count` words of whatever kind, before a severity
  kNumber,   // a process or thread
  kBracket,  // [thread], [request]
  kTag,      // component: or component[pid]:
  kDash,     // up to " - "
  kColumn,   // a word padded to a column
  kLogger,   // a dotted name
};

// What may stand before a stamp within its word.
enum class Lead : std::uint8_t {
  kNone,    // brackets and quotes
  kLetter,  // "I1122 10:11:12": a letter of severity
  kLevel,   // "INFO[2026-11-22T10:11:12Z]": a severity
};

struct Op {
  Piece piece = Piece::kMarks;
  int count = 0;
};

class Layout {
 public:
  // From lines as they stand in the file; empty ones are left out. An empty sample gives the bare layout.
  static Layout learn(const std::vector<std::string_view>& lines);
  [[nodiscard]] Parts take_apart(std::string_view line) const;
  [[nodiscard]] bool timed() const { return pattern_ < time_patterns(); }
  // Most lines of the sample had a head, a time or a severity: one that has none goes on with the line before it.
  [[nodiscard]] bool joins() const { return joins_; }
  // One line of text, for memory and tests; learn() of other lines gives another. `from_text` of what
  // to_text never gave is the bare layout.
  [[nodiscard]] std::string to_text() const;
  static Layout from_text(std::string_view text);

 private:
  [[nodiscard]] std::size_t find_stamp(std::string_view line, Stamp* stamp, std::size_t* begin) const;
  void learn_time(const std::vector<std::string_view>& lines);
  void learn_rest(std::vector<std::string_view> rests);

  [[nodiscard]] std::size_t stamp_begin(std::string_view line, std::size_t word, Lead lead) const;
  [[nodiscard]] Severity severity_before(std::string_view line) const;
  [[nodiscard]] Severity severity_at_stamp(std::string_view line, std::size_t begin, std::string_view rest) const;
  void learn_severity_before(const std::vector<std::string_view>& lines);
  void learn_heads(const std::vector<std::string_view>& lines);

  std::size_t pattern_ = time_patterns();
  int column_ = 0;           // words before the stamp
  Lead lead_ = Lead::kNone;  // what stands before the stamp without a space
  int level_column_ = -1;    // of a severity among those words; -1: none
  bool joins_ = false;
  std::vector<Op> ops_;
};

}  // namespace daydream::logs
