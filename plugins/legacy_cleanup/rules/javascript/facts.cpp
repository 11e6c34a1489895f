#include "plugins/legacy_cleanup/rules/javascript/facts.hpp"

#include "plugins/legacy_cleanup/rules/javascript/script.hpp"

namespace daydream::legacy::script {
namespace {

class Reader {
 public:
  Reader(const File& file, ScriptFacts& facts) : file_(file), g_(Grammar::of(file.language())), facts_(facts) {}

  void read() {
    facts_.known = true;
    for (NodeId at = file_.first_named(file_.root()); at != kNoNode; at = file_.next_named(at)) {
      facts_.acts |= acts(at);
      facts_.augments |= augments(at);
    }
    for (NodeId node = 0; node < file_.nodes().size(); ++node) ask(node);
  }

 private:
  [[nodiscard]] Kind kind(NodeId node) const { return g_.kind(file_, node); }

  void ask(NodeId node) {
    NodeId source = kNoNode;
    const Kind of = kind(node);
    if (of == Kind::kImport || of == Kind::kExport || of == Kind::kImportRequire) {
      source = file_.child(node, g_.f_source);
    } else if (of == Kind::kCall) {
      const NodeId function = file_.child(node, g_.f_function), arguments = file_.child(node, g_.f_arguments);
      if (function == kNoNode || arguments == kNoNode) return;
      if (file_.text(function) != "require" && kind(function) != Kind::kImportWord) return;
      source = file_.first_named(arguments);
    }
    if (kind(source) != Kind::kString) return;
    const std::string_view text = file_.text(source);
    if (text.size() > 2 && text.size() < 300) facts_.modules.emplace_back(text.substr(1, text.size() - 2));
  }

  // declare global {} and declare module "x" {}.
  [[nodiscard]] bool augments(NodeId statement) const {
    if (kind(statement) != Kind::kAmbient) return false;
    const std::string_view text = file_.text(statement);
    return text.find("global") != std::string_view::npos || text.find("module") != std::string_view::npos;
  }

  [[nodiscard]] bool acts(NodeId statement) const {
    switch (kind(statement)) {
      case Kind::kComment:
      case Kind::kHashBang:
      case Kind::kImport:
      case Kind::kFunction:
      case Kind::kGenerator:
      case Kind::kInterface:
      case Kind::kTypeAlias:
      case Kind::kEnum:
      case Kind::kAmbient:
      case Kind::kEmpty:
        return false;
      case Kind::kClass:
      case Kind::kAbstractClass:
        return class_acts(statement);
      case Kind::kLexical:
      case Kind::kVariable:
        return variables_act(statement);
      case Kind::kExport:
        return export_acts(statement);
      case Kind::kExpressionStatement:
        return expression_acts(file_.first_named(statement));
      default:
        return true;
    }
  }

  [[nodiscard]] bool export_acts(NodeId statement) const {
    if (const NodeId declaration = file_.child(statement, g_.f_declaration); declaration != kNoNode) {
      return acts(declaration);
    }
    const NodeId value = file_.child(statement, g_.f_value);
    return value != kNoNode && !mild(value);
  }

  [[nodiscard]] bool variables_act(NodeId statement) const {
    for (NodeId at = file_.first_named(statement); at != kNoNode; at = file_.next_named(at)) {
      if (kind(at) != Kind::kDeclarator) continue;
      const NodeId value = file_.child(at, g_.f_value);
      if (value != kNoNode && !mild(value)) return true;
    }
    return false;
  }

  // "use strict"; module.exports = x; exports.a = b; the marker of transpiled modules.
  [[nodiscard]] bool expression_acts(NodeId expression) const {
    if (kind(expression) == Kind::kString) return false;
    if (kind(expression) == Kind::kCall) {
      return !file_.text(expression).starts_with("Object.defineProperty(exports, \"__esModule\"");
    }
    if (kind(expression) != Kind::kAssignment) return true;
    const std::string_view left = file_.text(file_.child(expression, g_.f_left));
    const bool exports = left == "module.exports" || (left.starts_with("exports.") && left.find('.', 8) == left.npos) ||
                         (left.starts_with("module.exports.") && left.find('.', 15) == left.npos);
    return !exports || !mild(file_.child(expression, g_.f_right));
  }

  [[nodiscard]] bool class_acts(NodeId node) const {
    for (NodeId at = node; at <= file_[node].last; ++at) {
      const Kind of = kind(at);
      if (of == Kind::kDecorator || of == Kind::kStaticBlock || of == Kind::kComputedName) return true;
      if (of == Kind::kClassHeritage && file_.text(at).find('(') != std::string_view::npos) return true;
      const bool field = of == Kind::kPublicField || of == Kind::kField;
      if (field && file_.text(at).find("static") != std::string_view::npos) {
        const NodeId value = file_.child(at, g_.f_value);
        if (value != kNoNode && !mild(value)) return true;
      }
      if (of == Kind::kMethod) at = file_[at].last;
    }
    return false;
  }

  // Reads names and builds values; calls nothing but require.
  [[nodiscard]] bool mild(NodeId expression) const {
    for (NodeId at = expression; at <= file_[expression].last; ++at) {
      switch (kind(at)) {
        case Kind::kArrow:
        case Kind::kFunctionExpression:
        case Kind::kGeneratorExpression:
        case Kind::kMethod:
          at = file_[at].last;
          break;
        case Kind::kClassExpression:
          if (class_acts(at)) return false;
          at = file_[at].last;
          break;
        case Kind::kCall: {
          const NodeId function = file_.child(at, g_.f_function);
          if (file_.text(function) != "require") return false;
          break;
        }
        case Kind::kNew: {
          const std::string_view text = file_.text(at);
          if (!text.starts_with("new Map(") && !text.starts_with("new Set(")) return false;
          break;
        }
        case Kind::kAssignment:
        case Kind::kAugmentedAssignment:
        case Kind::kUpdate:
        case Kind::kAwait:
        case Kind::kYield:
        case Kind::kSpread:
        case Kind::kOther:
          if (file_[at].named && kind(at) != Kind::kOther && kind(at) != Kind::kSpread) return false;
          break;
        default:
          break;
      }
    }
    return true;
  }

  const File& file_;
  const Grammar& g_;
  ScriptFacts& facts_;
};

}  // namespace

ScriptFacts facts_of(const Subject& subject) {
  ScriptFacts facts;
  const File* const file = subject.tree();
  if (file != nullptr && file->clean()) Reader(*file, facts).read();
  return facts;
}

}  // namespace daydream::legacy::script
