// The patterns of deprecated-pattern as data. A new alias is a line here; a new shape of code is a
// function in deprecated_pattern.cpp.
#pragma once

#include <array>
#include <string_view>

#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy {

// Methods of unittest.TestCase, removed in Python 3.12.
struct Alias {
  std::string_view old_name, new_name;
  int since;  // the 3.x that has the new name; 0: all, also 2.7
};
inline constexpr std::array<Alias, 16> kTestAliases{{{"assertEquals", "assertEqual", 0},
                                                     {"assertNotEquals", "assertNotEqual", 0},
                                                     {"assert_", "assertTrue", 0},
                                                     {"assertAlmostEquals", "assertAlmostEqual", 0},
                                                     {"assertNotAlmostEquals", "assertNotAlmostEqual", 0},
                                                     {"assertRegexpMatches", "assertRegex", 2},
                                                     {"assertNotRegexpMatches", "assertNotRegex", 5},
                                                     {"assertRaisesRegexp", "assertRaisesRegex", 2},
                                                     {"failUnless", "assertTrue", 0},
                                                     {"failIf", "assertFalse", 0},
                                                     {"failUnlessEqual", "assertEqual", 0},
                                                     {"failIfEqual", "assertNotEqual", 0},
                                                     {"failUnlessRaises", "assertRaises", 0},
                                                     {"failUnlessAlmostEqual", "assertAlmostEqual", 0},
                                                     {"failIfAlmostEqual", "assertNotAlmostEqual", 0},
                                                     {"assertDictContainsSubset", "", 0}}};

// Functions of modules: `module.old_name` after `import module`.
struct ModuleCall {
  std::string_view module, old_name, replacement;
  int needs;  // the 3.x from which it may be replaced; -1: always
  Safety safety;
  std::string_view why, code;
};
inline constexpr std::array<ModuleCall, 7> kModuleCalls{
    {{"logging", "warn", "logging.warning", -1, Safety::kSafe, "an alias, deprecated since 3.3", "G010"},
     {"io", "open", "open", 0, Safety::kSafe, "the built-in function is the same since 3.0", "UP020"},
     {"inspect", "getargspec", "", 3, Safety::kReview, "removed in 3.11: inspect.signature or getfullargspec", ""},
     {"time", "clock", "", 3, Safety::kReview, "removed in 3.8: time.perf_counter or time.process_time", ""},
     {"asyncio", "coroutine", "", 5, Safety::kInfo, "removed in 3.11: write `async def`", ""},
     {"asyncio", "async", "asyncio.ensure_future", 4, Safety::kReview, "`async` is a keyword since 3.7", ""},
     {"platform", "linux_distribution", "", 0, Safety::kReview, "removed in 3.8: the package distro", ""}}};

// Modules that are gone or going.
struct OldModule {
  std::string_view module;
  int needs;
  Safety safety;
  std::string_view why;
};
inline constexpr std::array<OldModule, 5> kOldModules{
    {{"imp", 4, Safety::kInfo, "removed in Python 3.12: importlib"},
     {"distutils", 0, Safety::kInfo, "removed in Python 3.12: setuptools or packaging"},
     {"asyncore", 6, Safety::kInfo, "removed in Python 3.12: asyncio"},
     {"asynchat", 6, Safety::kInfo, "removed in Python 3.12: asyncio"},
     {"six", 0, Safety::kReview, "a bridge to Python 2, which this project does not support"}}};

// Abstract classes that live in collections.abc and left collections in 3.10.
inline constexpr std::array<std::string_view, 25> kAbstract{
    "Awaitable",  "Coroutine",  "AsyncIterable",   "AsyncIterator",  "AsyncGenerator", "Hashable", "Iterable",
    "Iterator",   "Generator",  "Reversible",      "Sized",          "Container",      "Callable", "Collection",
    "Set",        "MutableSet", "Mapping",         "MutableMapping", "MappingView",    "KeysView", "ItemsView",
    "ValuesView", "Sequence",   "MutableSequence", "ByteString"};

// `from __future__ import` what every 3.x has.
inline constexpr std::array<std::string_view, 7> kFutures{"nested_scopes",   "generators",     "division",
                                                          "absolute_import", "with_statement", "print_function",
                                                          "unicode_literals"};

// typing's names for the built-in containers (3.9).
inline constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kContainers{{{"List", "list"},
                                                                                           {"Dict", "dict"},
                                                                                           {"Tuple", "tuple"},
                                                                                           {"Set", "set"},
                                                                                           {"FrozenSet", "frozenset"},
                                                                                           {"Type", "type"}}};

}  // namespace daydream::legacy
