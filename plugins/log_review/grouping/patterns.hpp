// Messages counted by pattern. Each distinct shape is kept once; grouping happens when it is asked for.
// When shapes become too many they are grouped early and go on as their templates: counts are never lost. What is too
// varied even so is counted in one pattern a severity (flood.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"
#include "plugins/log_review/format/severity.hpp"
#include "plugins/log_review/grouping/cover.hpp"
#include "plugins/log_review/grouping/flood.hpp"
#include "plugins/log_review/grouping/miner.hpp"

namespace daydream::logs {

// Where a message stands.
struct Place {
  std::uint32_t file = 0;    // the caller's number
  std::uint64_t line = 0;    // from 1
  std::uint64_t offset = 0;  // of the record's first byte
};

struct Tally {
  std::uint64_t count = 0;  // records
  std::uint64_t lines = 0;  // with those joined to them
  std::array<std::uint64_t, kSeverities> severities{};
  Place first{}, last{};
  std::string sample{};  // the first message, shortened
  std::string component{};
  void add(const Tally& other);
  [[nodiscard]] Severity worst() const;
};

struct Pattern {
  // The worst of its records; of what could not be grouped, the one that all of them share.
  [[nodiscard]] Severity severity() const { return is_varied(text) ? varied_severity(text) : tally.worst(); }
  std::string text;        // the template
  std::string shape_text;  // the same, for add_known()
  Tally tally;
  Tally rarest;                      // of its shapes
  std::vector<std::uint32_t> known;  // those given by add_known() that belong to it
};

class Patterns {
 public:
  Patterns() { varied_.fill(kNone); }
  Patterns(Patterns&&) = default;
  Patterns& operator=(Patterns&&) = default;

  // A number for the shape: good for add_line() and Grouped::pattern.
  std::uint32_t add(std::string_view message, Severity severity, std::string_view component, const Place& place);
  void add_line(std::uint32_t number) { ++tallies_[shape_of_[number]].lines; }
  // The record that was last added under that number, with no severity, has one after all. REQUIRES: not told yet.
  void tell_severity(std::uint32_t number, Severity severity);
  // A template of an earlier night: takes part in grouping, so that a pattern stays what it was. Numbers from 0, as
  // in Pattern::known.
  void add_known(std::string_view shape_text);

  struct Grouped {
    std::vector<Pattern> patterns;       // by count, largest first
    std::vector<std::uint32_t> pattern;  // of each number
  };
  [[nodiscard]] Grouped grouped() const;
  [[nodiscard]] std::size_t shapes() const { return shapes_.size(); }
  // Counts and shapes, for a checkpoint; not the known ones. from_bytes: kInvalid for anything else.
  [[nodiscard]] std::string to_bytes() const;
  static Result<Patterns> from_bytes(std::string_view bytes);

 private:
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = kNone;
  };
  std::uint32_t insert(std::uint64_t hash, std::string_view message, std::string_view component, const Place& place);
  [[nodiscard]] std::size_t slot_of(std::uint64_t hash) const;
  std::uint32_t standing_for(std::uint64_t hash, std::string_view message, Severity severity);
  void remember(std::uint64_t hash, std::uint32_t number);
  Tally& varied_tally(Severity severity);
  void grow();
  void fold();
  std::vector<std::string> narrowed(const Grouping& grouping, const std::vector<Tally>& tallies);
  void index_templates();

  Words words_;
  std::vector<Shape> shapes_;
  std::vector<Tally> tallies_;
  std::vector<Shape> known_;
  std::vector<std::uint64_t> hashes_;     // of each shape, 0 for templates
  std::vector<std::string> folded_;       // of each shape that is a template: its text; else ""
  std::vector<std::uint32_t> shape_of_;   // of each number
  std::vector<std::uint32_t> number_of_;  // of each shape at the last fold
  std::vector<Slot> slots_;
  std::size_t used_ = 0;  // of them
  Cover cover_;
  std::array<std::uint32_t, kSeverities> varied_{};  // numbers of the patterns of what is too varied, or kNone
  Flood flood_;
};

}  // namespace daydream::logs
