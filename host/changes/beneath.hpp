// Files below a root that nobody vouches for: no part of a path is ever followed through a symlink.
// Inside changes/ only.
#pragma once

#include <sys/stat.h>

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/files.hpp"
#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes::beneath {

// The open folder that holds the last part of a path, and that part. While it is open, nothing done
// through it can be led elsewhere by a symlink put in its way.
struct Place {
  files::Descriptor folder;
  std::string name;
};
enum class Missing { kFail, kCreate };
// kNotFound: a folder is missing (kFail); kConflict: a part is a symlink or a file; kInvalid: not a clean path.
Result<Place> open_place(const Path& root, std::string_view path, Missing missing);

// What lies at the place itself; nullopt = nothing.
Result<std::optional<struct stat>> look(const Place& place);
// The content of a regular file; nullopt = nothing there; kConflict for a symlink, folder or device.
Result<std::optional<std::string>> read(const Place& place, std::size_t max_bytes);
Result<std::optional<std::string>> read(const Path& root, std::string_view path, std::size_t max_bytes);

struct Replace {
  // Mode of a new file; a file that was there keeps its own, with owner and extended attributes.
  unsigned new_mode = 0666;
  bool keep_owner = false;
  bool synced = false;  // the bytes are on the disk before the rename
};
// Temporary file beside it, then rename.
Result<void> replace(const Place& place, std::string_view content, const Replace& options);
// The same in two, so that one sync in between serves many files: a rename that outlives the bytes would leave
// an empty file. What put() refuses and what is not put at all: drop_staged(). One at a time for each place.
Result<void> stage(const Place& place, std::string_view content, const Replace& options);
Result<void> put_staged(const Place& place);
void drop_staged(const Place& place);
// Where a power cut left a rename half done, both names lead to the file of `facts`: the temporary one goes. True: so
// it was.
bool drop_staged_twin(const Place& place, const struct stat& facts);
Result<void> unlink(const Place& place);  // absent is fine

}  // namespace daydream::changes::beneath
