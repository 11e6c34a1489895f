// How code names a flag: "--dry-run", dry_run, dryRun, DryRun, DRY_RUN; "--output" as `output: str`.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace daydream::docs {

struct FlagName {
  std::string letters;   // "dryrun", whatever stands between its words; of "--no-cache" it is "cache"
  bool several = false;  // words
};
FlagName flag_name(std::string_view token);

// Takes out of `wanted` (letters) what this code names: several words in any spelling, a single word where it
// stands like a flag, in quotes, as a field with a type, or on a row that speaks of options. Linear time.
void drop_named(std::string_view code, std::unordered_set<std::string>& wanted);

// By its name: a file in a programming language.
bool code_file(std::string_view path);

}  // namespace daydream::docs
