#include "plugins/docs_update/resolve.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"

namespace daydream::docs {
namespace {

constexpr std::array<std::string_view, 11> kPageEndings = {".md",    ".mdx", ".markdown", ".rst", ".html", ".adoc",
                                                           ".ipynb", ".qmd", ".txt",      ".org", ".htm"};
constexpr std::array<std::string_view, 4> kIndexes = {"index", "README", "_index", "readme"};

bool one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Endings that name a file of the source, whatever the generator.
bool source_page(std::string_view extension) {
  return one_of(extension, {".md", ".mdx", ".markdown", ".rst", ".ipynb", ".adoc", ".qmd"});
}

bool picture(std::string_view extension) {
  return one_of(extension,
                {".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif", ".bmp", ".ico", ".mp4", ".webm"});
}

// Pages of the forge that lie beside the files: ../../issues.
bool of_the_forge(std::string_view path) {
  static const std::unordered_set<std::string_view> anywhere = {"blob",   "tree",    "raw", "edit",
                                                                "commit", "commits", "-"};
  static const std::unordered_set<std::string_view> first_parts = {
      "issues",      "pulls",   "pull",           "wiki",     "wikis",      "releases", "actions",
      "discussions", "compare", "merge_requests", "projects", "milestones", "labels",   "tags",
      "stargazers",  "network", "security",       "graphs",   "branches",   "pulse"};
  while (path.starts_with("../") || path.starts_with("./")) path.remove_prefix(path[1] == '.' ? 3 : 2);
  const auto parts = text::split(path, '/');
  if (std::any_of(parts.begin(), parts.end() - 1, [&](std::string_view part) { return anywhere.contains(part); })) {
    return true;
  }
  return first_parts.contains(parts.front()) && extension_of(path).empty();
}

// Pieces that a tool puts together to a page at the root: what they point to is seen from there.
bool part_of_another(std::string_view path) {
  static const std::unordered_set<std::string_view> folders = {
      ".changelog", ".changes",      ".changeset", ".unreleased", "changelog.d", "changelogs.d",
      "changes.d",  "newsfragments", "news.d",     "unreleased",  "changelog",   "changelogs"};
  return has_part(path, folders);
}

// Generators that take a relative link to a source file for just that.
bool reads_sources(const Site* site) {
  if (site == nullptr) return false;
  const Generator generator = site->generator;
  return generator == Generator::kMkdocs || generator == Generator::kMdbook || generator == Generator::kDocusaurus ||
         generator == Generator::kJekyll || generator == Generator::kVitepress || generator == Generator::kGitbook ||
         generator == Generator::kSphinx;
}

bool language_part(std::string_view part) {
  if (part.size() == 2)
    return std::islower(static_cast<unsigned char>(part[0])) != 0 &&
           std::islower(static_cast<unsigned char>(part[1])) != 0;
  return (part.size() == 5 || part.size() == 7) && (part[2] == '-' || part[2] == '_');
}

// The files that a generator could have shown under this name.
void add_readings(std::vector<Reading>& wanted, const std::string& base, const std::string& path) {
  const std::string extension = extension_of(path);
  wanted.push_back({base, path, "", ""});
  const bool html = extension == ".html" || extension == ".htm";
  if (!html && !extension.empty() && (source_page(extension) || picture(extension))) return;
  const std::string stem = html ? path.substr(0, path.size() - extension.size()) : path;
  for (const char* ending : {".md", ".rst", ".mdx"})
    wanted.push_back({base, stem + ending, ending, html ? extension : ""});
  if (html) return;
  for (const char* index : {"/index.md", "/README.md", "/_index.md", "/index.mdx"}) {
    wanted.push_back({base, path + index, index, ""});
  }
}

}  // namespace

std::string Resolver::page_of_folder(std::string_view folder) const {
  for (const std::string_view index : {"README.md", "readme.md", "Readme.md", "README.rst", "README.markdown",
                                       "index.md", "index.rst", "index.mdx", "_index.md", "index.html"}) {
    std::string path = folder.empty() ? std::string(index) : std::string(folder) + "/" + std::string(index);
    if (tree_.file(path) != nullptr) return path;
  }
  return {};
}

// The path itself, or with `pages` what a generator may have made it from.
std::string Resolver::found(const std::string& path, bool pages) const {
  if (tree_.file(path) != nullptr) return path;
  if (tree_.folder(path)) {
    const std::string page = page_of_folder(path);
    return page.empty() ? (path.empty() ? "." : path) : page;
  }
  if (pages) {
    const std::string extension = extension_of(path);
    const bool html = extension == ".html" || extension == ".htm";
    std::string stem = html ? path.substr(0, path.size() - extension.size()) : path;
    for (const std::string_view ending : kPageEndings) {
      if (tree_.file(stem + std::string(ending)) != nullptr) return stem + std::string(ending);
    }
    if (html && tree_.folder(stem)) return stem;
    if (html && name_of(stem) == "index") {
      std::string page = page_of_folder(folder_of(stem));
      if (!page.empty()) return page;
      const std::string above(folder_of(stem));
      for (const std::string_view ending : kPageEndings) {
        if (tree_.file(above + std::string(ending)) != nullptr) return above + std::string(ending);
      }
    }
    // "page.lang.md" of sites in several languages.
    if (source_page(extension)) {
      const std::string bare = path.substr(0, path.size() - extension.size());
      for (const std::string_view ending : kPageEndings) {
        if (tree_.file(bare + std::string(ending)) != nullptr && ending != ".txt") return bare + std::string(ending);
      }
    }
  }
  return tree_.exists(path) ? path : std::string();
}

// Translations fall back to the page in the site's own language.
bool Resolver::without_language(std::string_view path) const {
  const auto parts = text::split(path, '/');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!language_part(parts[i]) && parts[i] != "current") continue;
    std::string rest, english;
    for (std::size_t j = i + 1; j < parts.size(); ++j) rest += (rest.empty() ? "" : "/") + std::string(parts[j]);
    if (rest.empty()) continue;
    if (rest.find('/') != std::string::npos && tree_.has_suffix(rest)) return true;
    for (std::size_t j = 0; j < i; ++j) english.append(parts[j]).append(1, '/');
    for (const std::string_view other : {"", "en/", "en-US/", "en_US/"}) {
      std::string page = english;
      if (!found(page.append(other).append(rest), true).empty()) return true;
    }
  }
  return false;
}

Resolution Resolver::resolve(const Page& page, const Link& link, const Target& target) const {
  Resolution result;
  const std::string folder(folder_of(page.path));
  std::vector<std::pair<std::string, std::string>> readings;  // from where, and the path
  bool escapes = false;
  const auto read_as = [&](const std::string& from) {
    auto path = join(from, target.path);
    if (!path) {
      escapes = escapes || from == folder;
    } else if (std::none_of(readings.begin(), readings.end(),
                            [&](const auto& known) { return known.second == *path; })) {
      readings.emplace_back(from, std::move(*path));
    }
  };
  const Site* const site = sites_.of(page.path);
  const bool sited = site != nullptr || page.front_matter || page.format != Format::kMarkdown;
  if (!target.absolute) read_as(folder);
  if (target.absolute || sited || link.use == Use::kInclude) {
    for (const std::string& root : sites_.roots_of(page.path)) read_as(root);
  }
  // Seen as a folder of its own: /guide/install/ beside install.md.
  const bool by_source = reads_sources(site) && source_page(extension_of(target.path));
  if (sited && !target.absolute && !by_source) read_as(join(folder, stem_of(page.path)).value_or(folder));
  if (page.path.starts_with(".github/") || part_of_another(page.path)) read_as("");
  // On a host without a site of its own, "/docs/x" may be meant for a site that other pages of the tree make.
  if (target.absolute && site == nullptr) {
    for (const std::string& root : sites_.all_roots()) read_as(root);
  }
  for (const auto& [base, path] : readings) {
    std::string one = found(path, true);
    if (one.empty() || one == result.path) continue;
    (result.path.empty() ? result.path : result.others.emplace_back()) = std::move(one);
  }
  if (!result.path.empty()) {
    result.standing = Standing::kExists;
    return result;
  }
  const bool translated = std::any_of(readings.begin(), readings.end(),
                                      [&](const auto& reading) { return without_language(reading.second); });
  if (translated) return result;
  for (const auto& [base, path] : readings) add_readings(result.wanted, base, path);
  result.standing = missing(page, link, target, escapes);
  return result;
}

Standing Resolver::missing(const Page& page, const Link& link, const Target& target, bool escapes) const {
  if (page.templated || escapes || of_the_forge(target.path) || target.path.empty()) return Standing::kUnknown;
  const std::string extension = extension_of(target.path);
  const Site* const site = sites_.of(page.path);
  std::string_view tail = target.path;
  while (tail.starts_with("../") || tail.starts_with("./")) tail.remove_prefix(tail[1] == '.' ? 3 : 2);
  if (page.format == Format::kHtml) {
    if (target.absolute || extension.empty() || tree_.has_suffix(tail)) return Standing::kUnproven;
    return source_page(extension) || picture(extension) || one_of(extension, {".html", ".htm", ".pdf"})
               ? Standing::kMissing
               : Standing::kUnproven;
  }
  if (page.format == Format::kRst) {
    if (link.use == Use::kInclude || link.use == Use::kImage) {
      return tree_.has_suffix(tail) ? Standing::kUnproven : Standing::kMissing;
    }
    return !target.absolute && site == nullptr && !extension.empty() ? Standing::kMissing : Standing::kUnproven;
  }
  if (site == nullptr && !page.front_matter && page.path.ends_with(".mdx") == false) {
    if (target.absolute) {
      const bool named = source_page(extension) || picture(extension);
      return named && !tree_.has_suffix(tail) ? Standing::kMissing : Standing::kUnproven;
    }
    return Standing::kMissing;
  }
  if (tree_.has_suffix(tail) && (target.absolute || !reads_sources(site) || !source_page(extension))) {
    return Standing::kUnproven;
  }
  if (source_page(extension) || (picture(extension) && !target.absolute)) return Standing::kMissing;
  if (site != nullptr && site->generator == Generator::kMdbook && one_of(extension, {".html"}) && !target.absolute &&
      name_of(target.path) != "print.html") {
    return Standing::kMissing;
  }
  return Standing::kUnproven;
}

Resolution Resolver::resolve_document(const Page& page, std::string_view name) const {
  Resolution result;
  const Site* const site = sites_.of(page.path);
  std::vector<std::string> folders;
  if (name.starts_with('/')) {
    name.remove_prefix(1);
    folders = sites_.roots_of(page.path);
  } else {
    folders.emplace_back(folder_of(page.path));
  }
  if (name.empty() || name.find(':') != std::string_view::npos || placeholder(name)) return result;
  for (const std::string& folder : folders) {
    const auto path = join(folder, name);
    if (!path) continue;
    result.path = found(*path, true);
    if (result.path.empty() && tree_.file(*path + ".rst.in") != nullptr) result.path = *path;
    if (!result.path.empty()) {
      result.standing = Standing::kExists;
      return result;
    }
    for (const char* ending : {".rst", ".md", ".txt"}) result.wanted.push_back({folder, *path + ending, ending, ""});
  }
  if (!result.wanted.empty() && without_language(result.wanted.front().path)) return result;
  result.standing = Standing::kUnproven;
  if (site == nullptr || site->generator != Generator::kSphinx) return result;
  static constexpr std::array<std::string_view, 14> kMakers = {
      "apidoc",   "autoapi", "gallery",      "autosummary", "exhale",     "breathe", "nbsphinx", "sphinx.ext.viewcode",
      "autodoc2", "jinja",   "multiproject", "generate",    "subprocess", "open("};
  const bool made = std::any_of(kMakers.begin(), kMakers.end(),
                                [&](std::string_view maker) { return site->text.find(maker) != std::string::npos; });
  const bool special = one_of(name, {"genindex", "modindex", "search", "py-modindex"});
  if (!made && !special) result.standing = Standing::kMissing;
  return result;
}

}  // namespace daydream::docs
