#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "changes/beneath.hpp"
#include "changes/live_places.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

void settle(Effect& effect, EffectState state, std::string detail) {
  effect.state = state;
  effect.detail = std::move(detail);
}

// Files and folders below a place, without following a symlink; folders after what they hold.
struct Below {
  std::vector<std::string> files, folders;
  bool strange = false;  // something that is neither, or a repository
};

Result<Below> look_below(const Path& root, const std::string& path) {
  Below result;
  std::vector<std::string> waiting{path};
  while (!waiting.empty()) {
    std::string folder = std::move(waiting.back());
    waiting.pop_back();
    result.folders.push_back(folder);
    auto place = beneath::open_place(root, folder + "/x", beneath::Missing::kFail);
    if (!place) return std::move(place.error());
    int copy = ::dup(place->folder.get());
    std::unique_ptr<DIR, int (*)(DIR*)> stream(copy < 0 ? nullptr : ::fdopendir(copy), &::closedir);
    if (stream == nullptr) return Error::from_errno(errno, text::show_path(folder));
    while (const dirent* entry = ::readdir(stream.get())) {
      std::string name = entry->d_name;
      if (name == "." || name == "..") continue;
      struct stat facts {};
      if (::fstatat(place->folder.get(), name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0) continue;
      if (S_ISDIR(facts.st_mode)) {
        waiting.push_back(folder + "/" + name);
      } else {
        result.files.push_back(folder + "/" + name);
      }
      result.strange = result.strange || name == ".git";
    }
  }
  std::reverse(result.folders.begin(), result.folders.end());
  return result;
}

Result<void> remove_file(const Path& root, const std::string& path) {
  auto place = beneath::open_place(root, path, beneath::Missing::kFail);
  if (!place) return place.error().kind() == ErrorKind::kNotFound ? Result<void>() : std::move(place.error());
  return beneath::unlink(*place);
}

// A folder that is not empty (something came meanwhile) stays.
void remove_folder(const Path& root, const std::string& path) {
  auto place = beneath::open_place(root, path, beneath::Missing::kFail);
  if (place) (void)::unlinkat(place->folder.get(), place->name.c_str(), AT_REMOVEDIR);
}

Result<void> discard_all(Effect& effect, const Path& root, const Below& below) {
  auto ignored = ignored_files(root, effect.path);
  if (!ignored) return std::move(ignored.error());
  for (const auto& file : below.files) {
    if (ignored->count(file) != 0) continue;
    settle(effect, EffectState::kProposed, text::show_path(file) + " is not ignored by git");
    return {};
  }
  for (const auto& file : below.files) {
    auto removed = remove_file(root, file);
    if (removed) continue;
    if (removed.error().kind() == ErrorKind::kRetry) return removed;
    settle(effect, EffectState::kConflict, removed.error().message());
    return {};
  }
  for (const auto& folder : below.folders) remove_folder(root, folder);
  settle(effect, EffectState::kApplied, "");
  return {};
}

}  // namespace

Result<void> apply_discard(Effect& effect, const Path& root, const LiveOptions& options) {
  if (is_protected(effect.path) || in_nested_repository(root, effect.path)) {
    settle(effect, EffectState::kRefused, "inside an environment, installed packages or another repository");
    return {};
  }
  if (!options.artifacts_all && !is_interpreter_cache(effect.path)) {
    settle(effect, EffectState::kProposed, "only interpreter caches are discarded without \"artifacts\": \"all\"");
    return {};
  }
  auto place = beneath::open_place(root, effect.path, beneath::Missing::kFail);
  if (!place && place.error().kind() == ErrorKind::kNotFound) {
    settle(effect, EffectState::kApplied, "");  // gone: done
    return {};
  }
  if (!place && place.error().kind() == ErrorKind::kRetry) return std::move(place.error());
  if (!place) {
    settle(effect, EffectState::kConflict, place.error().message());
    return {};
  }
  auto facts = beneath::look(*place);
  if (!facts) return std::move(facts.error());
  if (!facts->has_value()) {
    settle(effect, EffectState::kApplied, "");
    return {};
  }
  if (S_ISREG((*facts)->st_mode)) return discard_all(effect, root, {{effect.path}, {}, false});
  if (!S_ISDIR((*facts)->st_mode)) {
    settle(effect, EffectState::kConflict, text::show_path(effect.path) + ": neither a file nor a folder");
    return {};
  }
  auto below = look_below(root, effect.path);
  if (!below) return std::move(below.error());
  if (below->strange) {
    settle(effect, EffectState::kRefused, "holds another repository");
    return {};
  }
  return discard_all(effect, root, *below);
}

}  // namespace daydream::changes
