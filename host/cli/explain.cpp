#include "cli/explain.hpp"

#include <algorithm>
#include <iterator>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

constexpr std::size_t kWidestName = 44, kWidestValue = 60;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

// What is in force and not given, below an object of both; `given` may be nothing. The schema has limited the depth.
void add_defaults(const json::Value& in_force, const json::Value* given, const std::string& pointer,
                  const std::string& plugin, std::vector<manifest::Origin>& origins) {
  for (const auto& member : in_force.GetObject()) {
    const std::string name = json::string_of(member.name);
    const std::string place = pointer + "/" + json::pointer_part(name);
    const json::Value* said = given != nullptr ? json::find(*given, name.c_str()) : nullptr;
    const bool inner = member.value.IsObject() && member.value.MemberCount() > 0;
    if (inner && (said == nullptr || said->IsObject()))
      add_defaults(member.value, said, place, plugin, origins);
    else if (said == nullptr)
      origins.push_back({place, json::write(member.value), "", 0, "of plugin " + plugin});
  }
}

void add_step(const pipeline::PreparedStep& step, std::vector<manifest::Origin>& origins) {
  const auto in_force = json::Text::parse(step.config, {.name = "configuration", .positions = false});
  const auto given = json::Text::parse(step.manifest.config, {.name = "configuration", .positions = false});
  if (!in_force || !given || !in_force->root().IsObject()) return;
  const auto& descriptor = step.plugin.descriptor;
  add_defaults(in_force->root(), &given->root(), step.manifest.config_pointer, descriptor.id + " " + descriptor.version,
               origins);
}

}  // namespace

std::vector<manifest::Origin> with_plugin_defaults(const manifest::Loaded& loaded,
                                                   const std::vector<pipeline::PreparedStep>& steps) {
  std::vector<manifest::Origin> origins = loaded.origins;
  for (const pipeline::PreparedStep& step : steps) {
    // Of the manifest as it is written: prepared steps stand in the order in which they run.
    const std::string& config = step.manifest.config_pointer;
    const std::string of_step = config.substr(0, config.rfind('/') + 1);
    const auto last = std::find_if(origins.rbegin(), origins.rend(),
                                   [&](const manifest::Origin& origin) { return origin.pointer.starts_with(of_step); });
    std::vector<manifest::Origin> more;
    add_step(step, more);
    origins.insert(last.base(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  return origins;
}

std::string explained(const std::vector<manifest::Origin>& origins) {
  std::string lines;
  for (const manifest::Origin& origin : origins) {
    const std::string name = text::escape_terminal(json::readable_pointer(origin.pointer));
    // No value of a manifest should be a secret; one that is there by mistake is not shown again.
    const std::string value = text::escape_terminal(text::shorten(text::mask(origin.value), 400));
    lines.append(padded(name, kWidestName)).append("  ").append(padded(value, kWidestValue)).append("  ");
    lines.append(origin.line == 0 ? "default" : origin.file + ":" + std::to_string(origin.line));
    if (!origin.note.empty()) lines.append("  (").append(text::escape_terminal(origin.note)).append(")");
    lines += '\n';
  }
  return lines;
}

}  // namespace daydream::cli
