// What a step must not change: files below some folders, and the state of its process.
#pragma once

#include <map>
#include <string>
#include <vector>

namespace daydream::conformance {

// Path -> size, times, mode, owner: whatever a write would change. Symlinks are not followed.
using FileFacts = std::map<std::string, std::string>;
FileFacts files_below(const std::vector<std::string>& folders);

// Name -> value: environment, current folder, umask, signal handlers and mask, locale, limits, priority.
using ProcessFacts = std::map<std::string, std::string>;
ProcessFacts process_facts();

// "" when equal; else the first names that were changed, added or removed.
std::string changed(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after);

// Of this process.
int open_descriptors();
int threads();
bool has_children();
// Bytes in use; 0 where the allocator does not tell.
std::size_t heap_in_use();
// To be called first in main(): starts the program anew with the allocator's caches off, which would hide and
// feign leaks of some hundred bytes. Returns where that is done already, or cannot be done.
void without_allocator_caches(char** words);

}  // namespace daydream::conformance
