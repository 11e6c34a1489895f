// unused-variable for JavaScript and TypeScript: a variable, function, class or type of a module or
// function that nothing reads, writes or exports.
//
// safe only for a variable of its own whose value could not act; a value that may act keeps its place as
// a patch for a person, as do definitions. Parameters, caught errors, loop variables and parts of arrays
// are never touched.
#include <algorithm>
#include <array>
#include <memory>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script_rule.hpp"

namespace daydream::legacy::script {
namespace {

const Codes kCodes{"no-unused-vars", "unused-variable", "nounusedvariables", "no-unused-variable", "no-unused-locals"};
constexpr std::uint32_t kLongValue = 5;  // lines: a longer one was work, and is for a person

class Examination {
 public:
  static constexpr std::string_view kName = "unused-variable";

  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject),
        repository_(repository),
        script_(subject),
        file_(script_.file()),
        g_(script_.grammar()),
        out_(out) {}

  void run() {
    if (script_.remarks().file(kCodes)) return;
    for (const std::string_view word : {"@ts-expect-error", "expectType", "$ExpectType", "$ExpectError"}) {
      expects_errors_ |= script_.content().find(word) != std::string_view::npos;
    }
    for (const Binding& binding : script_.names().bindings()) {
      if (!candidate(binding)) continue;
      if (out_.size() > kMostFindings) return;
      switch (binding.kind) {
        case BindingKind::kVar:
        case BindingKind::kLet:
        case BindingKind::kConst:
          variable(binding);
          break;
        case BindingKind::kFunction:
        case BindingKind::kClass:
          definition(binding);
          break;
        default:
          break;
      }
    }
    idle();
  }

 private:
  [[nodiscard]] bool candidate(const Binding& binding) const {
    if (binding.exported || binding.ambient || binding.transparent || binding.name.starts_with("_")) return false;
    if (binding.scope == 0 && !script_.own_top_level()) return false;
    // Names that tools look up: the factories of JSX.
    if (binding.name == "React" || binding.name == "h") return false;
    if (script_.names().count(binding.scope, binding.name) > 1 || script_.remarks().mentions(binding.name))
      return false;
    if (in_namespace(binding)) return false;
    if (repository_ != nullptr && repository_->settings.keeps_name(binding.name, subject_.path())) return false;
    const std::uint32_t first = script_.first_line(binding.statement), own = script_.first_line(binding.node);
    return !script_.remarks().lines(first, first, kCodes) && !script_.remarks().lines(own, own, kCodes);
  }

  // Parts of a namespace or a `declare` are seen by other parts of it.
  [[nodiscard]] bool in_namespace(const Binding& binding) const {
    const NodeId around = script_.above(script_.names().scopes()[binding.scope].node);
    if (around == kNoNode) return false;
    const Kind kind = script_.kind(around);
    return kind == Kind::kNamespace || kind == Kind::kModule || kind == Kind::kAmbient;
  }

  Finding& add(const Binding& binding, std::string message, std::string evidence) {
    Finding& finding = out_.emplace_back();
    finding.rule = "unused-variable";
    place(file_, binding.node, finding);
    finding.end_line = script_.last_line(binding.declaration);
    finding.symbol = binding.name;
    finding.message = "`" + finding.symbol + "` " + std::move(message);
    finding.evidence = std::move(evidence);
    return finding;
  }

  void variable(const Binding& binding) {
    if (script_.kind(binding.declaration) != Kind::kDeclarator) return;  // a loop's
    const Kind place_of = script_.kind_above(binding.statement);
    if (place_of != Kind::kProgram && place_of != Kind::kBlock && place_of != Kind::kCase &&
        place_of != Kind::kDefault && place_of != Kind::kStaticBlock) {
      return;
    }
    const NodeId value = file_.child(binding.declaration, g_.f_value);
    const NodeId pattern = file_.child(binding.declaration, g_.f_name);
    if (expects_errors_ && (script_.typescript() || !script_.own_top_level())) return;
    if (!binding.references.empty()) return written(binding);
    if (value != kNoNode && asks_for_module(value)) return;  // unused-import
    if (script_.kind(pattern) != Kind::kIdentifier) return part(binding, pattern);
    if (value == kNoNode || script_.harmless(value)) return plain(binding, value);
    acting(binding, value);
  }

  // Also `require("m").x` and what wraps it: unused-import speaks of those it can judge.
  [[nodiscard]] bool asks_for_module(NodeId value) const {
    for (NodeId at = value; at <= file_[value].last; ++at) {
      if (script_.kind(at) == Kind::kCall && !script_.required(at).empty()) return true;
    }
    return false;
  }

  void written(const Binding& binding) {
    const auto& references = script_.names().references();
    const bool read = std::any_of(binding.references.begin(), binding.references.end(), [&](std::uint32_t id) {
      return references[id].use == source::javascript::Use::kRead;
    });
    if (read || script_.kind(file_.child(binding.declaration, g_.f_name)) != Kind::kIdentifier) return;
    Finding& finding = add(binding, "is given a value but never read", "every place that names it writes it");
    finding.severity = Severity::kInfo;
    finding.suggestion = "remove it and what is assigned to it, or use it";
  }

  // const {a, b} = x: reading a property may act, so a person decides.
  void part(const Binding& binding, NodeId pattern) {
    if (script_.kind(pattern) != Kind::kObjectPattern) return;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> items;
    std::vector<bool> gone;
    bool own = false;
    for (NodeId at = file_.first_named(pattern); at != kNoNode; at = file_.next_named(at)) {
      const Kind kind = script_.kind(at);
      if (kind == Kind::kComment) continue;
      // {a, ...rest}: naming a keeps it out of rest.
      if (kind == Kind::kRest) return;
      const NodeId bound = kind == Kind::kPairPattern ? file_.child(at, g_.f_value) : at;
      items.emplace_back(file_[at].begin, file_[at].end);
      gone.push_back(bound == binding.node);
      own |= bound == binding.node;
    }
    if (!own) return;  // deeper, or with a default
    Finding& finding = add(binding, "is taken out of an object but never used", "nothing in its scope reads it");
    finding.safety = Safety::kReview;
    finding.suggestion = "take it out of the pattern";
    bool comments = false;
    if (items.size() > 1) finding.edits = without_items(script_.content(), items, gone, comments);
    for (const Edit& edit : finding.edits) comments |= has_comment(edit);
    if (comments) finding.edits.clear();
    if (finding.edits.empty()) finding.safety = Safety::kInfo;
  }

  [[nodiscard]] bool has_comment(const Edit& edit) const {
    const std::string_view text = script_.content().substr(edit.begin, edit.end - edit.begin);
    return text.find("//") != std::string_view::npos || text.find("/*") != std::string_view::npos;
  }

  // Why a person should look at what could be taken out; "" where nobody needs to.
  [[nodiscard]] std::string doubt_about(const Binding& binding, NodeId value) const {
    const std::uint32_t begin = script_.first_line(binding.declaration), end = script_.last_line(binding.declaration);
    if (repository_ != nullptr && for_readers(subject_.path())) return "it stands in an example";
    if (script_.remarks().above(script_.first_line(binding.statement))) return "a comment stands above it";
    if (script_.remarks().words(begin, end)) return "a comment stands beside it";
    if (value != kNoNode && script_.last_line(binding.statement) - begin >= kLongValue) return "its value is long";
    return is_function(value) ? "it is a function" : "";
  }

  void plain(const Binding& binding, NodeId value) {
    const std::string doubt = doubt_about(binding, value);
    if (doubt.empty()) {
      idle_.push_back(&binding);
      return;
    }
    Finding& finding = add(binding, "is never used", idle_because(value == kNoNode));
    take({&binding}, finding);
    finding.safety = finding.edits.empty() ? Safety::kInfo : Safety::kReview;
    finding.evidence += "; for a person to decide: " + doubt;
    finding.end_line = std::max(finding.line, std::min(finding.end_line, script_.last_line(binding.statement)));
  }

  static std::string idle_because(bool no_value) {
    return no_value ? "it has no value, and nothing in its scope names it"
                    : "nothing in its scope names it, and its value cannot act";
  }

  // Those of one statement go together: one at a time, each would be in the way of the other.
  void idle() {
    std::stable_sort(idle_.begin(), idle_.end(), [](const Binding* a, const Binding* b) { return a->node < b->node; });
    for (std::size_t first = 0, last = 0; first < idle_.size(); first = last) {
      const Binding& binding = *idle_[first];
      while (last < idle_.size() && idle_[last]->statement == binding.statement) ++last;
      const std::vector<const Binding*> together(idle_.begin() + static_cast<std::ptrdiff_t>(first),
                                                 idle_.begin() + static_cast<std::ptrdiff_t>(last));
      Finding& finding =
          add(binding, "is never used", idle_because(file_.child(binding.declaration, g_.f_value) == kNoNode));
      if (together.size() > 1) name_all(together, finding);
      take(together, finding);
      finding.safety = finding.edits.empty() ? Safety::kInfo : Safety::kSafe;
    }
  }

  void name_all(const std::vector<const Binding*>& together, Finding& finding) const {
    std::vector<std::string> names;
    names.reserve(together.size());
    for (const Binding* binding : together) names.emplace_back(binding->name);
    finding.symbol.clear();
    finding.message = quoted_list(names) + " are never used";
    finding.evidence = "nothing in their scope names them, and no value of theirs can act";
    finding.end_line = script_.last_line(together.back()->declaration);
  }

  static bool for_readers(std::string_view path) {
    for (const std::string_view part : {"examples/", "example/", "docs/", "doc/", "demo/", "demos/", "tutorial"}) {
      const auto at = path.find(part);
      if (at != std::string_view::npos && (at == 0 || path[at - 1] == '/')) return true;
    }
    return false;
  }

  [[nodiscard]] bool is_function(NodeId value) const {
    const Kind kind = script_.kind(value);
    return kind == Kind::kArrow || kind == Kind::kFunctionExpression || kind == Kind::kGeneratorExpression;
  }

  void take(const std::vector<const Binding*>& together, Finding& finding) const {
    const NodeId statement = together.front()->statement;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> items;
    std::vector<bool> gone;
    for (NodeId at = file_.first_named(statement); at != kNoNode; at = file_.next_named(at)) {
      if (script_.kind(at) != Kind::kDeclarator) continue;
      items.emplace_back(file_[at].begin, file_[at].end);
      gone.push_back(std::any_of(together.begin(), together.end(),
                                 [&](const Binding* binding) { return binding->declaration == at; }));
    }
    if (std::find(gone.begin(), gone.end(), false) == gone.end()) {
      if (auto edit = without(script_, statement, statement)) finding.edits.push_back(*edit);
      return;
    }
    bool comments = false;
    auto edits = without_items(script_.content(), items, gone, comments);
    for (const Edit& edit : edits) comments |= has_comment(edit);
    if (!comments) finding.edits = std::move(edits);
  }

  // const x = f(); becomes f();
  void acting(const Binding& binding, NodeId value) {
    // Tagged templates are read by compilers (graphql, css).
    for (NodeId at = value; at <= file_[value].last; ++at) {
      if (script_.kind(at) == Kind::kCall && script_.kind(file_.child(at, g_.f_arguments)) == Kind::kTemplate) return;
    }
    Finding& finding = add(binding, "is never used", "nothing in its scope names it; its value may act");
    finding.severity = Severity::kInfo;
    finding.suggestion = "keep what its value does, or remove it";
    const Kind kind = script_.kind(value);
    const bool single = file_.next_named(file_.first_named(binding.statement)) == kNoNode;
    const bool statement_like = kind == Kind::kCall || kind == Kind::kNew || kind == Kind::kAwait;
    if (!single || !statement_like || std::isalpha(static_cast<unsigned char>(script_.text(value).front())) == 0)
      return;
    if (script_.text(value).starts_with("function") || script_.text(value).starts_with("class")) return;
    finding.safety = Safety::kReview;
    finding.suggestion = "keep the expression without the name";
    finding.edits.push_back({file_[binding.statement].begin, file_[value].begin, ""});
    if (has_comment(finding.edits.back())) {
      finding.edits.clear();
      finding.safety = Safety::kInfo;
    }
  }

  void definition(const Binding& binding) {
    const Kind kind = script_.kind(binding.statement);
    if (kind != Kind::kFunction && kind != Kind::kGenerator && kind != Kind::kClass) return;
    const bool named_by_itself =
        std::all_of(binding.references.begin(), binding.references.end(), [&](std::uint32_t id) {
          const NodeId node = script_.names().references()[id].node;
          return node > binding.statement && node <= file_[binding.statement].last;
        });
    if (!named_by_itself || overloaded(binding) || seen_outside_of_block(binding)) return;
    Finding& finding = add(binding, "is never used", "nothing outside of it names it, and it is not exported");
    finding.safety = Safety::kReview;
    finding.severity = Severity::kInfo;
    finding.suggestion = "remove the definition";
    const auto edit = without(script_, binding.statement, binding.statement);
    if (edit) finding.edits.push_back(*edit);
    for (NodeId at = binding.statement; at <= file_[binding.statement].last; ++at) {
      if (script_.kind(at) == Kind::kDecorator || script_.kind(at) == Kind::kStaticBlock) finding.edits.clear();
    }
    if (finding.edits.empty()) finding.safety = Safety::kInfo;
  }

  // In sloppy code a function in a block is seen in the whole function.
  [[nodiscard]] bool seen_outside_of_block(const Binding& binding) const {
    const auto& all = script_.names().bindings();
    return std::any_of(all.begin(), all.end(), [&](const Binding& other) {
      return other.node == binding.node && other.transparent && !other.references.empty();
    });
  }

  [[nodiscard]] bool overloaded(const Binding& binding) const {
    const NodeId previous = script_.before(binding.statement);
    return previous != kNoNode && script_.kind(previous) == Kind::kFunctionSignature;
  }

  const Subject& subject_;
  const Repository* repository_;
  const Script script_;
  const File& file_;
  const Grammar& g_;
  std::vector<Finding>& out_;
  std::vector<const Binding*> idle_;  // of no use and without effect
  bool expects_errors_ = false;       // it is written for a compiler: unused names are its point
};

}  // namespace
}  // namespace daydream::legacy::script

namespace daydream::legacy {

std::unique_ptr<Rule> script_unused_variable() {
  return std::make_unique<script::ScriptRule<script::Examination>>();
}

}  // namespace daydream::legacy
