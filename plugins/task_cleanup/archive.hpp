// `archive/tasks-YYYY-MM.md` beside a list: what was taken out of it and out of the comments of the sources
// below (those without a list on their way up: beside the root), byte for byte, and why. A page for
// people; and the text from which `daydream tasks restore` gives the bytes back.
//
//   ## 3f2a9c01de44: Fix the parser
//
//   - From: `TODO.md:12`
//   - Heading: Backlog > Parser
//   - Commit: 1f0c...                      (the tree it stood in; absent without git)
//   - Closed: 2026-11-22, run 2026-11-22
//   - Evidence: the box was ticked in 91ab2c3d4e5f (2026-11-01)
//   - Bytes: 24, sha256 09ab...
//
//   ```text
//   - [x] Fix the parser
//   ```
//
// Behind the fence's line end stand exactly as many bytes as `Bytes` says; a line end follows where they
// have none. The fence is longer than any in them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::tasks {

struct Entry {
  std::string id, title;
  std::string path;
  std::size_t line = 0;
  std::string heading, commit, date, run, evidence;
  std::string bytes;
};

// "docs", "2026-11-22" -> "docs/archive/tasks-2026-11.md"
std::string archive_path(std::string_view folder, std::string_view date);
// The head of a new archive.
std::string archive_head(std::string_view date);
std::string write_entry(const Entry& entry);
// Those whose bytes are as they were written; what is no entry is passed over.
std::vector<Entry> read_entries(std::string_view archive);

}  // namespace daydream::tasks
