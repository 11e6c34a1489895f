// Which environment variables code reads, by the words of each language.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace daydream::docs {

struct EnvPlace {
  std::string path;
  std::uint32_t line = 0;
  bool required = false;  // without a default
  bool in_tools = false;  // only scripts, tests and tools read it
};

struct EnvReads {
  std::map<std::string, EnvPlace> places;  // the first place that reads it; one of the product before one of the tools
  std::set<std::string> provided;          // set by a Dockerfile, a compose file, a workflow
  bool by_prefix = false;                  // names are put together: what is read cannot be known
};

// The file may read, or set, environment variables.
bool reads_environment(std::string_view path);
void add_env_reads(std::string_view path, std::string_view content, EnvReads& reads);
// HOME, PATH, CI: set by the machine.
bool of_the_system(std::string_view name);

}  // namespace daydream::docs
