// `daydream tasks ...`: reads the repository and the night branches, changes nothing.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "daydream/kit/result.hpp"
#include "plugins/task_cleanup/settings.hpp"

namespace daydream::tasks {

struct Found {
  std::string archive;  // the path of the archive
  std::string where;    // a branch, or "" for the work tree
  std::string content;
};
// Every archive in the work tree, then those of night branches.
Result<std::vector<Found>> archives_of(const std::string& root);

// What the command prints. kUsage: wrong words; kNotFound: no such entry.
Result<std::string> run_tasks_command(const std::string& root, const std::vector<std::string>& words,
                                      const Settings& settings, std::int64_t today);

}  // namespace daydream::tasks
