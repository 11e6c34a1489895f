#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <set>

#include "base/files.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"

namespace daydream::loader {
namespace {

constexpr std::string_view kSuffix = ".so";

void add_directory(std::vector<Path>& directories, const Path& directory) {
  std::error_code ignored;
  Path absolute = std::filesystem::absolute(directory, ignored).lexically_normal();
  if (std::find(directories.begin(), directories.end(), absolute) == directories.end())
    directories.push_back(std::move(absolute));
}

// Files named *.so of a directory, sorted; none when it cannot be read.
std::vector<std::string> plugins_in(const Path& directory) {
  std::vector<std::string> result;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    const std::string name = entry->path().filename().string();
    if (name.front() != '.' && name.ends_with(kSuffix) && entry->is_regular_file(ignored))
      result.push_back(entry->path().string());
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::string stem(const std::string& file) {
  return Path(file).stem().string();
}

}  // namespace

std::vector<Path> plugin_directories() {
  std::vector<Path> result;
  if (const char* listed = std::getenv("DAYDREAM_PLUGIN_PATH")) {
    for (std::string_view part : text::split(listed, ':'))
      if (!part.empty()) add_directory(result, Path(part));
  }
  const Path program = Path(process::self_path()).parent_path();
  add_directory(result, program / "plugins");
  add_directory(result, program / ".." / DAYDREAM_LIBDIR / "daydream" / "plugins");
  add_directory(result, program / ".." / "lib" / "daydream" / "plugins");
  return result;
}

// The first directory that has a name wins, as in find_plugin.
std::vector<std::string> installed_plugins() {
  std::vector<std::string> result;
  std::set<std::string> names;
  for (const Path& directory : plugin_directories()) {
    for (std::string& file : plugins_in(directory))
      if (names.insert(stem(file)).second) result.push_back(std::move(file));
  }
  std::sort(result.begin(), result.end());
  return result;
}

Result<std::string> find_plugin(const std::string& name) {
  const auto directories = plugin_directories();
  const bool plain = !name.empty() && name.find('/') == std::string::npos && name.find('\0') == std::string::npos &&
                     name.front() != '.';
  std::error_code ignored;
  for (const Path& directory : directories) {
    const Path file = directory / (name + std::string(kSuffix));
    if (plain && std::filesystem::is_regular_file(file, ignored)) return file.string();
  }
  const auto installed = installed_plugins();
  std::vector<std::string> names;
  names.reserve(installed.size());
  for (const std::string& file : installed) names.push_back(stem(file));
  std::vector<std::string> looked;
  looked.reserve(directories.size());
  for (const Path& directory : directories) looked.push_back(text::show_path(directory.string()));
  const std::string near = text::nearest(name, names);
  return Error(ErrorKind::kInvalid, "no plugin \"" + text::escape_terminal(name) + "\"" +
                                        (near.empty() ? "" : "; did you mean \"" + near + "\"?") + " (looked in " +
                                        text::join(looked, ", ") + ")");
}

}  // namespace daydream::loader
