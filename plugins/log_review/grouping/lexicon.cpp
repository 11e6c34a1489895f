#include "plugins/log_review/grouping/lexicon.hpp"

#include <algorithm>
#include <array>

namespace daydream::logs {

WordClass class_of_word(std::string_view word) {
  bool inner_upper = false, lower = false, upper = false, joined = false;
  int dots = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = c >= 'a' && c <= 'z';
    if (is_upper && lower) inner_upper = true;
    lower = lower || is_lower;
    upper = upper || is_upper;
    if (c == '#' || c == '_' || c == '@' || c == '$' || c == '/' || c == '\\') joined = true;
    if (c == '.' && i > 0 && i + 1 < word.size()) ++dots;
    if ((c == '.' || c == '-') && i > 0 && i + 1 < word.size()) joined = true;
  }
  if (upper && !lower && dots == 0) return WordClass::kCapital;
  if (dots >= 2) return WordClass::kDotted;
  if (joined || inner_upper) return WordClass::kName;
  return WordClass::kPlain;
}

double announcement(std::string_view word) {
  constexpr std::array<std::string_view, 14> kPrepositions = {"for", "from", "to", "by",  "on",   "at",    "in",
                                                              "of",  "with", "as", "via", "into", "named", "called"};
  constexpr std::array<std::string_view, 30> kThings = {
      "user",   "host",    "file",  "name", "id",        "service", "domain",  "interface", "device", "client",
      "server", "address", "port",  "path", "directory", "table",   "class",   "process",   "job",    "task",
      "thread", "session", "group", "node", "module",    "package", "account", "database",  "queue",  "topic"};
  if (word.empty() || word.size() > 10) return 0;
  std::array<char, 10> folded{};
  for (std::size_t i = 0; i < word.size(); ++i) {
    folded[i] = word[i] >= 'A' && word[i] <= 'Z' ? static_cast<char>(word[i] + 32) : word[i];
  }
  const std::string_view lowered(folded.data(), word.size());
  if (std::find(kThings.begin(), kThings.end(), lowered) != kThings.end()) return 1.75;
  return std::find(kPrepositions.begin(), kPrepositions.end(), lowered) != kPrepositions.end() ? 1 : 0;
}

bool is_absence(std::string_view word) {
  return word == "null" || word == "none" || word == "None" || word == "nil" || word == "NULL" || word == "undefined";
}

}  // namespace daydream::logs
