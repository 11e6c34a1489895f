// build-artifact: files that a program made and nobody meant to keep: compiled Python, left-overs of
// merges and editors tracked in git, and ignored interpreter caches in the live repository.
//
// safe where the kind is certain and what it was made from stands beside it. Below folders of tests and
// data such files may be there on purpose: said only.
#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>
#include <unordered_set>

#include "daydream/kit/git.hpp"
#include "daydream/kit/text.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"

namespace daydream::legacy {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostIgnored = 20;  // tracked files that .gitignore matches, each said

std::string_view folder_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1);
}

template <std::size_t N>
bool one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool any_folder(std::string_view path, bool (*test)(std::string_view)) {
  const std::vector<std::string_view> parts = text::split(folder_of(path), '/');
  return std::any_of(parts.begin(), parts.end(), test);
}

bool holds_data(std::string_view folder) {
  static constexpr std::array<std::string_view, 14> kFolders{"test",   "tests",    "testing", "testdata", "test_data",
                                                             "data",   "fixtures", "fixture", "samples",  "examples",
                                                             "corpus", "spec",     "specs",   "resources"};
  return one_of(folder, kFolders);
}

bool somebody_elses(std::string_view folder) {
  static constexpr std::array<std::string_view, 13> kFolders{"node_modules", ".venv",          "venv",  ".env", "env",
                                                             "virtualenv",   "site-packages",  ".tox",  ".nox", ".git",
                                                             ".hg",          "__pypackages__", "vendor"};
  return one_of(folder, kFolders);
}

// A program may have made it, by its place or its name: what .gitignore names for other reasons (".*", a
// suffix) and somebody added all the same is no artefact.
bool looks_made(std::string_view path) {
  static constexpr std::array<std::string_view, 18> kFolders{
      "build", "out",     "output", "target",      "bin",   "obj",   "dist",   "coverage", "htmlcov",
      "Debug", "Release", "_build", "__pycache__", ".next", ".nuxt", ".cache", "logs",     "tmp"};
  static constexpr std::array<std::string_view, 24> kSuffixes{
      ".o",   ".obj", ".a",   ".lib", ".so",  ".dylib",       ".dll",  ".exe",  ".class", ".jar", ".pyc", ".log",
      ".tmp", ".map", ".gch", ".pdb", ".ilk", ".tsbuildinfo", ".lcov", ".gcno", ".gcda",  ".aux", ".whl", ".swp"};
  return any_folder(
             path, [](std::string_view folder) { return one_of(folder, kFolders) || folder.ends_with(".egg-info"); }) ||
         std::any_of(kSuffixes.begin(), kSuffixes.end(),
                     [&](std::string_view suffix) { return path.ends_with(suffix); });
}

struct Kind {
  std::string what;
  bool certain = false;
  std::string evidence;
};

class TrackedFiles {
 public:
  explicit TrackedFiles(std::unordered_set<std::string> tracked) : tracked_(std::move(tracked)) {}
  [[nodiscard]] bool has(const std::string& path) const { return tracked_.contains(path); }

  // nullopt: an ordinary file.
  [[nodiscard]] std::optional<Kind> kind_of(const std::string& path) const {
    const std::string_view name = file_name(path);
    if (name == ".DS_Store" || name == "Thumbs.db")
      return Kind{"a folder's display settings", true, "the system writes it anew"};
    if (name.ends_with(".pyc") || name.ends_with(".pyo")) return compiled(path, name);
    if (folder_of(path).ends_with("__pycache__/"))
      return Kind{"a file in an interpreter cache", false, "it is no byte code"};
    if (name.starts_with(".") && (name.ends_with(".swp") || name.ends_with(".swo"))) {
      return Kind{"an editor's swap file", true, "the editor writes it while a file is open"};
    }
    for (const auto& [suffix, what] :
         {std::pair(".orig", "the original that a merge left behind"), std::pair(".rej", "a patch that was rejected"),
          std::pair("~", "an editor's backup")}) {
      if (!name.ends_with(suffix)) continue;
      const std::string real = path.substr(0, path.size() - std::string_view(suffix).size());
      const bool beside = tracked_.contains(real);
      return Kind{what, beside,
                  beside ? "it stands beside '" + text::show_path(file_name(real)) + "'"
                         : "the file it belongs to is not there"};
    }
    return std::nullopt;
  }

 private:
  // "pkg/__pycache__/mod.cpython-311.pyc" is never imported without pkg/mod.py; "pkg/mod.pyc" is.
  [[nodiscard]] Kind compiled(const std::string& path, std::string_view name) const {
    const std::string folder(folder_of(path));
    if (folder.ends_with("__pycache__/")) return {"compiled Python", true, "the interpreter writes its cache anew"};
    const std::string source = path.substr(0, path.size() - 1);
    const bool beside = tracked_.contains(source);
    return {"compiled Python", beside,
            beside ? "it is made from '" + text::show_path(file_name(source)) + "'"
                   : "the source it was made from is not there: '" + std::string(name) + "' may be imported as it is"};
  }

  std::unordered_set<std::string> tracked_;
};

std::vector<std::string> zero_separated(const std::string& listing) {
  std::vector<std::string> paths;
  for (const std::string_view path : text::split(listing, '\0')) {
    if (!path.empty()) paths.emplace_back(path);
  }
  return paths;
}

class Examination {
 public:
  Examination(const Repository& repository, std::vector<TreeFinding>& out) : repository_(repository), out_(out) {}

  void run() {
    examine_tracked();
    examine_live();
  }

 private:
  // Its root must be the work tree's: paths are relative to both.
  static std::optional<git::Repository> open(const std::string& root) {
    if (root.empty()) return std::nullopt;
    auto opened = git::Repository::open(root);
    std::error_code failed;
    if (!opened || !fs::equivalent(opened->root(), root, failed)) return std::nullopt;
    return std::move(*opened);
  }

  TreeFinding& add(const std::string& path, std::string message, std::string evidence, Safety safety) {
    TreeFinding& found = out_.emplace_back();
    found.path = path;
    found.finding.rule = "build-artifact";
    found.finding.safety = safety;
    found.finding.severity = safety == Safety::kInfo ? Severity::kInfo : Severity::kWarning;
    found.finding.message = std::move(message);
    found.finding.evidence = std::move(evidence);
    return found;
  }

  void examine_tracked() {
    auto repository = open(repository_.source_root);
    if (!repository) repository = open(repository_.live_root);
    if (!repository) return;
    auto index = repository->index();
    if (!index) return;
    std::unordered_set<std::string> names;
    for (const git::TreeEntry& entry : *index) names.insert(entry.path);
    const TrackedFiles tracked(std::move(names));
    std::unordered_set<std::string> said;
    for (const TreeFile& file : repository_.files) {
      if (!tracked.has(file.path) || repository_.settings.excluded(file.path)) continue;
      const auto kind = tracked.kind_of(file.path);
      if (!kind) continue;
      said.insert(file.path);
      const bool data = any_folder(file.path, &holds_data);
      const Safety safety = data ? Safety::kInfo : kind->certain ? Safety::kSafe : Safety::kReview;
      TreeFinding& found = add(file.path, kind->what + " is tracked in git",
                               data ? "it stands among tests or data, perhaps on purpose" : kind->evidence, safety);
      found.finding.suggestion = "remove it and let .gitignore name it";
      if (!data) found.effect = TreeFinding::Effect::kRemove;
    }
    examine_ignored(*repository, tracked, said);
  }

  void examine_ignored(const git::Repository& repository, const TrackedFiles& tracked,
                       const std::unordered_set<std::string>& said) {
    auto listing = repository.output({"ls-files", "-z", "--cached", "--ignored", "--exclude-standard"});
    if (!listing) return;
    std::size_t count = 0;
    for (const std::string& path : zero_separated(*listing)) {
      if (said.contains(path) || !tracked.has(path) || repository_.settings.excluded(path) || !in_tree(path)) continue;
      // A .gitignore, .gitkeep and the like hold a place on purpose.
      if (file_name(path).starts_with(".git") || any_folder(path, &holds_data) || !looks_made(path)) continue;
      if (++count > kMostIgnored) return;
      add(path, "tracked in git although .gitignore matches it", "git ls-files --ignored names it", Safety::kInfo)
          .finding.suggestion = "remove it from git, or let .gitignore except it";
    }
  }

  [[nodiscard]] bool in_tree(const std::string& path) const {
    const auto& files = repository_.files;
    const auto at =
        std::lower_bound(files.begin(), files.end(), path,
                         [](const TreeFile& file, const std::string& wanted) { return file.path < wanted; });
    return at != files.end() && at->path == path;
  }

  void examine_live() {
    const auto repository = open(repository_.live_root);
    if (!repository) return;
    auto ignored = repository->ignored();
    if (!ignored) return;
    std::sort(ignored->begin(), ignored->end());
    for (std::string path : *ignored) {
      const bool folder = path.ends_with('/');
      if (folder) path.pop_back();
      if (repository_.settings.excluded(path) || any_folder(path, &somebody_elses) || somebody_elses(file_name(path)) ||
          in_environment(path))
        continue;
      if (const auto kind = live_kind(path, folder)) {
        TreeFinding& found = add(path, kind->what + (folder ? " (a folder)" : ""), kind->evidence,
                                 kind->certain ? Safety::kSafe : Safety::kReview);
        found.finding.suggestion = "discard it";
        // A discard is no proposal: where a person is to decide, it is only said.
        if (kind->certain) found.effect = TreeFinding::Effect::kDiscard;
        found.root = "repository";
      }
    }
  }

  [[nodiscard]] fs::path live(std::string_view path) const { return fs::path(repository_.live_root) / path; }

  // Below a folder with pyvenv.cfg, or one that is a repository of its own.
  [[nodiscard]] bool in_environment(std::string_view path) const {
    std::error_code failed;
    for (std::string_view folder = path; !folder.empty();) {
      if (fs::exists(live(folder) / "pyvenv.cfg", failed) || fs::exists(live(folder) / ".git", failed)) return true;
      const auto slash = folder.rfind('/');
      folder = slash == std::string_view::npos ? std::string_view() : folder.substr(0, slash);
    }
    return false;
  }

  // Byte code and nothing else, no links.
  [[nodiscard]] bool only_byte_code(std::string_view path) const {
    std::error_code failed;
    for (fs::directory_iterator at(live(path), failed), end; !failed && at != end; at.increment(failed)) {
      const std::string name = at->path().filename().string();
      const bool byte_code = name.find(".pyc") != std::string::npos || name.ends_with(".pyo") ||
                             name.ends_with(".nbi") || name.ends_with(".nbc");
      if (!byte_code || !at->is_regular_file(failed) || at->is_symlink(failed)) return false;
    }
    return !failed;
  }

  [[nodiscard]] std::optional<Kind> live_kind(const std::string& path, bool folder) const {
    const std::string_view name = file_name(path);
    std::error_code failed;
    if (fs::is_symlink(live(path), failed)) return std::nullopt;
    if (folder && name == "__pycache__" && only_byte_code(path))
      return Kind{"an interpreter cache", true, "git ignores it, and it holds byte code only"};
    static constexpr std::array<std::string_view, 3> kCaches{".pytest_cache", ".mypy_cache", ".ruff_cache"};
    if (folder && one_of(name, kCaches))
      return Kind{"a tool's cache", true, "git ignores it, and '" + std::string(name) + "' is written anew"};
    if (!folder && (name.ends_with(".pyc") || name.ends_with(".pyo")) &&
        fs::is_regular_file(live(path.substr(0, path.size() - 1)), failed)) {
      return Kind{"compiled Python", true, "git ignores it, and its source stands beside it"};
    }
    return repository_.settings.all_artifacts ? output_kind(name, folder) : std::nullopt;
  }

  static std::optional<Kind> output_kind(std::string_view name, bool folder) {
    static constexpr std::array<std::string_view, 5> kFolders{"build", ".eggs", "htmlcov", ".hypothesis", "dist"};
    static constexpr std::array<std::string_view, 2> kFiles{".coverage", "coverage.xml"};
    if (folder && (one_of(name, kFolders) || name.ends_with(".egg-info"))) {
      return Kind{"an ignored build output", name != "dist",
                  "git ignores it, and the configuration asks for all artefacts"};
    }
    if (!folder && (one_of(name, kFiles) || name.ends_with(".o") || name.ends_with(".obj"))) {
      return Kind{"an ignored build output", true, "git ignores it, and the configuration asks for all artefacts"};
    }
    return std::nullopt;
  }

  const Repository& repository_;
  std::vector<TreeFinding>& out_;
};

class BuildArtifact final : public TreeRule {
 public:
  [[nodiscard]] std::string_view name() const override { return "build-artifact"; }
  void examine(const Repository& repository, std::vector<TreeFinding>& out) const override {
    Examination(repository, out).run();
  }
};

}  // namespace

std::unique_ptr<TreeRule> build_artifact() {
  return std::make_unique<BuildArtifact>();
}

}  // namespace daydream::legacy
