// A repository as `daydream init` sees it: the files git tracks, what lies beside them, what they say. All of it is
// foreign: names are bytes, contents are capped, no symlink is followed, nothing is run. [one thread]
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::init {

struct Hit {
  std::string path;
  int line = 0;  // from 1
};

// Where the facts come from; a test gives its own.
struct Sources {
  std::vector<std::string> files;   // tracked, or all without git
  std::set<std::string> programs;   // those of them that are executable
  std::vector<std::string> beside;  // live, and not tracked; whole folders end in '/'
  // The live file or "" where it is not a regular file, too large or behind a symlink.
  std::function<std::string(const std::string& path)> read;
  // Is there anything live at this path (the folder may be a symlink)?
  std::function<bool(const std::string& path)> lies;
  // The first lines of tracked files that hold one of the words.
  std::function<std::vector<Hit>(const std::vector<std::string>& words)> search;
};

class Survey {
 public:
  explicit Survey(Sources sources);
  // Of a real one. `git`: opened, or nullptr where there is none.
  static Result<Survey> of(const Path& root, const git::Repository* git);

  [[nodiscard]] const std::vector<std::string>& files() const { return sources_.files; }  // in byte order
  [[nodiscard]] const std::vector<std::string>& beside() const { return sources_.beside; }
  [[nodiscard]] bool has(const std::string& path) const;          // tracked
  [[nodiscard]] bool has_below(const std::string& folder) const;  // something tracked in it
  [[nodiscard]] bool is_program(const std::string& path) const { return sources_.programs.contains(path); }
  [[nodiscard]] bool lies(const std::string& path) const { return sources_.lies(path); }
  // A folder that is there, that git does not track, and that a work tree of the night may share.
  [[nodiscard]] bool is_beside(const std::string& folder) const { return lies(folder) && !has_below(folder); }
  // With LF line ends and without a byte order mark; read once.
  [[nodiscard]] const std::string& read(const std::string& path) const;
  [[nodiscard]] std::vector<Hit> search(const std::vector<std::string>& words) const { return sources_.search(words); }
  // The line that holds `part`, from 1; 0 when none does.
  [[nodiscard]] int line_of(const std::string& path, std::string_view part) const;
  [[nodiscard]] bool says(const std::string& path, std::string_view part) const { return line_of(path, part) > 0; }

 private:
  Sources sources_;
  mutable std::map<std::string, std::string> read_;
};

std::string_view name_of(std::string_view path);    // behind the last '/'
std::string_view folder_of(std::string_view path);  // before it; "" at the top
// "web" + "package.json" -> "web/package.json"; "" + x -> x.
std::string inside(const std::string& folder, std::string_view name);
// Somebody else's code, samples and test data: says nothing about how this project is tested.
bool is_aside(std::string_view path);
// "cart.py:12" for people; line 0 is left out.
std::string place(std::string_view path, int line = 0);

}  // namespace daydream::init
