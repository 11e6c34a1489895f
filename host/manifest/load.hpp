// A manifest file, and what it extends -> one checked Pipeline value. Nothing is run here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"
#include "manifest/pipeline.hpp"
#include "manifest/shelves.hpp"

namespace daydream::manifest {

struct LoadOptions {
  Path repository;     // empty: nothing needs trust
  bool given = false;  // by --manifest: trusted, and the machine's base.json does not lie beneath it
  // Somebody looks at it to know what it says (`config`, `trust`): files outside the repository are read too.
  // Else they are not so much as opened before they are trusted.
  bool look = false;
  bool fallback = false;  // the shipped pipeline, for want of another: a base.json with steps takes its place
  Shelves shelves;
};

// kInvalid with file:line:column, what was expected and the nearest known name, each with its line and a
// caret; several problems are joined by newlines (at most 20).
Result<Loaded> load(const Path& file, const LoadOptions& options = {});

// The same for a text in memory, as if it were the file `name`; it can extend nothing. For the fuzzer.
Result<Loaded> load_text(std::string_view text, const std::string& name, const Path& repository);

// The merged manifest as one, for people: pretty JSON.
std::string effective_json(const Loaded& loaded);

// Trust, as direnv does it: a content hash recorded for a repository in
// $XDG_CONFIG_HOME/daydream/trusted (default ~/.config), mode 0600.
Result<Path> trust_file();
struct Trusted {
  std::string repository;  // real path
  std::string hash;        // of the content that is trusted
};
Result<std::vector<Trusted>> trusted_repositories();
bool is_trusted(const Loaded& loaded, const Path& repository);
Result<void> trust(const Loaded& loaded, const Path& repository);
Result<bool> untrust(const Path& repository);  // true when there was something to take back

// kInvalid (exit 65) naming the keys and the command, when `loaded` lies inside the repository, needs
// trust and has none. A manifest `given` by --manifest is trusted.
Result<void> require_trust(const Loaded& loaded, const Path& repository, bool given);

}  // namespace daydream::manifest
