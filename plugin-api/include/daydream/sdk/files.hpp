// The source tree with this run's earlier edits in it. [run thread]
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/changes.h"
#include "daydream/sdk/run.hpp"

namespace daydream::sdk {

struct Entry {
  std::string path;  // bytes, '/' between parts
  std::uint64_t size = 0;
  std::uint64_t token = 0;  // names the content, on every night
};

struct Content {
  std::string_view bytes;   // lives until the next read
  std::uint64_t token = 0;  // for the edits made from these bytes
};

class Files {
 public:
  explicit Files(const Run& run) : run_(run.handle()), service_(run.host(), run_, DD_CHANGES_SERVICE) {}

  // Regular files that match one of `globs` (none = all), behind the path `after`, in byte order of
  // their path. Opens no file.
  [[nodiscard]] Result<std::vector<Entry>> list(const std::vector<std::string>& globs = {},
                                                std::string_view after = "") const {
    std::vector<Entry> all;
    auto listed = each(globs, after, [&all](Entry entry) -> Result<void> {
      all.push_back(std::move(entry));
      return {};
    });
    if (!listed) return std::move(listed.error());
    return all;
  }

  using EachEntry = std::function<Result<void>(Entry)>;
  // As list(), without keeping them; the first error of `visit` ends it.
  [[nodiscard]] Result<void> each(const std::vector<std::string>& globs, std::string_view after,
                                  const EachEntry& visit) const {
    json::Writer patterns;
    patterns.begin_array();
    for (const auto& glob : globs) patterns.value(glob);
    patterns.end_array();
    const std::string globs_json = patterns.take();
    std::string last(after);
    for (;;) {
      const dd_entry* page = nullptr;
      std::size_t count = 0;
      auto called =
          service_.call(&dd_changes_service::list, "list", run_, text_of(globs_json), bytes_of(last), &page, &count);
      if (!called || count == 0) return called;
      std::vector<Entry> entries;  // a visitor may call list itself, which ends the page
      entries.reserve(count);
      for (std::size_t index = 0; index < count; ++index) {
        entries.push_back({std::string(view_of(page[index].path)), page[index].size, page[index].token});
      }
      last = entries.back().path;
      for (auto& entry : entries) {
        if (auto seen = visit(std::move(entry)); !seen) return seen;
      }
    }
  }

  // kNotFound; kUnsupported for a file over 64 MiB.
  [[nodiscard]] Result<Content> read(std::string_view path) const {
    dd_bytes bytes{};
    Content content;
    auto called = service_.call(&dd_changes_service::read, "read " + std::string(path), run_, bytes_of(path), &bytes,
                                &content.token);
    if (!called) return std::move(called.error());
    content.bytes = view_of(bytes);
    return content;
  }

 private:
  dd_run* run_;
  Service<dd_changes_service> service_;
};

inline Files Run::files() const {
  return Files(*this);
}

}  // namespace daydream::sdk
