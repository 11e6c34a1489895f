#include "changes/live_places.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "base/files.hpp"
#include "changes/git_writer.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

bool is_interpreter_cache(std::string_view path) {
  for (std::string_view part : text::split(path, '/')) {
    for (std::string_view cache : {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"}) {
      if (part == cache) return true;
    }
  }
  return path.size() > 4 && path.substr(path.size() - 4) == ".pyc";
}

bool is_protected(std::string_view path) {
  for (std::string_view part : text::split(path, '/')) {
    if (part == ".git" || part == ".venv" || part == "node_modules") return true;
  }
  return false;
}

bool in_nested_repository(const Path& root, std::string_view path) {
  Path folder = root;
  for (std::string_view part : text::split(path, '/')) {
    folder /= part;
    if (files::exists(folder / ".git")) return true;
  }
  return false;
}

bool lies_within(const Path& place, const Path& folder) {
  if (folder.empty()) return false;
  std::error_code failed;
  Path real_folder = std::filesystem::weakly_canonical(folder, failed);
  Path real_place = std::filesystem::weakly_canonical(place.parent_path(), failed) / place.filename();
  auto at = real_place.begin();
  for (const auto& part : real_folder) {
    if (at == real_place.end() || *at != part) return false;
    ++at;
  }
  return true;
}

Result<std::set<std::string>> ignored_files(const Path& root, const std::string& path) {
  auto outcome = GitWriter(root).run(
      {{"--literal-pathspecs", "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", path}, "", {}});
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return std::set<std::string>();  // under no git: nothing is known to be ignored
  auto records = split_records(outcome->output);
  return std::set<std::string>(records.begin(), records.end());
}

}  // namespace daydream::changes
