#include "plugins/docs_update/site.hpp"

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"

namespace daydream::docs {
namespace {

using markdown::Dialect;

bool below(std::string_view path, std::string_view folder) {
  return folder.empty() || path == folder || (path.starts_with(folder) && path[folder.size()] == '/');
}

std::string in(std::string_view folder, std::string_view name) {
  return join(folder, name).value_or(std::string(name));
}

// The value of "key: value" or "key = value" at the start of a line.
std::string setting(std::string_view text, std::string_view key) {
  for (std::string_view line : text::split(text, '\n')) {
    line = text::trim(line);
    if (!line.starts_with(key)) continue;
    line = text::trim(line.substr(key.size()));
    if (line.empty() || (line[0] != ':' && line[0] != '=')) continue;
    line = text::trim(line.substr(1));
    line = text::trim(line.substr(0, line.find(" #")));
    if (line.size() > 1 && (line.front() == '"' || line.front() == '\'') && line.back() == line.front()) {
      line = line.substr(1, line.size() - 2);
    }
    return std::string(line);
  }
  return {};
}

struct Mark {
  std::string_view name;  // of the file; "x.*": any extension
  Generator generator;
};

constexpr std::array<Mark, 36> kMarks = {{
    {"mkdocs.yml", Generator::kMkdocs},
    {"mkdocs.yaml", Generator::kMkdocs},
    {"properdocs.yml", Generator::kMkdocs},
    {"zensical.toml", Generator::kMkdocs},
    {"docusaurus.config.*", Generator::kDocusaurus},
    {"book.toml", Generator::kMdbook},
    {"hugo.toml", Generator::kHugo},
    {"hugo.yaml", Generator::kHugo},
    {"hugo.yml", Generator::kHugo},
    {"hugo.json", Generator::kHugo},
    {"config.toml", Generator::kHugo},
    {"config.yaml", Generator::kHugo},
    {"config.yml", Generator::kHugo},
    {"config.json", Generator::kHugo},
    {"_config.yml", Generator::kJekyll},
    {"_config.yaml", Generator::kJekyll},
    {"conf.py", Generator::kSphinx},
    {".gitbook.yaml", Generator::kGitbook},
    {"book.json", Generator::kGitbook},
    {"astro.config.*", Generator::kOther},
    {"next.config.*", Generator::kOther},
    {"gatsby-config.*", Generator::kOther},
    {".eleventy.*", Generator::kOther},
    {"eleventy.config.*", Generator::kOther},
    {"_quarto.yml", Generator::kOther},
    {"mint.json", Generator::kOther},
    {"docs.json", Generator::kOther},
    {"source.config.*", Generator::kOther},
    {"nuxt.config.*", Generator::kOther},
    {"svelte.config.*", Generator::kOther},
    {"_sidebar.md", Generator::kOther},
    {"antora.yml", Generator::kOther},
    {"pelicanconf.py", Generator::kOther},
    {"zola.toml", Generator::kOther},
    {"rspress.config.*", Generator::kOther},
    {"mix.exs", Generator::kOther},
}};

// Options of Hugo, MkDocs, MyST, markdown-it-anchor and Jekyll, in lower case.
constexpr std::array<std::string_view, 6> kAnchorOptions = {"autoheadingid", "blackfriday",    "slugify",
                                                            "slug_func",     "auto_id_prefix", "header_offset"};

std::optional<Generator> generator_of(std::string_view path) {
  const std::string_view name = name_of(path);
  const std::string_view folder = name_of(folder_of(path));
  if (name.starts_with("config.") && (folder == ".vitepress" || folder == ".vuepress")) return Generator::kVitepress;
  if (name.find("mkdocs") != std::string_view::npos && (name.ends_with(".yml") || name.ends_with(".yaml"))) {
    return Generator::kMkdocs;
  }
  for (const Mark& mark : kMarks) {
    const bool any = mark.name.ends_with(".*");
    if (any ? name.starts_with(mark.name.substr(0, mark.name.size() - 1)) : name == mark.name) return mark.generator;
  }
  return std::nullopt;
}

// Folders named in a configuration of code: path: "../docs".
void add_named_paths(Site& site) {
  std::string_view text = site.text;
  for (std::size_t at = text.find("path:"); at != std::string_view::npos; at = text.find("path:", at + 5)) {
    std::string_view rest = text::trim(text.substr(at + 5, 200));
    if (rest.empty() || (rest[0] != '"' && rest[0] != '\'')) continue;
    const auto close = rest.find(rest[0], 1);
    if (close == std::string_view::npos) continue;
    if (auto path = join(site.base, rest.substr(1, close - 1))) site.roots.push_back(*path);
  }
}

// VitePress: where the pages lie below the folder of the configuration, `srcDir: './src'`; "." where it is silent.
std::string source_folder(std::string_view text) {
  std::string folder = setting(text, "srcDir");
  while (folder.ends_with(',') || folder.ends_with('/')) folder.pop_back();
  if (folder.size() > 2 && (folder.front() == '"' || folder.front() == '\''))
    folder = folder.substr(1, folder.size() - 2);
  while (folder.ends_with('/')) folder.pop_back();
  return folder.empty() ? "." : folder;
}

// False where the file only has the name of a configuration.
bool complete(Site& site, const Tree& tree) {
  const auto has = [&](std::string_view word) { return site.text.find(word) != std::string::npos; };
  switch (site.generator) {
    case Generator::kMkdocs: {
      std::string docs = setting(site.text, "docs_dir");
      site.roots = {in(site.base, docs.empty() ? "docs" : docs)};
      return true;
    }
    case Generator::kDocusaurus:
      site.roots = {site.base};
      site.files = {in(site.base, "static")};
      for (const char* content : {"docs", "src/pages", "blog"}) site.files.push_back(in(site.base, content));
      add_named_paths(site);
      return true;
    case Generator::kMdbook: {
      std::string source = setting(site.text, "src");
      site.roots = {in(site.base, source.empty() ? "src" : source)};
      return true;
    }
    case Generator::kHugo:
      if (stem_of(site.config) == "config" && !has("baseURL") && !has("baseurl") && !has("base_url")) return false;
      if (name_of(site.base) == "_default") site.base = std::string(folder_of(folder_of(site.base)));
      site.roots = {in(site.base, "content"), in(site.base, "archetypes"), in(site.base, "docs")};
      site.files = {in(site.base, "static"), in(site.base, "assets")};
      return true;
    case Generator::kSphinx:
      site.roots = {site.base};
      return has("extensions") || has("html_theme") || has("master_doc") || has("project =");
    case Generator::kVitepress:
      site.base = std::string(folder_of(site.base));
      site.roots = {in(site.base, source_folder(site.text))};
      site.files = {in(site.roots.front(), "public"), in(site.base, ".vuepress/public")};
      return true;
    case Generator::kOther:
      if (name_of(site.config) == "docs.json" && !has("navigation")) return false;
      site.roots = {site.base};
      for (const char* content :
           {"public", "static", "src/content/docs", "src/content", "content", "src/pages", "pages", "docs", "src"}) {
        if (tree.folder(in(site.base, content))) site.files.push_back(in(site.base, content));
      }
      return true;
    default:
      site.roots = {site.base};
      return true;
  }
}

// The configuration chooses how anchors are made of headings.
bool own_anchors(const Site& site) {
  const std::string text = text::to_lower_ascii(site.text);
  return std::any_of(kAnchorOptions.begin(), kAnchorOptions.end(),
                     [&](std::string_view option) { return text.find(option) != std::string::npos; });
}

constexpr std::array<Dialect, 11> kAll = {Dialect::kGithub, Dialect::kGitlab, Dialect::kGitea,  Dialect::kBitbucket,
                                          Dialect::kAzure,  Dialect::kVscode, Dialect::kMdbook, Dialect::kDocusaurus,
                                          Dialect::kPandoc, Dialect::kMkdocs, Dialect::kGitbook};

std::optional<Dialect> dialect_of(Generator generator) {
  switch (generator) {
    case Generator::kMkdocs:
      return Dialect::kMkdocs;
    case Generator::kDocusaurus:
      return Dialect::kDocusaurus;
    case Generator::kMdbook:
      return Dialect::kMdbook;
    case Generator::kHugo:
    case Generator::kSphinx:
      return Dialect::kGithub;
    case Generator::kJekyll:
      return Dialect::kPandoc;
    case Generator::kGitbook:
      return Dialect::kGitbook;
    default:
      return std::nullopt;
  }
}

std::optional<Dialect> dialect_of(Host host) {
  switch (host) {
    case Host::kGithub:
      return Dialect::kGithub;
    case Host::kGitlab:
      return Dialect::kGitlab;
    case Host::kGitea:
      return Dialect::kGitea;
    case Host::kBitbucket:
      return Dialect::kBitbucket;
    case Host::kAzure:
      return Dialect::kAzure;
    default:
      return std::nullopt;
  }
}

}  // namespace

Host host_of(std::string_view remote, const Tree& tree) {
  const std::string lower = text::to_lower_ascii(remote);
  const auto has = [&](std::string_view word) { return lower.find(word) != std::string::npos; };
  if (has("github")) return Host::kGithub;
  if (has("gitlab")) return Host::kGitlab;
  if (has("bitbucket")) return Host::kBitbucket;
  if (has("dev.azure") || has("visualstudio")) return Host::kAzure;
  if (has("gitea") || has("codeberg") || has("forgejo")) return Host::kGitea;
  if (tree.folder(".github")) return Host::kGithub;
  if (tree.file(".gitlab-ci.yml") != nullptr || tree.folder(".gitlab")) return Host::kGitlab;
  if (tree.folder(".gitea") || tree.folder(".forgejo")) return Host::kGitea;
  if (tree.file("bitbucket-pipelines.yml") != nullptr) return Host::kBitbucket;
  return Host::kUnknown;
}

Sites Sites::detect(const Tree& tree, const Read& read, Host host) {
  Sites sites;
  sites.host_ = host;
  for (const TreeFile& file : tree.files()) {
    const auto generator = generator_of(file.path);
    if (!generator || file.size > (1U << 20)) continue;
    Site site;
    site.generator = *generator;
    site.config = file.path;
    site.base = std::string(folder_of(file.path));
    site.text = read(file.path).value_or("");
    if (complete(site, tree)) sites.sites_.push_back(std::move(site));
  }
  return sites;
}

const Site* Sites::of(std::string_view path) const {
  const Site* best = nullptr;
  std::size_t depth = 0;
  for (const Site& site : sites_) {
    for (const std::string& root : site.roots) {
      if (!below(path, root) || (best != nullptr && root.size() + 1 <= depth)) continue;
      best = &site;
      depth = root.size() + 1;
    }
  }
  return best;
}

AnchorStyle Sites::anchors(std::string_view path, bool front_matter) const {
  AnchorStyle style;
  const Site* const site = of(path);
  const auto own = site == nullptr ? std::nullopt : dialect_of(site->generator);
  const auto host = dialect_of(host_);
  if (own) style.dialects.push_back(*own);
  if (host && host != own) style.dialects.push_back(*host);
  if (site != nullptr) {
    style.docutils = site->generator == Generator::kSphinx;
    style.mdit = site->generator == Generator::kVitepress || site->generator == Generator::kOther;
  }
  // Read nobody knows where, or made as the site's configuration asks: what any of them makes will do.
  const bool unsure = site == nullptr ? !host || front_matter : !own || !host || own_anchors(*site);
  if (unsure) {
    for (const Dialect each : kAll) {
      if (std::find(style.dialects.begin(), style.dialects.end(), each) == style.dialects.end()) {
        style.dialects.push_back(each);
      }
    }
    style.docutils = style.mdit = true;
  }
  return style;
}

std::vector<std::string> Sites::roots_of(std::string_view path) const {
  std::vector<std::string> roots;
  if (const Site* const site = of(path)) {
    roots = site->roots;
    roots.insert(roots.end(), site->files.begin(), site->files.end());
    roots.push_back(site->base);
  }
  roots.emplace_back();
  return roots;
}

std::vector<std::string> Sites::all_roots() const {
  std::vector<std::string> roots;
  for (const Site& site : sites_) roots.insert(roots.end(), site.roots.begin(), site.roots.end());
  return roots;
}

}  // namespace daydream::docs
