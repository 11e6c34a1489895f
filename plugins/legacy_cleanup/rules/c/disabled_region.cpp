// unreachable-code for C and C++: what stands below `#if 0` and is never compiled.
//
// Taking it out changes nothing that is compiled. safe where git proves that the code lived before a
// commit put the `#if 0` around it; else a patch for a person. Silent where people are meant to flip the
// switch, where somebody says why it is kept, and where the text is words rather than code.
#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <memory>

#include "daydream/kit/text.hpp"
#include "plugins/legacy_cleanup/history.hpp"
#include "plugins/legacy_cleanup/rules/c/c_file.hpp"

namespace daydream::legacy::c {
namespace {

const Codes kCodes{"unreachable-code"};

struct Disabled {
  std::uint32_t first = 0, last = 0;  // bytes of what is never compiled, directives not included
  const Token* open = nullptr;
  const Token* otherwise = nullptr;  // #else, whose part lives on
  const Token* end = nullptr;
};

bool never(std::string_view condition) {
  return condition == "0" || condition == "(0)" || condition == "false" || condition == "0L" || condition == "0 ";
}

// Someone is meant to change it by hand.
bool switch_for_people(std::string_view text) {
  const std::string lower = text::to_lower_ascii(text);
  static constexpr std::array<std::string_view, 14> kWords{
      "enable",  "uncomment", "turn on", "set to",   "change to", "switch",      "#if 1",
      "example", "e.g.",      "usage",   "template", "sample",    "for testing", "to test"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

bool any_of(const std::string& lower, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// "not used", "old debug output": words that agree with taking it out.
bool says_unused(std::string_view words) {
  constexpr std::size_t kLong = 80;  // whoever says more gives a reason
  return words.size() <= kLong &&
         any_of(text::to_lower_ascii(words),
                {"unused", "not used", "isn't used", "never used", "not needed", "no longer", "obsolete", "dead code",
                 "deprecated", "superseded", "replaced by", "debug", "old version", "old code"});
}

// Words that say what is wrong with it or what it waits for: whoever switched it off means to come back.
bool says_why(std::string_view words) {
  return any_of(
      text::to_lower_ascii(words),
      {"because",  "not work", "could ",   "unfortunately", "doesn't",   "does not",    "don't", "not yet", "nyi",
       "until",    "for now",  "disabled", "disable ",      "deactivat", "todo",        "fixme", "xxx",     "broken",
       "too many", "wait for", "ideally",  "temporar",      "so it's",   "not support", "fails", "causes"});
}

// A comment that documents what follows it, not one that draws a line.
bool documents(std::string_view comment) {
  return (comment.starts_with("/**") && !comment.starts_with("/***")) || comment.find("@param") != std::string::npos;
}

// The comment, or line of words, that the text begins with; "" where it begins with anything else.
std::string_view head_comment(std::string_view text) {
  text = text::trim(text);
  const std::string_view line = text.substr(0, text.find('\n'));
  if (line.find_first_of(";{}()=<\"/") == std::string_view::npos) return line;
  if (text.starts_with("//")) return text.substr(0, text.find('\n'));
  const auto close = text.starts_with("/*") ? text.find("*/", 2) : std::string_view::npos;
  return close == std::string_view::npos ? std::string_view() : text.substr(0, close);
}

bool has_word(std::string_view text, std::string_view word) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const auto end = at + word.size();
    if ((at == 0 || !part(text[at - 1])) && (end == text.size() || !part(text[end]))) return true;
  }
  return false;
}

// A short piece with a mark of unfinished work in it.
bool unfinished(std::string_view text) {
  constexpr std::ptrdiff_t kShort = 20;  // lines
  if (std::count(text.begin(), text.end(), '\n') > kShort) return false;
  return has_word(text, "TODO") || has_word(text, "FIXME") || has_word(text, "XXX");
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject), repository_(repository), lexed_(subject.c_lexed()), out_(out) {}

  void run() {
    if (lexed_.broken || subject_.remarks().file(kCodes)) return;
    std::uint32_t behind = 0;
    for (const auto& region : source::c::regions(lexed_)) {
      const Token& open = lexed_.tokens[region.directive];
      if (open.begin < behind) continue;  // inside another one
      const std::string_view directive = lexed_.text(open);
      if (source::c::directive_name(directive) != "if" || !never(source::c::directive_rest(directive))) continue;
      behind = lexed_.tokens[region.end].end;
      if (region.branches > 1) continue;
      Disabled disabled;
      disabled.open = &open;
      disabled.end = &lexed_.tokens[region.end];
      if (region.branches == 1) {
        disabled.otherwise = &lexed_.tokens[region.otherwise];
        if (source::c::directive_name(lexed_.text(*disabled.otherwise)) != "else") continue;
      }
      disabled.first = open.end;
      disabled.last = (disabled.otherwise != nullptr ? disabled.otherwise : disabled.end)->begin;
      speak_of(disabled);
    }
  }

 private:
  // Lines that look like code, of those that say anything.
  [[nodiscard]] bool code(std::string_view text) const {
    std::size_t lines = 0, coded = 0, statements = 0;
    for (const std::string_view raw : text::split(text, '\n')) {
      const std::string_view line = text::trim(raw);
      if (line.empty() || line.starts_with("//") || line.starts_with("*") || line.starts_with("/*")) continue;
      ++lines;
      const bool directive = line.starts_with("#");
      const bool solid = line.find_first_of(";{}()=,") != std::string_view::npos;
      coded += directive || solid ? 1 : 0;
      statements +=
          !directive && (line.find(';') != std::string_view::npos || line.find('{') != std::string_view::npos) ? 1 : 0;
    }
    return statements > 0 && coded * 3 >= lines * 2;
  }

  // The comment that ends right above the directive.
  [[nodiscard]] std::string_view comment_above(const Token& directive) const {
    if (&directive == lexed_.tokens.data()) return {};
    const Token* const found = &directive - 1;
    if (found->kind != TokenKind::kComment) return {};
    const std::string_view between = subject_.content().substr(found->end, directive.begin - found->end);
    const bool close = between.find_first_not_of(" \t\r\n") == std::string_view::npos &&
                       std::count(between.begin(), between.end(), '\n') <= 1;
    return close ? lexed_.text(*found) : std::string_view();
  }

  void speak_of(const Disabled& disabled) {
    const std::string_view text = subject_.content().substr(disabled.first, disabled.last - disabled.first);
    if (!code(text)) return;
    const std::string_view above = comment_above(*disabled.open);
    if (kept_on_purpose(disabled, text, above)) return;
    Finding finding;
    finding.rule = "unreachable-code";
    finding.line = disabled.open->line;
    finding.column = 1;
    finding.end_line = disabled.end->line;
    const auto lines = std::count(text.begin(), text.end(), '\n') - 1;
    finding.message = lines == 1 ? "a line below `#if 0` that is never compiled"
                                 : std::to_string(lines) + " lines below `#if 0` that are never compiled";
    finding.evidence = "the condition is `0`";
    finding.suggestion =
        disabled.otherwise == nullptr ? "remove the block" : "remove the block and keep what `#else` has";
    finding.safety = Safety::kReview;
    add_edits(disabled, finding);
    if (!above.empty()) with_comment_above(disabled, above, finding);
    if (const auto proof = proof_of(disabled)) {
      finding.evidence = "commit " + proof->commit.substr(0, 7) + " (" + proof->date + ") switched this code off";
      finding.suggestion += "; it stays in git";
      // Words about it would lose what they speak of: a person decides.
      const bool bare = lexed_.text(*disabled.open).find('/') == std::string_view::npos;
      if (above.empty() && bare) finding.safety = Safety::kSafe;
    }
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] bool kept_on_purpose(const Disabled& disabled, std::string_view text, std::string_view above) const {
    const std::string_view directive = lexed_.text(*disabled.open), head = head_comment(text);
    if (switch_for_people(head.substr(0, std::min(head.find('\n'), head.size()))) || switch_for_people(directive) ||
        switch_for_people(above)) {
      return true;
    }
    const auto words = std::min(directive.find('/'), directive.size());
    const std::string_view beside = directive.substr(words);
    const bool told = disabled.otherwise != nullptr && lexed_.text(*disabled.otherwise).find('/') != directive.npos;
    if (told) return true;  // `#else` says why it is the better one
    if (says_unused(beside) || says_unused(head)) return false;
    if (!beside.empty() || (!documents(head) && says_why(head))) return true;
    return (!documents(above) && says_why(above)) || unfinished(text);
  }

  // What speaks of the block goes with it; where that is not certain, nothing is touched.
  void with_comment_above(const Disabled& disabled, std::string_view above, Finding& finding) const {
    if (documents(above) && disabled.otherwise != nullptr) return;  // of what `#else` has
    const auto begin = static_cast<std::uint32_t>(above.data() - subject_.content().data());
    const bool its_own = documents(above) || says_unused(above);
    if (its_own && disabled.otherwise == nullptr &&
        own_lines(subject_.content(), begin, begin + static_cast<std::uint32_t>(above.size()))) {
      finding.edits = {whole_lines(subject_.content(), begin, disabled.end->end)};
      finding.suggestion += ", and the comment above it";
      return;
    }
    finding.edits.clear();
    finding.safety = Safety::kInfo;
    finding.severity = Severity::kInfo;
    finding.evidence += "; the comment above it may speak of it";
  }

  void add_edits(const Disabled& disabled, Finding& finding) const {
    const std::string_view content = subject_.content();
    if (disabled.otherwise == nullptr) {
      finding.edits.push_back(whole_lines(content, disabled.open->begin, disabled.end->end));
      return;
    }
    Edit first = whole_lines(content, disabled.open->begin, disabled.otherwise->end);
    const auto line = content.find('\n', disabled.otherwise->end);
    first.end = static_cast<std::uint32_t>(line == std::string_view::npos ? content.size() : line + 1);
    Edit last = whole_lines(content, disabled.end->begin, disabled.end->end);
    const auto behind = content.find('\n', disabled.end->end);
    last.end = static_cast<std::uint32_t>(behind == std::string_view::npos ? content.size() : behind + 1);
    finding.edits.push_back(first);
    finding.edits.push_back(last);
  }

  [[nodiscard]] std::optional<History::Proof> proof_of(const Disabled& disabled) const {
    if (repository_ == nullptr || repository_->history == nullptr) return std::nullopt;
    const Token& last = disabled.otherwise != nullptr ? *disabled.otherwise : *disabled.end;
    return repository_->history->enclosed(subject_.path(), subject_.content(), disabled.open->line, last.line);
  }

  const Subject& subject_;
  const Repository* repository_;
  const Lexed& lexed_;
  std::vector<Finding>& out_;
};

class DisabledRegion final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "unreachable-code"; }
  [[nodiscard]] bool reads(source::Language language) const override { return is_c(language); }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (repository != nullptr && left_alone(subject.path())) return;
    if (subject.content().find('#') == std::string_view::npos) return;
    Examination(subject, repository, out).run();
  }
};

}  // namespace
}  // namespace daydream::legacy::c

namespace daydream::legacy {

std::unique_ptr<Rule> c_disabled_region() {
  return std::make_unique<c::DisabledRegion>();
}

}  // namespace daydream::legacy
