// Files, durably. No room calls fsync, rename or unlink on durable files but through here, so that a
// test can see every one of them. An fsync that failed is never tried again (kRetry).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::files {

class Descriptor {  // owns a file descriptor
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor();
  [[nodiscard]] int get() const { return fd_; }
  int release() {
    int fd = fd_;
    fd_ = -1;
    return fd;
  }

 private:
  int fd_;
};

// kUnsupported when larger; never waits for a FIFO.
Result<std::string> read(const Path& path, std::size_t max_bytes = std::size_t{256} << 20);
// Temp in the same folder (".<name>.daydream-XXXXXX"), mode kept from the old file (else 0666 & umask).
enum class Durability { kNone, kSynced };  // synced: file before rename, folder after
Result<void> write_replace(const Path& path, std::string_view content, Durability durability,
                           std::optional<unsigned> mode = std::nullopt);
Result<void> sync_file(int fd, const Path& name);
Result<void> sync_directory(const Path& directory);
Result<void> make_directories(const Path& path, unsigned mode = 0777);
Result<void> remove_file(const Path& path);  // absent is fine
// Absent is fine; never follows symlinks; folders of ours without permissions are given them.
Result<void> remove_tree(const Path& path);
bool exists(const Path& path);

}  // namespace daydream::files
