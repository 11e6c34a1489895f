// Which files are logs tonight: below the live repository and the step's paths, by glob; never our own.
#pragma once

#include <daydream/sdk.hpp>
#include <string>
#include <vector>

#include "plugins/log_review/settings.hpp"

namespace daydream::logs {

struct LogFile {
  std::string root;    // "repository", "log:1", "input:journal"
  std::string folder;  // the root's absolute path, or that of the one file
  std::string path;    // below it; "" where the root is the file
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0, device = 0;
  // For people: "logs/app.log", "log:1/app.log".
  [[nodiscard]] std::string name() const;
};

struct Discovered {
  std::vector<LogFile> files;  // in order of root and path
  std::vector<std::string> notes;
};
Result<Discovered> discover(const sdk::Run& run, const Settings& settings);
// An open descriptor of it, which the caller closes. No symlink on the way.
Result<int> open_log(const LogFile& file);
// "app.log.1", "app.log-20261122", "app.log.2.gz": what a rotation leaves behind. Its name without that is
// the stem, "app.log".
bool has_rotated_name(std::string_view path);
std::string stem_of(std::string_view path);

}  // namespace daydream::logs
