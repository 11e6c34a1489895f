// The words by which a comment says that something is to go, and when.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace daydream::legacy {

// The words by which a comment says that something is to go. What stands behind them says when.
inline constexpr std::array<std::string_view, 17> kGoing{
    "remove after ",   "remove by ",        "remove in ",         "remove when ",    "remove once ",     "removed in ",
    "delete after ",   "delete in ",        "drop after ",        "drop in ",        "drop when ",       "drop once ",
    "drop this when ", "remove this when ", "remove this after ", "remove this in ", "remove this once "};
// These need a marker before them: alone they say too many other things.
inline constexpr std::array<std::string_view, 3> kMarked{"until ", "after ", "expires "};
inline constexpr std::array<std::string_view, 8> kMarkers{"todo",  "fixme",     "hack",       "xxx",
                                                          "temp:", "temporary", "workaround", "deprecated"};

// It begins with such a marker. `lower`: the comment without its own marker, in lower case.
bool marked(std::string_view lower);

// What stands before such words makes them part of another word, or of a quotation that speaks of them.
bool part_of_other(char before);

// "2024-01-01", "2024-01" or "2025" at the start; the last day of what it names.
std::optional<std::string> date_at(std::string_view text);

// "2.0" of "v2.0 or later"; "" where no version with a dot stands at the start.
std::string_view version_at(std::string_view text);

}  // namespace daydream::legacy
