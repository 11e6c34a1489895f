// unused-import for JavaScript and TypeScript: a name that `import` or `require` binds and nothing reads.
//
// safe only where taking it out leaves every module loaded that was loaded, or where what is no longer
// loaded does nothing when it is; else review. A module that would stop being one is for a person.
#include <algorithm>
#include <array>
#include <memory>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/javascript/module_effects.hpp"
#include "plugins/legacy_cleanup/rules/javascript/script_rule.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"

namespace daydream::legacy::script {
namespace {

const Codes kCodes{"no-unused-vars",  "no-unused-imports", "unused-import",    "nounusedimports", "no-unused-variable",
                   "noUnusedImports", "no-unused-modules", "no-unused-locals", "no-import-unused"};

bool is_import(BindingKind kind) {
  return kind == BindingKind::kImportDefault || kind == BindingKind::kImportNamed ||
         kind == BindingKind::kImportNamespace || kind == BindingKind::kImportRequire;
}

// What JSX may be turned into calls of, by the tools in use.
bool jsx_factory(std::string_view name) {
  static constexpr std::array<std::string_view, 14> kNames{"React",    "h",        "createElement", "Fragment", "jsx",
                                                           "jsxs",     "Preact",   "preact",        "Inferno",  "dom",
                                                           "snabbdom", "hyperapp", "createVNode",   "m"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Written for the compiler: that a name can be imported is what it tests.
bool tests_types(std::string_view content) {
  return content.find("$ExpectType") != std::string_view::npos ||
         content.find("$ExpectError") != std::string_view::npos;
}

// A style sheet, an image, a loader's or a macro's affair.
bool special_module(std::string_view module) {
  if (module.find('!') != std::string_view::npos || module.find("macro") != std::string_view::npos ||
      module.find('?') != std::string_view::npos) {
    return true;
  }
  const std::string_view name = module.substr(module.rfind('/') + 1);
  for (const std::string_view extension : {".css", ".scss", ".sass", ".less", ".styl", ".svg", ".png", ".vue",
                                           ".svelte", ".html", ".wasm", ".graphql", ".gql", ".md", ".mdx", ".astro"}) {
    if (name.ends_with(extension)) return true;
  }
  return false;
}

// One statement that asks for one module, and which of its names nothing reads.
struct Asking {
  NodeId statement = kNoNode;
  NodeId declarator = kNoNode;  // of a require; else kNoNode
  std::string_view module;
  std::vector<const Binding*> all, gone;
};

class Examination {
 public:
  static constexpr std::string_view kName = "unused-import";

  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject),
        repository_(repository),
        script_(subject),
        file_(script_.file()),
        g_(script_.grammar()),
        out_(out) {}

  void run() {
    if (script_.remarks().file(kCodes) || tests_types(script_.content())) return;
    for (const Binding& binding : script_.names().bindings()) {
      if (is_import(binding.kind)) add_import(binding);
      if (binding.kind == BindingKind::kConst || binding.kind == BindingKind::kLet ||
          binding.kind == BindingKind::kVar) {
        add_require(binding);
      }
    }
    for (const Asking& asking : askings_) {
      if (out_.size() > kMostFindings) return;
      if (!asking.gone.empty()) speak_of(asking);
    }
  }

 private:
  [[nodiscard]] bool unused(const Binding& binding) const {
    if (!binding.references.empty() || binding.exported || binding.ambient) return false;
    if (script_.names().count(binding.scope, binding.name) > 1 || script_.remarks().mentions(binding.name))
      return false;
    if (binding.name.starts_with("_") && !is_import(binding.kind)) return false;
    if (script_.has_jsx() && jsx_factory(binding.name)) return false;
    const std::uint32_t first = script_.first_line(binding.statement);
    const std::uint32_t own = script_.first_line(binding.node);
    return !script_.remarks().lines(first, first, kCodes) && !script_.remarks().lines(own, own, kCodes);
  }

  void add(NodeId statement, NodeId declarator, std::string_view module, const Binding& binding) {
    if (askings_.empty() || askings_.back().statement != statement || askings_.back().declarator != declarator) {
      askings_.push_back({statement, declarator, module, {}, {}});
    }
    askings_.back().all.push_back(&binding);
    if (unused(binding)) askings_.back().gone.push_back(&binding);
  }

  void add_import(const Binding& binding) {
    if (script_.kind(binding.statement) != Kind::kImport || script_.kind_above(binding.statement) != Kind::kProgram)
      return;
    NodeId source = file_.child(binding.statement, g_.f_source);
    if (binding.kind == BindingKind::kImportRequire) source = file_.child(binding.declaration, g_.f_source);
    const std::string_view module = script_.literal(source);
    if (!module.empty()) add(binding.statement, kNoNode, module, binding);
  }

  // const x = require("m"), const {a, b: c} = require("m"), const x = require("m").y
  void add_require(const Binding& binding) {
    if (script_.kind(binding.declaration) != Kind::kDeclarator) return;
    if (script_.kind_above(binding.statement) == Kind::kFor) return;
    if (binding.scope == 0 && !script_.own_top_level() && !looks_commonjs()) return;
    NodeId value = file_.child(binding.declaration, g_.f_value);
    if (script_.kind(value) == Kind::kMember) value = file_.child(value, g_.f_object);
    if (value == kNoNode) return;
    const std::string_view module = script_.required(value);
    const NodeId pattern = file_.child(binding.declaration, g_.f_name);
    if (module.empty() || !plain_pattern(pattern)) return;
    add(binding.statement, binding.declaration, module, binding);
  }

  // A name, or {a, b: c} without rest, defaults and deeper patterns.
  [[nodiscard]] bool plain_pattern(NodeId pattern) const {
    if (script_.kind(pattern) == Kind::kIdentifier) return true;
    if (script_.kind(pattern) != Kind::kObjectPattern) return false;
    for (NodeId at = file_.first_named(pattern); at != kNoNode; at = file_.next_named(at)) {
      if (script_.kind(at) == Kind::kShorthandPattern) continue;
      if (script_.kind(at) != Kind::kPairPattern) return false;
      if (script_.kind(file_.child(at, g_.f_value)) != Kind::kIdentifier) return false;
    }
    return true;
  }

  // It asks for modules by require and nothing else at its top level: files of Node.js, not of a page.
  [[nodiscard]] bool looks_commonjs() const {
    for (NodeId at = 0; at < file_.nodes().size(); ++at) {
      if (script_.kind(at) != Kind::kCall) continue;
      if (script_.text(file_.child(at, g_.f_function)) == "define") return false;
    }
    return true;
  }

  void speak_of(const Asking& asking) {
    if (special_module(asking.module) && asking.gone.size() == asking.all.size()) return;
    if (repository_ != nullptr && kept(asking)) return;
    std::vector<std::string> names;
    for (const Binding* binding : asking.gone) names.emplace_back(binding->name);
    Finding finding;
    finding.rule = "unused-import";
    place(file_, asking.gone.front()->node, finding);
    finding.end_line = script_.last_line(asking.gone.back()->node);
    if (names.size() == 1) finding.symbol = names.front();
    finding.message = quoted_list(names) + (names.size() == 1 ? " is" : " are") + " imported but never used";
    finding.evidence = "nothing in this file reads " + std::string(names.size() == 1 ? "the name" : "these names");
    const bool whole = asking.gone.size() == asking.all.size();
    finding.suggestion = whole ? "remove the import" : "remove " + quoted_list(names) + " from the import";
    finding.safety = Safety::kSafe;
    std::string doubt = whole ? take_all(asking, finding) : take_some(asking, finding);
    if (finding.edits.empty()) finding.safety = Safety::kInfo;
    if (doubt.empty()) doubt = doubt_about(asking, whole);
    if (!doubt.empty()) {
      if (finding.safety == Safety::kSafe) finding.safety = Safety::kReview;
      finding.evidence += "; for a person to decide: " + doubt;
    }
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] bool kept(const Asking& asking) const {
    const Settings& settings = repository_->settings;
    return settings.keeps_module(asking.module) ||
           settings.keeps_module(asking.module.substr(0, asking.module.find('/'))) ||
           std::any_of(asking.gone.begin(), asking.gone.end(),
                       [&](const Binding* binding) { return settings.keeps_name(binding->name, subject_.path()); });
  }

  [[nodiscard]] std::string doubt_about(const Asking& asking, bool whole) const {
    const std::uint32_t first = script_.first_line(asking.statement), last = script_.last_line(asking.statement);
    if (script_.remarks().words(first, last)) return "a comment stands beside it";
    if (whole && script_.remarks().above(first)) return "a comment stands above it";
    if (asking.declarator != kNoNode && whole && !at_top(asking.statement)) return "it is loaded on condition";
    return {};
  }

  [[nodiscard]] bool at_top(NodeId statement) const { return script_.kind_above(statement) == Kind::kProgram; }

  // Says what speaks against it; adds the edits.
  std::string take_all(const Asking& asking, Finding& finding) const {
    if (asking.declarator != kNoNode) {
      take_declarator(asking, finding);
    } else if (auto edit = without(script_, asking.statement, asking.statement)) {
      finding.edits.push_back(*edit);
    } else {
      return "what stands around it would change its meaning";
    }
    if (asking.declarator == kNoNode && last_mark_of_module(asking.statement)) {
      return "without it the file would no longer be a module";
    }
    if (declares_module(asking.module)) return "the file widens types of that module";
    if (repository_ == nullptr) return {};
    const Effects effects = effects_of_removal(script_, asking.statement, asking.module, subject_.path(), *repository_);
    if (effects.none) finding.evidence += "; " + effects.reason;
    return effects.none ? "" : effects.reason;
  }

  [[nodiscard]] bool last_mark_of_module(NodeId statement) const {
    for (NodeId at = file_.first_named(file_.root()); at != kNoNode; at = file_.next_named(at)) {
      if (at != statement && (script_.kind(at) == Kind::kImport || script_.kind(at) == Kind::kExport)) return false;
    }
    return true;
  }

  // declare module "m" { ... }
  [[nodiscard]] bool declares_module(std::string_view module) const {
    for (NodeId at = 0; at < file_.nodes().size(); ++at) {
      if (script_.kind(at) == Kind::kModule && script_.literal(file_.child(at, g_.f_name)) == module) return true;
    }
    return false;
  }

  void take_declarator(const Asking& asking, Finding& finding) const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> items;
    std::vector<bool> gone;
    for (NodeId at = file_.first_named(asking.statement); at != kNoNode; at = file_.next_named(at)) {
      if (script_.kind(at) != Kind::kDeclarator) continue;
      items.emplace_back(file_[at].begin, file_[at].end);
      gone.push_back(at == asking.declarator);
    }
    if (items.size() > 1) return take_items(items, gone, finding);
    if (auto edit = without(script_, asking.statement, asking.statement)) finding.edits.push_back(*edit);
  }

  void take_items(const std::vector<std::pair<std::uint32_t, std::uint32_t>>& items, const std::vector<bool>& gone,
                  Finding& finding) const {
    bool comments = false;
    auto edits = without_items(script_.content(), items, gone, comments);
    for (const Edit& edit : edits) {
      const std::string_view text = script_.content().substr(edit.begin, edit.end - edit.begin);
      comments |= text.find("//") != std::string_view::npos || text.find("/*") != std::string_view::npos;
    }
    if (!comments) finding.edits = std::move(edits);
  }

  std::string take_some(const Asking& asking, Finding& finding) const {
    const auto is_gone = [&](NodeId item) {
      return std::any_of(asking.gone.begin(), asking.gone.end(), [&](const Binding* binding) {
        return item <= binding->node && binding->node <= file_[item].last;
      });
    };
    NodeId list = kNoNode, first = kNoNode;
    bool first_gone = false;
    if (asking.declarator != kNoNode) {
      list = file_.child(asking.declarator, g_.f_name);
    } else {
      for (NodeId at = asking.statement; at <= file_[asking.statement].last; ++at) {
        if (script_.kind(at) == Kind::kNamedImports) list = at;
        if (script_.kind(at) == Kind::kNamespaceImport) list = at;
        const bool name = script_.kind(at) == Kind::kIdentifier && script_.kind_above(at) == Kind::kImportClause;
        if (name) first = at, first_gone = is_gone(at);
      }
    }
    if (list == kNoNode) return {};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> items;
    std::vector<bool> gone;
    for (NodeId at = file_.first_named(list); at != kNoNode; at = file_.next_named(at)) {
      if (script_.kind(at) == Kind::kComment) continue;
      items.emplace_back(file_[at].begin, file_[at].end);
      gone.push_back(is_gone(at));
    }
    const bool none_left = std::all_of(gone.begin(), gone.end(), [](bool one) { return one; });
    const bool some_gone = std::any_of(gone.begin(), gone.end(), [](bool one) { return one; });
    if (first != kNoNode && (first_gone || none_left)) {
      // a, {b}: one of the two sides goes whole.
      if (first_gone && some_gone) take_items(items, gone, finding);
      const Edit side =
          first_gone ? Edit{file_[first].begin, file_[list].begin, ""} : Edit{file_[first].end, file_[list].end, ""};
      if (first_gone && some_gone && finding.edits.empty()) return {};
      const std::string_view text = script_.content().substr(side.begin, side.end - side.begin);
      if (text.find("//") != std::string_view::npos || text.find("/*") != std::string_view::npos) {
        finding.edits.clear();
        return {};
      }
      finding.edits.insert(finding.edits.begin(), side);
      return {};
    }
    take_items(items, gone, finding);
    return {};
  }

  const Subject& subject_;
  const Repository* repository_;
  const Script script_;
  const File& file_;
  const Grammar& g_;
  std::vector<Finding>& out_;
  std::vector<Asking> askings_;
};

}  // namespace
}  // namespace daydream::legacy::script

namespace daydream::legacy {

std::unique_ptr<Rule> script_unused_import() {
  return std::make_unique<script::ScriptRule<script::Examination>>();
}

}  // namespace daydream::legacy
