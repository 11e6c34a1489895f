// What the rules for Python share: findings with positions, blocks, and where a statement stands.
#pragma once

#include <string>
#include <string_view>

#include "daydream/source/python_symbols.hpp"
#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy {

// Line, column and end line of a node, counted from 1.
void place(const source::File& file, source::NodeId node, Finding& finding);

// The nearest node above that has that symbol, or kNoNode.
source::NodeId around(const source::File& file, source::NodeId node, std::uint16_t symbol);

// In the body of a `try` that catches ImportError (or anything), or in such an except clause.
bool in_import_attempt(const source::File& file, source::NodeId statement);

// Below an `if`, `else`, `try`, loop or `with` of its scope: it may not run.
bool conditional(const source::File& file, source::NodeId statement);

// "test_x.py", "x_test.py", "tests/...", "conftest.py".
bool is_test_file(std::string_view path);
// Below "fixtures", "testdata" and the like: text for tests, not code of the project.
bool is_sample(std::string_view path);
// The last part of a path.
std::string_view file_name(std::string_view path);

// "`a`", "`a` and `b`", "`a`, `b` and `c`"
std::string quoted_list(const std::vector<std::string>& names);

}  // namespace daydream::legacy
