// The words behind `daydream logs`.
#pragma once

#include <string>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::logs {

struct CommandWords {
  enum class What { kPatterns, kDetect } what = What::kPatterns;
  enum class Form { kText, kJson, kAssignments } form = Form::kText;
  std::size_t top = 0;  // patterns shown as text; 0 = all
  std::vector<std::string> files;
};

constexpr const char* kLogsUsage =
    "daydream logs patterns [--json | --assignments] [--top N] FILE...\n"
    "daydream logs detect [--json] FILE...\n"
    "FILE may be compressed (gzip, zstd, xz, bzip2); - is standard input";

// kUsage with words for people.
Result<CommandWords> read_command_words(const json::Value& arguments);

}  // namespace daydream::logs
