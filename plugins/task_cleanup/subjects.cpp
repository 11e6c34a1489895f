#include "plugins/task_cleanup/subjects.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/fields.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;
constexpr std::size_t kShortestSymbol = 4;

bool is_name_byte(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_';
}

template <std::size_t N>
bool among(std::string_view word, const std::string_view (&words)[N]) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

// A word of the task: in backticks or not, without punctuation around it.
struct Word {
  std::string text;
  bool code = false;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    if (text[at] == '`') {
      const std::size_t open = std::min(text.find_first_not_of('`', at), text.size());
      const std::string fence(open - at, '`');
      const std::size_t close = text.find(fence, open);
      if (close != kNo) {
        words.push_back({std::string(text::trim(text.substr(open, close - open))), true});
        at = close + fence.size();
        continue;
      }
      at = open;
      continue;
    }
    const std::size_t end = std::min(text.find_first_of(" \t`", at), text.size());
    std::string_view word = text.substr(at, end - at);
    at = end;
    while (!word.empty() && std::string_view("([{\"'*~").find(word.front()) != kNo) word.remove_prefix(1);
    while (!word.empty() && std::string_view(".,;:!?]}\"'*~").find(word.back()) != kNo) word.remove_suffix(1);
    if (word.ends_with(')') && !word.ends_with("()")) word.remove_suffix(1);
    if (!word.empty()) words.push_back({std::string(word), false});
  }
  return words;
}

bool is_path(std::string_view word) {
  if (word.find("//") != kNo || word.starts_with('/') || word.starts_with("..") ||
      word.find_first_of(" <>*?$(){}[]|\"'\\,;:=#") != kNo)
    return false;
  const std::size_t slash = word.rfind('/');
  const std::string_view base = slash == kNo ? word : word.substr(slash + 1);
  const std::size_t dot = base.rfind('.');
  const bool extension = dot != kNo && dot > 0 && base.size() - dot >= 2 && base.size() - dot <= 6 &&
                         std::all_of(base.begin() + static_cast<std::ptrdiff_t>(dot) + 1, base.end(),
                                     [](char byte) { return is_name_byte(byte) && byte != '_'; });
  static constexpr std::string_view kExtensions[] = {
      "c",     "cc",   "cpp",  "cxx",   "h",     "hh",   "hpp", "py",  "pyi",   "js",  "jsx",   "mjs",
      "ts",    "tsx",  "go",   "java",  "rs",    "rb",   "sh",  "php", "cs",    "kt",  "swift", "css",
      "scss",  "html", "json", "yml",   "yaml",  "toml", "cfg", "ini", "sql",   "vue", "lua",   "pl",
      "scala", "m",    "mm",   "cmake", "proto", "txt",  "md",  "rst", "ipynb", "xml", "gradle"};
  if (!extension) return false;
  return slash != kNo || among(text::to_lower_ascii(base.substr(dot + 1)), kExtensions);
}

// "old_parser()" -> "old_parser"; "a::b" -> "a::b"; "" for what is no symbol. Without backticks only what no
// prose writes counts: calls and snake_case.
std::string symbol_in(const Word& word) {
  std::string_view name = word.text;
  bool call = false;
  if (const std::size_t open = name.find('('); open != kNo && name.ends_with(')')) {
    name = name.substr(0, open);
    call = true;
  }
  const bool clean = !name.empty() && std::all_of(name.begin(), name.end(), [](char byte) {
    return is_name_byte(byte) || byte == ':' || byte == '.' || byte == '-';
  });
  if (!clean || (name[0] >= '0' && name[0] <= '9') || name.find('-') != kNo) return "";
  const bool snake = name.find('_') != kNo && name.find('_') > 0;
  if (!word.code && !call && !snake) return "";
  const std::size_t last = name.find_last_of(":.");
  const std::string_view bare = last == kNo ? name : name.substr(last + 1);
  if (bare.size() < kShortestSymbol || name.starts_with('.') || name.starts_with(':')) return "";
  return std::string(name);
}

std::vector<Name> name_of(const Word& word) {
  if (is_path(word.text)) return {{word.text, true}};
  if (const std::string symbol = symbol_in(word); !symbol.empty()) return {{symbol, false}};
  return {};
}

constexpr std::string_view kRemove[] = {"remove", "delete", "drop", "kill", "retire", "eliminate", "erase"};
constexpr std::string_view kAdd[] = {"add", "create", "write", "implement", "introduce"};
constexpr std::string_view kReplace[] = {"replace", "rename", "migrate", "switch"};
// What follows is not what is removed or added.
constexpr std::string_view kAside[] = {
    "from",   "in",    "of",  "for",  "once",  "when",       "after",    "if",    "until",   "because",
    "since",  "using", "and", "or",   "via",   "so",         "that",     "which", "where",   "like",
    "as",     "on",    "at",  "per",  "see",   "before",     "unless",   "than",  "support", "usage",
    "usages", "uses",  "use", "call", "calls", "references", "handling", "but",   "into",    "behind"};
constexpr std::string_view kInstead[] = {"with", "by", "to", "->", "→", "=>"};
constexpr std::string_view kFilling[] = {"the",    "a",      "an",       "old",      "obsolete", "unused", "deprecated",
                                         "dead",   "legacy", "function", "class",    "method",   "file",   "module",
                                         "helper", "script", "new",      "from",     "our",      "my",     "stale",
                                         "struct", "type",   "command",  "endpoint", "component"};
// Nothing that names alone can show.
constexpr std::string_view kOpenEnded[] = {"all",           "every",    "some",       "more",        "rest",
                                           "remaining",     "other",    "tests",      "test",        "docs",
                                           "documentation", "comments", "dependency", "dependencies"};

}  // namespace

std::vector<Name> names_in(std::string_view text) {
  std::vector<Name> names;
  for (const Word& word : words_of(text)) {
    for (Name& name : name_of(word)) names.push_back(std::move(name));
  }
  return names;
}

Aim aim_of(std::string_view text) {
  const std::vector<Word> words = words_of(text);
  const std::string verb = text::to_lower_ascii(first_word(text));
  const bool remove = among(verb, kRemove);
  const bool add = among(verb, kAdd);
  const bool replace = among(verb, kReplace);
  if (!remove && !add && !replace) return {};
  Aim aim;
  bool begun = false;
  bool instead = false;
  for (const Word& word : words) {
    const std::string lower = word.code ? std::string() : text::to_lower_ascii(word.text);
    if (!begun) {
      begun = lower == verb;
      continue;
    }
    if (replace && among(lower, kInstead)) {
      instead = true;
      continue;
    }
    if (among(lower, kOpenEnded)) return {};
    const std::vector<Name> names = name_of(word);
    if (names.empty()) {
      if (among(lower, kFilling)) continue;
      // "`a` and `b`", "`a`, `b`" go on; any other word ends what the verb is about.
      if (lower == "and" || lower == "&" || lower == "+") continue;
      if (aim.empty() || (replace && !instead)) return {};
      if (among(lower, kAside)) break;
      // A reference, a date, a tag or a sign behind it changes nothing; a word may.
      const bool sign = !reference_in(word.text).empty() || word.text.find_first_of(":#@+/") != kNo;
      if (!sign) return {};
      continue;
    }
    auto& into = remove || (replace && !instead) ? aim.gone : aim.come;
    into.insert(into.end(), names.begin(), names.end());
  }
  if (replace && (aim.gone.empty() || aim.come.empty())) return {};
  return aim;
}

}  // namespace daydream::tasks
