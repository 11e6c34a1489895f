// deprecated-pattern for C and C++: what the standards have taken away, read by tokens.
//
// safe only for `register` in C++, where it has meant nothing since C++11; the rest is said, once a file
// for each name. Silent where the preprocessor chooses between standards, and on `throw()` as long as the
// file does not show that it needs C++11.
#include <algorithm>
#include <array>
#include <map>
#include <memory>

#include "plugins/legacy_cleanup/rules/c/c_file.hpp"

namespace daydream::legacy::c {
namespace {

const Codes kCodes{"deprecated-pattern"};

struct Old {
  std::string_view name;
  bool standard;  // stands behind std::
  std::string_view why;
};
constexpr std::array<Old, 18> kOld{{{"auto_ptr", true, "removed in C++17: std::unique_ptr"},
                                    {"random_shuffle", true, "removed in C++17: std::shuffle"},
                                    {"bind1st", true, "removed in C++17: a lambda"},
                                    {"bind2nd", true, "removed in C++17: a lambda"},
                                    {"ptr_fun", true, "removed in C++17: a lambda"},
                                    {"mem_fun", true, "removed in C++17: std::mem_fn or a lambda"},
                                    {"mem_fun_ref", true, "removed in C++17: std::mem_fn or a lambda"},
                                    {"unary_function", true, "removed in C++17: it is not needed"},
                                    {"binary_function", true, "removed in C++17: it is not needed"},
                                    {"not1", true, "removed in C++20: std::not_fn"},
                                    {"not2", true, "removed in C++20: std::not_fn"},
                                    {"set_unexpected", true, "removed in C++17"},
                                    {"result_of", true, "removed in C++20: std::invoke_result"},
                                    {"get_temporary_buffer", true, "removed in C++20"},
                                    {"raw_storage_iterator", true, "removed in C++20"},
                                    {"gets", false, "removed in C11: it cannot be used safely; fgets"},
                                    {"mktemp", false, "another process may take the name first; mkstemp"},
                                    {"tmpnam", false, "another process may take the name first; mkstemp"}}};

class Examination {
 public:
  Examination(const Subject& subject, std::vector<Finding>& out)
      : subject_(subject), lexed_(subject.c_lexed()), parts_(conditional_parts(lexed_)), out_(out) {
    for (std::uint32_t at = 0; at < lexed_.tokens.size(); ++at) {
      const TokenKind kind = lexed_.tokens[at].kind;
      if (kind != TokenKind::kComment && kind != TokenKind::kDirective) solid_.push_back(at);
    }
  }

  void run() {
    if (lexed_.broken) return;
    std::map<std::string_view, std::pair<std::size_t, int>> seen;  // where first, and how often
    for (std::size_t at = 0; at < solid_.size(); ++at) {
      if (token(at).kind != TokenKind::kName) continue;
      if (word(at) == "register") add_register(at);
      for (const Old& old : kOld) {
        if (old.name == word(at) && used(at, old)) ++seen.try_emplace(old.name, at, 0).first->second.second;
      }
      if (word(at) == "throw") add_throw(at);
    }
    for (const auto& [name, where] : seen) say(name, where.first, where.second);
  }

 private:
  [[nodiscard]] const Token& token(std::size_t at) const { return lexed_.tokens[solid_[at]]; }
  [[nodiscard]] std::string_view word(std::size_t at) const {
    return at < solid_.size() ? lexed_.text(token(at)) : std::string_view();
  }
  // C++ by its name; a plain .h may be C.
  [[nodiscard]] bool certainly_cpp() const {
    return subject_.language() == source::Language::kCpp && !subject_.path().ends_with(".h");
  }

  [[nodiscard]] bool used(std::size_t at, const Old& old) const {
    if (old.standard) {
      return !within(parts_, token(at).begin) && at >= 3 && word(at - 1) == ":" && word(at - 2) == ":" &&
             word(at - 3) == "std" && subject_.language() == source::Language::kCpp;
    }
    if (word(at + 1) != "(" || at == 0) return false;
    // A call, not a declaration (type before it) and no member.
    const std::string_view before = word(at - 1);
    const bool member = before == "." || before == ">" || before == ":" || before == "*" || before == "&";
    const bool typed =
        token(at - 1).kind == TokenKind::kName && before != "return" && before != "else" && before != "do";
    return !member && !typed;
  }

  [[nodiscard]] Finding& add(std::size_t at, Safety safety) {
    Finding& finding = out_.emplace_back();
    finding.rule = "deprecated-pattern";
    finding.line = finding.end_line = token(at).line;
    const auto line_break = subject_.content().rfind('\n', token(at).begin);
    finding.column =
        token(at).begin - (line_break == std::string_view::npos ? 0 : static_cast<std::uint32_t>(line_break + 1)) + 1;
    finding.safety = safety;
    finding.symbol = word(at);
    if (safety == Safety::kInfo) finding.severity = Severity::kInfo;
    return finding;
  }

  void say(std::string_view name, std::size_t at, int times) {
    const auto old = std::find_if(kOld.begin(), kOld.end(), [&](const Old& one) { return one.name == name; });
    Finding& finding = add(at, Safety::kInfo);
    finding.message = "`" + std::string(old->standard ? "std::" : "") + std::string(name) + "` is used";
    if (times > 1) finding.message += ", " + std::to_string(times) + " times in this file";
    finding.evidence = old->why;
    if (!old->standard) finding.severity = Severity::kWarning;
  }

  // register int i; but not register int sp asm("sp");
  void add_register(std::size_t at) {
    if (subject_.language() != source::Language::kCpp || (!subject_.path().empty() && !certainly_cpp())) return;
    for (std::size_t ahead = at + 1; ahead < at + 40 && ahead < solid_.size(); ++ahead) {
      const std::string_view text = word(ahead);
      if (text == "asm" || text == "__asm__" || text == "__asm") return;
      if (text == ";" || text == "{" || text == ")") break;
    }
    const std::uint32_t begin = token(at).begin, next = at + 1 < solid_.size() ? token(at + 1).begin : token(at).end;
    const std::string_view between = subject_.content().substr(token(at).end, next - token(at).end);
    if (between.empty() || between.find_first_not_of(" \t") != std::string_view::npos) return;
    if (token(at + 1).kind != TokenKind::kName) return;
    Finding& finding = add(at, Safety::kSafe);
    finding.message = "`register` is said of a variable";
    finding.evidence = "removed in C++17; in C++ it has meant nothing since C++11";
    finding.suggestion = "leave it out";
    finding.edits.push_back({begin, next, ""});
  }

  // By words that older standards do not know, used on no condition.
  [[nodiscard]] bool needs_cpp11() const {
    for (std::size_t at = 0; at < solid_.size(); ++at) {
      const std::string_view text = word(at);
      if (text != "nullptr" && text != "constexpr" && text != "noexcept" && text != "static_assert" &&
          text != "decltype" && text != "override") {
        continue;
      }
      if (!within(parts_, token(at).begin)) return true;
    }
    return false;
  }

  // f() throw();
  void add_throw(std::size_t at) {
    if (subject_.language() != source::Language::kCpp || at == 0 || word(at + 1) != "(" || word(at + 2) != ")") return;
    const std::string_view before = word(at - 1), behind = word(at + 3);
    if (before != ")" && before != "const" && before != "override") return;
    if (behind != ";" && behind != "{" && behind != "=" && behind != "override" && behind != "final") return;
    if (within(parts_, token(at).begin) || !needs_cpp11()) return;
    Finding& finding = add(at, Safety::kReview);
    finding.message = "`throw()` says that a function throws nothing";
    finding.evidence = "removed in C++20: `noexcept` says the same since C++11, which this file needs already";
    finding.suggestion = "`noexcept`";
    finding.edits.push_back({token(at).begin, token(at + 2).end, "noexcept"});
  }

  const Subject& subject_;
  const Lexed& lexed_;
  std::vector<std::uint32_t> solid_;
  const std::vector<std::pair<std::uint32_t, std::uint32_t>> parts_;  // compiled on a condition
  std::vector<Finding>& out_;
};

class DeprecatedPattern final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "deprecated-pattern"; }
  [[nodiscard]] bool reads(source::Language language) const override { return is_c(language); }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (repository != nullptr && left_alone(subject.path())) return;
    const std::size_t before = out.size();
    Examination(subject, out).run();
    if (out.size() == before) return;
    const Remarks& remarks = subject.remarks();
    std::erase_if(out, [&](const Finding& finding) {
      return finding.rule == "deprecated-pattern" &&
             (remarks.file(kCodes) || remarks.lines(finding.line, finding.line, kCodes));
    });
  }
};

}  // namespace
}  // namespace daydream::legacy::c

namespace daydream::legacy {

std::unique_ptr<Rule> c_deprecated_pattern() {
  return std::make_unique<c::DeprecatedPattern>();
}

}  // namespace daydream::legacy
