// `daydream init`: looks at a repository, tries its tests as a night would, and writes the manifest that fits it.
// Nothing but .daydream/pipeline.json is written into the repository, and never over anything.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/result.hpp"
#include "init/write.hpp"
#include "manifest/load.hpp"

namespace daydream::init {

struct Options {
  Path repository, work_directory, state_directory;
  bool under_git = false;
  std::optional<git::Repository> git;
  manifest::LoadOptions loading;         // as `validate` loads a manifest of this repository
  Path shipped;                          // the manifest whose steps are written
  std::string not_tried;                 // why verify is not to be tried; "" = try it
  std::chrono::milliseconds timeout{0};  // of one command that is tried
  std::function<bool()> cancelled;
  std::function<void(const std::string& words)> say;  // what is being done
};

inline constexpr const char* kManifestPath = ".daydream/pipeline.json";

// kInvalid naming the file: there is one already, or its folder is not one of ours to write into. Looks only.
Result<void> check_free(const Path& repository);

// Looks, tries, writes nothing. What it returns has passed the validator, with the plugins of this installation
// (kInvalid if one of them is missing). kCancelled: asked to stop.
Result<Written> draft(const Options& options);

// Puts it there, synced, atomically, without replacing anything (kInvalid); records that it is trusted as it is:
// all it names has just been run here, or is Sentry's public server. -> the keys that trust was needed for.
Result<std::vector<std::string>> put(const Options& options, const std::string& manifest);

}  // namespace daydream::init
