// How Names are made: one walk over the tree with an explicit stack, then the resolution.
#pragma once

#include "daydream/source/python_names.hpp"
#include "daydream/source/python_symbols.hpp"

namespace daydream::source::python {

class NamesBuilder {
 public:
  explicit NamesBuilder(const File& file) : file_(file), s_(symbols()) {}
  Names build();

 private:
  // What standing in this place means for a node.
  enum class Role : std::uint8_t {
    kRead,
    kStore,       // a target: binds its identifiers as `kind`
    kAnnotation,  // read; strings are code
    kPattern,     // of a match statement
    kParameter,
  };
  struct Task {
    NodeId node;
    ScopeId scope;
    Role role = Role::kRead;
    BindingKind kind = BindingKind::kAssignment;
  };

  void visit(const Task& task);
  bool visit_definition(const Task& task);
  bool visit_statement(const Task& task);
  bool visit_expression(const Task& task);
  void visit_function(NodeId node, ScopeId scope);
  void visit_lambda(NodeId node, ScopeId scope);
  void visit_class(NodeId node, ScopeId scope);
  void visit_parameters(NodeId node, ScopeId inside, ScopeId outside);
  void visit_comprehension(NodeId node, ScopeId scope, Role role);
  void visit_assignment(NodeId node, ScopeId scope);
  void visit_import(NodeId node, ScopeId scope);
  void visit_import_name(NodeId node, ScopeId scope, BindingKind plain);
  void visit_store(const Task& task);
  void visit_pattern(const Task& task);
  void visit_call(NodeId node, ScopeId scope, Role role);
  void visit_subscript(NodeId node, ScopeId scope, Role role);
  void visit_string(const Task& task);
  void visit_comment(NodeId node);
  void children(NodeId node, ScopeId scope, Role role = Role::kRead, BindingKind kind = BindingKind::kAssignment);
  void push(NodeId node, ScopeId scope, Role role = Role::kRead, BindingKind kind = BindingKind::kAssignment);

  ScopeId add_scope(ScopeKind kind, NodeId node, ScopeId parent);
  ScopeId type_parameter_scope(NodeId definition, ScopeId scope);
  void bind(NodeId identifier, ScopeId scope, BindingKind kind, std::string_view name = {});
  void read(NodeId identifier, ScopeId scope);
  void make_opaque(ScopeId scope, bool whole_file);
  std::string_view name_of(std::string_view text);
  [[nodiscard]] NodeId statement_of(NodeId node) const;
  void mention(std::string_view text);
  void mention_marked(std::string_view text);
  void mention_doctest(std::string_view text);

  void settle_bindings();
  void resolve(std::uint32_t reference);
  void read_exports();
  void export_value(NodeId value);
  void export_call(NodeId call);

  const File& file_;
  const Symbols& s_;
  Names names_;
  std::vector<Task> stack_;
  std::vector<NodeId> all_statements_;  // those that name __all__ at the top level
};

}  // namespace daydream::source::python
