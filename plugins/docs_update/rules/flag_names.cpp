#include "plugins/docs_update/rules/flag_names.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>
#include <optional>

#include "daydream/source/language.hpp"
#include "plugins/docs_update/tree.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kNo = std::string_view::npos;
constexpr std::size_t kLongestName = 100;

bool upper(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0;
}
bool lower_or_digit(char c) {
  return std::islower(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}
bool of_a_name(char c) {
  return letter_or_digit(c) || c == '-' || c == '_';
}

// "dryRun", "HTTPProxy": a word begins at `at`.
bool hump(std::string_view token, std::size_t at) {
  if (at == 0 || !upper(token[at])) return false;
  if (lower_or_digit(token[at - 1])) return true;
  return upper(token[at - 1]) && at + 1 < token.size() && std::islower(static_cast<unsigned char>(token[at + 1])) != 0;
}

// A field, a parameter or a delegate: `output: PathBuf`, `output?: string`, `output by option()`.
bool declared(std::string_view behind) {
  const std::size_t first = behind.find_first_not_of(" \t?!");
  if (first == kNo) return false;
  if (behind[first] == ':') return !behind.substr(first).starts_with("::");
  return first > 0 && behind.substr(first).starts_with("by ");
}

// `[Option] string Output`, `val output = opt[String]()`, "Output string `help:...`".
bool speaks_of_options(std::string_view row) {
  static constexpr std::string_view kWords[] = {"ption", "flag", "Flag", "opt[", "rgument", "arameter"};
  if (std::any_of(std::begin(kWords), std::end(kWords), [&](std::string_view word) { return row.find(word) != kNo; }))
    return true;
  const std::size_t first = row.find_first_not_of(" \t");
  return first != kNo && upper(row[first]) && row.find('`') != kNo;
}

// One row after the other, each looked at once.
class Code {
 public:
  explicit Code(std::string_view code) : code_(code) {}

  void drop_from(std::unordered_set<std::string>& wanted) {
    for (std::size_t at = 0; at < code_.size();) {
      if (code_[at] == '\n') {
        row_ = at + 1;
        options_.reset();
      }
      if (!letter_or_digit(code_[at])) {
        ++at;
        continue;
      }
      std::size_t end = at + 1;
      while (end < code_.size() && of_a_name(code_[end])) ++end;
      if (end - at < kLongestName) {
        FlagName name = flag_name(code_.substr(at, end - at));
        const auto found = wanted.find(name.letters);
        if (found != wanted.end() && (name.several || stands_as_flag(at, end))) wanted.erase(found);
      }
      at = end;
    }
  }

 private:
  bool stands_as_flag(std::size_t at, std::size_t end) {
    const char before = at == 0 ? ' ' : code_[at - 1];
    if (std::string_view("-\"'`").find(before) != kNo) return true;
    // A symbol of Ruby, not the end of a qualified name.
    if (before == ':' && (at < 2 || std::string_view(" \t\n(,[").find(code_[at - 2]) != kNo)) return true;
    if (!row_end_ || *row_end_ < at) row_end_ = std::min(code_.find('\n', at), code_.size());
    if (declared(code_.substr(end, *row_end_ - end))) return true;
    if (!options_) options_ = speaks_of_options(code_.substr(row_, *row_end_ - row_));
    return *options_;
  }

  std::string_view code_;
  std::size_t row_ = 0;
  std::optional<std::size_t> row_end_;
  std::optional<bool> options_;  // of the row; not set: nobody asked yet
};

}  // namespace

FlagName flag_name(std::string_view token) {
  while (token.starts_with('-')) token.remove_prefix(1);
  FlagName name;
  std::size_t first_word = 0;  // its letters, where others follow
  bool begins = false;
  for (std::size_t at = 0; at < token.size(); ++at) {
    const bool between = token[at] == '-' || token[at] == '_';
    begins = begins || between || hump(token, at);
    if (between) continue;
    if (begins && !name.letters.empty() && first_word == 0) first_word = name.letters.size();
    begins = false;
    name.letters += static_cast<char>(std::tolower(static_cast<unsigned char>(token[at])));
  }
  name.several = first_word > 0;
  if (first_word == 2 && name.letters.starts_with("no")) name.letters.erase(0, 2);
  return name;
}

void drop_named(std::string_view code, std::unordered_set<std::string>& wanted) {
  Code(code).drop_from(wanted);
}

bool code_file(std::string_view path) {
  if (source::detect(path) != source::Language::kNone) return true;
  static const std::unordered_set<std::string> endings = {
      ".rb",  ".php", ".swift", ".kt",   ".kts", ".scala",  ".cs",     ".dart", ".pl",     ".pm",
      ".lua", ".ex",  ".exs",   ".erl",  ".hs",  ".ml",     ".zig",    ".nim",  ".clj",    ".r",
      ".jl",  ".ps1", ".m",     ".mm",   ".fs",  ".vb",     ".cr",     ".d",    ".v",      ".f90",
      ".pas", ".tcl", ".awk",   ".fish", ".zsh", ".groovy", ".gradle", ".vue",  ".svelte", ".coffee"};
  return endings.contains(extension_of(path));
}

}  // namespace daydream::docs
