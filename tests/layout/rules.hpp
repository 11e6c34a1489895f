// The rules of STYLE.md that a program can check, as functions from a tree of files to complaints.
// Each is proven on small made-up trees before it judges the real one.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::layout {

// Path below the root of the project -> content.
using Tree = std::map<std::string, std::string>;
using Complaints = std::vector<std::string>;  // "path:line: what is wrong"

// Includes point one way: by the order of the rooms, never from a plugin to the host or to another step.
Complaints upward_includes(const Tree& tree);
// spdlog, Boost.DLL and the syncing of files are each named in one place only.
Complaints names_out_of_place(const Tree& tree);
// The README of each step has its five headings, in order.
Complaints step_readmes(const Tree& tree);
// Nothing at the top but what the owner's list names.
Complaints top_level(const Tree& tree);
// Code files of more than `most` lines, longest first.
Complaints long_files(const Tree& tree, std::size_t most);
// No address of a package registry anywhere.
Complaints registries(const Tree& tree);
// Every header says first what it is for.
Complaints silent_headers(const Tree& tree);

// For the rules: C and C++ without comments and without what strings hold, line by line as before.
std::string code_only(std::string_view source);
bool is_code(std::string_view path);
bool is_header(std::string_view path);

// ctest's list of tests is one of CMake's, in which a semicolon ends an entry: such a test is never run.
Complaints names_ctest_splits(const Tree& tree);

}  // namespace daydream::layout
