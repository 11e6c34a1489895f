// Which files of a work tree read otherwise than git stores them. Inside changes/ only.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "changes/git_writer.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes {

// The settings that matter, read once.
struct ConversionSettings {
  bool autocrlf = false;             // core.autocrlf=true
  bool crlf_is_native = false;       // core.eol=crlf
  bool global_attributes = false;    // an attributes file outside the tree may exist
  std::vector<std::string> drivers;  // names of filter drivers
};
Result<ConversionSettings> read_conversion_settings(const GitWriter& git, const Path& common_directory);

struct Conversions {
  std::set<std::string> converted;  // line ends, ident, encoding: the blob id is not that of the bytes
  std::set<std::string> filtered;   // a filter driver is named
};
// Asks git's attributes for `paths`, in one call; none when nothing can convert.
Result<Conversions> find_conversions(const GitWriter& git, const ConversionSettings& settings,
                                     const std::vector<std::string>& paths, bool attribute_files_in_tree);

}  // namespace daydream::changes
