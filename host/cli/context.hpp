// Where things are: the repository, its state, the work directory, the manifest.
#pragma once

#include <optional>
#include <vector>

#include "base/model.hpp"
#include "cli/command.hpp"
#include "daydream/kit/git.hpp"
#include "manifest/load.hpp"

namespace daydream::cli {

// The flags that locate() reads; commands put them in front of their own.
std::vector<Flag> with_places(std::vector<Flag> own);

struct Places {
  Path repository;  // root of the work tree, or the folder itself without git
  bool under_git = false;
  std::optional<git::Repository> git;  // opened, under git
  Path state_directory;                // absolute
  Path work_directory;                 // absolute; need not exist yet
  Path manifest;                       // absolute
  bool manifest_given = false;         // by --manifest: trusted
  bool manifest_shipped = false;       // there is none of the repository's own
};

// kInvalid: no such directory, not a directory, bare repository, no manifest anywhere.
Result<Places> locate(const Arguments& arguments);
// Only what `status` and `report` need: with --state-dir no repository is looked for.
Result<Path> locate_state(const Arguments& arguments);

// <real path of the program>/../share/daydream of an installation, config/ of a build.
Path data_directory();

// How the manifest of these places is loaded. `look`: somebody wants to know what it says.
manifest::LoadOptions load_options(const Places& places, bool look = false);
// The manifest loaded, checked and trusted (kInvalid).
Result<manifest::Loaded> load_manifest(const Places& places);

}  // namespace daydream::cli
