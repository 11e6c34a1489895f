#include "ignore.hpp"

#include "daydream/kit/text.hpp"

namespace daydream::walk {

namespace {

// Blanks at the end do not count, unless the first of them is escaped.
std::string_view without_trailing_blanks(std::string_view line) {
  while (!line.empty() && line.back() == ' ') {
    std::size_t slashes = 0;
    while (slashes + 1 < line.size() && line[line.size() - 2 - slashes] == '\\') ++slashes;
    if (slashes % 2 == 1) break;
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

std::vector<IgnoreRule> parse_ignore_rules(std::string_view content) {
  std::vector<IgnoreRule> rules;
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  for (std::string_view line : text::split(content, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.front() == '#') continue;
    line = without_trailing_blanks(line);
    IgnoreRule rule;
    if (line.starts_with('!')) {
      rule.negated = true;
      line.remove_prefix(1);
    }
    if (line.empty() || line == "/") continue;
    rule.pattern = line;
    rules.push_back(std::move(rule));
  }
  return rules;
}

bool is_ignored(const IgnoreFrame* frame, std::string_view path) {
  for (; frame != nullptr; frame = frame->above.get()) {
    const std::string_view below = path.substr(frame->folder.size());
    for (auto rule = frame->rules.rbegin(); rule != frame->rules.rend(); ++rule) {
      if (text::glob_match_itself(rule->pattern, below)) return !rule->negated;
    }
  }
  return false;
}

}  // namespace daydream::walk
