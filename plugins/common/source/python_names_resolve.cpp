#include <algorithm>

#include "daydream/source/python_lexer.hpp"
#include "python_names_builder.hpp"

namespace daydream::source::python {
namespace {

bool name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

ScopeId NamesBuilder::add_scope(ScopeKind kind, NodeId node, ScopeId parent) {
  Scope scope;
  scope.kind = kind;
  scope.node = node;
  scope.parent = parent;
  names_.scopes_.push_back(std::move(scope));
  return static_cast<ScopeId>(names_.scopes_.size() - 1);
}

std::string_view NamesBuilder::name_of(std::string_view text) {
  const bool ascii =
      std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (ascii) return text;
  names_.stored_.push_back(normal_name(text));
  return names_.stored_.back();
}

NodeId NamesBuilder::statement_of(NodeId node) const {
  NodeId at = node;
  while (file_[at].parent != kNoNode) {
    const std::uint16_t around = file_[file_[at].parent].symbol;
    if (around == s_.block || around == s_.module) return at;
    at = file_[at].parent;
  }
  return at;
}

void NamesBuilder::bind(NodeId node, ScopeId scope, BindingKind kind, std::string_view name) {
  if (node == kNoNode) return;
  Binding binding;
  binding.name = name_of(name.empty() ? file_.text(node) : name);
  binding.kind = kind;
  binding.node = node;
  binding.statement = statement_of(node);
  binding.scope = binding.written_in = scope;
  if (scope == 0 && binding.name == "__all__") all_statements_.push_back(binding.statement);
  names_.bindings_.push_back(binding);
}

void NamesBuilder::read(NodeId node, ScopeId scope) {
  if (node == kNoNode) return;
  Reference reference;
  reference.name = name_of(file_.text(node));
  reference.node = node;
  reference.scope = scope;
  if (reference.name == "__all__") all_statements_.push_back(statement_of(node));
  names_.references_.push_back(reference);
}

void NamesBuilder::make_opaque(ScopeId scope, bool whole_file) {
  for (ScopeId at = scope; at != kNoScope; at = names_.scopes_[at].parent) {
    names_.scopes_[at].opaque = true;
    const ScopeKind kind = names_.scopes_[at].kind;
    if (!whole_file && kind != ScopeKind::kComprehension && kind != ScopeKind::kLambda) break;
  }
}

// Every name in a text that is code for others: not what follows a dot.
void NamesBuilder::mention(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (!name_character(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && name_character(text[at])) ++at;
    const bool attribute = begin > 0 && text[begin - 1] == '.';
    const bool number = text[begin] >= '0' && text[begin] <= '9';
    if (!attribute && !number) names_.mentioned_.insert(name_of(text.substr(begin, at - begin)));
  }
}

// "a > @limit": some libraries read the caller's variables so.
void NamesBuilder::mention_marked(std::string_view text) {
  for (auto at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t end = at + 1;
    while (end < text.size() && name_character(text[end])) ++end;
    if (end > at + 1) names_.mentioned_.insert(name_of(text.substr(at + 1, end - at - 1)));
  }
}

void NamesBuilder::mention_doctest(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.find(">>>") != std::string_view::npos || line.find("...") != std::string_view::npos) mention(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

// Bindings go where `global` and `nonlocal` send them.
void NamesBuilder::settle_bindings() {
  for (BindingId id = 0; id < names_.bindings_.size(); ++id) {
    Binding& binding = names_.bindings_[id];
    if (names_.scopes_[binding.scope].globals.contains(binding.name)) binding.scope = 0;
  }
  for (BindingId id = 0; id < names_.bindings_.size(); ++id) {
    Binding& binding = names_.bindings_[id];
    if (!names_.scopes_[binding.scope].nonlocals.contains(binding.name)) {
      names_.scopes_[binding.scope].names[binding.name].bindings.push_back(id);
    }
  }
  for (BindingId id = 0; id < names_.bindings_.size(); ++id) {
    Binding& binding = names_.bindings_[id];
    if (!names_.scopes_[binding.scope].nonlocals.contains(binding.name)) continue;
    ScopeId at = names_.scopes_[binding.scope].parent;
    while (at != kNoScope &&
           (names_.scopes_[at].kind == ScopeKind::kClass || names_.scopes_[at].kind == ScopeKind::kModule ||
            !names_.scopes_[at].names.contains(binding.name))) {
      at = names_.scopes_[at].parent;
    }
    if (at != kNoScope) binding.scope = at;
    names_.scopes_[binding.scope].names[binding.name].bindings.push_back(id);
  }
}

void NamesBuilder::resolve(std::uint32_t id) {
  Reference& reference = names_.references_[id];
  ScopeId at = reference.scope;
  while (at != kNoScope) {
    Scope& scope = names_.scopes_[at];
    const bool seen = scope.kind != ScopeKind::kClass || at == reference.scope;
    if (scope.globals.contains(reference.name)) at = 0;
    Scope& target = names_.scopes_[at];
    const auto found = seen || at == 0 ? target.names.find(reference.name) : target.names.end();
    if (found != target.names.end() && !target.nonlocals.contains(reference.name)) {
      found->second.references.push_back(id);
      if (reference.resolved == kNoScope) reference.resolved = at;
      // A class body may read the outer name before it binds its own: the read counts for both.
      if (target.kind != ScopeKind::kClass) return;
    }
    at = target.parent;
  }
}

// What `__all__` holds: lists, tuples, +, += and the calls extend, append, remove; else unknown.
void NamesBuilder::read_exports() {
  std::sort(all_statements_.begin(), all_statements_.end());
  all_statements_.erase(std::unique(all_statements_.begin(), all_statements_.end()), all_statements_.end());
  for (const NodeId statement : all_statements_) {
    names_.has_all_ = true;
    const NodeId inner = file_.is(statement, s_.expression_statement) ? file_.first_named(statement) : kNoNode;
    if (file_.is(inner, s_.assignment) || file_.is(inner, s_.augmented_assignment)) {
      export_value(file_.child(inner, s_.f_right));
    } else if (file_.is(inner, s_.call)) {
      export_call(inner);
    } else if (file_.is(statement, s_.delete_statement)) {
      continue;
    } else {
      names_.exports_unknown_ = true;
    }
  }
}

void NamesBuilder::export_call(NodeId call) {
  const NodeId function = file_.child(call, s_.f_function);
  const NodeId arguments = file_.child(call, s_.f_arguments);
  const std::string_view name = function == kNoNode ? std::string_view() : file_.text(function);
  const bool known = name == "__all__.extend" || name == "__all__.append" || name == "__all__.remove" ||
                     name == "__all__.insert" || name == "__all__.sort";
  if (!known || arguments == kNoNode) {
    names_.exports_unknown_ = true;
    return;
  }
  for (NodeId at = file_.first_named(arguments); at != kNoNode; at = file_.next_named(at)) {
    if (name != "__all__.insert" || file_.next_named(at) == kNoNode) export_value(at);
  }
}

void NamesBuilder::export_value(NodeId value) {
  std::vector<NodeId> open{value};
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    if (node == kNoNode) continue;
    const std::uint16_t symbol = file_[node].symbol;
    if (symbol == s_.comment || symbol == s_.identifier || (symbol == s_.keyword_argument)) {
      names_.exports_unknown_ |= symbol != s_.comment && file_.text(node) != "__all__";
    } else if (symbol == s_.list || symbol == s_.tuple || symbol == s_.set || symbol == s_.parenthesized_expression ||
               symbol == s_.binary_operator || symbol == s_.expression_list) {
      for (NodeId at = file_.first_named(node); at != kNoNode; at = file_.next_named(at)) open.push_back(at);
    } else if (symbol == s_.string) {
      const NodeId content = file_.next_named(file_.first_named(node));
      if (file_.is(content, s_.string_content)) names_.exports_.insert(name_of(file_.text(content)));
    } else {
      names_.exports_unknown_ = true;
    }
  }
}

}  // namespace daydream::source::python
