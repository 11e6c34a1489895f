// Lines of a source, each a view into one buffer: found with memchr, no copy, no allocation a line.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "plugins/log_review/reading/source.hpp"

namespace daydream::logs {

constexpr std::size_t kLongestLine = std::size_t{16} << 20;  // more of a line is left out, and counted

struct Line {
  std::string_view text{};   // without its end ("\n" or "\r\n") and without NUL bytes before it
  std::uint64_t offset = 0;  // of its first byte, NULs included
  std::uint64_t size = 0;    // with its end and all that was left out
  bool ended = false;        // by a line break: false only for the last of a file
  std::uint32_t nul_bytes = 0;
};

class Lines {
 public:
  // Offsets count from `offset`.
  explicit Lines(Source& source, std::uint64_t offset = 0);
  // False at the end. The view lives until the next call. An error of the source comes behind the lines before it.
  Result<bool> next(Line& line);
  // Up to `most` lines from the start, or as many as fit into `bytes`; they will be given again by next(). Views
  // live until next(). REQUIRES: no call of next() yet.
  Result<std::vector<std::string_view>> sample(std::size_t most, std::size_t bytes);

 private:
  bool fill();  // false: nothing more to come
  void give(Line& line, std::size_t length, std::size_t end);

  Source& source_;
  std::vector<char> buffer_;
  std::size_t begin_ = 0, end_ = 0;  // of what is read and not yet given
  std::uint64_t offset_;             // of buffer_[begin_]
  bool at_end_ = false;
  std::optional<Error> trouble_;  // of the source, not told yet
};

}  // namespace daydream::logs
