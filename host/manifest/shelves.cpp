#include "manifest/shelves.hpp"

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/files.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::manifest {
namespace {

constexpr std::string_view kSuffix = ".json";

// Names of the presets of a folder; none when it cannot be read.
void add_names(const Path& folder, std::vector<std::string>& names) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (name.ends_with(kSuffix)) names.push_back(name.substr(0, name.size() - kSuffix.size()));
  }
}

}  // namespace

Path Shelves::machine_folder() {
  const char* chosen = std::getenv("DAYDREAM_SYSTEM_DIR");
  return chosen != nullptr && *chosen == '/' ? chosen : DAYDREAM_SYSTEM_DIRECTORY;
}

std::optional<Path> Shelves::base() const {
  if (machine.empty()) return std::nullopt;
  Path file = machine / "base.json";
  if (!files::exists(file)) return std::nullopt;
  return file;
}

std::vector<Path> Shelves::folders() const {
  std::vector<Path> all;
  if (!machine.empty()) all.push_back(machine);
  if (!installed.empty()) all.insert(all.end(), {installed / "teams", installed});
  return all;
}

Result<Path> Shelves::find(const std::string& name, const Path& asking) const {
  const auto places = folders();
  for (const Path& folder : places) {
    Path file = (folder / (name + std::string(kSuffix))).lexically_normal();
    if (file != asking && files::exists(file)) return file;
  }
  std::vector<std::string> known, looked;
  looked.reserve(places.size());
  for (const Path& folder : places) {
    add_names(folder, known);
    looked.push_back(text::show_path(folder.native()));
  }
  std::sort(known.begin(), known.end());
  const std::string near = text::nearest(name, known);
  return Error(ErrorKind::kInvalid, "no preset \"" + text::escape_terminal(name) + "\"" +
                                        (near.empty() || near == name ? "" : "; did you mean \"" + near + "\"?") +
                                        (looked.empty() ? "" : " (looked in " + text::join(looked, ", ") + ")") +
                                        "; a file is named with its .json");
}

bool Shelves::hold(const Path& path) const {
  return (!machine.empty() && lies_below(path, machine)) || (!installed.empty() && lies_below(path, installed));
}

bool lies_below(const Path& path, const Path& root) {
  const Path relative = path.lexically_relative(root);
  return !relative.empty() && *relative.begin() != "..";
}

Path real(const Path& path) {
  std::error_code failed;
  Path resolved = std::filesystem::weakly_canonical(path, failed);
  return failed ? path.lexically_normal() : resolved;
}

}  // namespace daydream::manifest
