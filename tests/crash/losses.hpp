// What a power cut may lose of recorded operations, and the disk it leaves.
//
// The model, of what POSIX promises and ext4, XFS and btrfs keep:
// - fsync and fdatasync of a file that returned ok keep its bytes, size and mode; its name they do not keep.
// - fsync of a folder keeps the names in it as they are then; of a rename between two folders either one's will do.
// - syncfs and sync keep all.
// - sync_file_range that waited for the writing keeps nothing yet; the next fsync of anything keeps those bytes with
//   it, for it commits the journal. git's core.fsyncMethod=batch is built on that; ext4 and XFS do it so.
// - Anything else that was done before the cut is there or is not, in any combination and whatever its order:
//   a file renamed into its place may be empty (its bytes came later), a name may be there before an older one.
// - A rename is atomic, or (kSplit) leaves both names; it never loses both.
// - Bytes are lost by sectors of 512: within what a file held before, a sector is old or new; where it grew, also
//   zeros. No sector is half of one and half of the other, and what was synced does not rot.
// What did not happen before the cut is not there. Calls are not cut in two but for their bytes.
#pragma once

#include <limits>
#include <set>
#include <string>
#include <vector>

#include "crash/recorder.hpp"

namespace daydream::crash {

constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();

enum class Loss {
  kAll,        // all that may be lost is lost
  kBytes,      // names stay, bytes and sizes go: the empty file behind a rename
  kZeros,      // names and sizes stay, new bytes are zeros
  kNames,      // bytes stay, names go
  kOrdered,    // names up to one moment, as a journal keeps them; of bytes any
  kAny,        // each operation by itself: kept, lost, torn, zeroed, split
  kOne,        // one operation is lost
  kAllButOne,  // one operation is kept
};
constexpr std::uint64_t kLosses = 8;
const char* name_of(Loss loss);

class Losses {
 public:
  // As if the syncs with those numbers (in `recording.operations`) had not been made.
  explicit Losses(const Recording& recording, const std::set<std::size_t>& without_syncs = {});

  // The sync that makes the operation durable; kNever when none does.
  [[nodiscard]] std::size_t kept_by(std::size_t operation) const { return kept_by_[operation]; }
  // Operations before the cut that no sync before it keeps.
  [[nodiscard]] std::vector<std::size_t> open_at(std::size_t cut) const;
  // The disk after a cut behind `cut` operations. Equal arguments give equal disks.
  [[nodiscard]] Disk disk_at(std::size_t cut, Loss loss, unsigned seed) const;
  // The same where exactly those are lost, of which `bytes_only` the names stay.
  [[nodiscard]] Disk disk_without(std::size_t cut, const std::set<std::size_t>& lost, bool bytes_only) const;

 private:
  const Recording& recording_;
  std::vector<std::size_t> kept_by_;
};

// Numbers of the operations that sync, by the place in the program that asked for it.
std::map<std::string, std::set<std::size_t>> syncs_by_place(const Recording& recording);

}  // namespace daydream::crash
