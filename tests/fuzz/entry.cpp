// libFuzzer's entry for one target, named by the build.
#include <cstddef>
#include <cstdint>

#include "targets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {  // NOLINT: libFuzzer's name
  daydream::fuzz::DAYDREAM_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}
