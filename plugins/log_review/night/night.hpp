// What tonight's reading has come to so far: all of it is in the checkpoint, so a killed run goes on here.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "plugins/log_review/grouping/patterns.hpp"
#include "plugins/log_review/night/ledger.hpp"

namespace daydream::logs {

// Every byte that was read is in one of these.
struct Figures {
  std::uint64_t entries = 0;       // records of the window
  std::uint64_t outside = 0;       // records with another time, read and left out
  std::uint64_t continuation = 0;  // lines that belong to the record before them
  std::uint64_t headless = 0;      // records of a known format that do not begin as it says
  std::uint64_t nul_bytes = 0, waiting_bytes = 0, bytes = 0;
  std::uint64_t files = 0;
};

// A source of lines over the nights: a log by its name without rotation.
struct SourceFigures {
  std::string name;
  std::uint64_t records = 0;
};

struct Night {
  bool done = false;  // findings and memory are committed
  Figures figures;
  Patterns patterns;
  std::vector<Generation> generations;  // as in memory, moved on by what was read
  std::vector<std::string> files;       // names, by Place::file
  std::vector<SourceFigures> sources;
  std::vector<std::string> notes;  // for the summary

  static constexpr std::uint32_t kSchema = 2;
  [[nodiscard]] std::string to_bytes() const;
  static Result<Night> from_bytes(std::string_view bytes);
};

}  // namespace daydream::logs
