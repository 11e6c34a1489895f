// Where what a loaded manifest says stands in its files.
#include "manifest/excerpt.hpp"
#include "manifest/pipeline.hpp"
#include "manifest/tree.hpp"

namespace daydream::manifest {

std::string Loaded::where(std::string_view pointer) const {
  return tree->place(pointer).text();
}

std::optional<std::string> Loaded::final_by(std::string_view key) const {
  for (const Final& final : tree->finals)
    if (final.keys.size() == 1 && final.keys.front() == key) return final.place.line();
  return std::nullopt;
}

Error Loaded::error_at(std::string_view pointer, std::string_view message) const {
  return manifest::error_at(tree->place(pointer), message);
}

Error Loaded::config_error(const Step& step, const json::Problem& problem) const {
  const Place parent = tree->place(step.config_pointer + problem.pointer);
  const Place place = problem.key.empty()
                          ? parent
                          : tree->place(step.config_pointer + problem.pointer + "/" + json::pointer_part(problem.key));
  if (problem.key.empty() || !has_value(place.file->text.root(), place.pointer)) {
    return manifest::error_at(parent, problem.message);
  }
  const std::size_t cut = place.pointer.rfind('/');
  return error_of(*place.file, {"", problem.key, problem.message}, place.pointer.substr(0, cut));
}

}  // namespace daydream::manifest
