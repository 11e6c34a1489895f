#include "checkpoint/reread.hpp"

#include <fcntl.h>

#include <filesystem>
#include <system_error>

#include "base/files.hpp"

namespace daydream::checkpoint {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostNote = 4096;
constexpr int kMostFiles = 100'000;

Path note_in(const Path& state_directory) {
  return state_directory / "daydream.doubt";
}

void forget_pages_of(const Path& file) {
  const files::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  // Only clean pages go; what is still to be written stays and is written.
  if (descriptor.get() >= 0) (void)::posix_fadvise(descriptor.get(), 0, 0, POSIX_FADV_DONTNEED);
}

}  // namespace

void doubt_the_cache(const Path& state_directory, const std::string& words) {
  (void)files::write_replace(note_in(state_directory), words.substr(0, kMostNote), files::Durability::kNone);
}

std::string read_again_from_disk(const Path& state_directory) {
  const Path note = note_in(state_directory);
  if (!files::exists(note)) return "";
  auto words = files::read(note, kMostNote);
  std::error_code error;
  fs::recursive_directory_iterator entry(state_directory, fs::directory_options::skip_permission_denied, error), end;
  for (int seen = 0; !error && entry != end && seen < kMostFiles; entry.increment(error), ++seen) {
    std::error_code ignored;
    if (entry->is_regular_file(ignored) && !entry->is_symlink(ignored)) forget_pages_of(entry->path());
  }
  (void)files::remove_file(note);
  return words && !words->empty() ? *words : "an error of the disk";
}

}  // namespace daydream::checkpoint
