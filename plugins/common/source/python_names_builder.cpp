#include "python_names_builder.hpp"

#include <algorithm>

#include "daydream/source/python_lexer.hpp"

namespace daydream::source::python {
namespace {

bool in(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

const Symbols& symbols() {
  static const Symbols table;
  return table;
}

Names Names::analyse(const File& file) {
  return NamesBuilder(file).build();
}

Names NamesBuilder::build() {
  add_scope(ScopeKind::kModule, file_.root(), kNoScope);
  children(file_.root(), 0);
  while (!stack_.empty()) {
    const Task task = stack_.back();
    stack_.pop_back();
    visit(task);
  }
  settle_bindings();
  for (std::uint32_t id = 0; id < names_.references_.size(); ++id) resolve(id);
  read_exports();
  return std::move(names_);
}

void NamesBuilder::push(NodeId node, ScopeId scope, Role role, BindingKind kind) {
  if (node != kNoNode) stack_.push_back({node, scope, role, kind});
}

void NamesBuilder::children(NodeId node, ScopeId scope, Role role, BindingKind kind) {
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) push(at, scope, role, kind);
}

void NamesBuilder::visit(const Task& task) {
  switch (task.role) {
    case Role::kStore:
      return visit_store(task);
    case Role::kPattern:
      return visit_pattern(task);
    case Role::kRead:
    case Role::kAnnotation:
    case Role::kParameter:
      break;
  }
  if (visit_expression(task) || visit_statement(task) || visit_definition(task)) return;
  children(task.node, task.scope, task.role);
}

bool NamesBuilder::visit_definition(const Task& task) {
  const std::uint16_t symbol = file_[task.node].symbol;
  if (symbol == s_.function_definition) {
    visit_function(task.node, task.scope);
  } else if (symbol == s_.class_definition) {
    visit_class(task.node, task.scope);
  } else if (symbol == s_.lambda) {
    visit_lambda(task.node, task.scope);
  } else if (symbol == s_.list_comprehension || symbol == s_.set_comprehension ||
             symbol == s_.dictionary_comprehension || symbol == s_.generator_expression) {
    visit_comprehension(task.node, task.scope, task.role);
  } else if (symbol == s_.type_alias_statement) {
    const NodeId left = file_.child(task.node, s_.f_left);
    NodeId name = left;
    while (name != kNoNode && !file_.is(name, s_.identifier)) name = file_.first_named(name);
    if (name != kNoNode) bind(name, task.scope, BindingKind::kTypeAlias);
    const ScopeId inside = add_scope(ScopeKind::kTypeParameters, task.node, task.scope);
    children(task.node, inside, Role::kAnnotation);
  } else {
    return false;
  }
  return true;
}

bool NamesBuilder::visit_statement(const Task& task) {
  const NodeId node = task.node;
  const std::uint16_t symbol = file_[node].symbol;
  if (symbol == s_.assignment) {
    visit_assignment(node, task.scope);
  } else if (symbol == s_.augmented_assignment) {
    const NodeId left = file_.child(node, s_.f_left);
    if (file_.is(left, s_.identifier)) {
      bind(left, task.scope, BindingKind::kAugmented);
    }
    push(left, task.scope);
    push(file_.child(node, s_.f_right), task.scope);
  } else if (symbol == s_.for_statement) {
    for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
      const bool target = file_[at].field == s_.f_left;
      push(at, task.scope, target ? Role::kStore : Role::kRead, BindingKind::kFor);
    }
  } else if (symbol == s_.import_statement || symbol == s_.import_from_statement ||
             symbol == s_.future_import_statement) {
    visit_import(node, task.scope);
  } else if (symbol == s_.delete_statement) {
    for (NodeId at = node + 1; at <= file_[node].last; ++at) {
      // del x, (y, z): plain names alone are unbound; x of del x.y and x[y] is read.
      if (!file_.is(at, s_.identifier)) continue;
      const std::uint16_t around = file_[file_[at].parent].symbol;
      if (around == s_.delete_statement || around == s_.expression_list || around == s_.tuple || around == s_.list ||
          around == s_.parenthesized_expression) {
        bind(at, task.scope, BindingKind::kDelete);
      }
    }
    children(node, task.scope);
  } else if (symbol == s_.global_statement || symbol == s_.nonlocal_statement) {
    Scope& scope = names_.scopes_[task.scope];
    for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
      (symbol == s_.global_statement ? scope.globals : scope.nonlocals).insert(name_of(file_.text(at)));
    }
  } else if (symbol == s_.case_clause) {
    for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
      push(at, task.scope, file_.is(at, s_.case_pattern) ? Role::kPattern : Role::kRead);
    }
  } else if (symbol == s_.exec_statement) {
    make_opaque(task.scope, true);
    children(node, task.scope);
  } else if (symbol == s_.comment) {
    visit_comment(node);
  } else {
    return false;
  }
  return true;
}

bool NamesBuilder::visit_expression(const Task& task) {
  const NodeId node = task.node;
  const std::uint16_t symbol = file_[node].symbol;
  if (symbol == s_.identifier) {
    read(node, task.scope);
  } else if (symbol == s_.attribute) {
    push(file_.child(node, s_.f_object), task.scope, task.role);
  } else if (symbol == s_.member_type || symbol == s_.dotted_name) {
    push(file_.first_named(node), task.scope, task.role);
  } else if (symbol == s_.keyword_argument) {
    push(file_.child(node, s_.f_value), task.scope, task.role);
  } else if (symbol == s_.type) {
    children(node, task.scope, Role::kAnnotation);
  } else if (symbol == s_.string) {
    visit_string(task);
  } else if (symbol == s_.call) {
    visit_call(node, task.scope, task.role);
  } else if (symbol == s_.subscript) {
    visit_subscript(node, task.scope, task.role);
  } else if (symbol == s_.named_expression) {
    ScopeId scope = task.scope;
    while (names_.scopes_[scope].kind == ScopeKind::kComprehension) scope = names_.scopes_[scope].parent;
    push(file_.child(node, s_.f_name), scope, Role::kStore, BindingKind::kWalrus);
    push(file_.child(node, s_.f_value), task.scope, task.role);
  } else if (symbol == s_.as_pattern_target) {
    const NodeId clause = file_[file_[node].parent].parent;
    const bool caught = file_.is(clause, s_.except_clause) || file_.is(clause, s_.except_group_clause);
    children(node, task.scope, Role::kStore, caught ? BindingKind::kExcept : BindingKind::kWith);
  } else {
    return false;
  }
  return true;
}

// A target: identifiers bind, the rest of attributes and subscripts is read.
void NamesBuilder::visit_store(const Task& task) {
  const std::uint16_t symbol = file_[task.node].symbol;
  if (symbol == s_.identifier) {
    bind(task.node, task.scope, task.kind);
  } else if (symbol == s_.pattern_list || symbol == s_.tuple_pattern || symbol == s_.list_pattern ||
             symbol == s_.tuple || symbol == s_.list || symbol == s_.expression_list) {
    const bool keeps = task.kind == BindingKind::kFor;
    children(task.node, task.scope, Role::kStore, keeps ? task.kind : BindingKind::kUnpacking);
  } else if (symbol == s_.list_splat_pattern || symbol == s_.parenthesized_expression ||
             file_.type(task.node) == "list_splat") {
    children(task.node, task.scope, Role::kStore, task.kind);
  } else {
    push(task.node, task.scope);
  }
}

// Inside `case`: bare names bind, dotted names and class names are read.
void NamesBuilder::visit_pattern(const Task& task) {
  const NodeId node = task.node;
  const std::uint16_t symbol = file_[node].symbol;
  if (symbol == s_.dotted_name) {
    const NodeId first = file_.first_named(node);
    const bool dotted = file_.next_named(first) != kNoNode;
    const bool called = file_.is(file_[node].parent, s_.class_pattern);
    if (dotted || called) {
      read(first, task.scope);
    } else {
      bind(first, task.scope, BindingKind::kMatch);
    }
  } else if (symbol == s_.identifier) {
    bind(node, task.scope, BindingKind::kMatch);
  } else if (symbol == s_.keyword_pattern) {
    NodeId at = file_.first_named(node);  // the keyword
    for (at = file_.next_named(at); at != kNoNode; at = file_.next_named(at)) push(at, task.scope, Role::kPattern);
  } else if (symbol == s_.string) {
    visit_string(task);
  } else {
    children(node, task.scope, Role::kPattern);
  }
}

void NamesBuilder::visit_function(NodeId node, ScopeId scope) {
  bind(file_.child(node, s_.f_name), scope, BindingKind::kFunction);
  const ScopeId outside = type_parameter_scope(node, scope);
  const ScopeId inside = add_scope(ScopeKind::kFunction, node, outside);
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    const std::uint16_t field = file_[at].field;
    if (field == s_.f_name || field == s_.f_type_parameters) continue;
    if (field == s_.f_parameters) {
      visit_parameters(at, inside, outside);
    } else if (field == s_.f_return_type) {
      push(at, outside, Role::kAnnotation);
    } else {
      push(at, inside);
    }
  }
}

void NamesBuilder::visit_lambda(NodeId node, ScopeId scope) {
  const ScopeId inside = add_scope(ScopeKind::kLambda, node, scope);
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    if (file_[at].field == s_.f_parameters) {
      visit_parameters(at, inside, scope);
    } else {
      push(at, inside);
    }
  }
}

void NamesBuilder::visit_parameters(NodeId node, ScopeId inside, ScopeId outside) {
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    const std::uint16_t symbol = file_[at].symbol;
    if (symbol == s_.default_parameter || symbol == s_.typed_default_parameter) {
      push(file_.child(at, s_.f_name), inside, Role::kStore, BindingKind::kParameter);
      push(file_.child(at, s_.f_type), outside, Role::kAnnotation);
      push(file_.child(at, s_.f_value), outside);
    } else if (symbol == s_.typed_parameter) {
      push(file_.child(at, s_.f_type), outside, Role::kAnnotation);
      NodeId name = file_.first_named(at);
      if (!file_.is(name, s_.identifier)) name = file_.first_named(name);  // *args: int
      push(name, inside, Role::kStore, BindingKind::kParameter);
    } else if (symbol == s_.identifier || symbol == s_.tuple_pattern) {
      push(at, inside, Role::kStore, BindingKind::kParameter);
    } else if (symbol == s_.comment) {
      visit_comment(at);
    } else {
      children(at, inside, Role::kStore, BindingKind::kParameter);  // *args, **kw
    }
  }
}

void NamesBuilder::visit_class(NodeId node, ScopeId scope) {
  bind(file_.child(node, s_.f_name), scope, BindingKind::kClass);
  const ScopeId outside = type_parameter_scope(node, scope);
  const ScopeId inside = add_scope(ScopeKind::kClass, node, outside);
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    const std::uint16_t field = file_[at].field;
    if (field == s_.f_name || field == s_.f_type_parameters) continue;
    push(at, field == s_.f_superclasses ? outside : inside);
  }
}

ScopeId NamesBuilder::type_parameter_scope(NodeId definition, ScopeId scope) {
  const NodeId list = file_.child(definition, s_.f_type_parameters);
  if (list == kNoNode) return scope;
  const ScopeId inside = add_scope(ScopeKind::kTypeParameters, list, scope);
  for (NodeId at = list + 1; at <= file_[list].last; ++at) {
    if (!file_.is(at, s_.identifier)) continue;
    // The first name of each parameter binds; bounds and defaults are read. Binding a bound too hides
    // an outer name, so bounds are also read outside.
    bind(at, inside, BindingKind::kTypeParameter);
    read(at, scope);
  }
  return inside;
}

void NamesBuilder::visit_comprehension(NodeId node, ScopeId scope, Role role) {
  const ScopeId inside = add_scope(ScopeKind::kComprehension, node, scope);
  bool first = true;
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    if (!file_.is(at, s_.for_in_clause)) {
      push(at, inside, role);
      continue;
    }
    for (NodeId part = file_.first_named(at); part != kNoNode; part = file_.next_named(part)) {
      if (file_[part].field == s_.f_left) {
        push(part, inside, Role::kStore, BindingKind::kFor);
      } else {
        push(part, first ? scope : inside, role);
      }
    }
    first = false;
  }
}

void NamesBuilder::visit_assignment(NodeId node, ScopeId scope) {
  const NodeId left = file_.child(node, s_.f_left);
  const NodeId right = file_.child(node, s_.f_right);
  const NodeId type = file_.child(node, s_.f_type);
  push(left, scope, Role::kStore, right == kNoNode ? BindingKind::kAnnotation : BindingKind::kAssignment);
  push(type, scope, Role::kAnnotation);
  // X: TypeAlias = "Foo"
  const bool alias = type != kNoNode && file_.text(type).ends_with("TypeAlias");
  push(right, scope, alias ? Role::kAnnotation : Role::kRead);
}

void NamesBuilder::visit_import(NodeId node, ScopeId scope) {
  const std::uint16_t symbol = file_[node].symbol;
  const BindingKind plain = symbol == s_.import_statement          ? BindingKind::kImport
                            : symbol == s_.future_import_statement ? BindingKind::kFuture
                                                                   : BindingKind::kFromImport;
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    if (file_.is(at, s_.wildcard_import)) names_.scopes_[scope].star_import = true;
    if (file_.is(at, s_.comment)) visit_comment(at);
    if (file_[at].field == s_.f_name) visit_import_name(at, scope, plain);
  }
}

void NamesBuilder::visit_import_name(NodeId node, ScopeId scope, BindingKind plain) {
  if (file_.is(node, s_.aliased_import)) {
    const NodeId alias = file_.child(node, s_.f_alias);
    bind(alias, scope, plain == BindingKind::kImport ? BindingKind::kImportAs : plain);
    return;
  }
  const NodeId first = file_.first_named(node);
  if (first != kNoNode) bind(node, scope, plain, file_.text(first));
}

void NamesBuilder::visit_call(NodeId node, ScopeId scope, Role role) {
  const NodeId function = file_.child(node, s_.f_function);
  const NodeId arguments = file_.child(node, s_.f_arguments);
  const bool plain = file_.is(function, s_.identifier);
  const std::string_view text = function == kNoNode ? std::string_view() : file_.text(function);
  const std::string_view name = text.substr(text.rfind('.') + 1);
  const bool bare = arguments != kNoNode && file_.first_named(arguments) == kNoNode;
  if (plain && (name == "eval" || name == "exec" || name == "execfile")) make_opaque(scope, true);
  if (plain && (name == "locals" || (bare && (name == "vars" || name == "dir")))) make_opaque(scope, false);
  if (name == "currentframe" || name == "_getframe") make_opaque(scope, true);
  if (plain && name == "globals") names_.scopes_[0].opaque = true;
  const bool typing = in(name, {"cast", "TypeVar", "NewType", "ForwardRef", "NamedTuple", "TypedDict", "ParamSpec",
                                "assert_type", "TypeAliasType"});
  push(function, scope, role);
  push(arguments, scope, typing || role == Role::kAnnotation ? Role::kAnnotation : Role::kRead);
}

void NamesBuilder::visit_subscript(NodeId node, ScopeId scope, Role role) {
  const NodeId value = file_.child(node, s_.f_value);
  const std::string_view text = value == kNoNode ? std::string_view() : file_.text(value);
  const std::string_view name = text.substr(text.rfind('.') + 1);
  if (text == "sys.modules") names_.scopes_[0].opaque = true;
  // Optional["Foo"] outside an annotation: the base of a class, a type alias.
  const bool generic = (!name.empty() && name[0] >= 'A' && name[0] <= 'Z') ||
                       in(name, {"list", "dict", "tuple", "set", "frozenset", "type", "deque", "defaultdict"});
  const Role inner = name == "Literal"                      ? Role::kRead
                     : generic || role == Role::kAnnotation ? Role::kAnnotation
                                                            : Role::kRead;
  for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) {
    push(at, scope, at == value ? role : inner);
  }
}

void NamesBuilder::visit_string(const Task& task) {
  const std::string_view text = file_.text(task.node);
  const bool doctest = text.find(">>>") != std::string_view::npos;
  for (NodeId at = file_.first_named(task.node); at != kNoNode; at = file_.next_named(at)) {
    if (!file_.is(at, s_.string_content)) {
      children(at, task.scope);  // replacement fields
    } else if (task.role == Role::kAnnotation) {
      mention(file_.text(at));
    } else {
      mention_marked(file_.text(at));
    }
  }
  if (doctest) mention_doctest(text);
}

// "# type: List[int]"; "# type: ignore" names nothing.
void NamesBuilder::visit_comment(NodeId node) {
  std::string_view text = file_.text(node);
  const auto at = text.find("type:");
  if (at == std::string_view::npos) return;
  const auto before = text.substr(0, at).find_first_not_of("# \t");
  if (before == std::string_view::npos) mention(text.substr(at + 5));
}

}  // namespace daydream::source::python
