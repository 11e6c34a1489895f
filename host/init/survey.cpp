#include "init/survey.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>
#include <utility>

#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::init {
namespace {

constexpr std::size_t kMostBytes = std::size_t{1} << 20;
constexpr std::size_t kMostHits = 200;
constexpr std::size_t kMostSearched = 5'000;  // files that are searched where there is no git to do it

std::string plain(std::string content) {
  if (content.starts_with("\xEF\xBB\xBF")) content.erase(0, 3);
  content.erase(std::remove(content.begin(), content.end(), '\r'), content.end());
  return content;
}

int first_line_with(std::string_view content, std::string_view part) {
  const std::size_t at = content.find(part);
  if (at == std::string_view::npos) return 0;
  return 1 + static_cast<int>(std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

// path NUL line NUL text LF, as `git grep -z -n` says it.
std::vector<Hit> hits_of(std::string_view output) {
  std::vector<Hit> hits;
  while (!output.empty() && hits.size() < kMostHits) {
    const std::size_t path = output.find('\0');
    const std::size_t number = path == std::string_view::npos ? path : output.find('\0', path + 1);
    if (number == std::string_view::npos) break;
    const std::string name(output.substr(0, path));
    int line = 0;
    for (const char c : output.substr(path + 1, number - path - 1).substr(0, 9)) {
      if (c >= '0' && c <= '9') line = line * 10 + (c - '0');
    }
    if (hits.empty() || hits.back().path != name) hits.push_back({name, line});
    const std::size_t end = output.find('\n', number + 1);
    if (end == std::string_view::npos) break;
    output.remove_prefix(end + 1);
  }
  return hits;
}

std::vector<Hit> search_by_git(const git::Repository& git, const std::vector<std::string>& words) {
  std::vector<std::string> arguments{"grep", "-z", "-n", "-I", "-F", "--no-color"};
  for (const std::string& word : words) {
    arguments.emplace_back("-e");
    arguments.push_back(word);
  }
  const auto outcome = git.run(arguments, "", std::chrono::seconds(20));
  return outcome && outcome->exit_code == 0 ? hits_of(outcome->output) : std::vector<Hit>();
}

std::vector<Hit> search_by_hand(const Sources& sources, const std::vector<std::string>& words) {
  std::vector<Hit> hits;
  std::size_t searched = 0;
  for (const std::string& path : sources.files) {
    if (++searched > kMostSearched || hits.size() >= kMostHits) break;
    const std::string content = sources.read(path);
    for (const std::string& word : words) {
      const int line = first_line_with(content, word);
      if (line == 0) continue;
      hits.push_back({path, line});
      break;
    }
  }
  return hits;
}

// What lies in a folder of logs, our own apart.
void list_folder(const Path& root, const std::string& folder, std::vector<std::string>& names) {
  constexpr int kMost = 200;
  std::error_code failed;
  int seen = 0;
  for (std::filesystem::directory_iterator entry(root / folder, failed), end;
       !failed && entry != end && ++seen <= kMost; entry.increment(failed)) {
    const std::string name = entry->path().filename().native();
    std::error_code ignored;
    const auto status = entry->symlink_status(ignored);
    const bool ours = name == "daydream" && folder == "logs/";
    if (std::filesystem::is_directory(status) && !ours) names.push_back(folder + name + "/");
    if (std::filesystem::is_regular_file(status)) names.push_back(folder + name);
  }
}

Result<void> list_by_git(const git::Repository& git, Sources& sources) {
  auto entries = git.index();
  if (!entries) return std::move(entries.error());
  sources.files.reserve(entries->size());
  for (const git::TreeEntry& entry : *entries) {
    if (entry.mode != 0100644 && entry.mode != 0100755) continue;                // symlinks, submodules
    if (!sources.files.empty() && sources.files.back() == entry.path) continue;  // an unresolved merge
    sources.files.push_back(entry.path);
    if (entry.mode == 0100755) sources.programs.insert(entry.path);
  }
  const auto ignored = git.ignored();
  if (!ignored) return {};  // then nothing is known to lie beside
  for (const std::string& path : *ignored) {
    if (path == "logs/" || path == "log/") {
      list_folder(git.root(), path, sources.beside);
    } else {
      sources.beside.push_back(path);
    }
  }
  return {};
}

Result<void> list_by_hand(const Path& root, Sources& sources) {
  const auto listing = walk::list(root.native());
  if (!listing) return listing.error();
  sources.files.reserve(listing->files.size());
  for (const walk::File& file : listing->files) {
    sources.files.push_back(file.path);
    struct stat status {};
    if (::lstat((root / file.path).c_str(), &status) == 0 && (status.st_mode & S_IXUSR) != 0)
      sources.programs.insert(file.path);
  }
  return {};
}

}  // namespace

Survey::Survey(Sources sources) : sources_(std::move(sources)) {
  std::sort(sources_.files.begin(), sources_.files.end());
}

Result<Survey> Survey::of(const Path& root, const git::Repository* git) {
  Sources sources;
  auto listed = git != nullptr ? list_by_git(*git, sources) : list_by_hand(root, sources);
  if (!listed) return std::move(listed.error()).context("files of " + text::show_path(root.native()));
  const std::string top = root.native();
  sources.read = [top](const std::string& path) {
    auto content = walk::read_beneath(top, path, kMostBytes);
    return content ? plain(std::move(*content)) : std::string();
  };
  sources.lies = [top](const std::string& path) {
    struct stat status {};
    return walk::clean_relative(path) && ::stat(inside(top, path).c_str(), &status) == 0;
  };
  if (git != nullptr) {
    sources.search = [git](const std::vector<std::string>& words) { return search_by_git(*git, words); };
  } else {
    sources.search = [files = sources.files, read = sources.read](const std::vector<std::string>& words) {
      Sources given;
      given.files = files;
      given.read = read;
      return search_by_hand(given, words);
    };
  }
  return Survey(std::move(sources));
}

bool Survey::has(const std::string& path) const {
  return std::binary_search(sources_.files.begin(), sources_.files.end(), path);
}

bool Survey::has_below(const std::string& folder) const {
  const std::string prefix = folder + "/";
  const auto at = std::lower_bound(sources_.files.begin(), sources_.files.end(), prefix);
  return at != sources_.files.end() && at->starts_with(prefix);
}

const std::string& Survey::read(const std::string& path) const {
  auto known = read_.find(path);
  if (known == read_.end()) known = read_.emplace(path, plain(sources_.read(path))).first;
  return known->second;
}

int Survey::line_of(const std::string& path, std::string_view part) const {
  return first_line_with(read(path), part);
}

std::string_view name_of(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string_view folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string_view() : path.substr(0, slash);
}

std::string inside(const std::string& folder, std::string_view name) {
  return folder.empty() ? std::string(name) : folder + "/" + std::string(name);
}

bool is_aside(std::string_view path) {
  constexpr std::array<std::string_view, 27> kAside{
      "node_modules", "bower_components", "vendor",   "vendored",  "_vendor",
      "third_party",  "third-party",      "3rdparty", "external",  "extern",
      "deps",         "examples",         "example",  "samples",   "sample",
      "demo",         "fixtures",         "testdata", "tests",     "test",
      "__tests__",    "templates",        "template", "benchmark", "docs",
      "doc",          "site-packages"};
  const auto parts = text::split(path, '/');
  return std::any_of(parts.begin(), parts.empty() ? parts.end() : parts.end() - 1, [&](std::string_view part) {
    return std::find(kAside.begin(), kAside.end(), text::to_lower_ascii(part)) != kAside.end();
  });
}

std::string place(std::string_view path, int line) {
  return text::show_path(path) + (line > 0 ? ":" + std::to_string(line) : "");
}

}  // namespace daydream::init
