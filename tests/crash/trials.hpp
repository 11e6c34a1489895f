// What the tests of this folder share: whether tracing works, and how the end of a night is judged.
#pragma once

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

// What is wrong after the night was run to its end; "" = nothing.
inline std::string judged(Flavour flavour, const World& world, const Trace::End& end, const Ran& again) {
  if (again.exit_code != 0)
    return described(end) + ": the night ended with " + std::to_string(again.exit_code) + "\n" + again.err;
  const std::string parted = e2e::difference(Prepared::of(flavour).expected(), outcome(world));
  return parted.empty() ? "" : described(end) + ": " + parted + "\n" + again.err;
}

}  // namespace daydream::crash
