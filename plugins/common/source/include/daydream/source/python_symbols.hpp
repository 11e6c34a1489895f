// The numbers of Python's grammar for the node types and fields that matter.
#pragma once

#include "daydream/source/file.hpp"

namespace daydream::source::python {

struct Symbols {
#define DAYDREAM_SYMBOL(name) std::uint16_t name = symbol_of(Language::kPython, #name)
  DAYDREAM_SYMBOL(aliased_import);
  DAYDREAM_SYMBOL(argument_list);
  DAYDREAM_SYMBOL(as_pattern);
  DAYDREAM_SYMBOL(as_pattern_target);
  DAYDREAM_SYMBOL(assignment);
  DAYDREAM_SYMBOL(attribute);
  DAYDREAM_SYMBOL(augmented_assignment);
  DAYDREAM_SYMBOL(binary_operator);
  DAYDREAM_SYMBOL(block);
  DAYDREAM_SYMBOL(break_statement);
  DAYDREAM_SYMBOL(call);
  DAYDREAM_SYMBOL(case_clause);
  DAYDREAM_SYMBOL(case_pattern);
  DAYDREAM_SYMBOL(class_definition);
  DAYDREAM_SYMBOL(class_pattern);
  DAYDREAM_SYMBOL(comment);
  DAYDREAM_SYMBOL(concatenated_string);
  DAYDREAM_SYMBOL(continue_statement);
  DAYDREAM_SYMBOL(decorated_definition);
  DAYDREAM_SYMBOL(decorator);
  DAYDREAM_SYMBOL(default_parameter);
  DAYDREAM_SYMBOL(delete_statement);
  DAYDREAM_SYMBOL(dictionary_comprehension);
  DAYDREAM_SYMBOL(dictionary_splat_pattern);
  DAYDREAM_SYMBOL(dotted_name);
  DAYDREAM_SYMBOL(elif_clause);
  DAYDREAM_SYMBOL(else_clause);
  DAYDREAM_SYMBOL(except_clause);
  DAYDREAM_SYMBOL(except_group_clause);
  DAYDREAM_SYMBOL(exec_statement);
  DAYDREAM_SYMBOL(expression_list);
  DAYDREAM_SYMBOL(expression_statement);
  DAYDREAM_SYMBOL(finally_clause);
  DAYDREAM_SYMBOL(for_in_clause);
  DAYDREAM_SYMBOL(for_statement);
  DAYDREAM_SYMBOL(function_definition);
  DAYDREAM_SYMBOL(future_import_statement);
  DAYDREAM_SYMBOL(generator_expression);
  DAYDREAM_SYMBOL(generic_type);
  DAYDREAM_SYMBOL(global_statement);
  DAYDREAM_SYMBOL(identifier);
  DAYDREAM_SYMBOL(if_statement);
  DAYDREAM_SYMBOL(import_from_statement);
  DAYDREAM_SYMBOL(import_statement);
  DAYDREAM_SYMBOL(keyword_argument);
  DAYDREAM_SYMBOL(keyword_pattern);
  DAYDREAM_SYMBOL(lambda);
  DAYDREAM_SYMBOL(lambda_parameters);
  DAYDREAM_SYMBOL(list);
  DAYDREAM_SYMBOL(list_comprehension);
  DAYDREAM_SYMBOL(list_pattern);
  DAYDREAM_SYMBOL(list_splat_pattern);
  DAYDREAM_SYMBOL(match_statement);
  DAYDREAM_SYMBOL(member_type);
  DAYDREAM_SYMBOL(module);
  DAYDREAM_SYMBOL(named_expression);
  DAYDREAM_SYMBOL(nonlocal_statement);
  DAYDREAM_SYMBOL(parameters);
  DAYDREAM_SYMBOL(parenthesized_expression);
  DAYDREAM_SYMBOL(pass_statement);
  DAYDREAM_SYMBOL(pattern_list);
  DAYDREAM_SYMBOL(raise_statement);
  DAYDREAM_SYMBOL(relative_import);
  DAYDREAM_SYMBOL(return_statement);
  DAYDREAM_SYMBOL(set);
  DAYDREAM_SYMBOL(set_comprehension);
  DAYDREAM_SYMBOL(splat_pattern);
  DAYDREAM_SYMBOL(string);
  DAYDREAM_SYMBOL(string_content);
  DAYDREAM_SYMBOL(string_start);
  DAYDREAM_SYMBOL(subscript);
  DAYDREAM_SYMBOL(try_statement);
  DAYDREAM_SYMBOL(tuple);
  DAYDREAM_SYMBOL(tuple_pattern);
  DAYDREAM_SYMBOL(type);
  DAYDREAM_SYMBOL(type_alias_statement);
  DAYDREAM_SYMBOL(type_parameter);
  DAYDREAM_SYMBOL(typed_default_parameter);
  DAYDREAM_SYMBOL(typed_parameter);
  DAYDREAM_SYMBOL(while_statement);
  DAYDREAM_SYMBOL(wildcard_import);
  DAYDREAM_SYMBOL(with_item);
  DAYDREAM_SYMBOL(with_statement);
  DAYDREAM_SYMBOL(yield);
#undef DAYDREAM_SYMBOL
#define DAYDREAM_FIELD(name) std::uint16_t f_##name = field_of(Language::kPython, #name)
  DAYDREAM_FIELD(alias);
  DAYDREAM_FIELD(alternative);
  DAYDREAM_FIELD(arguments);
  DAYDREAM_FIELD(body);
  DAYDREAM_FIELD(condition);
  DAYDREAM_FIELD(consequence);
  DAYDREAM_FIELD(definition);
  DAYDREAM_FIELD(function);
  DAYDREAM_FIELD(left);
  DAYDREAM_FIELD(module_name);
  DAYDREAM_FIELD(name);
  DAYDREAM_FIELD(object);

  DAYDREAM_FIELD(parameters);
  DAYDREAM_FIELD(return_type);
  DAYDREAM_FIELD(right);
  DAYDREAM_FIELD(superclasses);
  DAYDREAM_FIELD(type);
  DAYDREAM_FIELD(type_parameters);
  DAYDREAM_FIELD(value);
#undef DAYDREAM_FIELD
};

const Symbols& symbols();

}  // namespace daydream::source::python
