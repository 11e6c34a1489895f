// Bytes of a log, from wherever they come: a file, a compressed one, a pipe. Compression is told by the
// content. Never mapped into memory (a log that is cut short would end us), one buffer at a time.
// One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "daydream/kit/result.hpp"

namespace daydream::logs {

class Source {
 public:
  virtual ~Source() = default;
  // Fills `out` with up to `size` bytes; 0 at the end. What is read counts in the decoded content.
  virtual Result<std::size_t> read(char* out, std::size_t size) = 0;
};

enum class Compression { kNone, kGzip, kZstd, kXz, kBzip2 };
std::string_view name_of(Compression compression);

// Owns a descriptor; reads with pread from `offset` on, or plainly where it is a pipe.
std::unique_ptr<Source> plain_source(int descriptor, std::uint64_t offset);
// `inner` decoded; windows over 64 MiB are refused (kUnsupported).
Result<std::unique_ptr<Source>> decoded_source(Compression compression, std::unique_ptr<Source> inner);
// UTF-16 with a byte order mark becomes UTF-8, a UTF-8 mark is left out; all else stays as it is.
std::unique_ptr<Source> utf8_source(std::unique_ptr<Source> inner);

struct Opened {
  std::unique_ptr<Source> source;  // decoded
  Compression compression = Compression::kNone;
};
// Takes the descriptor, whatever becomes of it. `offset` counts in the decoded content, which is UTF-8 where the file
// has a byte order mark.
Result<Opened> open_source(int descriptor, std::uint64_t offset = 0);
// By the first bytes (at least 6 where the file has them).
Compression compression_of(std::string_view head);

}  // namespace daydream::logs
