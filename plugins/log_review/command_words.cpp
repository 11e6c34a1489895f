#include "plugins/log_review/command_words.hpp"

#include <charconv>

namespace daydream::logs {
namespace {

Error usage(const std::string& what) {
  return {ErrorKind::kUsage, what + "\nusage: " + kLogsUsage};
}

bool read_number(const std::string& word, std::size_t& number) {
  const auto [end, failed] = std::from_chars(word.data(), word.data() + word.size(), number);
  return failed == std::errc() && end == word.data() + word.size();
}

// True where the word is an option; `at` moves over its value.
Result<bool> read_option(const std::vector<std::string>& words, std::size_t& at, CommandWords& read) {
  const std::string& word = words[at];
  if (word == "--json" || word == "--format=json") {
    read.form = CommandWords::Form::kJson;
  } else if (word == "--assignments") {
    read.form = CommandWords::Form::kAssignments;
  } else if (word == "--top") {
    if (at + 1 == words.size() || !read_number(words[++at], read.top)) return usage("--top needs a number");
  } else if (word.size() > 1 && word[0] == '-') {
    return usage("logs: no option \"" + word + "\"");
  } else {
    return false;
  }
  return true;
}

}  // namespace

Result<CommandWords> read_command_words(const json::Value& arguments) {
  std::vector<std::string> words;
  if (arguments.IsArray()) {
    for (const auto& word : arguments.GetArray()) words.push_back(word.IsString() ? json::string_of(word) : "");
  }
  CommandWords read;
  if (words.empty()) return usage("logs: what to do?");
  if (words[0] != "patterns" && words[0] != "detect") return usage("logs: no \"" + words[0] + "\"");
  read.what = words[0] == "detect" ? CommandWords::What::kDetect : CommandWords::What::kPatterns;
  bool options = true;
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (options && words[at] == "--") {
      options = false;
      continue;
    }
    if (options) {
      auto option = read_option(words, at, read);
      if (!option) return std::move(option.error());
      if (*option) continue;
    }
    read.files.push_back(words[at]);
  }
  if (read.files.empty()) return usage("logs " + words[0] + ": no file");
  if (read.what == CommandWords::What::kDetect && read.form == CommandWords::Form::kAssignments)
    return usage("--assignments belongs to patterns");
  return read;
}

}  // namespace daydream::logs
