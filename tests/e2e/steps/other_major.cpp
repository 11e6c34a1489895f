// What a plugin of the next major looks like: another symbol.
#include <cstddef>

extern "C" {
struct NextPlugin {
  std::size_t struct_size;
  unsigned abi_major, abi_minor;
};
__attribute__((visibility("default"))) extern const NextPlugin daydream_plugin_v2;
const NextPlugin daydream_plugin_v2 = {sizeof(NextPlugin), 2, 0};
}
