#include "plugins/log_review/night/statements.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::logs {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{128} << 20;
constexpr std::uint64_t kLargestFile = std::uint64_t{2} << 20;
constexpr std::size_t kShortestKey = 8, kShortestPart = 3, kNear = 600;
constexpr std::size_t kMostPhrases = 12;
constexpr int kMostHits = 50;  // of one pattern in one file
const std::vector<std::string> kSources = {
    "*.py", "*.js",   "*.mjs", "*.cjs", "*.jsx", "*.ts", "*.tsx", "*.go",  "*.java", "*.kt",  "*.scala",  "*.groovy",
    "*.c",  "*.h",    "*.cc",  "*.cpp", "*.cxx", "*.hh", "*.hpp", "*.rs",  "*.rb",   "*.php", "*.cs",     "*.swift",
    "*.sh", "*.bash", "*.pl",  "*.pm",  "*.lua", "*.ex", "*.exs", "*.erl", "*.clj",  "*.vue", "*.svelte", "*.dart"};

bool is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
}

// The constant parts of a template, the longest first.
std::vector<std::string> constant_parts(std::string_view pattern) {
  std::vector<std::string> parts;
  constexpr std::string_view kHole = "<*>";
  bool behind_hole = false;
  while (!pattern.empty()) {
    const std::size_t hole = pattern.find(kHole);
    std::string_view part = pattern.substr(0, hole);
    // "db" of "db<*>" may be of the value.
    while (hole != std::string_view::npos && !part.empty() && is_name(part.back())) part.remove_suffix(1);
    while (behind_hole && !part.empty() && is_name(part.front())) part.remove_prefix(1);
    behind_hole = true;
    part = text::trim(part);
    while (!part.empty() && std::string_view("'\"`=:,()[]{}").find(part.front()) != std::string_view::npos)
      part.remove_prefix(1);
    while (!part.empty() && std::string_view("'\"`([{").find(part.back()) != std::string_view::npos)
      part.remove_suffix(1);
    if (part.size() >= kShortestPart) parts.emplace_back(part);
    if (hole == std::string_view::npos) break;
    pattern.remove_prefix(hole + kHole.size());
  }
  std::stable_sort(parts.begin(), parts.end(),
                   [](const std::string& left, const std::string& right) { return left.size() > right.size(); });
  return parts;
}

// Three words in a row each, or a whole part that has fewer: what a statement's text holds even where one of its
// values has been the same all night.
std::vector<std::string> phrases_of(std::string_view pattern) {
  std::vector<std::string> phrases;
  for (const std::string& part : constant_parts(pattern)) {
    const auto words = text::split(part, ' ');
    if (words.size() <= 3) phrases.push_back(part);
    for (std::size_t i = 0; i + 3 <= words.size() && words.size() > 3; ++i) {
      const char* const begin = words[i].data();
      phrases.emplace_back(begin, static_cast<std::size_t>(words[i + 2].data() + words[i + 2].size() - begin));
    }
  }
  std::stable_sort(phrases.begin(), phrases.end(),
                   [](const std::string& left, const std::string& right) { return left.size() > right.size(); });
  if (phrases.size() > kMostPhrases) phrases.resize(kMostPhrases);
  return phrases;
}

struct Search {
  std::vector<std::string> parts;
  Statement best;
  std::size_t score = 0;
};

bool is_test(std::string_view path) {
  return path.find("test") != std::string_view::npos || path.find("spec/") != std::string_view::npos;
}

void consider(std::string_view content, std::size_t at, const std::string& path, Search& wanted) {
  const std::size_t from = at > kNear / 2 ? at - kNear / 2 : 0;
  const std::string_view around = content.substr(from, at - from + kNear);
  std::size_t score = is_test(path) ? 0 : 2, first = at;
  for (const std::string& part : wanted.parts) {
    const std::size_t found = around.find(part);
    if (found == std::string_view::npos) continue;
    score += part.size() * 4;
    first = std::min(first, from + found);
  }
  if (score < wanted.score) return;
  const int line = text::line_column(content, first).line;
  if (score == wanted.score) {
    wanted.best.others += wanted.best.path == path && wanted.best.line == line ? 0 : 1;
    return;
  }
  wanted.score = score;
  wanted.best = {path, line, 0};
}

void search(std::string_view content, const std::string& path, Search& wanted) {
  int hits = 0;
  for (const std::string& part : wanted.parts) {
    if (part.size() < kShortestKey) continue;
    for (std::size_t at = content.find(part); at != std::string_view::npos && hits < kMostHits;
         at = content.find(part, at + part.size())) {
      ++hits;
      consider(content, at, path, wanted);
    }
  }
}

}  // namespace

Result<std::vector<Statement>> find_statements(const sdk::Run& run, const std::vector<std::string>& templates) {
  std::vector<Search> searches;
  bool any = false;
  for (const std::string& one : templates) {
    Search wanted;
    wanted.parts = phrases_of(one);
    if (!wanted.parts.empty() && wanted.parts[0].size() < kShortestKey) wanted.parts.clear();
    any = any || !wanted.parts.empty();
    searches.push_back(std::move(wanted));
  }
  std::vector<Statement> found(templates.size());
  if (!any) return found;
  auto files = run.files().list(kSources);
  if (!files) return std::move(files.error());
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < files->size(); ++i) {
    const sdk::Entry& file = (*files)[i];
    if (file.size > kLargestFile) continue;
    bytes += file.size;
    if (bytes > kMostBytes || run.cancelled()) break;
    if (i % 256 == 0) run.progress(i, files->size(), "statements");
    auto content = run.files().read(file.path);
    if (!content) continue;  // changed meanwhile
    for (Search& wanted : searches) {
      if (!wanted.parts.empty()) search(content->bytes, file.path, wanted);
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = searches[i].best;
  return found;
}

}  // namespace daydream::logs
