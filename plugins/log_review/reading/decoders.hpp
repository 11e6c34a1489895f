// Decompression as a stream, one for each format. A damaged end is an error (kInvalid) behind all that could
// be read before it; a file cut short in the middle likewise.
#pragma once

#include <memory>

#include "plugins/log_review/reading/source.hpp"

namespace daydream::logs {

// The largest window a decoder may keep; larger is kUnsupported.
constexpr std::uint64_t kLargestWindow = std::uint64_t{64} << 20;

Result<std::unique_ptr<Source>> gzip_source(std::unique_ptr<Source> inner);
Result<std::unique_ptr<Source>> zstd_source(std::unique_ptr<Source> inner);
Result<std::unique_ptr<Source>> xz_source(std::unique_ptr<Source> inner);
Result<std::unique_ptr<Source>> bzip2_source(std::unique_ptr<Source> inner);

}  // namespace daydream::logs
