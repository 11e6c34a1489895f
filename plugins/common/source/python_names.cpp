#include "daydream/source/python_names.hpp"

namespace daydream::source::python {

const NameUse* Names::find(ScopeId scope, std::string_view name) const {
  const auto& names = scopes_[scope].names;
  const auto found = names.find(name);
  return found == names.end() ? nullptr : &found->second;
}

bool Names::used(ScopeId scope, std::string_view name) const {
  const NameUse* const use = find(scope, name);
  if (use == nullptr || !use->references.empty() || mentioned(name) || scopes_[scope].opaque) return true;
  return scope == 0 && (exports_unknown_ || exported(name));
}

}  // namespace daydream::source::python
