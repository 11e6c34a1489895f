// A temporary folder for tests.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace daydream::testing {

// The words of a refusal without the lines of the files that they point at.
inline std::string without_excerpts(const std::string& words) {
  std::string kept;
  std::size_t start = 0;
  while (start <= words.size()) {
    const std::size_t end = std::min(words.find('\n', start), words.size());
    const std::string line = words.substr(start, end - start);
    start = end + 1;
    const std::size_t mark = line.find(" | ");
    const bool excerpt =
        line.starts_with("  ") && mark != std::string::npos && line.find_first_not_of(" 0123456789") == mark + 1;
    if (!excerpt) kept.append(kept.empty() ? "" : "\n").append(line);
  }
  return kept;
}

class Folder {
 public:
  Folder() {
    std::string name = "/tmp/daydream-test-XXXXXX";
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << content;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace daydream::testing
