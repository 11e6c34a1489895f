#include "changes/durable.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/files.hpp"

namespace daydream::changes {

Result<void> sync_file_systems(const std::vector<Path>& folders) {
  std::vector<dev_t> synced;
  for (const Path& folder : folders) {
    files::Descriptor held(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (held.get() < 0 && errno == ENOENT) continue;
    if (held.get() < 0) return Error::from_errno(errno, folder.string());
    struct stat facts {};
    if (::fstat(held.get(), &facts) != 0) return Error::from_errno(errno, folder.string());
    if (std::find(synced.begin(), synced.end(), facts.st_dev) != synced.end()) continue;
    // What a failed sync dropped, no second one writes.
    if (::syncfs(held.get()) != 0) return Error::from_errno(errno, "syncing " + folder.string()).as(ErrorKind::kRetry);
    synced.push_back(facts.st_dev);
  }
  return {};
}

}  // namespace daydream::changes
