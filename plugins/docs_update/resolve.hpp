// What a local link means, on the host and on the site its page may be part of. It exists when any
// reading of it does; it is missing only where no reading could be right.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plugins/docs_update/page.hpp"
#include "plugins/docs_update/site.hpp"
#include "plugins/docs_update/url.hpp"

namespace daydream::docs {

enum class Standing : std::uint8_t {
  kExists,
  kMissing,
  kUnproven,  // nothing there, but a generator may make it: only history can say that it is gone
  kUnknown,   // nothing can be said
};

// One way to read a target: the file `path`, seen from the folder `base`. Where a generator shows a file under
// another name, the end of its path and of its name on the site.
struct Reading {
  std::string base, path;
  std::string file_tail, shown_tail;  // ".md" and ".html", "/index.md" and "/"
};

struct Resolution {
  Standing standing = Standing::kUnknown;
  std::string path;                 // what exists
  std::vector<std::string> others;  // what exists by other readings: an anchor may be meant there
  std::vector<Reading> wanted;      // what was looked for, the plainest reading first
};

class Resolver {
 public:
  Resolver(const Tree& tree, const Sites& sites) : tree_(tree), sites_(sites) {}

  // `target` is local and has a path.
  [[nodiscard]] Resolution resolve(const Page& page, const Link& link, const Target& target) const;
  // A document of Sphinx by name; an entry of a toctree.
  [[nodiscard]] Resolution resolve_document(const Page& page, std::string_view name) const;
  // The page that a folder shows, or "".
  [[nodiscard]] std::string page_of_folder(std::string_view folder) const;

 private:
  [[nodiscard]] std::string found(const std::string& path, bool pages) const;
  [[nodiscard]] Standing missing(const Page& page, const Link& link, const Target& target, bool escapes) const;
  [[nodiscard]] bool without_language(std::string_view path) const;

  const Tree& tree_;
  const Sites& sites_;
};

}  // namespace daydream::docs
