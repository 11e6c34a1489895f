// Where manifests are found by name: the machine's folder (an administrator's), then what is installed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

struct Shelves {
  Path machine;    // /etc/daydream; empty: none
  Path installed;  // <prefix>/share/daydream; empty: none

  // The machine's folder of this process: DAYDREAM_SYSTEM_DIRECTORY of the build, or the absolute path in the
  // environment variable DAYDREAM_SYSTEM_DIR, which no repository can set.
  static Path machine_folder();

  // The machine's base.json, where there is one: it lies beneath every manifest that is found, not given.
  [[nodiscard]] std::optional<Path> base() const;
  // A preset by its name ("python_service"); never `asking` itself, so that the machine's preset of a name may
  // build upon the installed one. kInvalid with the places and the nearest name.
  [[nodiscard]] Result<Path> find(const std::string& name, const Path& asking) const;
  // Does `path` (absolute, normal) lie on a shelf?
  [[nodiscard]] bool hold(const Path& path) const;

 private:
  [[nodiscard]] std::vector<Path> folders() const;
};

// Lexical: `path` is `root` or lies below it.
bool lies_below(const Path& path, const Path& root);
// Symbolic links resolved as far as the path exists.
Path real(const Path& path);

}  // namespace daydream::manifest
