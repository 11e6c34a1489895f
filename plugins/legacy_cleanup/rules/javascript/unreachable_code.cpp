// unreachable-code for JavaScript and TypeScript: statements behind return, throw, break or continue in
// the same list, behind an endless loop, and branches whose condition is the literal false or 0.
//
// safe only behind a jump, where nothing in the dead part means anything to the living: function and var
// declarations are hoisted out of it, names only it uses would be left over, comments speak to people. A
// value on the line below a bare `return` was likely meant to be returned: that is a bug, not dead code.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script_rule.hpp"

namespace daydream::legacy::script {
namespace {

const Codes kCodes{"no-unreachable", "nounreachable", "unreachable-code", "unreachable"};

class Examination {
 public:
  static constexpr std::string_view kName = "unreachable-code";

  Examination(const Subject& subject, std::vector<Finding>& out)
      : script_(subject), file_(script_.file()), g_(script_.grammar()), out_(out) {}

  void run() {
    if (script_.remarks().file(kCodes)) return;
    for (NodeId node = 0; node < file_.nodes().size(); ++node) {
      if (out_.size() > kMostFindings) return;
      if (is_jump(node) || endless(node)) behind_jump(node);
      if (script_.kind(node) == Kind::kIf || script_.kind(node) == Kind::kWhile) never(node);
    }
  }

 private:
  [[nodiscard]] bool is_jump(NodeId node) const {
    const Kind kind = script_.kind(node);
    return kind == Kind::kReturn || kind == Kind::kThrow || kind == Kind::kBreak || kind == Kind::kContinue;
  }

  [[nodiscard]] bool endless(NodeId loop) const {
    if (script_.kind(loop) != Kind::kWhile) return false;
    const std::string_view condition = script_.text(file_.child(loop, g_.f_condition));
    if (condition != "(true)" && condition != "(1)") return false;
    for (NodeId at = loop; at <= file_[loop].last; ++at) {
      if (script_.kind(at) == Kind::kBreak) return false;
    }
    return true;
  }

  // A list of statements that may stand behind one another.
  [[nodiscard]] bool list(NodeId node) const {
    const Kind kind = script_.kind(node);
    return kind == Kind::kBlock || kind == Kind::kProgram || kind == Kind::kCase || kind == Kind::kDefault;
  }

  void behind_jump(NodeId jump) {
    if (!list(script_.above(jump))) return;
    const NodeId first = script_.behind(jump);
    if (first == kNoNode || is_jump(first)) return;  // `return x; break;` is a habit
    if (dead_already(jump)) return;
    NodeId last = first;
    for (NodeId at = first; at != kNoNode; at = script_.behind(at)) last = at;
    if (hoisted_alone(first)) return;
    report(jump, first, last);
  }

  // An earlier statement of the list jumps: that one has spoken.
  [[nodiscard]] bool dead_already(NodeId jump) const {
    for (NodeId at = file_.first_named(script_.above(jump)); at != kNoNode && at != jump; at = file_.next_named(at)) {
      if (is_jump(at) || endless(at)) return true;
    }
    return false;
  }

  // Function declarations and types behind a return are a style: they live.
  [[nodiscard]] bool lives(NodeId node) const {
    const Kind kind = script_.kind(node);
    if (kind == Kind::kVariable) {
      for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
        if (script_.kind(at) == Kind::kDeclarator && file_.child(at, g_.f_value) != kNoNode) return false;
      }
      return true;
    }
    return kind == Kind::kFunction || kind == Kind::kGenerator || kind == Kind::kInterface ||
           kind == Kind::kTypeAlias || kind == Kind::kEmpty || kind == Kind::kExport || kind == Kind::kImport ||
           kind == Kind::kFunctionSignature || kind == Kind::kAmbient;
  }
  [[nodiscard]] bool hoisted_alone(NodeId first) const {
    for (NodeId at = first; at != kNoNode; at = script_.behind(at)) {
      if (!lives(at)) return false;
    }
    return true;
  }

  void report(NodeId jump, NodeId first, NodeId last) {
    const std::uint32_t begin = script_.first_line(first), end = script_.last_line(last);
    if (script_.remarks().lines(script_.first_line(jump), begin, kCodes)) return;
    const std::string_view text = script_.text(jump);
    const std::string word(text.substr(0, text.find_first_of(" \t\r\n(;{")));
    Finding finding;
    finding.rule = "unreachable-code";
    place(file_, first, finding);
    finding.end_line = end;
    finding.message = end == begin ? "this line can never run" : "these lines can never run";
    const bool loop = !is_jump(jump);
    finding.evidence = "they stand behind " + (loop ? std::string("an endless loop") : "`" + word + "`") + " on line " +
                       std::to_string(script_.first_line(jump)) + " in the same block";
    if (text == "return" && script_.kind(first) == Kind::kExpressionStatement && begin == script_.last_line(jump) + 1 &&
        column(first) > column(jump)) {
      finding.message = "the line break ends the `return` above it: this is never returned";
      finding.suggestion = "put the value on the line of the `return`";
      out_.push_back(std::move(finding));
      return;
    }
    finding.suggestion = "remove lines " + std::to_string(begin) + " to " + std::to_string(end);
    if (auto edit = without(script_, first, last)) finding.edits.push_back(*edit);
    std::string doubt =
        finding.edits.empty() ? "they cannot be parted from what stands around them" : doubt_about(jump, first, last);
    if (doubt.empty() && loop) doubt = "the loop may have been meant to end";
    finding.safety = doubt.empty() ? Safety::kSafe : finding.edits.empty() ? Safety::kInfo : Safety::kReview;
    if (!doubt.empty()) finding.evidence += "; for a person to decide: " + doubt;
    if (doubt == kHoisted) finding.edits.clear(), finding.safety = Safety::kInfo;
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] std::uint32_t column(NodeId node) const {
    Finding at;
    place(file_, node, at);
    return at.column;
  }

  static constexpr std::string_view kHoisted = "declarations among them reach beyond them";

  // What the dead part still means to the living.
  [[nodiscard]] std::string doubt_about(NodeId jump, NodeId first, NodeId last) const {
    const NodeId end = file_[last].last;
    for (NodeId at = file_[jump].last + 1; at <= end; ++at) {
      if (script_.kind(at) == Kind::kComment) return "comments stand among them";
    }
    for (NodeId at = first; at != kNoNode; at = script_.behind(at)) {
      const Kind kind = script_.kind(at);
      if (kind == Kind::kFunction || kind == Kind::kGenerator || kind == Kind::kClass || kind == Kind::kImport ||
          kind == Kind::kExport) {
        return std::string(kHoisted);
      }
    }
    for (const Binding& binding : script_.names().bindings()) {
      if (binding.node < first || binding.node > end) continue;
      const bool outside = std::any_of(binding.references.begin(), binding.references.end(), [&](std::uint32_t id) {
        const NodeId node = script_.names().references()[id].node;
        return node < first || node > end;
      });
      if (outside) return std::string(kHoisted);
    }
    return left_over(first, end);
  }

  // A name that only the dead part reads: compilers told to refuse unused names would refuse the rest.
  [[nodiscard]] std::string left_over(NodeId first, NodeId end) const {
    for (const Binding& binding : script_.names().bindings()) {
      if (binding.references.empty() || (binding.node >= first && binding.node <= end)) continue;
      const bool only_here = std::all_of(binding.references.begin(), binding.references.end(), [&](std::uint32_t id) {
        const NodeId node = script_.names().references()[id].node;
        return node >= first && node <= end;
      });
      if (only_here && !binding.exported) return "`" + std::string(binding.name) + "` is used by them alone";
    }
    return {};
  }

  // if (false) { ... } without an else.
  void never(NodeId node) {
    const std::string_view condition = script_.text(file_.child(node, g_.f_condition));
    if (condition != "(false)" && condition != "(0)") return;
    const std::uint32_t line = script_.first_line(node);
    if (script_.remarks().lines(line, line, kCodes)) return;
    Finding finding;
    finding.rule = "unreachable-code";
    place(file_, node, finding);
    finding.message = "this branch can never run";
    finding.evidence = "its condition is `" + std::string(condition.substr(1, condition.size() - 2)) + "`";
    finding.suggestion = "remove the branch";
    finding.safety = Safety::kInfo;
    const bool whole = file_.child(node, g_.f_alternative) == kNoNode && list(script_.above(node));
    bool declares = false;
    for (NodeId at = node; at <= file_[node].last; ++at) {
      declares |= script_.kind(at) == Kind::kVariable || script_.kind(at) == Kind::kFunction;
    }
    if (whole && !declares) {
      if (auto edit = without(script_, node, node)) finding.edits.push_back(*edit), finding.safety = Safety::kReview;
    }
    out_.push_back(std::move(finding));
  }

  const Script script_;
  const File& file_;
  const Grammar& g_;
  std::vector<Finding>& out_;
};

}  // namespace
}  // namespace daydream::legacy::script

namespace daydream::legacy {

std::unique_ptr<Rule> script_unreachable_code() {
  return std::make_unique<script::ScriptRule<script::Examination>>();
}

}  // namespace daydream::legacy
