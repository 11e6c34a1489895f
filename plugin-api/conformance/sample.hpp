// What the step's runs find: a small tree of many kinds of files, or a tree and a case of the caller's.
#pragma once

#include <string>

#include "daydream/kit/result.hpp"
#include "daydream/testing/start.hpp"

namespace daydream::conformance {

// Code, documents, lists, logs, and files that surprise: empty, without a last line break, with CR LF, with NUL,
// not UTF-8, with spaces in their names. A git repository of two commits where there is a git.
testing::Start sample_start();
// The regular files of a folder, at most 5,000 and 64 MiB; what .gitignore excludes is left out.
Result<testing::FileMap> read_tree(const std::string& folder);
// The first case of a .case file: its given part.
Result<testing::Start> read_case(const std::string& file);
Result<std::string> read_config(const std::string& file);

}  // namespace daydream::conformance
