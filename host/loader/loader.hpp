// Plugin files: found, probed in a child, loaded in a worker. Libraries are opened with
// RTLD_NOW|RTLD_LOCAL from an absolute path and never closed. Nothing of a plugin runs in the host.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/abi.h"
#include "daydream/kit/result.hpp"
#include "loader/descriptor.hpp"

namespace daydream::loader {

// Where plugins named without a path are looked for: $DAYDREAM_PLUGIN_PATH, then beside the program
// (<prefix>/lib/daydream/plugins of an installation, <build>/plugins of a build).
std::vector<Path> plugin_directories();
// kInvalid: no such plugin, with the nearest name and where it was looked for.
Result<std::string> find_plugin(const std::string& name);
std::vector<std::string> installed_plugins();  // files, sorted

// Device, inode, size, times of content and inode: equal facts, equal content (but for a file that changed
// within the clock tick in which they were taken). "" when there is no such file.
std::string file_facts(const std::string& file);

// kInvalid with what the file is instead: not ELF, 32-bit, another machine's, a program. Takes its content,
// of which the first kilobyte is enough.
Result<void> check_elf(std::string_view content, const std::string& file);

struct ProbeOptions {
  std::string program;                      // run as `<program> --probe`; "" = this one
  std::chrono::milliseconds at_most{5000};  // for each file
};
// Host side. One probe child opens all files that `cache_file` does not know by content hash and
// returns their descriptors; a crash or hang of one of them is that file's error and costs the others
// nothing. Results are in the order of `files`.
// Errors are kInvalid and name the file, what is wrong (not ELF, other machine, unresolved symbol, no
// daydream_plugin_v1, other ABI version with both versions) and what to do.
std::vector<Result<Plugin>> probe(const std::vector<std::string>& files, const Path& cache_file,
                                  const ProbeOptions& options = {});
// The child's main: `daydream --probe`, paths on stdin, NUL-terminated; answers on stdout, one JSON
// object a line: {"descriptor": text} or {"error": text}. Whatever a plugin prints goes to stderr.
int probe_main();

// Worker side (and the probe child): Boost.DLL. The table is checked: symbol, major, minor, size, the
// functions that must be there. `file` is absolute. The library is never closed.
Result<const dd_plugin*> open(const std::string& file);
// What open() checks once the symbol is found.
Result<void> check_table(const dd_plugin& table, const std::string& file);

}  // namespace daydream::loader
