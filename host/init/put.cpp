// The file's way into the repository: beside anything that is there, never over it, never through a symlink.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include "base/files.hpp"
#include "daydream/kit/text.hpp"
#include "init/init.hpp"

namespace daydream::init {
namespace {

Error taken(const Path& path, const std::string& words) {
  return {ErrorKind::kInvalid, text::show_path(path.native()) + ": " + words};
}

Error there_already(const Path& path) {
  return taken(path,
               "is there already, and nothing is overwritten; `daydream init --dry-run` shows what would be "
               "written, `daydream validate` checks the one that is there");
}

// Only where nothing has that name, whatever else happens at the same time.
Result<void> rename_beside(const Path& from, const Path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  if (errno == EEXIST) return there_already(to);
  if (errno != EINVAL && errno != ENOSYS) return Error::from_errno(errno, text::show_path(to.native()));
  // A file system that cannot: a second name, then the first one goes.
  if (::link(from.c_str(), to.c_str()) == 0) return files::remove_file(from);
  return errno == EEXIST ? there_already(to) : Error::from_errno(errno, text::show_path(to.native()));
}

Result<void> write_file(const Path& repository, const std::string& manifest) {
  const Path target = repository / kManifestPath;
  const Path folder = target.parent_path();
  if (::mkdir(folder.c_str(), 0777) != 0 && errno != EEXIST)
    return Error::from_errno(errno, text::show_path(folder.native()));
  if (auto free = check_free(repository); !free) return free;
  const Path fresh = folder / (".pipeline.json.new-" + std::to_string(::getpid()));
  if (auto kept = files::write_replace(fresh, manifest, files::Durability::kSynced); !kept) return kept;
  if (auto renamed = rename_beside(fresh, target); !renamed) {
    (void)files::remove_file(fresh);
    return renamed;
  }
  return files::sync_directory(folder);
}

}  // namespace

Result<void> check_free(const Path& repository) {
  const Path target = repository / kManifestPath;
  const Path folder = target.parent_path();
  struct stat status {};
  if (::lstat(folder.c_str(), &status) != 0)
    return errno == ENOENT ? Result<void>() : Error::from_errno(errno, text::show_path(folder.native()));
  if (S_ISLNK(status.st_mode)) return taken(folder, "is a symlink: the manifest belongs into the repository itself");
  if (!S_ISDIR(status.st_mode)) return taken(folder, "is not a folder");
  if (::lstat(target.c_str(), &status) == 0) return there_already(target);
  return errno == ENOENT ? Result<void>() : Error::from_errno(errno, text::show_path(target.native()));
}

Result<std::vector<std::string>> put(const Options& options, const std::string& manifest) {
  const Path& repository = options.repository;
  if (auto kept = write_file(repository, manifest); !kept) return std::move(kept.error());
  auto loaded = manifest::load(repository / kManifestPath, options.loading);
  if (!loaded) return std::move(loaded.error()).as(ErrorKind::kInternal);
  if (!loaded->needs_trust.empty()) {
    if (auto trusted = manifest::trust(*loaded, repository); !trusted) {
      return std::move(trusted.error())
          .context("the manifest is written, but could not be trusted; `daydream trust` does it");
    }
  }
  return loaded->needs_trust;
}

}  // namespace daydream::init
