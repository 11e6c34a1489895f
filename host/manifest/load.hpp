// A manifest file, and what it extends -> one checked Pipeline value. Nothing is run here.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"
#include "manifest/pipeline.hpp"

namespace daydream::manifest {

// kInvalid with file:line:column, what was expected and the nearest known name; several problems are
// joined by newlines (at most 20). `repository` may be empty: then nothing needs trust.
Result<Loaded> load(const Path& file, const Path& repository);

// The same for a text in memory, as if it were the file `name`; it can extend nothing. For the fuzzer.
Result<Loaded> load_text(std::string_view text, const std::string& name, const Path& repository);

// The merged manifest as one, for people: pretty JSON.
std::string effective_json(const Loaded& loaded);

// Trust, as direnv does it: a content hash recorded for a repository in
// $XDG_CONFIG_HOME/daydream/trusted (default ~/.config), mode 0600.
Result<Path> trust_file();
// The repositories (real paths) for which something is recorded.
Result<std::vector<std::string>> trusted_repositories();
bool is_trusted(const Loaded& loaded, const Path& repository);
Result<void> trust(const Loaded& loaded, const Path& repository);
Result<bool> untrust(const Path& repository);  // true when there was something to take back

// kInvalid (exit 65) naming the keys and the command, when `loaded` lies inside the repository, needs
// trust and has none. A manifest `given` by --manifest is trusted.
Result<void> require_trust(const Loaded& loaded, const Path& repository, bool given);

}  // namespace daydream::manifest
