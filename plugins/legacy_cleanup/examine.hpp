// All rules over one file: first by its content alone, then with the whole repository in sight.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy {

// What is remembered of a file under the hash of its content.
struct Record {
  Facts facts;
  bool candidates = false;  // some rule may have something to say
  bool parsed = false;      // and wanted the tree to know
  std::string skipped;      // why it was not examined wholly: "larger than 2048 KiB"
  bool blind = false;       // not even its imports could be read

  [[nodiscard]] std::string encode() const;
  static Result<Record> decode(std::string_view bytes);
};

// How a file takes part.
enum class Part : std::uint8_t {
  kNone,    // not read at all
  kSource,  // examined by rules; Python also indexed
  kText,    // searched for dotted names only: configuration that may name Python objects
  kMaybe,   // no extension: its first line decides
};
Part part_of(std::string_view path, std::uint64_t size);

// Content and language alone, and which rules are not off; `path` decides nothing but the language. [any thread]
Record record_of(std::string_view path, std::string_view content, const Settings& settings);

// Findings settled (edits.hpp), those of rules that are off left out. [one thread]
std::vector<Finding> findings_of(const Subject& subject, const Repository& repository);
std::vector<Finding> findings_of(const std::string& path, std::string_view content, const Repository& repository);

}  // namespace daydream::legacy
