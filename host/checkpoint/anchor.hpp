// How far the store is known to have come, in a file beside it: SQLite takes a bad checksum in its log for
// the log's end, so the store alone cannot tell "cut" from "never written". Format: anchor.md.
#pragma once

#include <cstdint>
#include <optional>

#include "base/files.hpp"
#include "base/model.hpp"
#include "checkpoint/row.hpp"

namespace daydream::checkpoint {

struct AnchorPoint {
  std::int64_t generation = 0;
  Digest head{};
  bool operator==(const AnchorPoint&) const = default;
};

class Anchor {
 public:
  static Path file_in(const Path& state_directory);
  // What the file says: the newer of its good slots; kNotFound without a file, kDamaged when none is good.
  static Result<Anchor> read(const Path& state_directory);
  // A new file that says `point`, replacing whatever was there. Synced.
  static Result<Anchor> create(const Path& state_directory, const AnchorPoint& point);

  [[nodiscard]] const AnchorPoint& point() const { return point_; }
  [[nodiscard]] bool one_slot_bad() const { return one_slot_bad_; }
  // In place, into the slot that does not hold the newest point; synced before it returns.
  Result<void> write(const AnchorPoint& point);

 private:
  Anchor() = default;
  Path file_;
  AnchorPoint point_;
  int newest_slot_ = 0;
  bool one_slot_bad_ = false;
  files::Descriptor descriptor_;  // opened by the first write
};

}  // namespace daydream::checkpoint
