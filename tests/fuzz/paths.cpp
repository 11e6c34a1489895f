// Globs and ignore rules: against a matcher too simple to be wrong, and against what must follow.
#include <algorithm>
#include <string>
#include <vector>

#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "targets.hpp"
#include "walk/ignore.hpp"

namespace daydream::fuzz {

namespace {

using Parts = std::vector<std::string_view>;

// By trying everything: right by its shortness, and slow.
bool name_fits(std::string_view pattern, std::string_view name) {
  if (pattern.empty()) return name.empty();
  if (pattern.front() == '*')
    return name_fits(pattern.substr(1), name) || (!name.empty() && name_fits(pattern, name.substr(1)));
  if (name.empty()) return false;
  if (pattern.front() == '?') return name_fits(pattern.substr(1), name.substr(1));
  return pattern.front() == name.front() && name_fits(pattern.substr(1), name.substr(1));
}

bool parts_fit(const Parts& pattern, std::size_t p, const Parts& path, std::size_t n) {
  if (p == pattern.size()) return n == path.size();
  if (pattern[p] == "**") {
    if (p + 1 == pattern.size()) return n < path.size();
    return parts_fit(pattern, p + 1, path, n) || (n < path.size() && parts_fit(pattern, p, path, n + 1));
  }
  return n < path.size() && name_fits(pattern[p], path[n]) && parts_fit(pattern, p + 1, path, n + 1);
}

bool fits(std::string pattern, std::string path) {
  const bool is_folder = path.ends_with('/');
  if (is_folder) path.pop_back();
  if (pattern.ends_with('/')) {
    if (!is_folder) return false;
    pattern.pop_back();
  }
  if (pattern.empty() || path.empty()) return false;
  const bool rooted = pattern.starts_with('/');
  if (rooted) pattern.erase(0, 1);
  if (pattern.empty()) return false;
  if (!rooted && pattern.find('/') == std::string::npos) pattern.insert(0, "**/");
  return parts_fit(text::split(pattern, '/'), 0, text::split(path, '/'), 0);
}

bool fits_or_above(const std::string& pattern, const std::string& path) {
  if (fits(pattern, path)) return true;
  for (std::size_t slash = path.find('/'); slash != std::string::npos && slash + 1 < path.size();
       slash = path.find('/', slash + 1)) {
    if (fits(pattern, path.substr(0, slash + 1))) return true;
  }
  return false;
}

}  // namespace

void glob(std::string_view bytes) {
  const std::size_t line = std::min(bytes.find('\n'), bytes.size());
  const std::string pattern(bytes.substr(0, line));
  const std::string path(line < bytes.size() ? bytes.substr(line + 1) : std::string_view());
  const bool itself = text::glob_match_itself(pattern, path);
  const bool any = text::glob_match(pattern, path);
  promise(!itself || any, "what matches itself matches");
  const std::string bare = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  // The simple matcher knows no brackets and no escapes, and has no time for long input.
  const bool simple = pattern.find_first_of("[\\") == std::string::npos && pattern.size() <= 14 && path.size() <= 24;
  if (!simple || !walk::clean_relative(bare)) return;
  promise(itself == fits(pattern, path), "the quick matcher agrees with the simple one");
  promise(any == fits_or_above(pattern, path), "the quick matcher agrees with the simple one, folders too");
}

void ignore(std::string_view bytes) {
  const Halves parts = halves(bytes);
  const std::string path(parts.second);
  const std::string bare = path.ends_with('/') ? path.substr(0, path.size() - 1) : path;
  if (!walk::clean_relative(bare)) return;
  const auto ignored = [&path](const std::string& rules) {
    const walk::IgnoreFrame frame{nullptr, "", walk::parse_ignore_rules(rules)};
    return walk::is_ignored(&frame, path);
  };
  const std::string rules(parts.first);
  const bool alone = ignored(rules);
  promise(ignored(rules + "\n*\n"), "the last rule decides: all");
  promise(!ignored(rules + "\n!*\n"), "the last rule decides: nothing");
  promise(ignored("\n# comment\n" + rules) == alone || rules.starts_with("\xEF\xBB\xBF"), "comments change nothing");
  promise(ignored("*\n!*\n" + rules) == alone || rules.starts_with("\xEF\xBB\xBF"), "what was taken back is as new");
  const auto outer =
      std::make_shared<const walk::IgnoreFrame>(walk::IgnoreFrame{nullptr, "", walk::parse_ignore_rules("*\n")});
  const walk::IgnoreFrame inner{outer, "", walk::parse_ignore_rules(rules + "\n!*\n")};
  promise(!walk::is_ignored(&inner, path), "the nearest folder decides");
}

}  // namespace daydream::fuzz
