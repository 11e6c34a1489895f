// Opening below a directory that is open already.
#pragma once

#include <string_view>
#include <utility>

#include "daydream/kit/result.hpp"

namespace daydream::walk {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

// `flags` as for open(2). Never follows a symlink in any part; never leaves `directory`.
// errno-like failure as Error; `path` clean_relative().
Result<Descriptor> open_below(int directory, std::string_view path, int flags);
// The same part by part, for kernels and sandboxes without openat2.
Result<Descriptor> open_below_by_parts(int directory, std::string_view path, int flags);
// The whole content of an open file; kUnsupported when it is larger.
Result<std::string> read_all(int file, std::size_t max_bytes, std::string_view shown);

}  // namespace daydream::walk
