// unreachable-code: statements behind a return, raise, continue or break in the same block, and
// branches whose condition is the literal False or 0.
//
// safe only behind a jump, where nothing in the dead part has a meaning for the living: a yield makes
// its function a generator, a definition or assignment makes a name local. `if False:` is review: such
// switches are left for people.
#include <algorithm>
#include <memory>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using namespace source;  // NOLINT: the kit this rule is written in
using python::Binding;

const Codes kCodes{"W0101", "unreachable", "unreachable-code"};

bool jump_word(std::string_view word) {
  return word == "return" || word == "raise" || word == "continue" || word == "break";
}

// A logical line that begins with a jump and is followed by one of the same indentation, a jump followed
// by ';', or a condition that is a literal.
bool worth_a_look(const python::Lexed& lexed) {
  for (std::size_t i = 0; i < lexed.lines.size(); ++i) {
    const auto& line = lexed.lines[i];
    const std::string_view first = lexed.text(lexed.tokens[line.first]);
    if (first == "if" || first == "elif" || first == "while") {
      const std::string_view literal = lexed.text(lexed.tokens[line.first + 1]);
      if ((literal == "False" || literal == "0") && lexed.is(line.first + 2, ":")) return true;
    }
    if (first == "while" && (lexed.is(line.first + 1, "True") || lexed.is(line.first + 1, "1"))) {
      std::size_t next = i + 1;
      while (next < lexed.lines.size() && lexed.lines[next].indent > line.indent) ++next;
      if (next < lexed.lines.size() && lexed.lines[next].indent == line.indent) return true;
    }
    if (!jump_word(first)) continue;
    for (std::size_t at = line.first; at < line.last; ++at) {
      if (!lexed.tokens[at].nested && lexed.is(at, ";")) return true;
    }
    if (i + 1 < lexed.lines.size() && lexed.lines[i + 1].indent == line.indent) return true;
  }
  return false;
}

class Examination {
 public:
  Examination(const Subject& subject, std::vector<Finding>& out)
      : subject_(subject), file_(*subject.tree()), suppressions_(subject.lexed()), s_(python::symbols()), out_(out) {}

  void run() {
    if (suppressions_.file(kCodes)) return;
    for (NodeId node = 0; node < file_.nodes().size(); ++node) {
      if (file_.is(node, s_.block)) read_block(node);
      if (file_.is(node, s_.if_statement) || file_.is(node, s_.while_statement)) read_condition(node);
    }
  }

 private:
  [[nodiscard]] bool is_jump(NodeId node) const {
    return file_.is(node, s_.return_statement) || file_.is(node, s_.raise_statement) ||
           file_.is(node, s_.continue_statement) || file_.is(node, s_.break_statement);
  }

  // `while True:` without a break of its own.
  [[nodiscard]] bool endless(NodeId loop) const {
    if (!file_.is(loop, s_.while_statement)) return false;
    const std::string_view condition = file_.text(file_.child(loop, s_.f_condition));
    if (condition != "True" && condition != "1") return false;
    for (NodeId at = loop; at <= file_[loop].last; ++at) {
      if (!file_.is(at, s_.break_statement)) continue;
      NodeId above = file_[at].parent;
      while (above != loop && !file_.is(above, s_.while_statement) && !file_.is(above, s_.for_statement))
        above = file_[above].parent;
      // The break of an inner loop is its own, but for one in that loop's else.
      if (above == loop || around(file_, at, s_.else_clause) != kNoNode) return false;
    }
    return true;
  }

  [[nodiscard]] NodeId next_statement(NodeId node) const {
    NodeId at = file_.next_named(node);
    while (at != kNoNode && file_.is(at, s_.comment)) at = file_.next_named(at);
    return at;
  }

  void read_block(NodeId block) {
    for (NodeId at = file_.first_named(block); at != kNoNode; at = file_.next_named(at)) {
      if (!is_jump(at) && !endless(at)) continue;
      const NodeId first = next_statement(at);
      if (first != kNoNode) report(at, first);
      return;
    }
  }

  void report(NodeId jump, NodeId first) {
    NodeId last = first;
    for (NodeId at = first; at != kNoNode; at = next_statement(at)) last = at;
    const std::uint32_t begin = file_.line(file_[first].begin), end = file_.line(file_[last].end);
    if (suppressions_.lines(begin, begin, kCodes) || suppressions_.lines(file_.line(file_[jump].begin), begin, kCodes))
      return;
    const std::string_view text = file_.text(jump);
    const std::string word(text.substr(0, text.find_first_of(" \t\r\n(;")));
    Finding finding;
    finding.rule = "unreachable-code";
    place(file_, first, finding);
    finding.end_line = end;
    finding.message = end == begin ? "this line can never run" : "these lines can never run";
    const bool loop = !is_jump(jump);
    finding.evidence = "they stand behind " + (loop ? "an endless loop" : "`" + word + "`") + " on line " +
                       std::to_string(file_.line(file_[jump].begin)) + " in the same block";
    if (only_unreachable_marker(first, last)) return;
    finding.suggestion = "remove lines " + std::to_string(begin) + " to " + std::to_string(end);
    if (auto edit = without_lines(subject_, first, last)) finding.edits.push_back(*edit);
    std::string doubt = finding.edits.empty() ? "they share a line with others" : doubt_about(first, last);
    if (doubt.empty() && loop) doubt = "the loop may have been meant to end";
    finding.safety = doubt.empty() ? Safety::kSafe : Safety::kReview;
    if (!doubt.empty()) finding.evidence += "; for a person to decide: " + doubt;
    if (doubt == kGenerator) return;
    out_.push_back(std::move(finding));
  }

  // `raise X; return` and `raise NotImplementedError; pass` satisfy readers and checkers on purpose, and
  // `return; yield` is how an empty generator is written.
  [[nodiscard]] bool only_unreachable_marker(NodeId first, NodeId last) const {
    if (first != last) return false;
    if (is_jump(first) || file_.is(first, s_.pass_statement)) return true;
    const std::string_view text = file_.text(first);
    return text.starts_with("assert False") || text.starts_with("assert 0") || text.starts_with("assert_never") ||
           text.starts_with("yield") || text == "...";
  }

  static constexpr std::string_view kGenerator = "a yield among them makes the function a generator";

  // What the dead part still means to the living.
  [[nodiscard]] std::string doubt_about(NodeId first, NodeId last) const {
    for (NodeId at = first; at <= file_[last].last; ++at) {
      if (file_.is(at, s_.yield)) return std::string(kGenerator);
      if (file_.is(at, s_.global_statement) || file_.is(at, s_.nonlocal_statement))
        return "a global or nonlocal among them";
      if (file_.type(at) == "await") return "an await among them";
      if (file_.is(at, s_.comment)) return "comments stand among them";
      if (file_.is(at, s_.function_definition) || file_.is(at, s_.class_definition))
        return "a definition stands among them";
    }
    const python::Names* const names = subject_.names();
    if (names == nullptr) return "the names of this file are not known";
    for (const Binding& binding : names->bindings()) {
      if (binding.node < first || binding.node > file_[last].last) continue;
      const auto* use = names->find(binding.scope, binding.name);
      const bool kept =
          use != nullptr && std::any_of(use->bindings.begin(), use->bindings.end(), [&](python::BindingId id) {
            const NodeId node = names->bindings()[id].node;
            return node < first || node > file_[last].last;
          });
      if (!kept && use != nullptr && read_outside(*names, *use, first, file_[last].last)) {
        return "`" + std::string(binding.name) + "` is bound among them and read elsewhere";
      }
    }
    return {};
  }

  static bool read_outside(const python::Names& names, const python::NameUse& use, NodeId first, NodeId last) {
    return std::any_of(use.references.begin(), use.references.end(), [&](std::uint32_t id) {
      const NodeId node = names.references()[id].node;
      return node < first || node > last;
    });
  }

  void read_condition(NodeId node) {
    const NodeId condition = file_.child(node, s_.f_condition);
    if (condition == kNoNode || (file_.text(condition) != "False" && file_.text(condition) != "0")) return;
    const std::uint32_t line = file_.line(file_[node].begin);
    if (suppressions_.lines(line, line, kCodes)) return;
    const NodeId body = file_.child(node, file_.is(node, s_.if_statement) ? s_.f_consequence : s_.f_body);
    if (body == kNoNode) return;
    // `if 0: yield` makes a generator; `if False: import x` speaks to tools.
    for (NodeId at = body; at <= file_[body].last; ++at) {
      if (file_.is(at, s_.yield) || file_.is(at, s_.import_statement) || file_.is(at, s_.import_from_statement)) return;
    }
    Finding finding;
    finding.rule = "unreachable-code";
    place(file_, node, finding);
    finding.end_line = file_.line(file_[body].end);
    finding.message = "this branch can never run";
    finding.evidence = "its condition is `" + std::string(file_.text(condition)) + "`";
    finding.suggestion = "remove the branch";
    finding.safety = Safety::kReview;
    const bool whole = file_.child(node, s_.f_alternative) == kNoNode;
    if (auto edit = without_lines(subject_, node, node); whole && edit) finding.edits.push_back(*edit);
    out_.push_back(std::move(finding));
  }

  const Subject& subject_;
  const File& file_;
  const Suppressions suppressions_;
  const python::Symbols& s_;
  std::vector<Finding>& out_;
};

class UnreachableCode final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "unreachable-code"; }
  [[nodiscard]] bool reads(Language language) const override { return language == Language::kPython; }

  void examine(const Subject& subject, const Repository*, std::vector<Finding>& out) const override {
    if (!worth_a_look(subject.lexed()) || subject.tree() == nullptr || !subject.tree()->clean()) return;
    Examination(subject, out).run();
  }
};

}  // namespace

std::unique_ptr<Rule> unreachable_code() {
  return std::make_unique<UnreachableCode>();
}

}  // namespace daydream::legacy
