#include "pipeline/quarantine.hpp"

#include "daydream/kit/json.hpp"

namespace daydream::pipeline {

namespace {

std::string key_of(const PreparedStep& step) {
  return "quarantine/" + step.manifest.id;
}
std::string identity_of(const PreparedStep& step) {
  return step.plugin.sha256 + "/" + step.config_hash;
}

}  // namespace

Result<Record> read_record(checkpoint::Store& store, const PreparedStep& step) {
  Record record;
  auto value = store.host_value(key_of(step));
  if (!value) return std::move(value.error());
  if (!*value) return record;
  auto parsed = json::Text::parse(**value, {.name = "quarantine", .positions = false});
  if (!parsed || !parsed->root().IsObject()) return record;
  const auto& object = parsed->root();
  if (json::get_string(object, "identity") != identity_of(step)) return record;
  record.starts = static_cast<int>(json::get_int(object, "starts"));
  record.host_deaths = static_cast<int>(json::get_int(object, "host_deaths"));
  record.words = json::get_string(object, "words");
  return record;
}

void write_record(checkpoint::Transaction& transaction, const PreparedStep& step, const Record& record) {
  json::Writer writer;
  writer.begin_object()
      .field("identity", identity_of(step))
      .field("starts", record.starts)
      .field("host_deaths", record.host_deaths)
      .field("words", record.words)
      .end_object();
  transaction.put_host(key_of(step), writer.take());
}

void clear_record(checkpoint::Transaction& transaction, const PreparedStep& step) {
  transaction.drop_host(key_of(step));
}

}  // namespace daydream::pipeline
