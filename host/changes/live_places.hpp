// What may be discarded, and what a discard would take with it. Inside changes/ only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "changes/live.hpp"

namespace daydream::changes {

// __pycache__, *.pyc, .pytest_cache, .mypy_cache, .ruff_cache: the path lies in one, or is one.
bool is_interpreter_cache(std::string_view path);
// Inside .git, .venv, node_modules.
bool is_protected(std::string_view path);
// A folder on the way from `root`, or below it the path itself, holds a repository of its own.
bool in_nested_repository(const Path& root, std::string_view path);
// `place` is `folder` or lies below it.
bool lies_within(const Path& place, const Path& folder);
// Untracked files at or below `path` that git ignores. Empty when the root is under no git.
Result<std::set<std::string>> ignored_files(const Path& root, const std::string& path);

Result<void> apply_discard(Effect& effect, const Path& root, const LiveOptions& options);
Result<void> apply_archive(Effect& effect, const Path& root, const LiveOptions& options);
Result<void> apply_state_file(Effect& effect, const LiveOptions& options);

}  // namespace daydream::changes
