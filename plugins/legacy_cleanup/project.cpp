#include "plugins/legacy_cleanup/project.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::legacy {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;

std::optional<std::string> read_file(const std::string& root, const std::string& path) {
  auto content = walk::read_beneath(root, path, kLargest);
  if (!content) return std::nullopt;
  return std::move(*content);
}

std::string_view unquoted(std::string_view value) {
  value = text::trim(value);
  if (value.empty() || (value.front() != '"' && value.front() != '\'')) return {};
  const auto end = value.find(value.front(), 1);
  return end == std::string_view::npos ? std::string_view() : value.substr(1, end - 1);
}

// `key = value` of a section, for TOML and INI alike; the value as it stands.
std::string_view value_of(std::string_view content, std::string_view section, std::string_view key) {
  bool inside = false;
  for (const std::string_view raw : text::split(content, '\n')) {
    const std::string_view line = text::trim(raw);
    if (line.starts_with("[")) inside = line.starts_with(section);
    if (!inside || !line.starts_with(key)) continue;
    const std::string_view rest = text::trim(line.substr(key.size()));
    if (rest.starts_with("=")) return text::trim(rest.substr(1));
  }
  return {};
}

// `name="value"` of a call in setup.py, where it is a plain string.
std::string_view argument_of(std::string_view content, std::string_view name) {
  for (auto at = content.find(name); at != std::string_view::npos; at = content.find(name, at + 1)) {
    const bool word = at == 0 || std::string_view(" \t\n(,").find(content[at - 1]) != std::string_view::npos;
    const std::string_view rest = text::trim(content.substr(at + name.size(), 200));
    if (word && rest.starts_with("=")) return unquoted(rest.substr(1));
  }
  return {};
}

// "Programming Language :: Python :: 3.8": the lowest named, where no Python 2 is.
int by_classifiers(std::string_view content) {
  constexpr std::string_view kBegin = "Programming Language :: Python :: ";
  int lowest = Project::kUnknown;
  for (auto at = content.find(kBegin); at != std::string_view::npos; at = content.find(kBegin, at + 1)) {
    const std::string_view rest = content.substr(at + kBegin.size());
    if (rest.starts_with("2")) return Project::kUnknown;
    int minor = Project::kUnknown;
    if (rest.starts_with("3.")) std::from_chars(rest.data() + 2, rest.data() + rest.size(), minor);
    if (minor >= 0 && (lowest < 0 || minor < lowest)) lowest = minor;
  }
  return lowest;
}

bool plain_version(std::string_view version) {
  return !version.empty() && version[0] >= '0' && version[0] <= '9' &&
         version.find_first_of(" {}$:\"'") == std::string_view::npos;
}

struct Number {
  std::vector<int> parts;
  bool early = false;  // "rc1", "a2", ".dev0"
};

Number number_of(std::string_view version) {
  Number number;
  while (!version.empty() && version[0] >= '0' && version[0] <= '9') {
    int part = 0;
    const auto read = std::from_chars(version.data(), version.data() + version.size(), part);
    number.parts.push_back(read.ec == std::errc() ? part : 0);
    version.remove_prefix(static_cast<std::size_t>(read.ptr - version.data()));
    if (!version.starts_with(".")) break;
    version.remove_prefix(1);
  }
  number.early = version.starts_with("a") || version.starts_with("b") || version.starts_with("rc") ||
                 version.starts_with("dev") || version.starts_with("-");
  while (!number.parts.empty() && number.parts.back() == 0) number.parts.pop_back();
  return number;
}

}  // namespace

int lowest_python(std::string_view specifier) {
  int lowest = Project::kUnknown;
  if (specifier.find('|') != std::string_view::npos) return lowest;
  for (std::string_view part : text::split(specifier, ',')) {
    part = text::trim(part);
    const auto digit = part.find_first_of("0123456789");
    if (digit == std::string_view::npos) continue;
    const std::string_view sign = text::trim(part.substr(0, digit));
    const bool bound = sign == ">=" || sign == "~=" || sign == "^" || sign == "~" || sign == "==" || sign == ">";
    if (!bound) continue;
    part.remove_prefix(digit);
    if (part[0] < '3') continue;
    int minor = 0;
    if (part.starts_with("3.")) std::from_chars(part.data() + 2, part.data() + part.size(), minor);
    if (part.starts_with("3")) lowest = std::max(lowest, minor);
  }
  return lowest;
}

int compare_versions(std::string_view a, std::string_view b) {
  const Number first = number_of(a), second = number_of(b);
  if (first.parts != second.parts) return first.parts < second.parts ? -1 : 1;
  return first.early == second.early ? 0 : first.early ? -1 : 1;
}

bool Projects::read(const std::string& folder, Project& project) const {
  bool any = false;
  const auto take = [&](int minor, std::string_view source, std::string_view words) {
    if (project.python_minor >= 0 || minor < 0) return;
    project.python_minor = minor;
    project.python_source = std::string(source) + " says Python " + std::string(words);
  };
  const auto version = [&](std::string_view found) {
    if (project.version.empty() && plain_version(found)) project.version = found;
  };
  std::string classified;
  if (const auto toml = read_file(root_, folder + "pyproject.toml")) {
    const std::string_view needs = unquoted(value_of(*toml, "[project]", "requires-python"));
    const std::string_view poetry = unquoted(value_of(*toml, "[tool.poetry.dependencies]", "python"));
    any = !needs.empty() || !poetry.empty() || toml->find("[project]") != std::string::npos;
    take(lowest_python(needs), "pyproject.toml", needs);
    take(lowest_python(poetry), "pyproject.toml", poetry);
    version(unquoted(value_of(*toml, "[project]", "version")));
    version(unquoted(value_of(*toml, "[tool.poetry]", "version")));
    classified += *toml;
  }
  if (const auto cfg = read_file(root_, folder + "setup.cfg")) {
    const std::string_view needs = value_of(*cfg, "[options]", "python_requires");
    any |= !needs.empty() || cfg->find("[metadata]") != std::string::npos;
    take(lowest_python(needs), "setup.cfg", needs);
    version(value_of(*cfg, "[metadata]", "version"));
    classified += *cfg;
  }
  if (const auto setup = read_file(root_, folder + "setup.py")) {
    any = true;
    const std::string_view needs = argument_of(*setup, "python_requires");
    take(lowest_python(needs), "setup.py", needs);
    version(argument_of(*setup, "version"));
    classified += *setup;
  }
  const int by = by_classifiers(classified);
  // A specifier was given and not understood: classifiers do not outweigh it.
  const bool said = classified.find("requires-python") != std::string::npos ||
                    classified.find("python_requires") != std::string::npos;
  if (!said) take(by, "a classifier", "3." + std::to_string(by));
  return any;
}

const Project& Projects::of_folder(const std::string& folder) {
  if (const auto known = known_.find(folder); known != known_.end()) return known->second;
  Project project;
  const bool own = !root_.empty() && read(folder, project);
  if (!own && !folder.empty()) {
    const auto slash = folder.rfind('/', folder.size() - 2);
    project = of_folder(slash == std::string::npos ? "" : folder.substr(0, slash + 1));
  }
  if (configured_ > 0) {
    project.python_minor = configured_;
    project.python_source = "the configuration says Python >=3." + std::to_string(configured_);
  }
  return known_[folder] = project;
}

const Project& Projects::of(std::string_view path) {
  const auto slash = path.rfind('/');
  const std::string folder(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash + 1));
  // From the outermost in, so that no depth of folders is a depth of calls.
  of_folder("");
  for (std::size_t at = folder.find('/'); at != std::string::npos; at = folder.find('/', at + 1)) {
    of_folder(folder.substr(0, at + 1));
  }
  return of_folder(folder);
}

}  // namespace daydream::legacy
