#include "changes/live.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "changes/durable.hpp"
#include "changes/live_places.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::changes {

namespace {

// What the host itself keeps there, which no step may replace.
bool is_reserved(std::string_view name) {
  for (std::string_view prefix : {"daydream.db", "daydream.log", "state.json", "lock", "anchor", "."}) {
    if (name.substr(0, prefix.size()) == prefix) return true;
  }
  auto first = name.substr(0, name.find('/'));
  return first == "archive" || first == "patches" || first == "undo";
}

bool leaves_private_tree(Mode mode) {
  return mode == Mode::kBranch || mode == Mode::kInPlace;
}

}  // namespace

Result<void> apply_state_file(Effect& effect, const LiveOptions& options) {
  if (!walk::clean_relative(effect.path) || is_reserved(effect.path)) {
    effect.state = EffectState::kRefused;
    effect.detail = text::show_path(effect.path) + ": not a name that a step may write in the state directory";
    return {};
  }
  // Beneath the state directory; its folders are ours, but a symlink put there must not lead out of it.
  Path file = options.state_directory;
  Path relative(effect.path);
  for (const auto& part : relative.parent_path()) {
    file /= part;
    std::error_code ignored;
    if (std::filesystem::is_symlink(file, ignored)) {
      effect.state = EffectState::kRefused;
      effect.detail = text::show_path(effect.path) + ": a folder on the way is a symbolic link";
      return {};
    }
  }
  if (auto made = files::make_directories(file); !made) return made;
  auto written = files::write_replace(file / relative.filename(), effect.content, files::Durability::kNone);
  if (!written) return written;
  effect.state = EffectState::kApplied;
  effect.detail.clear();
  return {};
}

Result<void> apply_live(Effect& effect, const LiveOptions& options) {
  if (effect.kind == EffectKind::kStateFile) return apply_state_file(effect, options);
  if (effect.kind != EffectKind::kDiscard && effect.kind != EffectKind::kArchive) {
    return Error(ErrorKind::kInternal, "not an effect outside the private tree");
  }
  auto root = std::find_if(options.roots.begin(), options.roots.end(),
                           [&](const auto& entry) { return entry.first == effect.root; });
  if (root == options.roots.end() || !walk::clean_relative(effect.path)) {
    effect.state = EffectState::kRefused;
    effect.detail = root == options.roots.end() ? "unknown root " + text::escape_terminal(effect.root)
                                                : text::show_path(effect.path) + ": not a clean relative path";
    return {};
  }
  Path place = root->second / effect.path;
  if (lies_within(place, options.state_directory) || lies_within(place, options.work_directory)) {
    effect.state = EffectState::kRefused;
    effect.detail = "inside Daydream's own directories";
    return {};
  }
  if (!leaves_private_tree(options.mode)) {
    effect.state = EffectState::kProposed;
    effect.detail = "mode " + std::string(name_of(options.mode)) + " leaves live files alone";
    return {};
  }
  return effect.kind == EffectKind::kDiscard ? apply_discard(effect, root->second, options)
                                             : apply_archive(effect, root->second, options);
}

Result<void> sync_live(const LiveOptions& options) {
  std::vector<Path> places{options.state_directory};
  for (const auto& root : options.roots) places.push_back(root.second);
  return sync_file_systems(places);
}

}  // namespace daydream::changes
