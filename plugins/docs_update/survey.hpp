// Everything the rules look at: the tree, its pages, its sites, its history.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "plugins/docs_update/finding.hpp"
#include "plugins/docs_update/history.hpp"
#include "plugins/docs_update/page.hpp"
#include "plugins/docs_update/resolve.hpp"
#include "plugins/docs_update/settings.hpp"
#include "plugins/docs_update/site.hpp"

namespace daydream::docs {

struct Figures {
  std::size_t pages = 0, links = 0, external = 0, routes = 0;
};

class Survey {
 public:
  // The content of a listed file, or nothing where it cannot be read. Lives until the next read.
  using Read = std::function<std::optional<std::string_view>(const TreeFile& file)>;
  // False: stop, the run was asked to.
  using Tick = std::function<bool(const std::string& what)>;

  Survey(std::vector<TreeFile> files, std::string source_root, std::vector<std::string> git_roots, Settings settings,
         Read read, Tick tick);

  // Reads every page. False where the run was asked to stop.
  bool read_pages();

  [[nodiscard]] const Tree& tree() const { return tree_; }
  [[nodiscard]] const Sites& sites() const { return sites_; }
  [[nodiscard]] const Resolver& resolver() const { return resolver_; }
  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const std::map<std::string, Page>& pages() const { return pages_; }
  [[nodiscard]] const Page* page(const std::string& path) const;
  [[nodiscard]] History& history() { return *history_; }
  [[nodiscard]] Figures& figures() { return figures_; }
  // What a rule learned of commits, which stay as they are: the step keeps it from night to night, and drops
  // what the rule takes out.
  [[nodiscard]] std::map<std::string, std::string>& lasting() { return lasting_; }
  [[nodiscard]] bool tick(const std::string& what) const { return tick_(what); }
  [[nodiscard]] std::optional<std::string> content(const std::string& path) const;
  [[nodiscard]] std::optional<std::string_view> view(const TreeFile& file) const { return read_(file); }

  // A name that programs which build things mention: it may be made by them.
  [[nodiscard]] bool made_by_build(std::string_view name);
  // A redirection of the site, or another name in a page's front matter, speaks of it.
  [[nodiscard]] bool redirected(std::string_view name);
  // A program beside the page names it: it shows the page as a part of something else.
  [[nodiscard]] bool embedded(const std::string& path);
  // Which of the words stand, as whole words, in no file but pages and the files that `skip` names.
  [[nodiscard]] std::unordered_set<std::string> words_in_no_code(std::unordered_set<std::string> words,
                                                                 const std::function<bool(const std::string&)>& skip);
  // What people wrote down once and nobody keeps up to date: changelogs, decisions, news.
  [[nodiscard]] static bool chronicle(std::string_view path);
  // Pages of test data, templates and snapshots: their links are no links of this repository.
  [[nodiscard]] static bool sample(std::string_view path);

 private:
  [[nodiscard]] bool text_of_sphinx(std::string_view path) const;
  [[nodiscard]] const std::string& code_beside(const std::string& folder);
  [[nodiscard]] bool spec_of_tests(const std::string& path);

  Tree tree_;
  Settings settings_;
  Read read_;
  Tick tick_;
  std::unique_ptr<History> history_;
  Sites sites_;
  Resolver resolver_;
  std::map<std::string, Page> pages_;
  Figures figures_;
  std::map<std::string, std::string> lasting_;
  std::optional<std::string> build_text_, redirect_text_;
  std::optional<bool> tests_in_spec_;
  std::map<std::string, std::string, std::less<>> code_of_folder_;
};

}  // namespace daydream::docs
