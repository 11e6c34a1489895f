// The first pass of a night: every file's record, from memory where its content is known, and the
// index over all of them. Committed as it goes, so that a kill repeats at most one batch.
#pragma once

#include <string>
#include <vector>

#include <daydream/sdk.hpp>

#include "plugins/legacy_cleanup/examine.hpp"

namespace daydream::legacy {

// A file whose record says that some rule may have something to say, or that it was not examined.
struct Concern {
  std::string path;
  std::uint64_t token = 0;
  bool candidates = false;
  bool parsed = false;  // its rules want the tree
  std::string skipped;
};

struct Survey {
  std::vector<Concern> concerns;   // in byte order of path
  std::uint64_t files = 0;         // examined or remembered
  std::vector<std::string> stale;  // keys of memory that no file needs any more
};

// Fills `repository.files` with the tree as it is now.
Result<void> list_files(const sdk::Run& run, Repository& repository);

// REQUIRES: `repository.files` is filled. Fills the rest of it (index, scripts, users) and commits new records.
// kCancelled when the host asks to stop.
Result<Survey> survey(const sdk::Run& run, Repository& repository);

// A list of files as bytes and back, for the memory of a run that is resumed.
std::string encode_files(const std::vector<TreeFile>& files);
Result<std::vector<TreeFile>> decode_files(std::string_view bytes);

}  // namespace daydream::legacy
