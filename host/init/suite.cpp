#include "init/suite.hpp"

#include <algorithm>

namespace daydream::init {
namespace {

bool is_plain(char c) {
  constexpr std::string_view kOthers = "-_./=:,+@%^";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(c) != std::string_view::npos;
}

}  // namespace

Words in_folder(const std::string& folder, Words words) {
  if (folder.empty()) return words;
  Words all{"env", "-C", folder};
  // "env A=b x" in a folder is one env.
  const bool again = !words.empty() && words.front() == "env";
  all.insert(all.end(), words.begin() + (again ? 1 : 0), words.end());
  return all;
}

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::all_of(word.begin(), word.end(), is_plain)) return std::string(word);
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  quoted += '\'';
  return quoted;
}

std::string shell_line(const Words& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += shell_word(word);
  }
  return line;
}

}  // namespace daydream::init
