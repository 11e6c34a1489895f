// deprecated-pattern for JavaScript and TypeScript: what Node.js, React and TypeScript have given another
// name, deprecated or taken away. The table is deprecated_table.hpp.
//
// safe only where old and new are the same thing on every Node.js the project supports; else said.
#include <algorithm>
#include <cctype>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "plugins/legacy_cleanup/rules/javascript/deprecated_table.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script_rule.hpp"

namespace daydream::legacy::script {
namespace {

const Codes kCodes{"deprecated-pattern", "no-deprecated-api", "no-buffer-constructor", "no-deprecated",
                   "prefer-namespace-keyword"};

std::string_view plain(std::string_view module) {
  return module.starts_with("node:") ? module.substr(5) : module;
}

// The text asks whether there is such a thing: `os.tmpdir ? ...`, `Buffer.from && ...`, `typeof x.y ===`. What is
// called by its old name there is meant for those who have no other.
bool asks_for(std::string_view content, std::string_view thing) {
  const auto part = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$'; };
  for (auto at = content.find(thing); at != std::string_view::npos; at = content.find(thing, at + 1)) {
    const auto end = at + thing.size();
    if ((at > 0 && part(content[at - 1])) || (end < content.size() && part(content[end]))) continue;
    const auto next = content.find_first_not_of(" \t\r\n", end);
    if (next == std::string_view::npos) return false;
    const char behind = content[next];
    const bool last = behind == ')' && at > 0 && (content[at - 1] == '(' || content[at - 1] == '!');
    if (last || behind == '?' || behind == '&' || behind == '|' || content.substr(next, 3) == "===") return true;
    if (at >= 7 && content.substr(at - 7, 7) == "typeof ") return true;
  }
  return false;
}

class Examination {
 public:
  static constexpr std::string_view kName = "deprecated-pattern";

  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : script_(subject), file_(script_.file()), g_(script_.grammar()), out_(out) {
    if (repository != nullptr) node_ = repository->script_projects().of(subject.path()).node;
  }

  void run() {
    if (script_.remarks().file(kCodes)) return;
    for (const Binding& binding : script_.names().bindings()) bound(binding);
    for (NodeId node = 0; node < file_.nodes().size(); ++node) one(node);
  }

 private:
  Finding& add(NodeId node, std::string message, std::string_view why, Safety safety) {
    Finding& finding = out_.emplace_back();
    finding.rule = "deprecated-pattern";
    place(file_, node, finding);
    finding.message = std::move(message);
    finding.evidence = why;
    finding.safety = safety;
    if (safety == Safety::kInfo) finding.severity = Severity::kInfo;
    return finding;
  }

  [[nodiscard]] bool suppressed(NodeId node) const {
    const std::uint32_t line = script_.first_line(node);
    return script_.remarks().lines(line, line, kCodes);
  }

  void one(NodeId node) {
    switch (script_.kind(node)) {
      case Kind::kNew:
        return buffer(node, file_.child(node, g_.f_constructor));
      case Kind::kCall:
        buffer(node, file_.child(node, g_.f_function));
        return module_of_call(node);
      case Kind::kImport:
      case Kind::kExport:
        return old_module(file_.child(node, g_.f_source));
      case Kind::kMember:
        return property(node);
      case Kind::kModule:
        return old_namespace(node);
      case Kind::kMethod:
        return lifecycle(node);
      default:
        return;
    }
  }

  // The global Buffer, or the one of its module.
  [[nodiscard]] bool is_buffer(NodeId name) const {
    if (script_.kind(name) != Kind::kIdentifier || script_.text(name) != "Buffer") return false;
    for (const Binding& binding : script_.names().bindings()) {
      if (binding.name != "Buffer") continue;
      const std::string_view text = script_.text(binding.statement);
      if (text.find("buffer") == std::string_view::npos) return false;
    }
    return true;
  }

  // new Buffer("x") is Buffer.from("x"), new Buffer(5) is Buffer.alloc(5).
  void buffer(NodeId node, NodeId name) {
    if (!is_buffer(name) || suppressed(node)) return;
    for (const std::string_view fresh : {"Buffer.from", "Buffer.alloc", "Buffer.allocUnsafe"}) {
      if (asks_for(script_.content(), fresh)) return;
    }
    constexpr std::string_view kWhy = "deprecated since Node.js 6: what it does depends on the type of its argument";
    const NodeId arguments = file_.child(node, g_.f_arguments);
    const NodeId first = arguments == kNoNode ? kNoNode : file_.first_named(arguments);
    const Kind kind = script_.kind(first);
    const bool text = kind == Kind::kString || kind == Kind::kTemplate || kind == Kind::kArray;
    const bool number = kind == Kind::kNumber && file_.next_named(first) == kNoNode;
    const std::string_view replacement = text ? "Buffer.from" : number ? "Buffer.alloc" : "";
    Finding& finding = add(node, "`Buffer()` is called to make a buffer", kWhy, Safety::kInfo);
    finding.symbol = "Buffer";
    finding.suggestion = replacement.empty() ? "Buffer.from or Buffer.alloc, by what it is given"
                                             : "`" + std::string(replacement) + "` does the same";
    // Written for a Node.js that lacks the new functions, it asks for them first.
    const bool careful = script_.content().find("Buffer.from") != std::string_view::npos;
    if (replacement.empty()) return;
    const bool old = node_ != 0 && node_ < 6;
    finding.safety = careful || old ? Safety::kReview : Safety::kSafe;
    finding.severity = Severity::kWarning;
    if (old) finding.evidence += "; for a person to decide: the project supports Node.js " + std::to_string(node_);
    if (careful) finding.evidence += "; for a person to decide: the file knows of the new functions";
    finding.edits.push_back({file_[node].begin, file_[arguments].begin, std::string(replacement)});
  }

  void module_of_call(NodeId node) {
    if (script_.required(node).empty()) return;
    old_module(file_.first_named(file_.child(node, g_.f_arguments)));
  }

  void old_module(NodeId source) {
    if (source == kNoNode) return;
    const std::string_view written = script_.literal(source), module = plain(written);
    const auto found =
        std::find_if(kModules.begin(), kModules.end(), [&](const Module& one) { return one.module == module; });
    if (found == kModules.end() || suppressed(source)) return;
    Finding& finding = add(source, "`" + std::string(module) + "` is imported", found->why, found->safety);
    finding.symbol = module;
    if (found->replacement.empty()) return;
    const auto end = file_[source].end - 1;
    const auto begin = end - static_cast<std::uint32_t>(module.size());
    finding.suggestion = "`" + std::string(found->replacement) + "` is the same";
    finding.edits.push_back({begin, end, std::string(found->replacement)});
  }

  // Names that stand for a module of Node.js as a whole.
  void bound(const Binding& binding) {
    NodeId source = kNoNode;
    if (binding.kind == BindingKind::kImportDefault || binding.kind == BindingKind::kImportNamespace) {
      source = file_.child(binding.statement, g_.f_source);
    } else if (binding.kind == BindingKind::kImportRequire) {
      source = file_.child(binding.declaration, g_.f_source);
    } else if (script_.kind(binding.declaration) == Kind::kDeclarator &&
               script_.kind(file_.child(binding.declaration, g_.f_name)) == Kind::kIdentifier) {
      const NodeId value = file_.child(binding.declaration, g_.f_value);
      if (value == kNoNode || script_.required(value).empty()) return;
      source = file_.first_named(file_.child(value, g_.f_arguments));
    }
    if (source == kNoNode) return;
    const std::string_view module = plain(script_.literal(source));
    const bool known =
        std::any_of(kMembers.begin(), kMembers.end(), [&](const Member& one) { return one.module == module; });
    if (!known || script_.names().count(binding.scope, binding.name) > 1) return;
    for (const std::uint32_t id : binding.references) {
      member_of(binding, module, script_.names().references()[id].node);
    }
  }

  void member_of(const Binding& binding, std::string_view module, NodeId name) {
    const NodeId member = script_.above(name);
    if (script_.kind(member) != Kind::kMember || file_.child(member, g_.f_object) != name) return;
    const std::string_view property = script_.text(file_.child(member, g_.f_property));
    const auto found = std::find_if(kMembers.begin(), kMembers.end(),
                                    [&](const Member& one) { return one.module == module && one.member == property; });
    if (found == kMembers.end() || suppressed(member)) return;
    // Only calls: what is looked at or assigned may be a careful question.
    const NodeId call = script_.above(member);
    if (script_.kind(call) != Kind::kCall || file_.child(call, g_.f_function) != member) return;
    std::string replacement(found->replacement);
    const bool own = replacement.starts_with(std::string(module) + ".");
    if (own) replacement = std::string(binding.name) + replacement.substr(module.size());
    if (asks_for(script_.content(), script_.text(member))) return;
    if (!replacement.empty() && asks_for(script_.content(), replacement)) return;
    Finding& finding =
        add(member, "`" + std::string(module) + "." + std::string(property) + "` is called", found->why, found->safety);
    finding.symbol = property;
    if (replacement.empty()) return;
    finding.suggestion = "`" + replacement + "` is the same";
    // Compilers may refuse an import that this leaves without a use.
    if (!own && binding.references.size() == 1 && finding.safety == Safety::kSafe) {
      finding.safety = Safety::kReview;
      finding.evidence += "; for a person to decide: `" + std::string(binding.name) + "` would be left unused";
    }
    finding.edits.push_back({file_[member].begin, file_[member].end, replacement});
  }

  void property(NodeId node) {
    const NodeId name = file_.child(node, g_.f_property);
    if (name == kNoNode) return;
    const std::string_view text = script_.text(name);
    const auto found =
        std::find_if(kProperties.begin(), kProperties.end(), [&](const Property& one) { return one.property == text; });
    if (found == kProperties.end() || script_.kind(script_.above(node)) != Kind::kCall || suppressed(node)) return;
    // A project for an older Node.js cannot help it.
    if (node_ != 0 && node_ < found->since) return;
    if (!said_.insert(text).second) return;
    add(name, "`" + std::string(text) + "` is called", found->why, Safety::kInfo).symbol = text;
  }

  // module A {} was the old way to write namespace A {}.
  void old_namespace(NodeId node) {
    const NodeId name = file_.child(node, g_.f_name);
    if (script_.kind(name) == Kind::kString || !script_.typescript() || suppressed(node)) return;
    const NodeId word = file_.first_child(node);
    if (word == kNoNode || script_.text(word) != "module") return;
    Finding& finding = add(node, "`module` declares a namespace",
                           "an old word for `namespace`, refused by TypeScript 7", Safety::kSafe);
    finding.symbol = script_.text(name);
    finding.end_line = finding.line;
    finding.suggestion = "`namespace` means the same";
    finding.edits.push_back({file_[word].begin, file_[word].end, "namespace"});
  }

  void lifecycle(NodeId node) {
    const NodeId name = file_.child(node, g_.f_name);
    if (name == kNoNode || script_.kind_above(node) != Kind::kClassBody) return;
    const std::string_view text = script_.text(name);
    if (std::find(kLifecycles.begin(), kLifecycles.end(), text) == kLifecycles.end() || suppressed(name)) return;
    if (script_.content().find("Component") == std::string_view::npos) return;
    Finding& finding = add(name, "`" + std::string(text) + "` is a method that React no longer wants",
                           "renamed in React 16.3, not called by React 19", Safety::kReview);
    finding.symbol = text;
    finding.suggestion = "do it in another method, or mark it with `UNSAFE_`";
    finding.edits.push_back({file_[name].begin, file_[name].begin, "UNSAFE_"});
  }

  const Script script_;
  const File& file_;
  const Grammar& g_;
  std::vector<Finding>& out_;
  std::unordered_set<std::string_view> said_;
  int node_ = 0;
};

}  // namespace
}  // namespace daydream::legacy::script

namespace daydream::legacy {

std::unique_ptr<Rule> script_deprecated_pattern() {
  return std::make_unique<script::ScriptRule<script::Examination>>();
}

}  // namespace daydream::legacy
