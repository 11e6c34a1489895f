#include "worker/git_configuration.hpp"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include "base/files.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::worker {
namespace {

constexpr std::size_t kMostFiles = 64;  // an include may name itself
constexpr std::size_t kMostBytes = std::size_t{1} << 20;

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// "path = ~/work.gitconfig" -> the file, from the folder of the one that names it; "" where the line is another.
std::string included(std::string_view line, const Path& from, const std::string& home) {
  line = text::trim(line);
  const auto equals = line.find('=');
  if (equals == std::string_view::npos || text::trim(line.substr(0, equals)) != "path") return "";
  std::string value(text::trim(line.substr(equals + 1)));
  if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
  if (value.empty()) return "";
  if (value.starts_with("~/")) return home.empty() ? "" : (Path(home) / value.substr(2)).string();
  return (from.parent_path() / value).lexically_normal().string();
}

}  // namespace

std::vector<std::string> git_configuration() {
  const std::string home = variable("HOME");
  std::string folder = variable("XDG_CONFIG_HOME");
  if (folder.empty() && !home.empty()) folder = home + "/.config";
  std::vector<std::string> found;
  const auto add = [&found](const std::string& path) {
    if (found.size() < kMostFiles && files::exists(path) && std::find(found.begin(), found.end(), path) == found.end())
      found.push_back(path);
  };
  if (!folder.empty()) add(folder + "/git");
  if (!folder.empty()) add(folder + "/git/config");
  if (!home.empty()) add(home + "/.gitconfig");
  if (const std::string global = variable("GIT_CONFIG_GLOBAL"); !global.empty()) add(global);
  for (std::size_t at = 0; at < found.size(); ++at) {
    auto content = files::read(found[at], kMostBytes);  // a folder is an error, and names nothing
    if (!content) continue;
    const std::string from = found[at];
    for (std::string_view line : text::split(*content, '\n')) {
      if (const std::string path = included(line, from, home); !path.empty()) add(path);
    }
  }
  return found;
}

}  // namespace daydream::worker
