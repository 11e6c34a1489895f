// A tree that is not under git, as a commit in a repository of ours. Only files that changed since the
// last night are read. Inside changes/ only.
#pragma once

#include <string>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes::snapshot {

struct Source {
  Path live;
  Path repository;             // of ours
  Path index;                  // kept between nights: what was read when
  std::vector<Path> excluded;  // folders left out where they lie inside `live`
};

// Regular files and symlinks below `root`, in byte order; without .git, nested repositories, `excluded`,
// special and unreadable files.
Result<std::vector<std::string>> files_below(const Path& root, const std::vector<Path>& excluded);

// The commit of the tree as it is now: equal content, equal id.
Result<std::string> take(const Source& source);

}  // namespace daydream::changes::snapshot
