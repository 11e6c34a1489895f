// zstd, as streams over descriptors and as whole strings. Inside changes/ only.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "daydream/kit/result.hpp"

namespace daydream::changes::compress {

// Reads `from` to its end and writes the compressed form to `to`. The number of plain bytes read.
Result<std::uint64_t> stream(int from, int to);
// Decompresses `from`, giving the plain bytes in parts. kDamaged when it is no whole zstd frame.
Result<void> expand(int from, const std::function<Result<void>(std::string_view)>& part);
Result<std::string> whole(std::string_view plain);

}  // namespace daydream::changes::compress
