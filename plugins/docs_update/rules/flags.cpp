// outdated-reference of command-line flags: `--name` in code of a page, which a program of this tree defined
// when the line was written (argparse, click, optparse, commander, yargs, cobra, clap, getopt, boost, shell),
// and which nothing in the tree names now, in any of the ways in which flags are written. Git must say both.
// Other programs' flags are never defined here, so nothing is said of them.
#include <algorithm>
#include <cctype>
#include <functional>
#include <map>
#include <set>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/rules/flag_names.hpp"
#include "plugins/docs_update/rules/past.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kMostCommits = 40;           // that are searched in one night: the others' turn is the next
constexpr std::string_view kLasting = "flags/1/";  // another number where other code counts as a definition
constexpr std::size_t kMostFlags = 2000;
constexpr std::size_t kLongestCommand = 300;
constexpr std::size_t kLargestCode = std::size_t{4} << 20;     // that is searched for definitions
constexpr std::size_t kLargestBundle = std::size_t{16} << 20;  // that is searched for the name of a flag

bool letter_or_digit(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// "--name" at an offset: the name; "" where there is none.
std::string_view flag_at(std::string_view text, std::size_t at) {
  const bool front = at == 0 || std::string_view(" \t\n\"'`([|,/=<").find(text[at - 1]) != std::string_view::npos;
  if (!front || !text.substr(at).starts_with("--")) return {};
  std::size_t end = at + 2;
  while (end < text.size() && (letter_or_digit(text[end]) || text[end] == '-' || text[end] == '_')) ++end;
  std::string_view name = text.substr(at + 2, end - at - 2);
  const bool cut =
      end < text.size() && std::string_view(" \t\n\r\"'`)]|,=.:;<[/").find(text[end]) == std::string_view::npos;
  if (cut || name.size() < 4 || std::isalpha(static_cast<unsigned char>(name.front())) == 0 || name.ends_with('-'))
    return {};
  return name;
}

// The command before the flag is a well-known program's own. Only so much of it is looked at.
bool of_another_program(std::string_view before) {
  if (before.size() > kLongestCommand) {
    before.remove_prefix(before.size() - kLongestCommand);
    before.remove_prefix(std::min(before.find(' '), before.size()));  // no half word
  }
  const auto begin = before.find_last_of("\n;|&");
  if (begin != std::string_view::npos) before.remove_prefix(begin + 1);
  static constexpr std::string_view kPrograms[] = {
      "git",       "docker",  "podman",    "pip",       "pip3",    "pipx",  "uv",      "poetry", "conda", "npm",
      "npx",       "yarn",    "pnpm",      "cargo",     "go",      "gcc",   "g++",     "clang",  "cmake", "make",
      "ninja",     "kubectl", "helm",      "curl",      "wget",    "apt",   "apt-get", "brew",   "dnf",   "yum",
      "systemctl", "aws",     "gcloud",    "az",        "ssh",     "rsync", "tar",     "sudo",   "node",  "deno",
      "bun",       "gh",      "terraform", "ansible",   "pytest",  "tox",   "bazel",   "gradle", "mvn",   "gpg",
      "openssl",   "psql",    "mysql",     "redis-cli", "minikube"};
  for (const std::string_view word : text::split(before, ' ')) {
    const std::string_view bare = text::trim(word);
    if (std::find(std::begin(kPrograms), std::end(kPrograms), bare) != std::end(kPrograms)) return true;
  }
  return false;
}

// `flags.Bool("name", ...)`, `Arg::new("n").long("name")`: without dashes, by calls that can be nothing else.
bool named_in_quotes(std::string_view line, std::string_view name) {
  const std::string quoted = "\"" + std::string(name) + "\"";
  if (line.find(quoted) == std::string_view::npos) return false;
  static constexpr std::string_view kCalls[] = {"flag.", "lags().", "flags.", "Flags.", ".long(", "long ="};
  return std::any_of(std::begin(kCalls), std::end(kCalls),
                     [&](std::string_view call) { return line.find(call) != std::string_view::npos; });
}

// The lines up to this one define the flag: a call that does stands on it, or a little above it.
bool defines(const std::vector<std::string_view>& lines, std::size_t line, std::string_view flag) {
  bool named = false;
  for (std::size_t at = lines[line].find(flag); at != std::string_view::npos; at = lines[line].find(flag, at + 1)) {
    named = named || flag_at(lines[line], at) == flag.substr(2);
  }
  if (!named) return named_in_quotes(lines[line], flag.substr(2));
  const std::string_view own = text::trim(lines[line]);
  if (own.starts_with(flag) && own.substr(flag.size()).find(')') != std::string_view::npos) return true;  // case in sh
  static constexpr std::string_view kCalls[] = {"add_argument(", "add_option(",     ".option(",  "option(",
                                                "Option(",       "requiredOption(", "Argument(", ".long(",
                                                "OptionParser",  "opts.on("};
  for (std::size_t above = 0; above <= 3 && above <= line; ++above) {
    const std::string_view text = lines[line - above];
    for (const std::string_view call : kCalls) {
      if (text.find(call) != std::string_view::npos) return true;
    }
    // Only the arguments in front of a flag may stand between.
    const std::string_view trimmed = text::trim(text);
    if (above > 0 && !(trimmed.starts_with('"') || trimmed.starts_with('\''))) return false;
    if (above == 0 && !(trimmed.starts_with('"') || trimmed.starts_with('\''))) return false;
  }
  return false;
}

// Of one commit: flag -> the file that defined it, "" where none did. Kept as "flag NUL file NUL" of each.
using Known = std::map<std::string, std::string>;

Known known_from(std::string_view kept) {
  Known known;
  const auto parts = text::split(kept, '\0');
  for (std::size_t at = 0; at + 1 < parts.size(); at += 2) known.emplace(parts[at], parts[at + 1]);
  return known;
}

std::string to_keep(const Known& known) {
  std::string kept;
  for (const auto& [flag, path] : known) kept.append(flag).append(1, '\0').append(path).append(1, '\0');
  return kept;
}

struct Mention {
  const Page* page;
  std::uint32_t line = 0;
  std::string flag;  // "--name"
};

class Flags {
 public:
  Flags(Survey& survey, Findings& findings) : survey_(survey), findings_(findings) {}

  bool check() {
    if (!survey_.history().present()) return true;
    for (const auto& [path, page] : survey_.pages()) {
      if (page.format == Format::kHtml || page.templated || Survey::chronicle(path)) continue;
      on_page_.clear();
      for (const Code& code : page.codes) collect(page, code.text, code.line);
      collect_blocks(page);
    }
    if (mentions_.empty()) return true;
    if (!survey_.tick("flags of commands")) return false;
    drop_present();
    return mentions_.empty() || ask_history();
  }

 private:
  void collect(const Page& page, std::string_view text, std::uint32_t line) {
    for (std::size_t at = text.find("--"); at != std::string_view::npos; at = text.find("--", at + 2)) {
      const std::string_view name = flag_at(text, at);
      if (mentions_.size() >= kMostFlags) return;
      if (name.empty()) continue;
      std::pair<std::uint32_t, std::string> place(line, "--");
      place.second += name;
      if (on_page_.contains(place) || of_another_program(text.substr(0, at))) continue;
      mentions_.push_back({&page, line, place.second});
      on_page_.insert(std::move(place));
    }
  }

  void collect_blocks(const Page& page) {
    static constexpr std::string_view kShells[] = {"",        "sh",  "bash",          "shell",
                                                   "console", "zsh", "shell-session", "text"};
    const auto content = page.blocks.empty() ? std::nullopt : survey_.content(page.path);
    if (!content) return;
    for (const Block& block : page.blocks) {
      if (std::find(std::begin(kShells), std::end(kShells), block.language) == std::end(kShells)) continue;
      std::uint32_t line = block.line;
      for (const std::string_view row : text::split(
               std::string_view(*content).substr(block.content.begin, block.content.end - block.content.begin), '\n')) {
        collect(page, row, ++line);
      }
    }
  }

  // One look at every file. Where one cannot be looked at, nothing can be said.
  void drop_present() {
    std::unordered_set<std::string> wanted;
    for (const Mention& mention : mentions_) wanted.insert(flag_name(mention.flag).letters);
    for (const TreeFile& file : survey_.tree().files()) {
      if (wanted.empty()) break;
      const bool code = code_file(file.path);
      if (survey_.page(file.path) != nullptr || (!code && Survey::chronicle(file.path))) continue;
      const auto content = file.size > kLargestBundle ? std::nullopt : survey_.view(file);
      if (!content && code) wanted.clear();
      if (!content || content->substr(0, 8000).find('\0') != std::string_view::npos) continue;
      drop_named(*content, wanted);
    }
    std::erase_if(mentions_, [&](const Mention& mention) { return !wanted.contains(flag_name(mention.flag).letters); });
  }

  // The newest lines first: what is written today is looked at tonight.
  using Commits = std::map<std::pair<std::int64_t, std::string>, std::vector<const Mention*>, std::greater<>>;

  Commits commits() {
    std::map<std::string, std::vector<const Mention*>> of_page;
    for (const Mention& mention : mentions_) of_page[mention.page->path].push_back(&mention);
    Commits by_commit;
    for (const auto& [path, mentions] : of_page) {
      const auto content = survey_.content(path);
      if (!content) continue;
      const auto lines = text::split(*content, '\n');
      std::vector<std::uint32_t> asked;
      asked.reserve(mentions.size());
      for (const Mention* mention : mentions) asked.push_back(mention->line);
      std::sort(asked.begin(), asked.end());
      asked.erase(std::unique(asked.begin(), asked.end()), asked.end());
      std::erase_if(asked, [&](std::uint32_t line) {
        return line < 1 || line > lines.size() || speaks_of_past(lines[line - 1]);
      });
      const auto written = survey_.history().written(path, *content, asked);
      for (const Mention* mention : mentions) {
        const auto line = written.find(mention->line);
        if (line != written.end()) by_commit[{line->second.time, line->second.commit}].push_back(mention);
      }
    }
    return by_commit;
  }

  bool ask_history() {
    const Commits asked = commits();
    // Where git's time is over not every line was dated: then nothing is forgotten.
    std::map<std::string, std::string> lasting;
    if (survey_.history().exhausted()) lasting = survey_.lasting();
    std::size_t searched = 0;
    for (const auto& [written, mentions] : asked) {
      const std::string& commit = written.second;
      const std::string key = std::string(kLasting) + commit;
      const auto kept = survey_.lasting().find(key);
      Known known = kept == survey_.lasting().end() ? Known() : known_from(kept->second);
      const bool all = std::all_of(mentions.begin(), mentions.end(),
                                   [&](const Mention* mention) { return known.contains(mention->flag); });
      if (!all && searched < kMostCommits) {
        ++searched;
        if (!survey_.tick("flags at " + commit.substr(0, 12))) return false;
        search(commit, mentions, known);
      }
      for (const Mention* mention : mentions) {
        const auto found = known.find(mention->flag);
        if (found != known.end() && !found->second.empty()) say(*mention, found->second, commit);
      }
      if (!known.empty()) lasting.insert_or_assign(key, to_keep(known));
    }
    survey_.lasting() = std::move(lasting);
    return true;
  }

  // Adds the flags of these mentions to what is known, unless git's time is over.
  void search(const std::string& commit, const std::vector<const Mention*>& mentions, Known& known) {
    std::set<std::string> flags;
    for (const Mention* mention : mentions) flags.insert(mention->flag);
    std::vector<std::string> words(flags.begin(), flags.end());
    words.reserve(flags.size() * 2);
    for (const std::string& flag : flags) {
      if (flag.find('-', 2) != std::string::npos) words.push_back("\"" + flag.substr(2) + "\"");
    }
    const auto lines = survey_.history().lines_with(commit, words);
    if (!lines) return;
    Known defined;
    std::set<std::string> read;
    for (const auto& [path, line] : *lines) {
      if (source::detect(path) == source::Language::kNone || Survey::sample(path) || of_an_example(path)) continue;
      if (!read.insert(path).second) continue;
      const auto content = survey_.history().content_at(commit, path);
      if (!content || content->size() > kLargestCode) continue;
      find_definitions(*content, path, flags, defined);
    }
    if (survey_.history().exhausted()) return;
    known = std::move(defined);
    for (const std::string& flag : flags) known.emplace(flag, "");
  }

  static void find_definitions(const std::string& content, const std::string& path, const std::set<std::string>& flags,
                               Known& defined) {
    const auto rows = text::split(content, '\n');
    for (const std::string& flag : flags) {
      const std::string name = flag.substr(2);
      if (defined.contains(flag) || content.find(name) == std::string::npos) continue;
      for (std::size_t row = 0; row < rows.size(); ++row) {
        if (rows[row].find(name) == std::string_view::npos || !defines(rows, row, flag)) continue;
        defined.emplace(flag, path);
        break;
      }
    }
  }

  void say(const Mention& mention, const std::string& path, const std::string& commit) {
    Finding finding;
    finding.rule = "outdated-reference";
    finding.line = mention.line;
    finding.symbol = mention.flag;
    finding.message =
        text::markdown_code(mention.flag) + " was a flag when this line was written; no code names it now";
    finding.evidence =
        "git: " + text::show_path(path) + " defined it in " + commit.substr(0, 12) + ", which wrote this line";
    findings_[mention.page->path].push_back(std::move(finding));
  }

  Survey& survey_;
  Findings& findings_;
  std::vector<Mention> mentions_;
  std::set<std::pair<std::uint32_t, std::string>> on_page_;  // lines and their flags: each is said once
};

}  // namespace

bool check_flags(Survey& survey, Findings& findings) {
  return Flags(survey, findings).check();
}

}  // namespace daydream::docs
