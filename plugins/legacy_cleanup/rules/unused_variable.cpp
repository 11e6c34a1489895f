// unused-variable: a local variable that is bound and never read.
//
// safe where nothing can be lost: `except E as e:` loses its name, and an assignment of a value that
// cannot do anything loses its line. Everything else is review, or not said: a value that may act is
// kept, unpacking and loops bind names that nobody needs on purpose, `_` names say so.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using namespace source;  // NOLINT: the kit this rule is written in
using python::Binding;
using python::BindingKind;
using python::ScopeKind;
using python::TokenKind;

const Codes kCodes{"F841", "W0612", "unused-variable", "PLW0612"};

// `except E as e:` whose block never says e.
bool vain_catch(const python::Lexed& lexed) {
  for (std::size_t i = 0; i < lexed.lines.size(); ++i) {
    const auto& line = lexed.lines[i];
    if (!lexed.is(line.first, "except")) continue;
    for (std::size_t at = line.first + 1; at + 1 < line.last; ++at) {
      if (!lexed.is(at, "as") || lexed.tokens[at].nested) continue;
      const std::string_view name = lexed.text(lexed.tokens[at + 1]);
      std::size_t stop = i + 1;
      while (stop < lexed.lines.size() && lexed.lines[stop].indent > line.indent) ++stop;
      const auto begin = lexed.tokens.begin() + static_cast<std::ptrdiff_t>(at) + 2;
      const auto end = lexed.tokens.begin() + static_cast<std::ptrdiff_t>(lexed.lines[stop - 1].last);
      if (std::none_of(begin, end, [&](const auto& token) { return lexed.text(token) == name; })) return true;
    }
  }
  return false;
}

// A name whose every occurrence in its outermost function is a target: `name =`, `with x as name:`.
bool worth_a_look(const python::Lexed& lexed) {
  struct Count {
    int seen = 0, bound = 0;
  };
  std::unordered_map<std::string_view, Count> names;
  bool inside = false;
  std::uint32_t indent = 0;
  const auto in_vain = [&] {
    return std::any_of(names.begin(), names.end(),
                       [](const auto& name) { return name.second.seen == name.second.bound; });
  };
  for (const auto& line : lexed.lines) {
    if (!inside || line.indent <= indent) {
      if (inside && in_vain()) return true;
      const std::string_view first = lexed.text(lexed.tokens[line.first]);
      inside = first == "def" || first == "async";
      indent = line.indent;
      names.clear();
    }
    if (!inside) continue;
    for (std::size_t at = line.first; at < line.last; ++at) {
      if (lexed.tokens[at].kind != TokenKind::kName || (at > 0 && lexed.is(at - 1, "."))) continue;
      const std::string_view name = lexed.text(lexed.tokens[at]);
      if (python::is_keyword(name)) continue;
      const bool target = at == line.first ? lexed.is(at + 1, "=") || lexed.is(at + 1, ":")
                                           : lexed.is(at - 1, "as") && lexed.is(line.first, "with");
      Count& count = names[name];
      ++count.seen;
      count.bound += target && !name.starts_with("_") ? 1 : 0;
    }
  }
  return inside && in_vain();
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject),
        file_(*subject.tree()),
        names_(*subject.names()),
        repository_(repository),
        suppressions_(subject.lexed()),
        s_(python::symbols()),
        out_(out) {}

  void run() {
    if (suppressions_.file(kCodes)) return;
    for (const Binding& binding : names_.bindings()) {
      if (in_question(binding)) judge(binding);
    }
  }

 private:
  [[nodiscard]] bool in_question(const Binding& binding) const {
    const auto& scope = names_.scopes()[binding.scope];
    if (binding.kind == BindingKind::kExcept) return caught_in_vain(binding);
    if (scope.kind != ScopeKind::kFunction || binding.written_in != binding.scope) return false;
    if (binding.name.starts_with("_") || names_.used(binding.scope, binding.name)) return false;
    const bool kind = binding.kind == BindingKind::kAssignment || binding.kind == BindingKind::kWith;
    if (!kind || !plainly_bound(binding)) return false;
    if (binding.name == "__tracebackhide__" || binding.name == "__traceback_info__" ||
        binding.name == "__traceback_supplement__" || binding.name == "__debuggerskip__") {
      return false;
    }
    return !suppressed(binding);
  }

  // `except E as e` unbinds e at the end of its clause: what is not read in there is not read at all.
  [[nodiscard]] bool caught_in_vain(const Binding& binding) const {
    const NodeId clause = around(file_, binding.node, s_.except_clause);
    const auto* use = names_.find(binding.scope, binding.name);
    if (clause == kNoNode || use == nullptr || binding.written_in != binding.scope) return false;
    if (names_.scopes()[binding.scope].opaque || names_.mentioned(binding.name)) return false;
    const auto within = [&](NodeId node) { return node >= clause && node <= file_[clause].last; };
    for (const python::BindingId id : use->bindings) {
      if (names_.bindings()[id].kind != BindingKind::kExcept) return false;
    }
    const bool read = std::any_of(use->references.begin(), use->references.end(),
                                  [&](std::uint32_t id) { return within(names_.references()[id].node); });
    return !read && !suppressed(binding);
  }

  [[nodiscard]] bool suppressed(const Binding& binding) const {
    if (repository_ != nullptr && repository_->settings.keeps_name(binding.name, subject_.path())) return true;
    return suppressions_.lines(file_.line(file_[binding.node].begin), file_.line(file_[binding.node].end), kCodes) ||
           suppressions_.lines(file_.line(file_[binding.statement].begin), file_.line(file_[binding.statement].begin),
                               kCodes);
  }

  // All bindings of the name are ordinary ones: a parameter, a loop or an augmented assignment beside
  // them gives the name a meaning that is not ours to judge.
  [[nodiscard]] bool plainly_bound(const Binding& binding) const {
    const auto* use = names_.find(binding.scope, binding.name);
    return use != nullptr && std::all_of(use->bindings.begin(), use->bindings.end(), [&](python::BindingId id) {
             const Binding& other = names_.bindings()[id];
             return other.written_in == other.scope &&
                    (other.kind == BindingKind::kAssignment || other.kind == BindingKind::kExcept ||
                     other.kind == BindingKind::kWith);
           });
  }

  void judge(const Binding& binding) {
    Finding finding;
    finding.rule = "unused-variable";
    finding.symbol = std::string(binding.name);
    place(file_, binding.node, finding);
    finding.message = "`" + finding.symbol + "` is assigned but never read";
    finding.evidence = "no read of the name in its function or in one inside it, no locals(), eval() or exec()";
    const bool good = binding.kind == BindingKind::kExcept ? judge_except(binding, finding)
                      : binding.kind == BindingKind::kWith ? judge_with(binding, finding)
                                                           : judge_assignment(binding, finding);
    if (good) out_.push_back(std::move(finding));
  }

  // `except E as e:` -> `except E:`
  bool judge_except(const Binding& binding, Finding& finding) {
    const NodeId pattern = around(file_, binding.node, s_.as_pattern);
    if (pattern == kNoNode || !file_.is(file_[binding.node].parent, s_.as_pattern_target)) return false;
    const NodeId caught = file_.first_named(pattern);
    finding.message = "`" + finding.symbol + "` is caught but never read";
    finding.evidence = "nothing in the except clause reads it, and Python unbinds it at the clause's end";
    finding.suggestion = "remove `as " + finding.symbol + "`";
    finding.safety = Safety::kSafe;
    finding.edits.push_back({file_[caught].end, file_[pattern].end, ""});
    return true;
  }

  bool judge_with(const Binding& binding, Finding& finding) {
    const NodeId pattern = around(file_, binding.node, s_.as_pattern);
    if (pattern == kNoNode || !file_.is(file_[binding.node].parent, s_.as_pattern_target)) return false;
    finding.message = "`" + finding.symbol + "` is bound by `with` but never read";
    finding.suggestion = "remove `as " + finding.symbol + "`";
    finding.safety = Safety::kReview;
    finding.edits.push_back({file_[file_.first_named(pattern)].end, file_[pattern].end, ""});
    return true;
  }

  bool judge_assignment(const Binding& binding, Finding& finding) {
    const NodeId assignment = file_[binding.node].parent;
    if (!file_.is(assignment, s_.assignment) || file_.child(assignment, s_.f_left) != binding.node) return false;
    const NodeId value = file_.child(assignment, s_.f_right);
    const NodeId around_it = file_[assignment].parent;
    if (value == kNoNode || !file_.is(around_it, s_.expression_statement)) return false;  // a = b = ...
    if (file_.is(value, s_.assignment)) return false;
    if (file_[file_.first_named(around_it)].end != file_[around_it].end) return false;
    if (inert(value)) {
      finding.suggestion = "remove the assignment";
      finding.edits.push_back(without_statement(subject_, around_it));
      finding.safety = remarked(around_it) || conditional_pair(binding) ? Safety::kReview : Safety::kSafe;
      if (finding.safety == Safety::kSafe) finding.evidence += "; the value assigned can have no effect";
      return true;
    }
    finding.safety = Safety::kReview;
    finding.suggestion = "keep the value for its effect, drop the name";
    finding.edits.push_back({file_[assignment].begin, file_[value].begin, ""});
    // Across lines the value may need the parentheses that the assignment did not: not for us.
    if (file_.line(file_[value].begin) != file_.line(file_[assignment].begin)) finding.edits.clear();
    return true;
  }

  [[nodiscard]] bool remarked(NodeId statement) const {
    return suppressions_.remarks(file_.line(file_[statement].begin), file_.line(file_[statement].end));
  }
  // Assigned at several places: perhaps somebody is in the middle of something.
  [[nodiscard]] bool conditional_pair(const Binding& binding) const {
    return names_.find(binding.scope, binding.name)->bindings.size() > 1;
  }

  // Evaluating it can neither act nor fail: literals, and displays of them.
  [[nodiscard]] bool inert(NodeId value) const {
    for (NodeId at = value; at <= file_[value].last; ++at) {
      if (!file_[at].named) continue;
      const std::string_view type = file_.type(at);
      const bool literal = type == "integer" || type == "float" || type == "true" || type == "false" ||
                           type == "none" || type == "string" || type == "string_start" || type == "string_content" ||
                           type == "string_end" || type == "escape_sequence" || type == "concatenated_string" ||
                           type == "list" || type == "tuple" || type == "ellipsis" ||
                           type == "parenthesized_expression";
      const bool name = type == "identifier" && at == value && known_name(at);
      const bool empty_dictionary = type == "dictionary" && file_.first_named(at) == kNoNode;
      if (!literal && !name && !empty_dictionary) return false;
    }
    return true;
  }

  // A parameter of the function itself cannot be unbound.
  [[nodiscard]] bool known_name(NodeId identifier) const {
    const auto& references = names_.references();
    const auto found = std::find_if(references.begin(), references.end(),
                                    [&](const python::Reference& one) { return one.node == identifier; });
    if (found == references.end() || found->resolved != found->scope) return false;
    const auto* use = names_.find(found->resolved, found->name);
    return use != nullptr && use->bindings.size() == 1 &&
           names_.bindings()[use->bindings.front()].kind == BindingKind::kParameter;
  }

  const Subject& subject_;
  const File& file_;
  const python::Names& names_;
  const Repository* repository_;
  const Suppressions suppressions_;
  const python::Symbols& s_;
  std::vector<Finding>& out_;
};

class UnusedVariable final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "unused-variable"; }
  [[nodiscard]] bool reads(Language language) const override { return language == Language::kPython; }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (!(worth_a_look(subject.lexed()) || vain_catch(subject.lexed())) || subject.names() == nullptr) return;
    Examination(subject, repository, out).run();
  }
};

}  // namespace

std::unique_ptr<Rule> unused_variable() {
  return std::make_unique<UnusedVariable>();
}

}  // namespace daydream::legacy
