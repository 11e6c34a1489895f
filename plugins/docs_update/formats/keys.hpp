// The keys of a configuration or API file, flattened, with their lines. Foreign input: size, depth and
// number of keys are capped. [any thread]
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::docs {

struct Key {
  std::vector<std::string> path;  // names of mappings; what lies in a list has no key of its own
  std::uint32_t line = 0;         // from 1
  std::string value;              // of a scalar
  bool scalar = false;
  bool in_list = false;
};

// Nothing where the text is not of that format, or over a limit. JSON may hold comments.
std::optional<std::vector<Key>> read_keys(std::string_view path, std::string_view content);
std::optional<std::vector<Key>> yaml_keys(std::string_view content);
std::optional<std::vector<Key>> toml_keys(std::string_view content);

// A line "KEY=value" or "export KEY=value"; `# KEY=value` counts as well, as one that may be left out.
struct EnvKey {
  std::string name;
  std::uint32_t line = 0;
  bool optional = false;
  std::uint32_t begin = 0, end = 0;  // bytes of the whole line, its end included
};
std::vector<EnvKey> env_keys(std::string_view content);

}  // namespace daydream::docs
