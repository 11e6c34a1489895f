// What the tests of this folder share: whether tracing works, and how the end of a night is judged.
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "crash/nights.hpp"
#include "e2e/results.hpp"

namespace daydream::crash {

inline bool permitted() {
  std::string why_not;
  if (can_trace(why_not)) return true;
  WARN("skipped: " << why_not);
  return false;
}

inline std::string described(const Trace::End& end) {
  return std::string(name_of(end.at.who)) + " at " + name_of_call(end.at.number);
}

// Without names that an error may legally keep from being there, or leave: caches, which are made again when they
// are missing; SQLite's log of a store that could not be closed; what it could not remove (the next copy does).
inline std::string without_caches(const std::string& view) {
  std::string kept;
  for (std::size_t at = 0; at < view.size();) {
    const std::size_t end = std::min(view.find('\n', at), view.size() - 1) + 1;
    const std::string line = view.substr(at, end - at);
    const bool cache = line.rfind("cache ", 0) == 0 && line.find(".daydream-") == std::string::npos;
    const bool sqlites = line == "state daydream.db-wal\n" || line == "state daydream.db-shm\n" ||
                         line.rfind("state daydream.db.bak.new-", 0) == 0;
    if (!cache && !sqlites) kept += line;
    at = end;
  }
  return kept;
}

// What is wrong after the night was run to its end; "" = nothing.
// What the report says of changes that were not made.
inline std::string notes_of(const World& world) {
  const std::string text = e2e::report_json(world);
  std::string notes;
  for (std::size_t at = 0; (at = text.find("\"note\":\"", at)) != std::string::npos; at += 8) {
    const std::size_t end = std::min(text.find('\n', at), text.find("\"}", at));
    if (end > at + 9) notes += text.substr(at, std::min<std::size_t>(end - at, 300)) + "\n";
  }
  return notes;
}

enum class Caches { kMustBeThere, kMayLack };
inline std::string judged(Flavour flavour, const World& world, const Trace::End& end, const Ran& again,
                          Caches caches = Caches::kMustBeThere) {
  if (again.exit_code != 0)
    return described(end) + ": the night ended with " + std::to_string(again.exit_code) + "\n" + again.err;
  const std::string &expected = Prepared::of(flavour).expected(), got = outcome(world);
  const std::string parted = caches == Caches::kMustBeThere
                                 ? e2e::difference(expected, got)
                                 : e2e::difference(without_caches(expected), without_caches(got));
  return parted.empty() ? "" : described(end) + ": " + parted + "\n" + notes_of(world) + again.err;
}

}  // namespace daydream::crash
