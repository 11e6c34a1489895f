#include "plugins/log_review/night/statements.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::logs {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{128} << 20;
constexpr std::uint64_t kLargestFile = std::uint64_t{2} << 20;
constexpr std::size_t kShortestKey = 8, kShortestPart = 3, kNear = 600;
constexpr std::size_t kMostPhrases = 24;
constexpr std::size_t kLongestMeanLine = 300;
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

struct Phrase {
  std::string text;
  std::size_t first_word = 0, words = 0;  // of all words of the constant parts
  bool begins = false, ends = false;      // the template itself begins, ends with it
};

struct Search {
  std::vector<Phrase> phrases;
  std::size_t words = 0;  // of all constant parts
  Statement best;
  std::size_t score = 0;
};

// Three words in a row each, or a whole part that has fewer: what a statement's text holds even where one of its
// values has been the same all night.
Search search_for(std::string_view pattern) {
  Search wanted;
  const std::string_view whole = text::trim(pattern);
  for (const std::string& part : constant_parts(pattern)) {
    const auto words = text::split(part, ' ');
    const std::size_t step = std::min<std::size_t>(3, words.size());
    for (std::size_t i = 0; i + step <= words.size(); ++i) {
      const char* const begin = words[i].data();
      const auto& last = words[i + step - 1];
      Phrase phrase{std::string(begin, static_cast<std::size_t>(last.data() + last.size() - begin)), wanted.words + i,
                    step, false, false};
      phrase.begins = i == 0 && whole.starts_with(phrase.text);
      phrase.ends = i + step == words.size() && whole.ends_with(phrase.text);
      wanted.phrases.push_back(std::move(phrase));
    }
    wanted.words += words.size();
  }
  std::stable_sort(wanted.phrases.begin(), wanted.phrases.end(),
                   [](const Phrase& left, const Phrase& right) { return left.text.size() > right.text.size(); });
  if (wanted.phrases.size() > kMostPhrases) wanted.phrases.resize(kMostPhrases);
  if (!wanted.phrases.empty() && wanted.phrases[0].text.size() < kShortestKey) wanted.phrases.clear();
  return wanted;
}

bool is_test(std::string_view path) {
  return path.find("test") != std::string_view::npos || path.find("spec/") != std::string_view::npos;
}

bool is_text(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == ',';
}

// A statement whose text goes on where the message ends, or begins before it, writes another message.
bool stands_alone(std::string_view around, std::size_t at, const Phrase& phrase) {
  if (phrase.begins && at > 0 && is_text(around[at - 1])) return false;
  const std::size_t end = at + phrase.text.size();
  return !phrase.ends || end >= around.size() || !is_text(around[end]);
}

void consider(std::string_view content, std::size_t at, const std::string& path, Search& wanted) {
  const std::size_t from = at > kNear / 2 ? at - kNear / 2 : 0;
  const std::string_view around = content.substr(from, at - from + kNear);
  std::size_t score = is_test(path) ? 0 : 2, first = at;
  std::vector<bool> covered(wanted.words, false);
  for (const Phrase& phrase : wanted.phrases) {
    const std::size_t found = around.find(phrase.text);
    if (found == std::string_view::npos || !stands_alone(around, found, phrase)) continue;
    score += phrase.text.size() * 4;
    first = std::min(first, from + found);
    std::fill_n(covered.begin() + static_cast<std::ptrdiff_t>(phrase.first_word), phrase.words, true);
  }
  // Words that happen to be the same are no proof: most of the message must stand there, and a short one wholly. What
  // may lack is a value that was the same all night.
  const auto there = static_cast<std::size_t>(std::count(covered.begin(), covered.end(), true));
  const bool enough = wanted.words <= 4 ? there == wanted.words : there * 10 >= wanted.words * 7;
  if (!enough || score < wanted.score) return;
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
  for (const Phrase& phrase : wanted.phrases) {
    if (phrase.text.size() < kShortestKey) continue;
    for (std::size_t at = content.find(phrase.text); at != std::string_view::npos && hits < kMostHits;
         at = content.find(phrase.text, at + phrase.text.size())) {
      ++hits;
      consider(content, at, path, wanted);
    }
  }
}

// Packed by a tool: nobody reads it, and anything stands in it.
bool is_packed(std::string_view path, std::string_view content) {
  if (path.find(".min.") != std::string_view::npos) return true;
  const auto lines = static_cast<std::size_t>(std::count(content.begin(), content.end(), '\n')) + 1;
  return content.size() / lines > kLongestMeanLine;
}

}  // namespace

Result<std::vector<Statement>> find_statements(const sdk::Run& run, const std::vector<std::string>& templates) {
  std::vector<Search> searches;
  bool any = false;
  for (const std::string& one : templates) {
    searches.push_back(search_for(one));
    any = any || !searches.back().phrases.empty();
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
    if (!content || is_packed(file.path, content->bytes)) continue;  // or changed meanwhile
    for (Search& wanted : searches) {
      if (!wanted.phrases.empty()) search(content->bytes, file.path, wanted);
    }
  }
  for (std::size_t i = 0; i < found.size(); ++i) found[i] = searches[i].best;
  return found;
}

}  // namespace daydream::logs
