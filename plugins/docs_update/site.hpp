// Which program turns which pages into a site, and where their readers see them: that decides what a
// link may mean and which anchors a heading gets.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/markdown/anchors.hpp"
#include "plugins/docs_update/tree.hpp"

namespace daydream::docs {

enum class Generator : std::uint8_t {
  kMkdocs,
  kDocusaurus,
  kMdbook,
  kHugo,
  kJekyll,
  kVitepress,  // and VuePress
  kSphinx,
  kGitbook,
  kOther,  // one that has its own rules: Astro, Next, Gatsby, Eleventy, Quarto, ...
};

enum class Host : std::uint8_t { kUnknown, kGithub, kGitlab, kGitea, kBitbucket, kAzure };

struct Site {
  Generator generator = Generator::kOther;
  std::string config;              // the file that says so
  std::string base;                // its folder
  std::vector<std::string> roots;  // where pages lie
  std::vector<std::string> files;  // where "/x" is also looked for: static files
  std::string text;                // of the configuration
};

struct AnchorStyle {
  std::vector<markdown::Dialect> dialects;  // the first is the page's own
  bool docutils = false;                    // Sphinx
  bool mdit = false;                        // VitePress, VuePress
};

class Sites {
 public:
  using Read = std::function<std::optional<std::string>(const std::string& path)>;
  static Sites detect(const Tree& tree, const Read& read, Host host);

  // The site whose pages this path is among, or nullptr.
  [[nodiscard]] const Site* of(std::string_view path) const;
  [[nodiscard]] AnchorStyle anchors(std::string_view path, bool front_matter) const;
  // Folders where "/x" of this page may begin; "" is the root of the tree.
  [[nodiscard]] std::vector<std::string> roots_of(std::string_view path) const;
  // The same of every site of the tree.
  [[nodiscard]] std::vector<std::string> all_roots() const;
  [[nodiscard]] Host host() const { return host_; }

 private:
  std::vector<Site> sites_;
  Host host_ = Host::kUnknown;
};

// By the address of the remote, else by the files that a host asks for.
Host host_of(std::string_view remote, const Tree& tree);

}  // namespace daydream::docs
