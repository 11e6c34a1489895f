// What would be missed if a module were no longer asked for: the question behind every whole import
// statement that goes.
#pragma once

#include <string>
#include <string_view>

#include "plugins/legacy_cleanup/rules/javascript/script.hpp"

namespace daydream::legacy::script {

struct Effects {
  bool none = false;
  std::string reason;  // why nobody would miss it, or what might be missed
};

// Of taking the statement that asks for `module` out of the file at `path`.
Effects effects_of_removal(const Script& script, NodeId statement, std::string_view module, const std::string& path,
                           const Repository& repository);

// "node:fs", "fs/promises": loading it does nothing.
bool builtin_module(std::string_view module);

}  // namespace daydream::legacy::script
