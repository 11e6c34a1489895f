// Directory trees that nobody vouches for: never follows a symlink, never leaves the root, never
// crosses into another repository unless asked. [any thread]
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::walk {

struct File {
  std::string path;  // relative bytes, '/' between parts
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::uint64_t inode = 0, device = 0;
};

struct Options {
  bool gitignore = true;             // honour .gitignore files, .git/info/exclude
  bool nested_repositories = false;  // enter folders that hold a .git
  std::vector<std::string> exclude;  // globs (text::glob_match)
  int max_depth = 128;
};

// Regular files in byte order of their path. Unreadable folders are skipped and named in `skipped`.
struct Listing {
  std::vector<File> files;
  std::vector<std::string> skipped;
};
Result<Listing> list(const std::string& root, const Options& options = {});

// Opens root/path for reading with no symlink followed in any part and no escape (openat2
// RESOLVE_BENEATH, or part by part). Regular files only. kPermanent for a symlink or escape.
Result<int> open_beneath(const std::string& root, std::string_view path);
// Its content, at most `max_bytes` (kUnsupported when larger).
Result<std::string> read_beneath(const std::string& root, std::string_view path, std::size_t max_bytes);
// True for a relative path of clean parts: not empty, no "", ".", "..", no NUL, no leading '/'.
bool clean_relative(std::string_view path);

}  // namespace daydream::walk
