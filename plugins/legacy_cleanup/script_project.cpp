#include "plugins/legacy_cleanup/script_project.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "plugins/legacy_cleanup/script_paths.hpp"

namespace daydream::legacy {
namespace {

constexpr std::size_t kLongest = std::size_t{1} << 20;

bool configures(std::string_view name) {
  return name == "package.json" || name == "CMakeLists.txt" || name == "deno.json" || name == "deno.jsonc" ||
         name == "jsconfig.json" || (name.starts_with("tsconfig") && name.ends_with(".json")) ||
         name.starts_with("babel.config.") || name.starts_with(".babelrc");
}

// What stands behind "key" and its colon, spaces skipped.
std::string_view value_of(std::string_view text, std::string_view key) {
  const std::string quoted = "\"" + std::string(key) + "\"";
  const auto at = text.find(quoted);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + quoted.size());
  const auto colon = text.find_first_not_of(" \t\r\n");
  if (colon == std::string_view::npos || text[colon] != ':') return {};
  text.remove_prefix(colon + 1);
  const auto value = text.find_first_not_of(" \t\r\n");
  return value == std::string_view::npos ? std::string_view() : text.substr(value);
}

// The strings of "x" or ["x", "y"].
std::vector<std::string_view> strings_at(std::string_view value) {
  std::vector<std::string_view> found;
  const bool list = value.starts_with("[");
  const std::string_view part = list ? value.substr(0, value.find(']')) : value;
  for (auto open = part.find('"'); open != std::string_view::npos; open = part.find('"', open)) {
    const auto close = part.find('"', open + 1);
    if (close == std::string_view::npos) break;
    found.push_back(part.substr(open + 1, close - open - 1));
    if (!list) break;
    open = close + 1;
  }
  return found;
}

// Published configurations that leave dropping as it is.
bool plain_base(std::string_view name) {
  return name.starts_with("@tsconfig/recommended") || name.starts_with("@tsconfig/next") ||
         name.starts_with("@tsconfig/create-react-app") ||
         (name.starts_with("@tsconfig/node") && name.size() > 14 && name[14] >= '0' && name[14] <= '9');
}

bool keeps_imports(std::string_view text) {
  for (const std::string_view key : {"verbatimModuleSyntax", "preserveValueImports", "erasableSyntaxOnly"}) {
    if (value_of(text, key).starts_with("true")) return true;
  }
  const std::string_view old = value_of(text, "importsNotUsedAsValues");
  return !old.empty() && !old.starts_with("\"remove\"");
}

// ">=18.0.0", "^20", "18.x || 20": the lowest major that is named; 0 where none is.
int lowest_major(std::string_view range) {
  int lowest = 0;
  if (range.find('<') < range.find('>')) return 0;
  for (std::size_t at = 0; at < range.size();) {
    if (range[at] < '0' || range[at] > '9') {
      ++at;
      continue;
    }
    int major = 0;
    const auto read = std::from_chars(range.data() + at, range.data() + range.size(), major);
    if (read.ec == std::errc() && major == 0) return 1;  // 0.10: older than all that counts
    if (read.ec == std::errc() && (lowest == 0 || major < lowest)) lowest = major;
    at = static_cast<std::size_t>(read.ptr - range.data());
    while (at < range.size() && (range[at] == '.' || range[at] == 'x' || (range[at] >= '0' && range[at] <= '9'))) ++at;
  }
  return lowest;
}

// "1.2.3" of project(x VERSION 1.2.3 ...).
std::string cmake_version(std::string_view text) {
  const auto at = text.find("project(");
  if (at == std::string_view::npos) return {};
  const std::string_view call = text.substr(at, text.find(')', at) - at);
  const auto word = call.find("VERSION");
  if (word == std::string_view::npos) return {};
  const auto begin = call.find_first_not_of(" \t\r\n", word + 7);
  if (begin == std::string_view::npos) return {};
  return std::string(call.substr(begin, call.find_first_not_of("0123456789.", begin) - begin));
}

}  // namespace

ScriptProjects::ScriptProjects(std::string root, const std::vector<std::string>& paths) : root_(std::move(root)) {
  for (const std::string& path : paths) {
    const std::string_view folder = folder_of(path);
    const std::string_view name = std::string_view(path).substr(folder.empty() ? 0 : folder.size() + 1);
    if (configures(name)) by_folder_[std::string(folder)].emplace_back(name);
  }
}

bool ScriptProjects::listed(const std::string& path) const {
  const std::string_view folder = folder_of(path);
  const std::string_view name = std::string_view(path).substr(folder.empty() ? 0 : folder.size() + 1);
  const auto here = by_folder_.find(std::string(folder));
  return here != by_folder_.end() && std::find(here->second.begin(), here->second.end(), name) != here->second.end();
}

std::string ScriptProjects::content(const std::string& path) const {
  std::error_code failed;
  const std::filesystem::path file = std::filesystem::path(root_) / path;
  if (root_.empty() || !std::filesystem::is_regular_file(std::filesystem::symlink_status(file, failed)) ||
      std::filesystem::file_size(file, failed) > kLongest || failed) {
    return {};
  }
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

const ScriptProject& ScriptProjects::of(std::string_view path) {
  const std::string folder(folder_of(path));
  const auto found = known_.find(folder);
  if (found != known_.end()) return found->second;
  return known_[folder] = read(folder);
}

bool ScriptProjects::drops_unused(const std::string& path, int depth, ScriptProject& project) {
  constexpr int kDeepest = 8;
  const std::string text = content(path);
  if (text.empty() || depth > kDeepest || keeps_imports(text)) return false;
  project.declares |=
      value_of(text, "declaration").starts_with("true") || value_of(text, "composite").starts_with("true");
  for (const std::string_view base : strings_at(value_of(text, "extends"))) {
    if (plain_base(base)) continue;
    if (!base.starts_with("./") && !base.starts_with("../")) return false;
    auto file = join_path(folder_of(path), base);
    if (!file) return false;
    if (!file->ends_with(".json")) *file += ".json";
    outside_ |= !listed(*file);
    if (!drops_unused(*file, depth + 1, project)) return false;
  }
  return true;
}

ScriptProject ScriptProjects::read(const std::string& folder) {
  ScriptProject project;
  bool configured = false, keeps = false, packaged = false;
  std::string at = folder;
  while (true) {
    const auto here = by_folder_.find(at);
    for (const std::string& name : here == by_folder_.end() ? std::vector<std::string>() : here->second) {
      const std::string path = at.empty() ? name : at + "/" + name;
      const std::string text = content(path);
      if (name == "CMakeLists.txt") {
        if (project.version.empty() && !packaged) project.version = cmake_version(text);
        continue;
      }
      if (name.starts_with("tsconfig")) {
        configured = true;
        keeps |= !drops_unused(path, 0, project);
      }
      keeps |= name.starts_with("deno.") || text.find("onlyRemoveTypeImports") != std::string::npos;
      for (const std::string_view key :
           {"jsxFactory", "jsxFragmentFactory", "pragma", "pragmaFrag", "reactNamespace"}) {
        for (const std::string_view value : strings_at(value_of(text, key))) {
          project.jsx_names += " " + std::string(value.substr(0, value.find('.')));
        }
      }
      if (name != "package.json" || packaged) continue;
      packaged = true;
      project.no_effects = value_of(text, "sideEffects").starts_with("false");
      if (const auto version = strings_at(value_of(text, "version")); !version.empty()) project.version = version[0];
      if (const auto node = strings_at(value_of(value_of(text, "engines"), "node")); !node.empty()) {
        project.node = lowest_major(node[0]);
      }
    }
    if (at.empty()) break;
    at = std::string(folder_of(at));
  }
  project.drops_unused = configured && !keeps;
  return project;
}

}  // namespace daydream::legacy
