// The names of one JavaScript or TypeScript file: scopes, what binds them, what reads or writes them,
// with the language's own rules (var is hoisted to its function, defaults of parameters do not see the
// body, types and values are two worlds, decorators and computed keys belong outside). Resolution is
// blind to order. Where two readings are possible every binding that may be meant counts as used.
#pragma once

#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daydream/source/file.hpp"
#include "daydream/source/javascript_kinds.hpp"

namespace daydream::source::javascript {

enum class BindingKind : std::uint8_t {
  kImportDefault,    // import x from 'm'
  kImportNamed,      // import {a as x} from 'm'
  kImportNamespace,  // import * as x from 'm'
  kImportRequire,    // import x = require('m')
  kImportAlias,      // import x = N.y
  kVar,
  kLet,
  kConst,
  kFunction,
  kClass,
  kEnum,
  kNamespace,
  kParameter,
  kCatch,
  kInterface,
  kTypeAlias,
  kTypeParameter,
};
enum class Use : std::uint8_t { kRead, kWrite, kUpdate };  // kUpdate: x++ or x += 1 as a statement

using ScopeId = std::uint32_t;
using BindingId = std::uint32_t;
inline constexpr ScopeId kNoScope = UINT32_MAX;

struct Binding {
  std::string_view name;
  BindingKind kind = BindingKind::kVar;
  NodeId node = kNoNode;         // the identifier
  NodeId declaration = kNoNode;  // the smallest part that declares it: a declarator, an import specifier, a function
  NodeId statement = kNoNode;    // the whole statement around that
  ScopeId scope = 0;
  bool exported = false;     // its statement exports it
  bool ambient = false;      // in a `declare`
  bool transparent = false;  // a reader of it may mean an outer one
  std::vector<std::uint32_t> references;
};

struct Reference {
  std::string_view name;
  NodeId node = kNoNode;
  ScopeId scope = 0;
  Use use = Use::kRead;
};

struct Scope {
  NodeId node = kNoNode;
  ScopeId parent = kNoScope;
  bool holds_var = false;  // var and function declarations below it live here
};

class Names {
 public:
  // REQUIRES: file.clean(), a script language; the file outlives the result.
  static Names analyse(const File& file);

  [[nodiscard]] const std::vector<Scope>& scopes() const { return scopes_; }  // [0] is the program
  [[nodiscard]] const std::vector<Binding>& bindings() const { return bindings_; }
  [[nodiscard]] const std::vector<Reference>& references() const { return references_; }
  // `with`, or a direct call of eval: names are read that no text shows.
  [[nodiscard]] bool opaque() const { return opaque_; }
  // import or export at its top level.
  [[nodiscard]] bool module() const { return module_; }
  // How many bindings of that name the scope has.
  [[nodiscard]] std::size_t count(ScopeId scope, std::string_view name) const;

 private:
  friend class NamesBuilder;
  Names() = default;
  struct Key {
    ScopeId scope;
    std::string_view name;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const {
      return std::hash<std::string_view>{}(key.name) ^ (static_cast<std::size_t>(key.scope) * 0x9E3779B97F4A7C15U);
    }
  };
  std::vector<Scope> scopes_;
  std::vector<Binding> bindings_;
  std::vector<Reference> references_;
  std::unordered_map<Key, std::vector<BindingId>, Hash> by_scope_;
  bool opaque_ = false, module_ = false;
};

}  // namespace daydream::source::javascript
