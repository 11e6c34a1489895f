// The patterns of deprecated-pattern for JavaScript and TypeScript as data.
#pragma once

#include <array>
#include <string_view>

#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy::script {

// `module.member` of a module of Node.js.
struct Member {
  std::string_view module, member;
  std::string_view replacement;  // of the whole expression; "" = none that always fits
  Safety safety;
  std::string_view why;
};
inline constexpr std::array<Member, 20> kMembers{
    {{"util", "isArray", "Array.isArray", Safety::kSafe, "removed in Node.js 23; the same function"},
     {"util", "_extend", "Object.assign", Safety::kReview, "deprecated since Node.js 6"},
     {"util", "isRegExp", "", Safety::kInfo, "removed in Node.js 23: util.types.isRegExp"},
     {"util", "isDate", "", Safety::kInfo, "removed in Node.js 23: util.types.isDate"},
     {"util", "isError", "", Safety::kInfo, "removed in Node.js 23: instanceof Error"},
     {"util", "isFunction", "", Safety::kInfo, "removed in Node.js 23: typeof x === 'function'"},
     {"util", "isString", "", Safety::kInfo, "removed in Node.js 23: typeof x === 'string'"},
     {"util", "isObject", "", Safety::kInfo, "removed in Node.js 23: typeof x === 'object'"},
     {"util", "isUndefined", "", Safety::kInfo, "removed in Node.js 23: x === undefined"},
     {"util", "log", "", Safety::kInfo, "removed in Node.js 23: console.log"},
     {"util", "puts", "", Safety::kInfo, "removed in Node.js 12: console.log"},
     {"util", "print", "", Safety::kInfo, "removed in Node.js 12: console.log"},
     {"os", "tmpDir", "os.tmpdir", Safety::kSafe, "removed in Node.js 14"},
     {"os", "getNetworkInterfaces", "os.networkInterfaces", Safety::kSafe, "removed in Node.js 12"},
     {"fs", "exists", "", Safety::kInfo, "deprecated: its callback knows no error; fs.stat or fs.access"},
     {"url", "parse", "", Safety::kInfo, "deprecated: reads some addresses wrongly; new URL()"},
     {"crypto", "createCipher", "", Safety::kInfo, "removed in Node.js 22: crypto.createCipheriv"},
     {"crypto", "createDecipher", "", Safety::kInfo, "removed in Node.js 22: crypto.createDecipheriv"},
     {"events", "listenerCount", "", Safety::kInfo, "deprecated: emitter.listenerCount(name)"},
     {"timers", "enroll", "", Safety::kInfo, "deprecated: setTimeout"}}};

// Modules that are going, or that their authors have given up.
struct Module {
  std::string_view module;
  std::string_view replacement;  // another name of the same thing; "" = something else
  Safety safety;
  std::string_view why;
};
inline constexpr std::array<Module, 13> kModules{
    {{"sys", "util", Safety::kSafe, "an old name of util, deprecated since Node.js 1"},
     {"domain", "", Safety::kInfo, "deprecated in Node.js"},
     {"punycode", "", Safety::kInfo, "deprecated in Node.js 21: a package of that name does the same"},
     {"request", "", Safety::kInfo, "given up by its authors in 2020"},
     {"request-promise", "", Safety::kInfo, "given up by its authors in 2020"},
     {"request-promise-native", "", Safety::kInfo, "given up by its authors in 2020"},
     {"node-uuid", "", Safety::kInfo, "renamed: uuid"},
     {"jade", "", Safety::kInfo, "renamed: pug"},
     {"coffee-script", "", Safety::kInfo, "renamed: coffeescript"},
     {"babel-core", "", Safety::kInfo, "renamed: @babel/core"},
     {"babel-eslint", "", Safety::kInfo, "renamed: @babel/eslint-parser"},
     {"gulp-util", "", Safety::kInfo, "given up by its authors"},
     {"left-pad", "", Safety::kInfo, "String.prototype.padStart does it"}}};

// Properties that any object may have; said once a file.
struct Property {
  std::string_view property, why;
  int since;  // the first Node.js that has the new one
};
inline constexpr std::array<Property, 6> kProperties{
    {{"__defineGetter__", "deprecated: Object.defineProperty", 0},
     {"__defineSetter__", "deprecated: Object.defineProperty", 0},
     {"__lookupGetter__", "deprecated: Object.getOwnPropertyDescriptor", 0},
     {"__lookupSetter__", "deprecated: Object.getOwnPropertyDescriptor", 0},
     {"trimLeft", "an old name: trimStart", 10},
     {"trimRight", "an old name: trimEnd", 10}}};

// Methods of React components, renamed in 16.3 and no longer called by 19.
inline constexpr std::array<std::string_view, 3> kLifecycles{"componentWillMount", "componentWillReceiveProps",
                                                             "componentWillUpdate"};

}  // namespace daydream::legacy::script
