// outdated-reference: a path or a name in backticks that was there when the line was written and is gone.
// Git must say both: without a full history nothing is said. A path that a rename leads on from is a ready
// patch. Not looked at: changelogs and decisions, lines that speak of the past, names of test data.
#include <algorithm>
#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/rules/past.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kMostCommits = 60;  // that are searched in one night
constexpr std::size_t kMostWords = 3000;

struct Mention {
  const Page* page;
  const Code* code;
  std::string name;  // the path or the word
};

bool word_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// "src/a.py", "src/a.py:12", "./src/a/": the path alone; "" for anything else.
std::string path_in(std::string_view text) {
  if (text.starts_with("./")) text.remove_prefix(2);
  if (const auto colon = text.find(':'); colon != std::string_view::npos) {
    const std::string_view tail = text.substr(colon + 1);
    if (tail.empty() || !std::all_of(tail.begin(), tail.end(), [](char c) {
          return std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':';
        }))
      return {};
    text = text.substr(0, colon);
  }
  if (const auto hash = text.find("#L"); hash != std::string_view::npos) text = text.substr(0, hash);
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.size() < 4 || text.size() > 300 || text.front() == '/' || text.front() == '-' || text.front() == '.')
    return {};
  for (const char c : text) {
    if (!word_character(c) && c != '.' && c != '/' && c != '-') return {};
  }
  if (text.find("..") != std::string_view::npos || text.find("//") != std::string_view::npos) return {};
  const std::string extension = extension_of(text);
  const bool ending =
      extension.size() >= 2 && extension.size() <= 6 && std::isalpha(static_cast<unsigned char>(extension[1])) != 0;
  return ending ? std::string(text) : std::string();
}

// "foo_bar()", "Class.method_name", "TwoHumps", "SOME_CONSTANT": the last name, where its form alone says
// that it is one of a program; "" for anything else.
std::string word_in(std::string_view text) {
  bool call = false;
  if (text.ends_with("()")) {
    text.remove_suffix(2);
    call = true;
  }
  for (const std::string_view separator : {"::", ".", "#"}) {
    if (const auto at = text.rfind(separator); at != std::string_view::npos) text = text.substr(at + separator.size());
  }
  if (text.size() < 5 || text.size() > 100 || !std::all_of(text.begin(), text.end(), word_character)) return {};
  if (std::isdigit(static_cast<unsigned char>(text.front())) != 0) return {};
  const bool snake = text.find('_', 1) != std::string_view::npos && text.find('_', 1) + 1 < text.size();
  std::size_t humps = 0;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (std::isupper(static_cast<unsigned char>(text[i])) != 0 &&
        std::islower(static_cast<unsigned char>(text[i - 1])) != 0)
      ++humps;
  }
  return call || snake || humps > 0 ? std::string(text) : std::string();
}

// The line defines the word, in any language we know.
bool defines(std::string_view line, std::string_view word) {
  static constexpr std::array<std::string_view, 20> kKeywords = {
      "def",   "class", "function", "func", "fn",     "fun",    "struct",       "enum",   "interface", "type",
      "trait", "const", "let",      "var",  "static", "define", "macro_rules!", "module", "union",     "namespace"};
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    if (at > 0 && word_character(line[at - 1])) continue;
    const std::size_t end = at + word.size();
    if (end < line.size() && word_character(line[end])) continue;
    const std::string_view before = text::trim(line.substr(0, at));
    for (const std::string_view keyword : kKeywords) {
      if (before.ends_with(keyword) &&
          (before.size() == keyword.size() || !word_character(before[before.size() - keyword.size() - 1])))
        return true;
    }
    const std::string_view after = text::trim(line.substr(end));
    const bool first =
        before.empty() || before == "export" || before == "self." || before == "static" || before == "public";
    if (first &&
        (after.starts_with("= ") || after.starts_with("=(") || (after.starts_with(":") && !after.starts_with("::"))))
      return true;
    // int name(
    const bool typed =
        !before.empty() && std::isspace(static_cast<unsigned char>(line[0])) == 0 && after.starts_with("(") &&
        (word_character(before.back()) || before.back() == '*' || before.back() == '&' || before.ends_with("::")) &&
        before != "return" && before.find('=') == std::string_view::npos && before.find('(') == std::string_view::npos;
    if (typed) return true;
  }
  return false;
}

// A file named without its folder: most such names are conventions of some tool, not files of this tree.
bool telling_name(std::string_view name) {
  if (name.find('/') != std::string_view::npos) return true;
  return name.find_first_of("_-") != std::string_view::npos && !name.starts_with("_") && !name.starts_with("test_") &&
         stem_of(name).size() > 6;
}

// Not code: such a name is a convention ("docker-compose.yml") unless git says what became of ours.
bool only_if_renamed(std::string_view name) {
  return name.find('/') == std::string_view::npos && source::detect(name) == source::Language::kNone;
}

// How often the whole word stands in the text.
std::size_t count_word(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !word_character(text[at - 1])) && (end >= text.size() || !word_character(text[end]))) ++count;
  }
  return count;
}

class References {
 public:
  References(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    if (!survey_.history().present()) return true;
    for (const auto& [path, page] : survey_.pages()) {
      if (!survey_.tick(path)) return false;
      if (page.format == Format::kHtml || page.templated || Survey::chronicle(path)) continue;
      for (const Code& code : page.codes) collect(page, code);
    }
    check_paths();
    return survey_.tick("names in backticks") && check_words();
  }

 private:
  void collect(const Page& page, const Code& code) {
    const std::string_view text = text::trim(code.text);
    if (const std::string path = path_in(text); !path.empty()) {
      if (telling_name(path) && !exists(page, path)) paths_.push_back({&page, &code, path});
      return;
    }
    const std::string word = word_in(text);
    if (!word.empty() && words_.size() < kMostWords) words_.push_back({&page, &code, word});
  }

  [[nodiscard]] bool exists(const Page& page, const std::string& path) const {
    const Tree& tree = survey_.tree();
    const auto beside = join(folder_of(page.path), path);
    return tree.exists(path) || (beside && tree.exists(*beside)) || tree.has_suffix(path);
  }

  void check_paths() {
    if (paths_.empty()) return;
    const auto& deleted = survey_.history().deleted();
    std::unordered_map<std::string, std::vector<std::string>> by_name;
    for (const auto& [path, commit] : deleted) by_name[std::string(name_of(path))].push_back(path);
    std::map<const Page*, std::vector<std::pair<Mention, std::string>>> found;
    for (const Mention& mention : paths_) {
      const std::string path = deleted_path(mention, by_name);
      if (!path.empty() && !Survey::sample(path)) found[mention.page].emplace_back(mention, path);
    }
    std::vector<std::string> asked;
    for (const auto& [page, mentions] : found) {
      for (const auto& [mention, path] : mentions) asked.push_back(path);
    }
    const auto gone = survey_.history().gone(asked, survey_.tree());
    const auto ignored = survey_.history().ignored(asked);
    for (const auto& [page, mentions] : found) {
      const auto written = lines_written(*page, mentions);
      for (const auto& [mention, path] : mentions) {
        const auto line = written.find(mention.code->line);
        const auto went = gone.find(path);
        if (line == written.end() || went == gone.end() || ignored.contains(path)) continue;
        if (only_if_renamed(mention.name) && went->second.now.empty()) continue;
        if (line->second.time < went->second.time) say_path(mention, path, went->second);
      }
    }
  }

  // The whole path of a deleted file that the mention means, newest deletion first; "" for none.
  std::string deleted_path(const Mention& mention,
                           const std::unordered_map<std::string, std::vector<std::string>>& by_name) {
    const auto& deleted = survey_.history().deleted();
    if (deleted.contains(mention.name)) return mention.name;
    const auto beside = join(folder_of(mention.page->path), mention.name);
    if (beside && deleted.contains(*beside)) return *beside;
    if (mention.name.find('/') == std::string::npos) return {};
    const auto named = by_name.find(std::string(name_of(mention.name)));
    if (named == by_name.end()) return {};
    std::string best;
    for (const std::string& path : named->second) {
      if (!path.ends_with("/" + mention.name)) continue;
      const auto better = [&](const std::string& one, const std::string& other) {
        const auto a = deleted.at(one).time, b = deleted.at(other).time;
        return a != b ? a > b : one < other;
      };
      if (best.empty() || better(path, best)) best = path;
    }
    return best;
  }

  template <class Mentions>
  std::map<std::uint32_t, Written> lines_written(const Page& page, const Mentions& mentions) {
    const auto content = survey_.content(page.path);
    if (!content) return {};
    const auto lines = text::split(*content, '\n');
    std::vector<std::uint32_t> asked;
    for (const auto& each : mentions) {
      const std::uint32_t line = mention_of(each).code->line;
      if (line >= 1 && line <= lines.size() && !speaks_of_past(lines[line - 1])) asked.push_back(line);
    }
    std::sort(asked.begin(), asked.end());
    asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
    return survey_.history().written(page.path, *content, asked);
  }
  static const Mention& mention_of(const Mention& mention) { return mention; }
  static const Mention& mention_of(const std::pair<Mention, std::string>& pair) { return pair.first; }

  void say_path(const Mention& mention, const std::string& path, const Gone& gone) {
    Finding finding;
    finding.rule = "outdated-reference";
    finding.line = mention.code->line;
    finding.symbol = mention.name;
    finding.message = text::markdown_code(mention.name) + " was there when this line was written and is gone";
    finding.evidence = "git: " + text::show_path(path) + " was deleted in " + gone.commit.substr(0, 12) +
                       ", after this line was written";
    if (!gone.now.empty()) {
      finding.suggestion = "it is now " + text::show_path(gone.now);
      const auto at = mention.code->text.find(mention.name);
      if (path == mention.name && at != std::string::npos && mention.code->place.end > 0) {
        const auto begin = mention.code->place.begin + static_cast<std::uint32_t>(at);
        finding.safety = sdk::Safety::kReview;
        finding.edits.push_back({begin, begin + static_cast<std::uint32_t>(mention.name.size()), gone.now});
      }
    }
    findings_[mention.page->path].push_back(std::move(finding));
  }

  bool check_words() {
    std::unordered_set<std::string> words;
    for (const Mention& mention : words_) words.insert(mention.name);
    const auto absent = survey_.words_in_no_code(std::move(words), nullptr);
    std::map<const Page*, std::vector<Mention>> of_page;
    for (const Mention& mention : words_) {
      if (absent.contains(mention.name)) of_page[mention.page].push_back(mention);
    }
    for (auto& [page, mentions] : of_page) drop_own(*page, mentions);
    std::map<std::string, std::vector<Mention>> by_commit;
    for (const auto& [path, page] : survey_.pages()) {
      const auto found = of_page.find(&page);
      if (found == of_page.end()) continue;
      if (!survey_.tick(path)) return false;
      const auto written = lines_written(page, found->second);
      for (const Mention& mention : found->second) {
        const auto line = written.find(mention.code->line);
        if (line != written.end()) by_commit[line->second.commit].push_back(mention);
      }
    }
    std::size_t asked = 0;
    for (const auto& [commit, mentions] : by_commit) {
      if (++asked > kMostCommits) break;
      if (!survey_.tick("names at " + commit.substr(0, 12))) return false;
      search(commit, mentions);
    }
    return true;
  }

  // Names that the page itself shows in a block of code are its own.
  void drop_own(const Page& page, std::vector<Mention>& mentions) {
    const auto content = survey_.content(page.path);
    std::map<std::string, std::size_t> in_backticks;
    for (const Code& code : page.codes) {
      for (const Mention& mention : mentions) {
        if (mention.code == &code) in_backticks[mention.name] = 0;
      }
    }
    for (auto& [name, count] : in_backticks) {
      for (const Code& code : page.codes) count += count_word(code.text, name);
    }
    std::erase_if(mentions, [&](const Mention& mention) {
      return !content || count_word(*content, mention.name) > in_backticks[mention.name];
    });
  }

  void search(const std::string& commit, const std::vector<Mention>& mentions) {
    std::vector<std::string> words;
    words.reserve(mentions.size());
    for (const Mention& mention : mentions) words.push_back(mention.name);
    std::sort(words.begin(), words.end());
    words.erase(std::unique(words.begin(), words.end()), words.end());
    const auto lines = survey_.history().lines_with(commit, words);
    if (!lines) return;
    std::map<std::string, std::string> defined;  // word -> file
    for (const auto& [path, line] : *lines) {
      if (source::detect(path) == source::Language::kNone || Survey::sample(path) || of_an_example(path)) continue;
      for (const std::string& word : words) {
        if (!defined.contains(word) && defines(line, word)) defined.emplace(word, path);
      }
    }
    for (const Mention& mention : mentions) {
      const auto found = defined.find(mention.name);
      if (found == defined.end()) continue;
      Finding finding;
      finding.rule = "outdated-reference";
      finding.line = mention.code->line;
      finding.symbol = mention.name;
      finding.message =
          text::markdown_code(mention.name) + " was defined when this line was written; no code names it now";
      finding.evidence = "git: " + text::show_path(found->second) + " defined it in " + commit.substr(0, 12) +
                         ", which wrote this line";
      findings_[mention.page->path].push_back(std::move(finding));
    }
  }

  Survey& survey_;
  Findings& findings_;
  std::vector<Mention> paths_, words_;
};

}  // namespace

bool speaks_of_past(std::string_view line) {
  static constexpr std::array<std::string_view, 25> kWords = {
      "remov",  "delet",  "former",  "renam",   "deprecat", "no longer", "used to", "previous", "was ",
      "were ",  "legacy", "replac",  "old ",    "moved",    "gone",      "drop",    "before",   "obsolet",
      "until ", "migrat", "instead", "superse", "histor",   "merged",    "example"};
  const std::string lower = text::to_lower_ascii(line);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool of_an_example(std::string_view path) {
  static const std::unordered_set<std::string_view> parts = {"examples", "example", "samples",  "demo",  "demos",
                                                             "docs",     "doc",     "tutorial", "tests", "test"};
  return has_part(folder_of(path), parts);
}

bool check_references(Survey& survey, Findings& findings) {
  return References(survey, findings).check();
}

}  // namespace daydream::docs
