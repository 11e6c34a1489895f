// What a project says about itself: the oldest Python it runs on and its version, from pyproject.toml,
// setup.cfg or setup.py of the nearest folder above a file. What is not said plainly is not known.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace daydream::legacy {

struct Project {
  static constexpr int kUnknown = -1;
  int python_minor = kUnknown;  // 3.x with every x below it out of the question; kUnknown also where Python 2 is in it
  std::string python_source;    // "pyproject.toml requires Python >=3.8"
  std::string version;          // "2.1.0", or ""
};

class Projects {
 public:
  // `root`: of the source tree, "" = nothing is known. `python_minor`: what the configuration says, 0 = nothing.
  Projects(std::string root, int python_minor) : root_(std::move(root)), configured_(python_minor) {}
  const Project& of(std::string_view path);

 private:
  const Project& of_folder(const std::string& folder);
  bool read(const std::string& folder, Project& project) const;
  std::string root_;
  int configured_;
  std::map<std::string, Project> known_;
};

// The lowest 3.x of a specifier (">=3.8,<4", "^3.9"), or kUnknown.
int lowest_python(std::string_view specifier);
// Compares "2.0" and "2.10.1" by their numbers: <0, 0, >0. Pre-releases count as before: "2.0rc1" < "2.0".
int compare_versions(std::string_view a, std::string_view b);

}  // namespace daydream::legacy
