#include <algorithm>
#include <filesystem>

#include "base/files.hpp"
#include "changes/beneath.hpp"
#include "changes/editable.hpp"
#include "changes/git_writer.hpp"
#include "changes/verification.hpp"
#include "changes/verify.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

// A link of ours that leads to the live folder; nothing else is ever replaced.
Result<std::string> link_one(SourceTree& tree, const std::string& path) {
  std::string shown = text::show_path(path);
  Path target = tree.live() / path;
  if (!files::exists(target)) return "workspace.link " + shown + ": not in the work tree";
  auto place = beneath::open_place(tree.path(), path, beneath::Missing::kCreate);
  if (!place) return "workspace.link " + shown + ": " + place.error().message();
  std::error_code failed;
  Path link = tree.path() / path;
  if (std::filesystem::is_symlink(link, failed) && std::filesystem::read_symlink(link, failed) == target)
    return std::string();
  auto there = beneath::look(*place);
  if (!there) return std::move(there.error());
  if (there->has_value()) return "workspace.link " + shown + ": the repository has something of this name";
  std::filesystem::create_symlink(target, link, failed);
  if (failed) return Error::from_errno(failed.value(), "linking " + shown);
  return std::string();
}

std::string fingerprint(const SourceTree& tree, const WorkspaceOptions& options) {
  std::string all = tree.commit();
  for (const auto& command : options.setup) {
    all += '\n';
    for (const auto& argument : command) all += argument + '\0';
  }
  return hash::sha256_hex(all);
}

// Files and folders that setup made: what git does not track, whole folders as one.
Result<std::vector<std::string>> products(SourceTree& tree) {
  auto output = tree.writer().output_of({"ls-files", "-z", "--others", "--directory", "--no-empty-directory"});
  if (!output) return std::move(output.error());
  auto paths = split_records(*output);
  for (auto& path : paths) {
    if (!path.empty() && path.back() == '/') path.pop_back();
  }
  return paths;
}

Result<void> set_up(SourceTree& tree, const WorkspaceOptions& options, std::vector<std::string>& notes) {
  Path done_file = tree.work_directory() / "setup.done";
  std::string wanted = fingerprint(tree, options);
  auto done = files::read(done_file, 256);
  if (done && *done == wanted) return {};
  VerifyOptions how;
  how.timeout = options.timeout;
  how.cancelled = options.cancelled;
  for (const auto& command : options.setup) {
    if (command.empty()) continue;
    tree.mark_disturbed();
    auto verdict = verification::run_command(tree.path(), command, how);
    if (!verdict) return std::move(verdict.error());
    if (verdict->good) continue;
    notes.push_back("workspace.setup: " + verdict->words);
    return {};
  }
  auto made = products(tree);
  if (!made) return std::move(made.error());
  if (auto kept = tree.keep(std::move(*made)); !kept) return kept;
  return files::write_replace(done_file, wanted, files::Durability::kNone);
}

}  // namespace

Result<std::vector<std::string>> prepare_workspace(SourceTree& tree, const WorkspaceOptions& options) {
  std::vector<std::string> notes;
  std::vector<std::string> kept = tree.kept();
  for (const auto& path : options.link) {
    auto note = link_one(tree, path);
    if (!note) return std::move(note.error());
    for (const auto& back : editable_installs(tree.live(), path)) {
      notes.push_back("workspace.link " + text::show_path(path) + ": " + text::show_path(back) +
                      " leads back to the work tree: verify may test the files there in place of the changed ones; "
                      "install them in the private tree by workspace.setup");
    }
    if (!note->empty()) {
      notes.push_back(std::move(*note));
    } else if (std::find(kept.begin(), kept.end(), path) == kept.end()) {
      kept.push_back(path);
    }
  }
  if (auto done = tree.keep(std::move(kept)); !done) return std::move(done.error());
  if (options.setup.empty()) return notes;
  if (auto done = set_up(tree, options, notes); !done) return std::move(done.error());
  return notes;
}

}  // namespace daydream::changes
