#include "plugins/log_review/night/statements.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::logs {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{128} << 20;
constexpr std::uint64_t kLargestFile = std::uint64_t{2} << 20;
constexpr std::size_t kShortestKey = 8, kShortestPart = 3, kNear = 400;
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

struct Search {
  std::vector<std::string> parts;
  Statement best;
  std::size_t score = 0;
};

bool is_test(std::string_view path) {
  return path.find("test") != std::string_view::npos || path.find("spec/") != std::string_view::npos;
}

void search(std::string_view content, const std::string& path, Search& wanted) {
  const std::string& key = wanted.parts[0];
  for (std::size_t at = content.find(key); at != std::string_view::npos; at = content.find(key, at + key.size())) {
    const std::size_t from = at > kNear ? at - kNear : 0;
    const std::string_view around = content.substr(from, at - from + key.size() + kNear);
    std::size_t score = key.size() * 4;
    for (std::size_t i = 1; i < wanted.parts.size(); ++i) {
      if (around.find(wanted.parts[i]) != std::string_view::npos) score += wanted.parts[i].size() * 4;
    }
    if (!is_test(path)) score += 2;
    if (score < wanted.score) continue;
    wanted.best.others = score == wanted.score ? wanted.best.others + 1 : 0;
    if (score == wanted.score) continue;
    wanted.score = score;
    wanted.best.path = path;
    wanted.best.line = text::line_column(content, at).line;
  }
}

}  // namespace

Result<std::vector<Statement>> find_statements(const sdk::Run& run, const std::vector<std::string>& templates) {
  std::vector<Search> searches;
  bool any = false;
  for (const std::string& one : templates) {
    Search wanted;
    wanted.parts = constant_parts(one);
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
