// expired-bridge for JavaScript, TypeScript, C and C++: comments that say when something is to go, and it
// came: a date, a version of the project, a Node.js that is no longer supported.
//
// Said with its evidence, never edited: what goes with the comment is for a person to see.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <memory>

#include "daydream/kit/text.hpp"
#include "daydream/source/c_lexer.hpp"
#include "daydream/source/javascript_kinds.hpp"
#include "plugins/legacy_cleanup/rules/bridge_words.hpp"
#include "plugins/legacy_cleanup/rules/c/c_file.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script.hpp"

namespace daydream::legacy::braces {
namespace {

const Codes kCodes{"expired-bridge", "expiring-todo-comments", "no-warning-comments"};

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject), repository_(repository), out_(out) {
    if (repository == nullptr) return;
    const auto& project = repository->script_projects().of(subject.path());
    version_ = project.version;
    node_ = project.node;
  }

  // Each line of a comment speaks for itself.
  void comment(const source::Comment& comment) {
    const std::string_view all = subject_.content().substr(comment.begin, comment.end - comment.begin);
    std::uint32_t line = comment.line;
    for (const std::string_view raw : text::split(all, '\n')) {
      if (out_.size() < kMost) one(raw, line);
      ++line;
    }
  }

 private:
  static constexpr std::size_t kMost = 200;
  [[nodiscard]] bool undecided() const { return repository_ == nullptr; }

  void one(std::string_view raw, std::uint32_t line) {
    const auto begin = raw.find_first_not_of("/*! \t");
    if (begin == std::string_view::npos || raw.size() > 2000) return;
    std::string lower = text::to_lower_ascii(raw.substr(begin));
    if (lower.starts_with("@")) lower.erase(0, 1);
    if (marked(lower)) {
      if (const auto bracket = lower.find('['); bracket != std::string::npos && bracketed(line, lower, bracket)) return;
      for (const std::string_view word : kMarked) {
        if (when(line, lower, word)) return;
      }
    }
    for (const std::string_view word : kGoing) {
      if (when(line, lower, word)) return;
    }
  }

  // As in "TODO [2026-01-01]", "[>=2.0.0]", "[engine:node@>=20]": unicorn's expiring-todo-comments.
  bool bracketed(std::uint32_t line, std::string_view lower, std::size_t bracket) {
    std::string_view inside = lower.substr(bracket + 1);
    const auto close = inside.find(']');
    if (close == std::string_view::npos) return false;
    inside = inside.substr(0, close);
    if (const auto date = date_at(inside); date && inside.size() == 10) return dated(line, *date), true;
    constexpr std::string_view kEngine = "engine:node@>=";
    if (inside.starts_with(kEngine)) return node_at_least(line, text::trim(inside.substr(kEngine.size())));
    if (!inside.starts_with(">")) return false;
    const bool equal = inside.starts_with(">=");
    const std::string_view version = version_at(text::trim(inside.substr(equal ? 2 : 1)));
    if (version.empty()) return false;
    return versioned(line, version, equal ? 0 : 1), true;
  }

  bool when(std::uint32_t line, std::string_view lower, std::string_view word) {
    const auto at = lower.find(word);
    if (at == std::string_view::npos || (at > 0 && part_of_other(lower[at - 1]))) return false;
    std::string_view behind = lower.substr(at + word.size());
    if (behind.starts_with("the ")) behind.remove_prefix(4);
    if (const auto date = date_at(behind)) return dated(line, *date), true;
    if (node(line, behind)) return true;
    for (const std::string_view filler : {"version ", "release "}) {
      if (behind.starts_with(filler)) behind.remove_prefix(filler.size());
    }
    const std::string_view version = version_at(behind);
    const bool spoken = word.starts_with("remove") || word.starts_with("drop") || word.starts_with("delete");
    if (version.empty() || !spoken) return false;
    versioned(line, version, 0);
    return true;
  }

  // "we drop support for node 14", "node.js 18 is the minimum".
  bool node(std::uint32_t line, std::string_view behind) {
    bool leaving = false;
    for (const std::string_view word : {"we ", "dropping ", "drop ", "support for "}) {
      if (!behind.starts_with(word)) continue;
      leaving |= word != "we ";
      behind.remove_prefix(word.size());
    }
    if (!behind.starts_with("node")) return false;
    behind.remove_prefix(4);
    for (const std::string_view word : {".js", "js", " ", "v", "@", ">= ", ">="}) {
      if (behind.starts_with(word)) behind.remove_prefix(word.size());
    }
    int major = 0;
    const auto read = std::from_chars(behind.data(), behind.data() + behind.size(), major);
    if (read.ec != std::errc() || major <= 0) return false;
    const std::string_view rest = behind.substr(static_cast<std::size_t>(read.ptr - behind.data()));
    for (const std::string_view word : {"drop", "end of life", "eol", "no longer", "support is"}) {
      leaving |= rest.find(word) != std::string_view::npos;
    }
    if (!undecided() && node_ < major + (leaving ? 1 : 0)) return true;
    add(line, "what this waits for has come", "package.json asks for Node.js " + std::to_string(node_) + " or newer")
        .suggestion = "remove what it marks";
    return true;
  }

  bool node_at_least(std::uint32_t line, std::string_view version) {
    int major = 0;
    std::from_chars(version.data(), version.data() + version.size(), major);
    if (major <= 0) return false;
    if (!undecided() && node_ < major) return true;
    add(line, "what this waits for has come", "package.json asks for Node.js " + std::to_string(node_) + " or newer")
        .suggestion = "remove what it marks";
    return true;
  }

  void dated(std::uint32_t line, const std::string& date) {
    if (!undecided() && !repository_->past(date)) return;
    add(line, "this was meant to go by " + date, "that day is past").suggestion =
        "remove what it marks, or give it a new day";
  }

  // The project is at that version, or (more = 1) past it.
  void versioned(std::uint32_t line, std::string_view version, int more) {
    if (!undecided() && (version_.empty() || compare_versions(version_, version) < more)) return;
    add(line, "this was meant to go in version " + std::string(version), "the project is at " + version_).suggestion =
        "remove what it marks";
  }

  Finding& add(std::uint32_t line, std::string message, std::string evidence) {
    Finding& finding = out_.emplace_back();
    finding.rule = "expired-bridge";
    finding.line = finding.end_line = line;
    finding.column = 1;
    finding.safety = Safety::kInfo;
    finding.message = std::move(message);
    finding.evidence = std::move(evidence);
    return finding;
  }

  const Subject& subject_;
  const Repository* repository_;
  std::vector<Finding>& out_;
  std::string version_;
  int node_ = 0;
};

class ExpiredBridge final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "expired-bridge"; }
  [[nodiscard]] bool reads(source::Language language) const override {
    return c::is_c(language) || source::javascript::is_script(language);
  }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (minified(subject.content())) return;
    std::vector<Finding> found;
    Examination examination(subject, repository, found);
    if (c::is_c(subject.language())) {
      if (repository != nullptr && c::left_alone(subject.path())) return;
      const auto& lexed = subject.c_lexed();
      for (const auto& token : lexed.tokens) {
        if (token.kind == source::c::TokenKind::kComment) examination.comment({token.begin, token.end, token.line, {}});
      }
      if (!found.empty()) keep(subject.remarks(), found, out);
      return;
    }
    if (repository != nullptr && script::left_alone(subject.path(), *repository)) return;
    if (!script::written_by_people(subject.content()) || subject.tree() == nullptr || !subject.tree()->clean()) return;
    for (const source::Comment& comment : subject.tree()->comments()) examination.comment(comment);
    if (!found.empty()) keep(subject.remarks(), found, out);
  }

 private:
  static void keep(const Remarks& remarks, std::vector<Finding>& found, std::vector<Finding>& out) {
    if (remarks.file(kCodes)) return;
    for (Finding& finding : found) {
      if (!remarks.lines(finding.line, finding.line, kCodes)) out.push_back(std::move(finding));
    }
  }
};

}  // namespace
}  // namespace daydream::legacy::braces

namespace daydream::legacy {

std::unique_ptr<Rule> braces_expired_bridge() {
  return std::make_unique<braces::ExpiredBridge>();
}

}  // namespace daydream::legacy
