#include <algorithm>
#include <set>

#include "daydream/kit/text.hpp"
#include "rules.hpp"

namespace daydream::layout {

namespace {

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [path](std::string_view end) { return path.ends_with(end); });
}

// The end of the comment, string or character that begins at `at`; `at` itself when none does.
std::size_t end_of_uncode(std::string_view source, std::size_t at) {
  const auto after = [source](std::size_t found, std::size_t size) {
    return found == std::string_view::npos ? source.size() : found + size;
  };
  if (source.substr(at, 2) == "//") return std::min(source.find('\n', at), source.size());
  if (source.substr(at, 2) == "/*") return after(source.find("*/", at + 2), 2);
  if (source.substr(at, 2) == "R\"") {
    const std::size_t open = std::min(source.find('(', at), source.size());
    const std::string close = ")" + std::string(source.substr(at + 2, open - at - 2)) + "\"";
    return after(source.find(close, open), close.size());
  }
  const bool digit_separator = source[at] == '\'' && at > 0 && source[at - 1] >= '0' && source[at - 1] <= '9';
  if ((source[at] != '"' && source[at] != '\'') || digit_separator) return at;
  std::size_t end = at + 1;
  while (end < source.size() && source[end] != source[at] && source[end] != '\n') end += source[end] == '\\' ? 2 : 1;
  return std::min(end + 1, source.size());
}

}  // namespace

bool is_header(std::string_view path) {
  return ends_with_any(path, {".h", ".hpp"});
}
bool is_code(std::string_view path) {
  return is_header(path) || ends_with_any(path, {".c", ".cpp", ".cc"});
}

std::string code_only(std::string_view source) {
  std::string code;
  code.reserve(source.size());
  for (std::size_t at = 0; at < source.size();) {
    const std::size_t end = end_of_uncode(source, at);
    if (end == at) {
      code += source[at++];
      continue;
    }
    for (; at < end; ++at) code += source[at] == '\n' ? '\n' : ' ';
  }
  return code;
}

Complaints step_readmes(const Tree& tree) {
  const std::vector<std::string> headings = {"What it does", "Why", "When it stays silent", "Options", "Example"};
  std::set<std::string> steps;
  for (const auto& entry : tree) {
    const auto parts = text::split(entry.first, '/');
    if (parts.size() == 3 && parts[0] == "plugins" && parts[1] != "common" && parts[2] == "CMakeLists.txt")
      steps.emplace(parts[1]);
  }
  Complaints complaints;
  for (const std::string& step : steps) {
    const std::string path = "plugins/" + step + "/README.md";
    const auto readme = tree.find(path);
    if (readme == tree.end()) {
      complaints.push_back(path + ": is missing");
      continue;
    }
    std::size_t wanted = 0;
    for (const std::string_view line : text::split(readme->second, '\n')) {
      if (wanted < headings.size() && text::trim(line) == "## " + headings[wanted]) ++wanted;
    }
    if (wanted < headings.size())
      complaints.push_back(path + ": no heading \"## " + headings[wanted] +
                           "\"; all five, in order: " + text::join(headings, " / "));
  }
  return complaints;
}

Complaints top_level(const Tree& tree) {
  const std::set<std::string_view> known = {"CMakeLists.txt", "host",    "plugin-api",     "plugins",
                                            "config",         "tests",   "scripts",        "README.md",
                                            "CHANGELOG.md",   "LICENSE", "CONTRIBUTING.md"};
  std::set<std::string_view> strangers;
  for (const auto& entry : tree) {
    const std::string_view top = text::split(entry.first, '/').front();
    if (!top.starts_with('.') && !known.contains(top)) strangers.insert(top);
  }
  Complaints complaints;
  for (const std::string_view top : strangers)
    complaints.push_back(std::string(top) + ": does not belong at the top level");
  return complaints;
}

Complaints long_files(const Tree& tree, std::size_t most) {
  std::vector<std::pair<std::size_t, std::string>> found;
  for (const auto& [path, content] : tree) {
    const bool script = path.starts_with("scripts/") || ends_with_any(path, {".py", ".sh", ".cmake", "CMakeLists.txt"});
    const bool data = path.find("/data/") != std::string::npos || path.find("/corpus/") != std::string::npos ||
                      path.find("/tests/cases/") != std::string::npos;
    if ((!is_code(path) && !script) || data) continue;
    const auto lines = static_cast<std::size_t>(std::count(content.begin(), content.end(), '\n'));
    if (lines > most) found.emplace_back(lines, path);
  }
  std::sort(found.rbegin(), found.rend());
  Complaints complaints;
  for (const auto& [lines, path] : found) complaints.push_back(path + ": " + std::to_string(lines) + " lines");
  return complaints;
}

Complaints registries(const Tree& tree) {
  // In two halves each, or this file would complain about itself.
  const std::vector<std::string> names = {std::string("npm") + "js",
                                          std::string("yarn") + "pkg.com",
                                          std::string("pypi") + ".org",
                                          std::string("python") + "hosted.org",
                                          std::string("crates") + ".io",
                                          std::string("debian") + ".org",
                                          std::string("ubuntu") + ".com",
                                          std::string("ruby") + "gems.org",
                                          std::string("proxy.go") + "lang.org",
                                          std::string("pack") + "agist.org",
                                          std::string("nu") + "get.org",
                                          std::string("repo.maven.") + "apache.org",
                                          std::string("docker") + ".io",
                                          std::string("conda") + ".io"};
  Complaints complaints;
  for (const auto& [path, content] : tree) {
    const std::string lower = text::to_lower_ascii(content);
    for (const std::string& name : names) {
      const std::size_t at = lower.find(name);
      if (at == std::string::npos) continue;
      complaints.push_back(path + ":" + std::to_string(text::line_column(lower, at).line) + ": names the registry " +
                           name);
    }
  }
  return complaints;
}

Complaints silent_headers(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, content] : tree) {
    if (!is_header(path)) continue;
    const std::string_view start = text::trim(content);
    if (!start.starts_with("//") && !start.starts_with("/*"))
      complaints.push_back(path + ":1: does not open with a comment that says what it is for");
  }
  return complaints;
}

Complaints names_ctest_splits(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, content] : tree) {
    if (!path.ends_with(".cpp")) continue;
    for (const std::string_view line : text::split(content, '\n')) {
      if (!line.starts_with("TEST_CASE")) continue;
      const auto name = line.find('"'), end = line.find('"', name + 1);
      if (name != std::string_view::npos && line.substr(name, end - name).find(';') != std::string_view::npos)
        complaints.push_back(path + ": a semicolon in the name of a test: " + std::string(line));
    }
  }
  return complaints;
}

}  // namespace daydream::layout
