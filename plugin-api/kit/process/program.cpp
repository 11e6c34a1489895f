#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdlib>

#include "daydream/kit/process.hpp"

namespace daydream::process {

namespace {

bool is_program(const std::string& path) {
  struct stat about {};
  return ::stat(path.c_str(), &about) == 0 && S_ISREG(about.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

}  // namespace

Result<std::string> find_program(std::string_view name) {
  const Error missing(ErrorKind::kNotFound, "no program \"" + std::string(name) + "\" in PATH");
  if (name.empty()) return missing;
  if (name.find('/') != std::string_view::npos) {
    return is_program(std::string(name)) ? Result<std::string>(std::string(name))
                                         : Error(ErrorKind::kNotFound, "no program " + std::string(name));
  }
  const char* variable = std::getenv("PATH");
  std::string_view rest = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    const std::string_view folder = rest.substr(0, colon);
    rest.remove_prefix(colon == std::string_view::npos ? rest.size() : colon + 1);
    if (!folder.starts_with('/')) continue;
    std::string path = std::string(folder) + "/" + std::string(name);
    if (is_program(path)) return path;
  }
  return missing;
}

std::string self_path() {
  char buffer[PATH_MAX];
  const ssize_t size = ::readlink("/proc/self/exe", buffer, sizeof buffer);
  contract(size > 0, "/proc is not mounted: the path of this program is unknown");
  return {buffer, static_cast<std::size_t>(size)};
}

}  // namespace daydream::process
