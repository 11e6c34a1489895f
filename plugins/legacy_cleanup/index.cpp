#include "plugins/legacy_cleanup/index.hpp"

#include <algorithm>

namespace daydream::legacy {
namespace {

bool is_package(std::string_view path) {
  return path == "__init__.py" || path.ends_with("/__init__.py");
}

// Calls `visit` with "a.b.c", "b.c", "c" until it answers true.
template <class Visit>
bool any_suffix(std::string_view dotted, const Visit& visit) {
  while (true) {
    if (visit(dotted)) return true;
    const auto dot = dotted.find('.');
    if (dot == std::string_view::npos) return false;
    dotted.remove_prefix(dot + 1);
  }
}

}  // namespace

std::string module_of(std::string_view path) {
  if (is_package(path))
    path.remove_suffix(path == "__init__.py" ? path.size() : std::string_view("/__init__.py").size());
  const auto slash = path.rfind('/');
  const auto dot = path.rfind('.');
  if (dot != std::string_view::npos && (slash == std::string_view::npos || dot > slash)) path = path.substr(0, dot);
  std::string module(path);
  std::replace(module.begin(), module.end(), '/', '.');
  return module;
}

std::string Index::absolute(std::string_view of, bool package, std::string_view module) {
  std::size_t dots = 0;
  while (dots < module.size() && module[dots] == '.') ++dots;
  if (dots == 0) return std::string(module);
  std::string_view base = of;
  for (std::size_t up = package ? 1 : 0; up < dots; ++up) {
    const auto dot = base.rfind('.');
    base = dot == std::string_view::npos ? std::string_view() : base.substr(0, dot);
  }
  std::string result(base);
  const std::string_view rest = module.substr(dots);
  if (!result.empty() && !rest.empty()) result += '.';
  return result.append(rest);
}

void Index::add(std::string_view path, const Facts& facts) {
  const std::string own = module_of(path);
  const bool package = is_package(path);
  files_[std::string(path)] = {facts.acts, facts.fixtures};
  any_suffix(own, [&](std::string_view suffix) {
    by_suffix_[std::string(suffix)].emplace_back(path);
    return false;
  });
  std::unordered_set<std::string> imported;
  for (const Import& import : facts.imports) {
    const std::string module = absolute(own, package, import.module);
    imported.insert(module);
    if (import.name == "*") {
      stars_.insert(module);
    } else if (!import.name.empty()) {
      const std::string name = module.empty() ? import.name : module + "." + import.name;
      take(name);
      imported.insert(name);
    }
  }
  for (const std::string& reference : facts.references) {
    const std::string name = absolute(own, package, reference);
    take(name);
    if (!imported.contains(name)) relied_.insert(name);
  }
  for (const std::string& dotted : facts.dotted) take(dotted);
  if (!facts.words.empty()) {
    for (const std::string& word : facts.words) words_[word].push_back(worded_);
    for (const std::string& module : imported) worded_modules_[module].push_back(worded_);
    ++worded_;
  }
  for (const std::string& name : facts.loose) loose_.insert(name);
  for (const std::string& module : imported) ++importers_[module];
}

bool Index::taken_by_word(const std::string& module, const std::string& name) const {
  const auto readers = words_.find(name);
  const auto importers = worded_modules_.find(module);
  if (readers == words_.end() || importers == worded_modules_.end()) return false;
  const auto& shorter = readers->second.size() < importers->second.size() ? readers->second : importers->second;
  const auto& longer = &shorter == &readers->second ? importers->second : readers->second;
  return std::any_of(shorter.begin(), shorter.end(),
                     [&](std::uint32_t file) { return std::binary_search(longer.begin(), longer.end(), file); });
}

bool Index::taken(std::string_view path, std::string_view name) const {
  const std::string wanted(name);
  if (loose_.contains(wanted)) return true;
  return any_suffix(module_of(path), [&](std::string_view suffix) {
    const std::string module(suffix);
    return stars_.contains(module) || taken_.contains(module + "." + wanted) || taken_by_word(module, wanted);
  });
}

std::vector<std::string> Index::own_files(std::string_view path, std::string_view module) const {
  const std::string wanted = absolute(module_of(path), is_package(path), module);
  const auto found = by_suffix_.find(wanted);
  if (found == by_suffix_.end()) return {};
  if (!module.starts_with('.')) return found->second;
  std::vector<std::string> exact;
  for (const std::string& candidate : found->second) {
    if (module_of(candidate) == wanted) exact.push_back(candidate);
  }
  return exact;
}

std::size_t Index::importers(std::string_view path) const {
  std::size_t most = 0;
  any_suffix(module_of(path), [&](std::string_view module) {
    const auto found = importers_.find(std::string(module));
    if (found != importers_.end()) most = std::max(most, found->second);
    return false;
  });
  return most;
}

bool Index::acts_on_import(std::string_view path) const {
  const auto found = files_.find(std::string(path));
  return found == files_.end() || found->second.acts;
}

bool Index::fixture(std::string_view path, std::string_view name) const {
  const auto found = files_.find(std::string(path));
  if (found == files_.end()) return false;
  const auto& fixtures = found->second.fixtures;
  return std::find(fixtures.begin(), fixtures.end(), name) != fixtures.end();
}

}  // namespace daydream::legacy
