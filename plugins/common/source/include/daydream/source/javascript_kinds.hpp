// What a node of JavaScript, TypeScript or TSX is, by one name for the three grammars. kOther where the
// names do not care.
#pragma once

#include <cstdint>
#include <vector>

#include "daydream/source/file.hpp"

namespace daydream::source::javascript {

// One line each: the node type of the grammar and the kind's name.
#define DAYDREAM_JAVASCRIPT_KINDS(X)                         \
  X(abstract_class_declaration, AbstractClass)               \
  X(ambient_declaration, Ambient)                            \
  X(arguments, Arguments)                                    \
  X(array, Array)                                            \
  X(array_pattern, ArrayPattern)                             \
  X(arrow_function, Arrow)                                   \
  X(as_expression, AsExpression)                             \
  X(assignment_expression, Assignment)                       \
  X(assignment_pattern, AssignmentPattern)                   \
  X(augmented_assignment_expression, AugmentedAssignment)    \
  X(await_expression, Await)                                 \
  X(binary_expression, Binary)                               \
  X(break_statement, Break)                                  \
  X(call_expression, Call)                                   \
  X(call_signature, CallSignature)                           \
  X(catch_clause, Catch)                                     \
  X(class, ClassExpression)                                  \
  X(class_body, ClassBody)                                   \
  X(class_declaration, Class)                                \
  X(class_heritage, ClassHeritage)                           \
  X(class_static_block, StaticBlock)                         \
  X(comment, Comment)                                        \
  X(computed_property_name, ComputedName)                    \
  X(conditional_type, ConditionalType)                       \
  X(construct_signature, ConstructSignature)                 \
  X(constructor_type, ConstructorType)                       \
  X(continue_statement, Continue)                            \
  X(decorator, Decorator)                                    \
  X(do_statement, Do)                                        \
  X(empty_statement, Empty)                                  \
  X(enum_declaration, Enum)                                  \
  X(export_clause, ExportClause)                             \
  X(export_specifier, ExportSpecifier)                       \
  X(export_statement, Export)                                \
  X(expression_statement, ExpressionStatement)               \
  X(false, False)                                            \
  X(for_in_statement, ForIn)                                 \
  X(for_statement, For)                                      \
  X(formal_parameters, Parameters)                           \
  X(function_declaration, Function)                          \
  X(function_expression, FunctionExpression)                 \
  X(function_signature, FunctionSignature)                   \
  X(function_type, FunctionType)                             \
  X(generator_function, GeneratorExpression)                 \
  X(generator_function_declaration, Generator)               \
  X(hash_bang_line, HashBang)                                \
  X(html_comment, HtmlComment)                               \
  X(identifier, Identifier)                                  \
  X(if_statement, If)                                        \
  X(import, ImportWord)                                      \
  X(import_alias, ImportAlias)                               \
  X(import_attribute, ImportAttribute)                       \
  X(import_clause, ImportClause)                             \
  X(import_require_clause, ImportRequire)                    \
  X(import_specifier, ImportSpecifier)                       \
  X(import_statement, Import)                                \
  X(index_signature, IndexSignature)                         \
  X(infer_type, Infer)                                       \
  X(interface_declaration, Interface)                        \
  X(internal_module, Namespace)                              \
  X(jsx_element, JsxElement)                                 \
  X(jsx_opening_element, JsxOpening)                         \
  X(jsx_self_closing_element, JsxSelfClosing)                \
  X(labeled_statement, Labeled)                              \
  X(lexical_declaration, Lexical)                            \
  X(mapped_type_clause, MappedType)                          \
  X(member_expression, Member)                               \
  X(method_definition, Method)                               \
  X(method_signature, MethodSignature)                       \
  X(abstract_method_signature, AbstractMethod)               \
  X(module, Module)                                          \
  X(named_imports, NamedImports)                             \
  X(namespace_export, NamespaceExport)                       \
  X(namespace_import, NamespaceImport)                       \
  X(nested_identifier, NestedIdentifier)                     \
  X(nested_type_identifier, NestedType)                      \
  X(new_expression, New)                                     \
  X(non_null_expression, NonNull)                            \
  X(null, Null)                                              \
  X(number, Number)                                          \
  X(object, Object)                                          \
  X(object_assignment_pattern, ObjectAssignmentPattern)      \
  X(object_pattern, ObjectPattern)                           \
  X(optional_parameter, OptionalParameter)                   \
  X(pair, Pair)                                              \
  X(pair_pattern, PairPattern)                               \
  X(parenthesized_expression, Parenthesized)                 \
  X(program, Program)                                        \
  X(property_identifier, Property)                           \
  X(public_field_definition, PublicField)                    \
  X(field_definition, Field)                                 \
  X(regex, Regex)                                            \
  X(required_parameter, RequiredParameter)                   \
  X(rest_pattern, Rest)                                      \
  X(return_statement, Return)                                \
  X(satisfies_expression, Satisfies)                         \
  X(sequence_expression, Sequence)                           \
  X(shorthand_property_identifier, Shorthand)                \
  X(shorthand_property_identifier_pattern, ShorthandPattern) \
  X(spread_element, Spread)                                  \
  X(statement_block, Block)                                  \
  X(statement_identifier, Label)                             \
  X(string, String)                                          \
  X(subscript_expression, Subscript)                         \
  X(switch_body, SwitchBody)                                 \
  X(switch_case, Case)                                       \
  X(switch_default, Default)                                 \
  X(template_string, Template)                               \
  X(template_substitution, Substitution)                     \
  X(this, This)                                              \
  X(throw_statement, Throw)                                  \
  X(true, True)                                              \
  X(try_statement, Try)                                      \
  X(type_alias_declaration, TypeAlias)                       \
  X(type_annotation, TypeAnnotation)                         \
  X(type_identifier, TypeIdentifier)                         \
  X(type_parameter, TypeParameter)                           \
  X(type_predicate, TypePredicate)                           \
  X(type_query, TypeQuery)                                   \
  X(unary_expression, Unary)                                 \
  X(undefined, Undefined)                                    \
  X(update_expression, Update)                               \
  X(variable_declaration, Variable)                          \
  X(variable_declarator, Declarator)                         \
  X(while_statement, While)                                  \
  X(with_statement, With)                                    \
  X(yield_expression, Yield)

enum class Kind : std::uint8_t {
  kOther,
#define DAYDREAM_KIND(type, name) k##name,
  DAYDREAM_JAVASCRIPT_KINDS(DAYDREAM_KIND)
#undef DAYDREAM_KIND
};

// The kinds of a file's nodes and the fields that matter. [any thread]
class Grammar {
 public:
  // REQUIRES: JavaScript, TypeScript or TSX.
  static const Grammar& of(Language language);
  [[nodiscard]] Kind kind(const File& file, NodeId node) const {
    if (node == kNoNode) return Kind::kOther;
    const std::uint16_t symbol = file[node].symbol;
    return symbol < kinds_.size() ? kinds_[symbol] : Kind::kOther;
  }
  std::uint16_t f_alias, f_alternative, f_arguments, f_body, f_condition, f_consequence, f_constructor, f_declaration,
      f_function, f_handler, f_kind, f_label, f_left, f_module, f_name, f_object, f_parameter, f_parameters, f_pattern,
      f_property, f_right, f_source, f_type, f_value;

 private:
  explicit Grammar(Language language);
  std::vector<Kind> kinds_;
};

bool is_script(Language language);
// Functions, methods and types of functions: what has parameters.
bool function_like(Kind kind);
// What has names of its own.
bool opens_scope(Kind kind);

}  // namespace daydream::source::javascript
