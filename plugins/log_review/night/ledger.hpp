// What has been read of which content. A generation is one file's content from its first byte on, whatever
// its name and however it is compressed; it is known again by its head and by the bytes before the place
// where reading stopped. So a renamed, copied, truncated or compressed log is neither read twice nor lost.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"
#include "plugins/log_review/format/timestamp.hpp"
#include "plugins/log_review/night/discovery.hpp"

namespace daydream::logs {

struct Generation {
  std::string root, path;       // where it was last seen
  std::uint64_t offset = 0;     // decoded bytes that are read and committed; at a line end
  std::uint64_t head_size = 0;  // of the bytes that `head` is the hash of, at most kHashed
  std::string head, tail;       // hashes: of the first bytes; of those before `offset`
  std::string format;           // Format::to_text
  std::uint64_t lines = 0;      // read of it so far
  std::int64_t last_event_ms = 0;
  int own_minutes = Stamp::kNoZone;     // TimeRules::own_minutes behind the last line read
  bool done = false;                    // a rotated file read to its end, or one that is no log
  std::int64_t size = 0, mtime_ns = 0;  // of the file when last read: unchanged ones are not opened
  static constexpr std::uint64_t kHashed = 4096;
};

// One object; from_json of something else is an error.
std::string to_json(const Generation& generation);
Result<Generation> generation_from_json(std::string_view json);

// What a file is to the ledger.
struct Match {
  static constexpr std::size_t kNew = SIZE_MAX;
  std::size_t generation = kNew;
  bool duplicate = false;  // another file holds the same generation: nothing to read here
};

// Opens files as needed. One Match for each file. `gone`: generations that no file holds any more though they were
// not read to their end as far as anybody knows.
Result<std::vector<Match>> match(const std::vector<LogFile>& files, const std::vector<Generation>& known);

// Marks the generation as read up to `offset`, taking its hashes from the file. kConflict where the file is shorter.
Result<void> seal(const LogFile& file, std::uint64_t offset, Generation& generation);

}  // namespace daydream::logs
