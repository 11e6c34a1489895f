// The names of one Python file: scopes, what binds them, what reads them, with Python's own rules
// (class scopes are not seen from inside functions, the first iterable of a comprehension, decorators,
// defaults and annotations belong outside, global and nonlocal, walrus). Resolution is blind to order:
// a read of a name counts for every binding of it in the scope it resolves to. Where the file can read
// names in ways no text shows, the scope is opaque and nothing in it may be called unused.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daydream/source/file.hpp"

namespace daydream::source::python {

enum class ScopeKind : std::uint8_t { kModule, kClass, kFunction, kLambda, kComprehension, kTypeParameters };

enum class BindingKind : std::uint8_t {
  kImport,      // import a.b: binds a
  kImportAs,    // import a.b as c
  kFromImport,  // from a import b [as c]
  kFuture,      // from __future__ import x
  kAssignment,
  kUnpacking,   // one of several targets: a, b = ..., for a, b in ..., with x as (a, b)
  kAnnotation,  // x: int, without a value
  kAugmented,   // x += 1, also a read
  kFunction,
  kClass,
  kParameter,
  kFor,
  kWith,
  kExcept,
  kWalrus,
  kDelete,  // del x: also a read
  kMatch,
  kTypeParameter,
  kTypeAlias,
};

using ScopeId = std::uint32_t;
inline constexpr ScopeId kNoScope = UINT32_MAX;
using BindingId = std::uint32_t;

struct Binding {
  std::string_view name;  // after NFKC
  BindingKind kind = BindingKind::kAssignment;
  NodeId node = kNoNode;       // the identifier; of `import a.b` the dotted name
  NodeId statement = kNoNode;  // the smallest statement around it
  ScopeId scope = kNoScope;    // where the name lives, after global and nonlocal
  ScopeId written_in = kNoScope;
};

struct Reference {
  std::string_view name;
  NodeId node = kNoNode;
  ScopeId scope = kNoScope;     // where it stands
  ScopeId resolved = kNoScope;  // where it was found; kNoScope: builtin, star import, or nowhere
};

struct NameUse {
  std::vector<BindingId> bindings;
  std::vector<std::uint32_t> references;  // into Names::references(), those that resolve here
};

struct Scope {
  ScopeKind kind = ScopeKind::kModule;
  NodeId node = kNoNode;
  ScopeId parent = kNoScope;
  bool opaque = false;       // locals(), eval and the like
  bool star_import = false;  // from x import *
  std::unordered_map<std::string_view, NameUse> names;
  std::unordered_set<std::string_view> globals, nonlocals;
};

class Names {
 public:
  // REQUIRES: file.clean(), Python; the file outlives the result. Linear in its size.
  static Names analyse(const File& file);

  [[nodiscard]] const std::vector<Scope>& scopes() const { return scopes_; }  // [0] is the module
  [[nodiscard]] const std::vector<Binding>& bindings() const { return bindings_; }
  [[nodiscard]] const std::vector<Reference>& references() const { return references_; }
  // nullptr when the scope does not bind it.
  [[nodiscard]] const NameUse* find(ScopeId scope, std::string_view name) const;
  // Named where only text shows it: string annotations, type comments, doctests. Counts as used everywhere.
  [[nodiscard]] bool mentioned(std::string_view name) const { return mentioned_.contains(name); }
  // `__all__`, as far as it was understood.
  [[nodiscard]] bool exported(std::string_view name) const { return exports_.contains(name); }
  [[nodiscard]] bool has_all() const { return has_all_; }
  // `__all__` is built in a way not understood: every name of the module counts as exported.
  [[nodiscard]] bool exports_unknown() const { return exports_unknown_; }
  // Read, mentioned, exported (where the scope is the module), or in an opaque scope.
  [[nodiscard]] bool used(ScopeId scope, std::string_view name) const;

 private:
  friend class NamesBuilder;
  Names() = default;
  std::vector<Scope> scopes_;
  std::vector<Binding> bindings_;
  std::vector<Reference> references_;
  std::unordered_set<std::string_view> mentioned_, exports_;
  bool has_all_ = false, exports_unknown_ = false;
  std::deque<std::string> stored_;  // names that NFKC changed, texts of strings
};

}  // namespace daydream::source::python
