#include "changes/night.hpp"
#include "daydream/kit/json.hpp"

namespace daydream::changes {

namespace {

void write_strings(json::Writer& writer, std::string_view name, const std::vector<std::string>& values) {
  writer.key(name).begin_array();
  for (const auto& value : values) writer.value(value);
  writer.end_array();
}

}  // namespace

std::string Night::to_json() const {
  json::Writer writer;
  writer.begin_object().field("ref", ref).field("base", base).field("tip", tip);
  writer.key("commits").begin_array();
  for (const NightCommit& commit : commits) {
    writer.begin_object().field("id", commit.id).field("run", commit.run).field("step", commit.step);
    writer.field("rule", commit.rule);
    write_strings(writer, "findings", commit.findings);
    write_strings(writer, "contents", commit.contents);
    writer.end_object();
  }
  writer.end_array().end_object();
  return writer.take();
}

Result<Night> Night::from_json(std::string_view text) {
  json::ParseOptions options;
  options.name = "night";
  options.positions = false;
  auto parsed = json::Text::parse(text, options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return Error(ErrorKind::kDamaged, "night: not an object");
  Night night{json::get_string(root, "ref"), json::get_string(root, "base"), json::get_string(root, "tip"), {}};
  const json::Value* commits = json::find(root, "commits");
  if (commits == nullptr || !commits->IsArray()) return night;
  for (const json::Value& entry : commits->GetArray()) {
    if (!entry.IsObject()) return Error(ErrorKind::kDamaged, "night: a commit is not an object");
    night.commits.push_back({json::get_string(entry, "id"), json::get_string(entry, "run"),
                             json::get_string(entry, "step"), json::get_string(entry, "rule"),
                             json::get_strings(entry, "findings"), json::get_strings(entry, "contents")});
  }
  return night;
}

}  // namespace daydream::changes
