#include "pipeline/night_record.hpp"

#include <utility>

#include "daydream/kit/json.hpp"
#include "report/identity.hpp"

namespace daydream::pipeline {

Result<changes::Night> load_night(checkpoint::Store& store) {
  auto value = store.host_value("night");
  if (!value) return std::move(value.error());
  if (!*value) return changes::Night{};
  return changes::Night::from_json(**value);
}

Result<void> record_night(checkpoint::Store& store, const checkpoint::Run& run, const std::string& step,
                          const std::map<std::uint64_t, Finding>& findings, const changes::Published& published,
                          checkpoint::Transaction& transaction) {
  if (published.commits.empty()) return {};
  auto night = load_night(store);
  if (!night) return std::move(night.error());
  // One commit a rule, made in order of rule name.
  std::map<std::pair<std::string, std::string>, changes::NightCommit> commits;
  for (const auto& [number, commit] : published.commits) {
    const Finding& finding = findings.at(number);
    const auto named = published.rules.find(commit);
    const std::string& rule = named == published.rules.end() ? finding.rule : named->second;
    auto& entry = commits[{rule, commit}];
    entry.id = commit;
    entry.run = run.id;
    entry.step = step;
    entry.rule = rule;
    entry.findings.push_back(finding.id);
    entry.contents.push_back(report::content_fingerprint(finding));
  }
  for (auto& [key, commit] : commits) night->commits.push_back(std::move(commit));
  night->tip = published.tip;
  if (!published.ref.empty()) night->ref = published.ref;
  transaction.put_host("night", night->to_json());
  return {};
}

std::string json_array(const std::vector<std::string>& items) {
  json::Writer writer;
  writer.begin_array();
  for (const auto& item : items) writer.value(item);
  writer.end_array();
  return writer.take();
}

std::string with_member(const std::string& object, const std::string& key, const std::string& value) {
  std::map<std::string, std::string> members;
  auto parsed = json::Text::parse(object.empty() ? "{}" : object, {.name = "record", .positions = false});
  if (parsed && parsed->root().IsObject()) {
    for (const auto& item : parsed->root().GetObject()) members[json::string_of(item.name)] = json::write(item.value);
  }
  members[key] = json::Writer().value(value).take();
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, json] : members) writer.key(name).raw(json);
  writer.end_object();
  return writer.take();
}

std::string member(const std::string& object, const std::string& key) {
  if (object.empty()) return "";
  auto parsed = json::Text::parse(object, {.name = "record", .positions = false});
  if (!parsed || !parsed->root().IsObject()) return "";
  return json::get_string(parsed->root(), key.c_str());
}

}  // namespace daydream::pipeline
