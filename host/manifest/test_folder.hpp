// A temporary folder for tests.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "manifest/load.hpp"

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

// Manifests of a team in `own/`, of the machine in `etc/`, of the installation in `share/`.
class Shelved : public Folder {
 public:
  Shelved() {
    options.shelves.machine = path() / "etc";
    options.shelves.installed = path() / "share";
    write("share/daydream.json",
          R"({"manifest": 1, "steps": [{"id": "a", "plugin": "a"}, {"id": "z", "plugin": "z"}]})");
    write("share/teams/web.json", R"({"manifest": 1, "extends": ["daydream"], "mode": "patch"})");
  }

  void own(const std::string& text) const { write("own/m.json", text); }
  [[nodiscard]] Result<manifest::Loaded> load() const { return manifest::load(path() / "own/m.json", options); }
  // What is said against it, with the folder of the test left out of it.
  [[nodiscard]] std::string why(bool with_excerpts = false) const {
    const auto loaded = load();
    if (loaded) return "accepted";
    std::string words = with_excerpts ? loaded.error().message() : without_excerpts(loaded.error().message());
    for (auto at = words.find(path().native()); at != std::string::npos; at = words.find(path().native())) {
      words.erase(at, path().native().size());
    }
    return words;
  }
  [[nodiscard]] std::string ids() const {
    const auto loaded = load();
    if (!loaded) return loaded.error().message();
    std::string all;
    for (const auto& step : loaded->pipeline.steps) all.append(all.empty() ? "" : " ").append(step.id);
    return all;
  }

  manifest::LoadOptions options;
};

}  // namespace daydream::testing
