#include "plugins/docs_update/routes.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/keys.hpp"

namespace daydream::docs {
namespace {

constexpr std::array<std::string_view, 7> kMethods = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"};

bool method(std::string_view word) {
  return std::find(kMethods.begin(), kMethods.end(), word) != kMethods.end();
}

bool path_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
         std::string_view("_-./{}<>:$%~@+()").find(c) != std::string_view::npos;
}

// The run of path characters at `at`, without the marks that end a sentence.
std::string_view path_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && path_character(text[end])) ++end;
  std::string_view path = text.substr(at, end - at);
  while (!path.empty() && std::string_view(".:,)>").find(path.back()) != std::string_view::npos) {
    if (path.back() == ')' && path.find('(') != std::string_view::npos) break;
    if (path.back() == '>' && path.find('<') != std::string_view::npos) break;
    path.remove_suffix(1);
  }
  return path;
}

// A cell of a table without its marks.
std::string_view bare_cell(std::string_view cell) {
  cell = text::trim(cell);
  while (!cell.empty() && std::string_view("`*_").find(cell.front()) != std::string_view::npos) cell.remove_prefix(1);
  while (!cell.empty() && std::string_view("`*_").find(cell.back()) != std::string_view::npos) cell.remove_suffix(1);
  return cell;
}

void add(std::vector<Endpoint>& found, std::string_view method_name, std::string_view path, std::uint32_t line) {
  Endpoint endpoint{std::string(method_name), std::string(path), {}, line};
  if (path.size() > 1 && path_parts(path, endpoint.parts) && !endpoint.parts.empty()) {
    found.push_back(std::move(endpoint));
  }
}

// "| GET | `/users` |", in any order of its cells.
bool table_row(std::string_view line, std::uint32_t number, std::vector<Endpoint>& found) {
  const std::string_view trimmed = text::trim(line);
  if (!trimmed.starts_with('|')) return false;
  std::vector<std::string_view> methods;
  std::string_view path;
  for (const std::string_view cell : text::split(trimmed, '|')) {
    const std::string_view bare = bare_cell(cell);
    if (method(bare)) methods.push_back(bare);
    if (path.empty() && bare.starts_with('/') && path_at(bare, 0) == bare) path = bare;
  }
  if (methods.empty() || path.empty()) return false;
  for (const std::string_view each : methods) add(found, each, path, number);
  return true;
}

void endpoints_of_line(std::string_view line, std::uint32_t number, std::vector<Endpoint>& found) {
  if (table_row(line, number, found)) return;
  for (std::size_t at = 0; at < line.size();) {
    if (std::isupper(static_cast<unsigned char>(line[at])) == 0) {
      ++at;
      continue;
    }
    std::size_t end = at;
    while (end < line.size() && std::isalpha(static_cast<unsigned char>(line[end])) != 0) ++end;
    const std::string_view word = line.substr(at, end - at);
    const bool whole = at == 0 || std::isalnum(static_cast<unsigned char>(line[at - 1])) == 0;
    at = end;
    if (!whole || !method(word)) continue;
    std::size_t next = end;
    while (next < line.size() && next < end + 6 &&
           std::string_view(" `*:\t").find(line[next]) != std::string_view::npos)
      ++next;
    if (next == end || next >= line.size() || line[next] != '/') continue;
    add(found, word, path_at(line, next), number);
    at = next;
  }
}

}  // namespace

bool path_parts(std::string_view path, std::vector<std::string>& parts) {
  path = path.substr(0, path.find_first_of("?#"));
  for (std::string_view part : text::split(path, '/')) {
    if (part.empty()) continue;
    if (part.find('*') != std::string_view::npos || part == "..." || part.size() > 200) return false;
    const char first = part.front();
    const bool parameter = first == ':' || first == '<' || first == '{' || first == '$' || first == '(' ||
                           part.find('{') != std::string_view::npos || part.find('<') != std::string_view::npos;
    parts.push_back(parameter ? "{}" : std::string(part));
  }
  return true;
}

bool serves(const Route& route, const std::vector<std::string>& documented) {
  if (documented.size() < route.parts.size() || route.parts.empty()) return false;
  const std::size_t shift = documented.size() - route.parts.size();
  bool literal = false;
  for (std::size_t i = 0; i < route.parts.size(); ++i) {
    if (route.parts[i] == "{}") continue;
    if (route.parts[i] != documented[shift + i]) return false;
    literal = true;
  }
  return literal || shift == 0;
}

std::vector<Endpoint> endpoints_in(std::string_view content,
                                   const std::vector<std::pair<std::uint32_t, std::uint32_t>>& skip) {
  std::vector<Endpoint> found;
  std::uint32_t number = 0;
  std::size_t block = 0;
  for (const std::string_view line : text::split(content, '\n')) {
    ++number;
    while (block < skip.size() && skip[block].second < number) ++block;
    if (block < skip.size() && skip[block].first <= number) continue;
    if (line.size() < 5000) endpoints_of_line(line, number, found);
  }
  return found;
}

std::vector<std::vector<std::string>> paths_in(std::string_view content) {
  std::vector<std::vector<std::string>> found;
  for (std::size_t at = content.find('/'); at != std::string_view::npos; at = content.find('/', at)) {
    const std::string_view path = path_at(content, at);
    if (path.size() > 1 && path.size() < 300) {
      std::vector<std::string> parts;
      if (path_parts(path, parts) && !parts.empty()) found.push_back(std::move(parts));
    }
    at += std::max<std::size_t>(path.size(), 1);
  }
  return found;
}

bool openapi_endpoints(std::string_view path, std::string_view content, std::vector<Endpoint>& found) {
  const std::string_view head = content.substr(0, 4000);
  if (head.find("openapi") == std::string_view::npos && head.find("swagger") == std::string_view::npos) return false;
  const auto keys = read_keys(path, content);
  if (!keys) return false;
  const bool is_one = std::any_of(keys->begin(), keys->end(), [](const Key& key) {
    return key.path.size() == 1 && (key.path[0] == "openapi" || key.path[0] == "swagger") && key.scalar;
  });
  if (!is_one) return false;
  for (const Key& key : *keys) {
    if (key.in_list || key.path.size() != 3 || key.path[0] != "paths" || !key.path[1].starts_with('/')) continue;
    std::string name = key.path[2];
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    if (method(name)) add(found, name, key.path[1], key.line);
  }
  return true;
}

}  // namespace daydream::docs
