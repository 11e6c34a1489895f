#include "plugins/sentry_review/code/candidates.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/judge/suggest.hpp"

namespace daydream::sentry {
namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::string percent_decoded(std::string_view path) {
  std::string out;
  for (std::size_t i = 0; i < path.size(); ++i) {
    const int high = path[i] == '%' && i + 2 < path.size() ? hex_value(path[i + 1]) : -1;
    const int low = high >= 0 ? hex_value(path[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += path[i];
    }
  }
  return out;
}

// Takes "scheme://host" off; says whether what remains begins at some root.
bool take_scheme(std::string& path) {
  const std::size_t at = path.find("://");
  if (at == std::string::npos || at > 40) return path.starts_with('/');
  const std::string scheme = path.substr(0, at);
  std::string rest = path.substr(at + 3);
  const std::size_t slash = rest.find('/');
  path = slash == std::string::npos ? "" : rest.substr(slash + 1);
  // A bundler's or app's own scheme counts from the project; the rest from a machine or server.
  return scheme == "file" || scheme == "http" || scheme == "https" || scheme.ends_with(" https") ||
         scheme.ends_with(" http");
}

std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts;
  for (const std::string_view part : text::split(path, '/')) {
    if (part.empty() || part == "." || part == "~") continue;
    if (part == "..") {
      if (!parts.empty()) parts.pop_back();
      continue;
    }
    parts.emplace_back(part);
  }
  return parts;
}

std::string basename_of(std::string_view path) {
  bool rooted = false;
  auto parts = path_parts(path, rooted);
  return parts.empty() ? "" : parts.back();
}

std::vector<std::string> split_name(std::string_view name, std::string_view separators) {
  std::vector<std::string> parts{""};
  for (const char c : name) {
    if (separators.find(c) != std::string_view::npos) {
      if (!parts.back().empty()) parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.back().empty()) parts.pop_back();
  return parts;
}

void add(std::vector<Alternative>& list, std::vector<std::string> folder, const std::string& file, bool rooted,
         bool proof) {
  folder.push_back(file);
  list.push_back({std::move(folder), rooted, proof});
}

void python_paths(const Frame& frame, std::vector<Alternative>& list) {
  auto parts = split_name(frame.module, ".");
  if (parts.empty() || frame.module.starts_with("__main__")) return;
  add(list, parts, "__init__.py", false, false);
  std::string file = parts.back() + ".py";
  parts.pop_back();
  list.insert(list.begin(), Alternative{});
  parts.push_back(file);
  list.front().parts = parts;
}

// "com.acme.Foo$Bar" in Foo.java or Foo.kt.
void java_paths(const Frame& frame, std::vector<Alternative>& list) {
  auto parts = split_name(std::string_view(frame.module).substr(0, frame.module.find('$')), ".");
  if (parts.empty()) return;
  const std::string name = parts.back();
  parts.pop_back();
  const std::string file = basename_of(frame.filename);
  if (file.find('.') != std::string::npos) {
    add(list, parts, file, false, false);
    return;
  }
  for (const char* extension : {".java", ".kt", ".scala", ".groovy"}) add(list, parts, name + extension, false, false);
}

// A namespace need not follow the folders: the tail that does must be proven.
void dotnet_paths(const Frame& frame, std::vector<Alternative>& list) {
  auto parts = split_name(std::string_view(frame.module).substr(0, frame.module.find_first_of("+`<")), ".");
  if (parts.size() < 2) return;
  const std::string file = parts.back() + ".cs";
  parts.pop_back();
  add(list, parts, file, true, true);
}

void go_paths(const Frame& frame, std::vector<Alternative>& list) {
  const std::string file = basename_of(frame.filename.empty() ? frame.abs_path : frame.filename);
  if (frame.module.find('/') == std::string::npos || !file.ends_with(".go")) return;
  add(list, split_name(frame.module, "/"), file, true, false);
}

// "App\Http\Controllers\Foo::bar": PSR-4 gives the last parts of the path.
void php_paths(const Frame& frame, std::vector<Alternative>& list) {
  const std::string& name = frame.function.find('\\') != std::string::npos ? frame.function : frame.module;
  auto parts = split_name(std::string_view(name).substr(0, name.find("::")), "\\");
  if (parts.size() < 2) return;
  const std::string file = parts.back() + ".php";
  parts.pop_back();
  add(list, parts, file, true, true);
}

void script_paths(const Frame& frame, std::vector<Alternative>& list) {
  if (frame.module.find('/') == std::string::npos) return;
  const auto parts = split_name(frame.module, "/");
  for (const char* extension : {".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte"}) {
    auto with = parts;
    with.back() += extension;
    list.push_back({std::move(with), false, true});
  }
}

}  // namespace

std::vector<std::string> path_parts(std::string_view path, bool& rooted) {
  std::string clean_path(path.substr(0, path.find('?')));
  std::replace(clean_path.begin(), clean_path.end(), '\\', '/');
  rooted = false;
  if (clean_path.starts_with('<') || clean_path.starts_with('[') || clean_path.starts_with("node:")) return {};
  if (clean_path.size() > 2 && clean_path[1] == ':' && clean_path[2] == '/') {
    rooted = true;
    clean_path.erase(0, 2);
  } else {
    rooted = take_scheme(clean_path);
  }
  return parts_of(percent_decoded(clean_path));
}

Match match_suffix(const Tree& tree, const std::vector<std::string>& parts, bool rooted) {
  Match best;
  if (parts.empty()) return best;
  std::size_t best_length = 0;
  bool best_whole = false;
  for (const std::uint32_t file : tree.named(parts.back())) {
    const auto theirs = text::split(tree.path(file), '/');
    std::size_t length = 0;
    while (length < parts.size() && length < theirs.size() &&
           theirs[theirs.size() - 1 - length] == parts[parts.size() - 1 - length]) {
      ++length;
    }
    const bool whole = length == theirs.size() || (length == parts.size() && !rooted);
    if (length < 2 && !whole) continue;
    const bool better = best.files.empty() || length > best_length || (length == best_length && whole && !best_whole);
    if (better) best.files.clear();
    if (better || (length == best_length && whole == best_whole)) best.files.push_back(file);
    if (better) {
      best_length = length;
      best_whole = whole;
    }
  }
  best.needs_proof = best.files.size() != 1 || !best_whole || best_length < 2;
  best.suffix = text::join({parts.end() - static_cast<std::ptrdiff_t>(best_length), parts.end()}, "/");
  return best;
}

std::vector<Alternative> module_paths(const Frame& frame, std::string_view platform) {
  std::vector<Alternative> list;
  const std::string family = family_of(platform);
  if (family == "python" && !frame.module.empty()) python_paths(frame, list);
  if (family == "java" && !frame.module.empty()) java_paths(frame, list);
  if (family == "dotnet" && !frame.module.empty()) dotnet_paths(frame, list);
  if (family == "go" && !frame.module.empty()) go_paths(frame, list);
  if (family == "php") php_paths(frame, list);
  if (family == "javascript" && !frame.module.empty()) script_paths(frame, list);
  return list;
}

}  // namespace daydream::sentry
