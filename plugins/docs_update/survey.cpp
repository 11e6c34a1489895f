#include "plugins/docs_update/survey.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/formats/formats.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kLargestBuildFile = std::size_t{1} << 20;
constexpr std::size_t kLargestCode = std::size_t{4} << 20;
constexpr std::size_t kMostBuildText = std::size_t{32} << 20;

bool build_file(std::string_view path) {
  static const std::unordered_set<std::string_view> names = {
      "Makefile",     "makefile", "GNUmakefile", "CMakeLists.txt", "meson.build", "package.json",
      "setup.py",     "conf.py",  "Rakefile",    "Dockerfile",     "Justfile",    "justfile",
      "noxfile.py",   "tasks.py", "tox.ini",     "build.rs",       "gulpfile.js", ".gitlab-ci.yml",
      "Taskfile.yml", "BUILD",    "BUILD.bazel", "pyproject.toml"};
  const std::string extension = extension_of(path);
  static const std::unordered_set<std::string_view> endings = {".sh",   ".cmake",  ".mk", ".am",
                                                               ".bash", ".gradle", ".ps1"};
  if (names.contains(name_of(path)) || endings.contains(extension)) return true;
  if (path.starts_with(".github/workflows/")) return true;
  static const std::unordered_set<std::string_view> folders = {
      "scripts", "script", "tools", "hack", "bin", "docs", "doc", "website", "ci", "build", "devtools", "utils"};
  static const std::unordered_set<std::string_view> code = {".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl"};
  return code.contains(extension) && has_part(path, folders);
}

}  // namespace

Survey::Survey(std::vector<TreeFile> files, std::string source_root, std::vector<std::string> git_roots,
               Settings settings, Read read, Tick tick)
    : tree_(std::move(files), std::move(source_root)),
      settings_(std::move(settings)),
      read_(std::move(read)),
      tick_(std::move(tick)),
      history_(std::make_unique<History>(std::move(git_roots), settings_.history_budget)),
      sites_(Sites::detect(
          tree_, [this](const std::string& path) { return content(path); }, host_of(history_->remote(), tree_))),
      resolver_(tree_, sites_) {}

std::optional<std::string> Survey::content(const std::string& path) const {
  const TreeFile* const file = tree_.file(path);
  if (file == nullptr) return std::nullopt;
  const auto bytes = read_(*file);
  if (!bytes) return std::nullopt;
  return std::string(*bytes);
}

const Page* Survey::page(const std::string& path) const {
  const auto found = pages_.find(path);
  return found == pages_.end() ? nullptr : &found->second;
}

// Pages named .txt, where the site's configuration says so.
bool Survey::text_of_sphinx(std::string_view path) const {
  if (!path.ends_with(".txt")) return false;
  const Site* const site = sites_.of(path);
  if (site == nullptr || site->generator != Generator::kSphinx) return false;
  const auto said = site->text.find("source_suffix");
  return said != std::string::npos && site->text.substr(said, 200).find(".txt") != std::string::npos;
}

// "spec" is where some keep specifications, which are pages, and others their tests.
bool Survey::spec_of_tests(const std::string& path) {
  static const std::unordered_set<std::string_view> specifications = {"spec", "specs"};
  if (!has_part(folder_of(path), specifications) || name_of(path).starts_with("README")) return false;
  if (!tests_in_spec_) {
    tests_in_spec_ = std::any_of(tree_.files().begin(), tree_.files().end(), [](const TreeFile& file) {
      const std::string stem = text::to_lower_ascii(stem_of(file.path));
      const bool test = stem.ends_with("_spec") || stem.ends_with(".spec") || stem.ends_with("-spec") ||
                        stem.ends_with("spec_helper") || stem.ends_with(".test");
      return test && format_of(file.path) == Format::kNone && has_part(folder_of(file.path), specifications);
    });
  }
  return *tests_in_spec_;
}

bool Survey::read_pages() {
  for (const TreeFile& file : tree_.files()) {
    Format format = format_of(file.path);
    if (format == Format::kNone && text_of_sphinx(file.path)) format = Format::kRst;
    if (format == Format::kNone || settings_.excluded(file.path) || sample(file.path) || spec_of_tests(file.path))
      continue;
    if (!tick_(file.path)) return false;
    Page page;
    page.path = file.path;
    page.token = file.token;
    page.format = format;
    const auto content = file.size > kLargestPage ? std::nullopt : read_(file);
    if (!content) {
      page.skipped = file.size > kLargestPage ? "larger than 4 MiB" : "it cannot be read";
      page.dynamic = true;
    } else if (format == Format::kMarkdown) {
      read_markdown(*content, sites_.anchors(file.path, has_front_matter(*content)), page);
    } else if (format == Format::kRst) {
      read_rst(*content, page);
    } else {
      read_html(*content, page);
    }
    ++figures_.pages;
    pages_.emplace(file.path, std::move(page));
  }
  return true;
}

bool Survey::made_by_build(std::string_view name) {
  if (!build_text_) {
    build_text_.emplace();
    for (const TreeFile& file : tree_.files()) {
      if (!build_file(file.path) || file.size > kLargestBuildFile || build_text_->size() > kMostBuildText) continue;
      if (const auto bytes = read_(file)) build_text_->append(*bytes) += '\n';
    }
  }
  return name.size() > 3 && build_text_->find(name) != std::string::npos;
}

bool Survey::redirected(std::string_view name) {
  if (!redirect_text_) {
    redirect_text_.emplace();
    static const std::unordered_set<std::string_view> names = {
        "netlify.toml",  "vercel.json",          "mkdocs.yml",          "conf.py", "nginx.conf", ".htaccess",
        "firebase.json", "docusaurus.config.js", "docusaurus.config.ts"};
    for (const TreeFile& file : tree_.files()) {
      const Page* const page = this->page(file.path);
      const bool asked =
          names.contains(name_of(file.path)) || name_of(file.path).find("redirect") != std::string_view::npos;
      if ((!asked && (page == nullptr || !page->front_matter)) || file.size > kLargestBuildFile) continue;
      const auto bytes = read_(file);
      if (!bytes || redirect_text_->size() > kMostBuildText) continue;
      std::string_view text = *bytes;
      if (!asked) {
        text = text.substr(0, text.find("\n---", 3));
        if (text.find("alias") == std::string_view::npos && text.find("redirect") == std::string_view::npos) continue;
      }
      redirect_text_->append(text) += '\n';
    }
  }
  return !name.empty() && redirect_text_->find(name) != std::string::npos;
}

// The code that lies in a folder itself.
const std::string& Survey::code_beside(const std::string& folder) {
  const auto [known, fresh] = code_of_folder_.try_emplace(folder);
  for (const TreeFile& file : tree_.files()) {
    if (!fresh || known->second.size() > kLargestCode) break;
    if (folder_of(file.path) != folder || file.size > kLargestBuildFile) continue;
    if (source::detect(file.path) == source::Language::kNone) continue;
    if (const auto bytes = read_(file)) known->second.append(*bytes) += '\n';
  }
  return known->second;
}

bool Survey::embedded(const std::string& path) {
  const std::string folder(folder_of(path));
  const std::string lower = text::to_lower_ascii(name_of(path));
  if (folder.empty() || lower.starts_with("readme") || chronicle(lower)) return false;
  if (code_beside(folder).find(name_of(path)) != std::string::npos) return true;
  const std::string whole = "go:embed " + std::string(name_of(folder));
  return code_beside(std::string(folder_of(folder))).find(whole) != std::string::npos;
}

std::unordered_set<std::string> Survey::words_in_no_code(std::unordered_set<std::string> words,
                                                         const std::function<bool(const std::string&)>& skip) {
  const auto part_of_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  std::string word;
  for (const TreeFile& file : tree_.files()) {
    if (words.empty()) break;
    if (file.size > kLargestCode || pages_.contains(file.path) || (skip && skip(file.path))) continue;
    const auto content = read_(file);
    if (!content || content->substr(0, 8000).find('\0') != std::string_view::npos) continue;
    for (std::size_t at = 0; at < content->size();) {
      if (!part_of_word((*content)[at])) {
        ++at;
        continue;
      }
      std::size_t end = at + 1;
      while (end < content->size() && part_of_word((*content)[end])) ++end;
      if (end - at < 200) {
        word.assign(content->substr(at, end - at));
        words.erase(word);
      }
      at = end;
    }
  }
  return words;
}

bool Survey::chronicle(std::string_view path) {
  static const std::unordered_set<std::string_view> folders = {
      "changelog",     "changelogs",    "changes",   "news",     "newsfragments", "releases",
      "release-notes", "release_notes", "whatsnew",  "adr",      "adrs",          "decisions",
      "rfcs",          "rfc",           "proposals", "keps",     "blog",          "_posts",
      "posts",         "archive",       "archives",  "history",  "meetings",      "minutes",
      "postmortems",   ".changeset",    "whats_new", "relnotes", "design"};
  if (has_part(path, folders)) return true;
  const std::string name = text::to_lower_ascii(name_of(path));
  static constexpr std::array<std::string_view, 13> kNames = {
      "changelog", "changes",   "history",    "news",     "release",  "upgrad", "migrat",
      "whatsnew",  "whats-new", "what-s-new", "breaking", "deprecat", "roadmap"};
  return std::any_of(kNames.begin(), kNames.end(),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

bool Survey::sample(std::string_view path) {
  static const std::unordered_set<std::string_view> always = {
      "fixtures",  "fixture",   "__fixtures__", "testdata",   "test-data",   "test_data",    "__snapshots__",
      "snapshots", "golden",    "templates",    "template",   "_templates",  "cookiecutter", "boilerplate",
      "skeleton",  "scaffold",  "scaffolds",    "__tests__",  "__mocks__",   "mocks",        "_includes",
      "_layouts",  "_partials", "partials",     "layouts",    "archetypes",  "testcases",    "test-cases",
      "corpus",    "stubs",     "blueprints",   "generators", "node_modules"};
  if (has_part(folder_of(path), always) || path.find("{{") != std::string_view::npos) return true;
  if (path.starts_with(".github/") && text::to_lower_ascii(path).find("template") != std::string::npos) return true;
  static const std::unordered_set<std::string_view> test_folders = {"test", "tests", "e2e", "testing"};
  static const std::unordered_set<std::string_view> specifications = {"spec", "specs"};
  const std::string name = text::to_lower_ascii(name_of(path));
  const bool tests = has_part(folder_of(path), test_folders) ||
                     (format_of(path) == Format::kNone && has_part(folder_of(path), specifications));
  return tests && !name.starts_with("readme") && !name.starts_with("contributing");
}

}  // namespace daydream::docs
