#include "daydream/source/javascript_kinds.hpp"

namespace daydream::source::javascript {

Grammar::Grammar(Language language) {
  const auto learn = [&](std::string_view type, Kind kind) {
    const std::uint16_t symbol = symbol_of(language, type);
    if (symbol == 0) return;
    if (kinds_.size() <= symbol) kinds_.resize(symbol + std::size_t{1}, Kind::kOther);
    kinds_[symbol] = kind;
  };
#define DAYDREAM_KIND(type, name) learn(#type, Kind::k##name);
  DAYDREAM_JAVASCRIPT_KINDS(DAYDREAM_KIND)
#undef DAYDREAM_KIND
  const auto field = [&](std::string_view name) { return field_of(language, name); };
  f_alias = field("alias"), f_alternative = field("alternative"), f_arguments = field("arguments");
  f_body = field("body"), f_condition = field("condition"), f_consequence = field("consequence");
  f_constructor = field("constructor"), f_declaration = field("declaration"), f_function = field("function");
  f_handler = field("handler"), f_kind = field("kind"), f_label = field("label"), f_left = field("left");
  f_module = field("module"), f_name = field("name"), f_object = field("object"), f_parameter = field("parameter");
  f_parameters = field("parameters"), f_pattern = field("pattern"), f_property = field("property");
  f_right = field("right"), f_source = field("source"), f_type = field("type"), f_value = field("value");
}

const Grammar& Grammar::of(Language language) {
  static const Grammar javascript(Language::kJavaScript), typescript(Language::kTypeScript), tsx(Language::kTsx);
  if (language == Language::kTypeScript) return typescript;
  return language == Language::kTsx ? tsx : javascript;
}

bool function_like(Kind kind) {
  switch (kind) {
    case Kind::kArrow:
    case Kind::kCallSignature:
    case Kind::kConstructSignature:
    case Kind::kConstructorType:
    case Kind::kFunction:
    case Kind::kFunctionExpression:
    case Kind::kFunctionSignature:
    case Kind::kFunctionType:
    case Kind::kGenerator:
    case Kind::kGeneratorExpression:
    case Kind::kMethod:
    case Kind::kMethodSignature:
    case Kind::kAbstractMethod:
      return true;
    default:
      return false;
  }
}

bool opens_scope(Kind kind) {
  switch (kind) {
    case Kind::kProgram:
    case Kind::kBlock:
    case Kind::kFor:
    case Kind::kForIn:
    case Kind::kSwitchBody:
    case Kind::kCatch:
    case Kind::kStaticBlock:
    case Kind::kClass:
    case Kind::kAbstractClass:
    case Kind::kClassExpression:
    case Kind::kInterface:
    case Kind::kTypeAlias:
    case Kind::kConditionalType:
      return true;
    default:
      return function_like(kind);
  }
}

bool is_script(Language language) {
  return language == Language::kJavaScript || language == Language::kTypeScript || language == Language::kTsx;
}

}  // namespace daydream::source::javascript
