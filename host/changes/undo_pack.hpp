// What files held before a step wrote them in place, so that a person can have them back byte for byte. One
// file a step, `<state-dir>/undo/<run>/NN-<step>.undo.zst`. Inside, after the line "daydream-undo 1", a record
// for each file: "path <bytes>", "old <bytes>" or "old -", "new <sha256>" or "new -", "mode <octal>", each ended
// by a newline, with the bytes and a newline behind the first two. "-": there was, there is, no such file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/files.hpp"
#include "base/model.hpp"

namespace daydream::changes {

struct UndoEntry {
  std::string path;  // bytes, below the live tree
  std::optional<std::string> old;
  std::string new_sha256;  // "" = removed
  unsigned mode = 0;       // permission bits of the old file
};

Path undo_file(const Path& state_directory, const std::string& run, int step_number, const std::string& step);
// Replaces the file. Not synced: the caller does it before the first change.
Result<void> write_undo(const Path& file, const std::vector<UndoEntry>& entries);
// kNotFound without a file, kDamaged when it is not whole.
Result<std::vector<UndoEntry>> read_undo(const Path& file);

}  // namespace daydream::changes
