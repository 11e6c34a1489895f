#include "daydream/source/javascript_names.hpp"

#include <unordered_set>

namespace daydream::source::javascript {
namespace {

// What only values see, and what only types see. The rest lives in both worlds.
bool value_only(BindingKind kind) {
  switch (kind) {
    case BindingKind::kVar:
    case BindingKind::kLet:
    case BindingKind::kConst:
    case BindingKind::kFunction:
    case BindingKind::kParameter:
    case BindingKind::kCatch:
      return true;
    default:
      return false;
  }
}
bool type_only(BindingKind kind) {
  return kind == BindingKind::kInterface || kind == BindingKind::kTypeAlias || kind == BindingKind::kTypeParameter;
}

}  // namespace

class NamesBuilder {
 public:
  explicit NamesBuilder(const File& file) : file_(file), g_(Grammar::of(file.language())) {
    declared_.resize(file.nodes().size(), false);
  }

  Names build() {
    for (NodeId node = 0; node < file_.nodes().size(); ++node) {
      while (!open_.empty() && node > open_.back().last) open_.pop_back();
      visit(node, kind(node));
    }
    resolve();
    return std::move(names_);
  }

 private:
  enum class World : std::uint8_t { kValue, kType, kAny };
  struct Open {
    ScopeId scope;
    NodeId last;
  };

  [[nodiscard]] Kind kind(NodeId node) const { return g_.kind(file_, node); }
  [[nodiscard]] Kind kind_above(NodeId node) const { return kind(file_[node].parent); }
  [[nodiscard]] ScopeId current() const { return open_.empty() ? 0 : open_.back().scope; }

  void open(NodeId node, Kind of) {
    const Kind above = of == Kind::kProgram ? Kind::kOther : kind_above(node);
    const bool body = of == Kind::kBlock && (function_like(above) || above == Kind::kNamespace ||
                                             above == Kind::kModule || above == Kind::kAmbient);
    Scope scope;
    scope.node = node;
    scope.parent = names_.scopes_.empty() ? kNoScope : current();
    scope.holds_var = of == Kind::kProgram || of == Kind::kStaticBlock || body;
    names_.scopes_.push_back(scope);
    open_.push_back({static_cast<ScopeId>(names_.scopes_.size() - 1), file_[node].last});
  }

  [[nodiscard]] ScopeId var_scope() const {
    ScopeId at = current();
    while (!names_.scopes_[at].holds_var && names_.scopes_[at].parent != kNoScope) at = names_.scopes_[at].parent;
    return at;
  }

  [[nodiscard]] bool in_ambient(NodeId node) const {
    for (NodeId at = node; at != kNoNode; at = file_[at].parent) {
      if (kind(at) == Kind::kAmbient) return true;
    }
    return false;
  }

  Binding& bind(NodeId node, BindingKind as, NodeId declaration, NodeId statement, ScopeId scope) {
    declared_[node] = true;
    Binding binding;
    binding.name = file_.text(node);
    binding.kind = as;
    binding.node = node;
    binding.declaration = declaration;
    binding.statement = statement;
    binding.scope = scope;
    const Kind above = kind(file_[statement].parent);
    binding.exported = above == Kind::kExport;
    binding.ambient = kind(statement) == Kind::kAmbient || above == Kind::kAmbient || in_ambient(statement);
    names_.by_scope_[{scope, binding.name}].push_back(static_cast<BindingId>(names_.bindings_.size()));
    return names_.bindings_.emplace_back(binding);
  }

  void visit(NodeId node, Kind of) {
    const bool outside = (of == Kind::kComputedName || of == Kind::kDecorator) && !open_.empty() &&
                         names_.scopes_[current()].node == file_[node].parent &&
                         names_.scopes_[current()].parent != kNoScope;
    if (outside) open_.push_back({names_.scopes_[current()].parent, file_[node].last});
    declare(node, of);
    if (opens_scope(of)) {
      open(node, of);
      declare_inside(node, of);
    }
    if (of == Kind::kIdentifier || of == Kind::kTypeIdentifier || of == Kind::kShorthand ||
        of == Kind::kShorthandPattern) {
      refer(node, of);
    }
  }

  // What binds in the scope around it.
  void declare(NodeId node, Kind of) {
    switch (of) {
      case Kind::kFunction:
      case Kind::kGenerator:
      case Kind::kFunctionSignature:
        return declare_function(node);
      case Kind::kClass:
      case Kind::kAbstractClass:
        return declare_name(node, BindingKind::kClass);
      case Kind::kEnum:
        return declare_name(node, BindingKind::kEnum);
      case Kind::kInterface:
        return declare_name(node, BindingKind::kInterface);
      case Kind::kTypeAlias:
        return declare_name(node, BindingKind::kTypeAlias);
      case Kind::kNamespace:
      case Kind::kModule:
        return declare_namespace(node);
      case Kind::kDeclarator:
        return declare_variable(node);
      case Kind::kTypeParameter:
      case Kind::kMappedType:
      case Kind::kInfer:
        return declare_type(node, of);
      case Kind::kIndexSignature:
        if (const NodeId name = file_.child(node, g_.f_name); name != kNoNode) declared_[name] = true;
        return;
      case Kind::kImport:
      case Kind::kExport:
        names_.module_ |= kind_above(node) == Kind::kProgram;
        return;
      case Kind::kImportClause:
      case Kind::kNamespaceImport:
      case Kind::kImportSpecifier:
      case Kind::kImportRequire:
      case Kind::kImportAlias:
        return declare_import(node, of);
      case Kind::kWith:
        names_.opaque_ = true;
        return;
      case Kind::kCall:
        names_.opaque_ |= file_.text(file_.child(node, g_.f_function)) == "eval";
        return;
      default:
        return;
    }
  }

  // What binds in the scope it opens.
  void declare_inside(NodeId node, Kind of) {
    if (function_like(of)) {
      declare_parameters(node);
      const NodeId name = file_.child(node, g_.f_name);
      const bool expression = of == Kind::kFunctionExpression || of == Kind::kGeneratorExpression;
      if (expression && name != kNoNode) bind(name, BindingKind::kFunction, node, node, current());
    } else if (of == Kind::kClassExpression) {
      if (const NodeId name = file_.child(node, g_.f_name); name != kNoNode) {
        bind(name, BindingKind::kClass, node, node, current());
      }
    } else if (of == Kind::kCatch) {
      const NodeId parameter = file_.child(node, g_.f_parameter);
      if (parameter != kNoNode) bind_pattern(parameter, BindingKind::kCatch, node, node, current());
    } else if (of == Kind::kForIn) {
      const NodeId word = file_.child(node, g_.f_kind), left = file_.child(node, g_.f_left);
      if (word == kNoNode || left == kNoNode) return;
      const BindingKind as = variable_kind(word);
      bind_pattern(left, as, node, node, as == BindingKind::kVar ? var_scope() : current());
    }
  }

  void declare_parameters(NodeId node) {
    const NodeId single = file_.child(node, g_.f_parameter);
    if (single != kNoNode) bind_pattern(single, BindingKind::kParameter, node, node, current());
    const NodeId list = file_.child(node, g_.f_parameters);
    if (list == kNoNode) return;
    for (NodeId at = file_.first_named(list); at != kNoNode; at = file_.next_named(at)) {
      const Kind of = kind(at);
      if (of == Kind::kComment || of == Kind::kDecorator) continue;
      NodeId pattern = at;
      if (of == Kind::kRequiredParameter || of == Kind::kOptionalParameter) {
        pattern = file_.child(at, g_.f_pattern);
        if (pattern == kNoNode) pattern = file_.child(at, g_.f_name);
      }
      if (pattern != kNoNode) bind_pattern(pattern, BindingKind::kParameter, at, node, current());
    }
  }

  void declare_function(NodeId node) {
    const NodeId name = file_.child(node, g_.f_name);
    if (name == kNoNode) return;
    bind(name, BindingKind::kFunction, node, node, current());
    const ScopeId outer = var_scope();
    // In sloppy code a function in a block is seen in the whole function as well.
    if (outer != current()) bind(name, BindingKind::kFunction, node, node, outer).transparent = true;
  }

  void declare_name(NodeId node, BindingKind as) {
    if (const NodeId name = file_.child(node, g_.f_name); name != kNoNode) bind(name, as, node, node, current());
  }

  void declare_namespace(NodeId node) {
    const NodeId name = file_.child(node, g_.f_name);
    if (kind(name) != Kind::kIdentifier) return;
    NodeId statement = node;
    if (kind_above(node) == Kind::kExpressionStatement) statement = file_[node].parent;
    bind(name, BindingKind::kNamespace, node, statement, current());
  }

  [[nodiscard]] BindingKind variable_kind(NodeId word) const {
    const std::string_view text = file_.text(word);
    return text == "const" ? BindingKind::kConst : text == "let" ? BindingKind::kLet : BindingKind::kVar;
  }

  void declare_variable(NodeId node) {
    const NodeId statement = file_[node].parent, pattern = file_.child(node, g_.f_name);
    if (pattern == kNoNode) return;
    const bool var = kind(statement) == Kind::kVariable;
    const NodeId word = file_.child(statement, g_.f_kind);
    const BindingKind as = var || word == kNoNode ? BindingKind::kVar : variable_kind(word);
    bind_pattern(pattern, as, node, statement, as == BindingKind::kVar ? var_scope() : current());
  }

  void declare_type(NodeId node, Kind of) {
    NodeId name = file_.child(node, g_.f_name);
    if (of == Kind::kInfer) name = file_.first_named(node);
    if (name == kNoNode) return;
    bind(name, BindingKind::kTypeParameter, node, node, current()).transparent = of != Kind::kTypeParameter;
  }

  [[nodiscard]] NodeId statement_of(NodeId node) const {
    while (node != kNoNode && kind(node) != Kind::kImport && file_[node].parent != kNoNode &&
           kind_above(node) != Kind::kProgram && kind_above(node) != Kind::kBlock) {
      node = file_[node].parent;
    }
    return node;
  }

  void declare_import(NodeId node, Kind of) {
    const NodeId statement = statement_of(node);
    if (of == Kind::kImportSpecifier) {
      const NodeId name = file_.child(node, g_.f_name), alias = file_.child(node, g_.f_alias);
      if (name != kNoNode) declared_[name] = true;
      const NodeId bound = alias != kNoNode ? alias : name;
      if (bound != kNoNode) bind(bound, BindingKind::kImportNamed, node, statement, current());
      return;
    }
    for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
      if (kind(at) != Kind::kIdentifier) continue;
      const BindingKind as = of == Kind::kImportClause      ? BindingKind::kImportDefault
                             : of == Kind::kNamespaceImport ? BindingKind::kImportNamespace
                             : of == Kind::kImportRequire   ? BindingKind::kImportRequire
                                                            : BindingKind::kImportAlias;
      bind(at, as, of == Kind::kImportClause ? at : node, statement, current());
      return;
    }
  }

  void bind_pattern(NodeId pattern, BindingKind as, NodeId declaration, NodeId statement, ScopeId scope) {
    for (NodeId at = pattern; at <= file_[pattern].last; ++at) {
      const Kind of = kind(at);
      const Kind above = at == pattern ? Kind::kOther : kind_above(at);
      const bool fallback = (above == Kind::kAssignmentPattern || above == Kind::kObjectAssignmentPattern) &&
                            file_[at].field == g_.f_right;
      if (fallback || of == Kind::kComputedName || of == Kind::kTypeAnnotation || of == Kind::kDecorator ||
          of == Kind::kMember || of == Kind::kSubscript) {
        at = file_[at].last;
        continue;
      }
      if (of == Kind::kIdentifier || of == Kind::kShorthandPattern) bind(at, as, declaration, statement, scope);
    }
  }

  void refer(NodeId node, Kind of) {
    if (declared_[node]) return;
    const NodeId above = file_[node].parent;
    const Kind around = kind(above);
    if (around == Kind::kExportSpecifier) {
      if (file_[node].field == g_.f_alias) return;
      const NodeId statement = file_[file_[above].parent].parent;
      if (statement != kNoNode && file_.child(statement, g_.f_source) != kNoNode) return;
    }
    if (around == Kind::kNamespaceExport) return;
    if (of == Kind::kTypeIdentifier && around == Kind::kNestedType && file_[node].field == g_.f_name) return;
    Reference reference;
    reference.name = file_.text(node);
    reference.node = node;
    reference.scope = current();
    reference.use = use_of(node);
    World world = of == Kind::kTypeIdentifier ? World::kType : World::kValue;
    if (around == Kind::kExportSpecifier || around == Kind::kExport || around == Kind::kNestedIdentifier ||
        around == Kind::kImportAlias || around == Kind::kOther) {
      world = World::kAny;
    }
    if (around == Kind::kNestedType) world = World::kAny;
    names_.references_.push_back(reference);
    worlds_.push_back(world);
  }

  // x = 1 and [x] = y write; x++ and x += 1 update where nothing takes the result.
  [[nodiscard]] Use use_of(NodeId node) const {
    NodeId at = node;
    while (true) {
      const NodeId above = file_[at].parent;
      const Kind around = kind(above);
      const std::uint16_t field = file_[at].field;
      if (around == Kind::kAssignment) return field == g_.f_left ? Use::kWrite : Use::kRead;
      if (around == Kind::kForIn) return field == g_.f_left ? Use::kWrite : Use::kRead;
      if (around == Kind::kAugmentedAssignment || around == Kind::kUpdate) {
        if (around == Kind::kAugmentedAssignment && field != g_.f_left) return Use::kRead;
        return kind_above(above) == Kind::kExpressionStatement ? Use::kUpdate : Use::kRead;
      }
      const bool pattern = around == Kind::kArrayPattern || around == Kind::kObjectPattern || around == Kind::kRest ||
                           around == Kind::kPairPattern;
      const bool target =
          (around == Kind::kAssignmentPattern || around == Kind::kObjectAssignmentPattern) && field == g_.f_left;
      if (!pattern && !target) return Use::kRead;
      at = above;
    }
  }

  void resolve() {
    std::unordered_set<std::string_view> bound;
    for (const Binding& binding : names_.bindings_) bound.insert(binding.name);
    for (std::uint32_t id = 0; id < names_.references_.size(); ++id) {
      const Reference& reference = names_.references_[id];
      if (!bound.contains(reference.name)) continue;
      for (ScopeId at = reference.scope; at != kNoScope; at = names_.scopes_[at].parent) {
        if (found_in(at, id)) break;
      }
    }
  }

  bool found_in(ScopeId scope, std::uint32_t id) {
    const auto found = names_.by_scope_.find({scope, names_.references_[id].name});
    if (found == names_.by_scope_.end()) return false;
    const World world = worlds_[id];
    bool ends = false;
    for (const BindingId one : found->second) {
      Binding& binding = names_.bindings_[one];
      if (world == World::kType && value_only(binding.kind)) continue;
      if (world == World::kValue && type_only(binding.kind)) continue;
      binding.references.push_back(id);
      ends |= !binding.transparent && world != World::kAny;
      // A name that may be a type or a value is looked for further out only where this may be the other.
      ends |= !binding.transparent && !value_only(binding.kind) && !type_only(binding.kind);
    }
    return ends;
  }

  const File& file_;
  const Grammar& g_;
  Names names_;
  std::vector<Open> open_;
  std::vector<bool> declared_;
  std::vector<World> worlds_;
};

Names Names::analyse(const File& file) {
  return NamesBuilder(file).build();
}

std::size_t Names::count(ScopeId scope, std::string_view name) const {
  const auto found = by_scope_.find({scope, name});
  return found == by_scope_.end() ? 0 : found->second.size();
}

}  // namespace daydream::source::javascript
