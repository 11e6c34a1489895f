#include "plugins/sentry_review/stored.hpp"

#include <algorithm>

#include "plugins/sentry_review/read/fields.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kFramesKept = 8;

Result<json::Text> parse(std::string_view bytes, const char* name) {
  json::ParseOptions options;
  options.name = name;
  options.positions = false;
  return json::Text::parse(bytes, options);
}

void trim(std::vector<Frame>& frames) {
  const bool marked =
      std::any_of(frames.begin(), frames.end(), [](const Frame& f) { return f.in_app.value_or(false); });
  if (marked) std::erase_if(frames, [](const Frame& f) { return !f.in_app.value_or(false); });
  if (frames.size() > kFramesKept) frames.erase(frames.begin(), frames.end() - kFramesKept);
}

}  // namespace

Keys::Keys(const Settings& settings, const std::string& step_id) {
  const std::string host = settings.url.substr(settings.url.find("://") + 3);
  scope_ = (settings.directory.empty() ? settings.organization + "@" + host : "saved/" + step_id) + "/";
}

std::string Keys::page(std::uint64_t number) const {
  std::string digits = std::to_string(number);
  return pages() + std::string(digits.size() < 8 ? 8 - digits.size() : 0, '0') + digits;
}

std::string write_stored(const Payload& payload, bool in_scope) {
  json::Writer out;
  out.begin_object().field("scope", in_scope);
  out.key("issues").begin_array();
  for (const Issue& issue : payload.issues) out.raw(issue.to_json());
  out.end_array().key("events").begin_array();
  for (const Event& event : payload.events) out.raw(event.to_json());
  out.end_array().key("releases").begin_array();
  for (const Release& release : payload.releases) {
    out.begin_object().field("v", release.version).field("c", release.commit).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

Result<StoredPage> read_stored(std::string_view bytes) {
  auto parsed = parse(bytes, "stored page");
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  StoredPage page;
  page.in_scope = json::get_bool(root, "scope", true);
  if (const json::Value* issues = array_member(root, "issues")) {
    for (const json::Value& issue : issues->GetArray()) page.payload.issues.push_back(Issue::from_json(issue));
  }
  if (const json::Value* events = array_member(root, "events")) {
    for (const json::Value& event : events->GetArray()) page.payload.events.push_back(Event::from_json(event));
  }
  if (const json::Value* releases = array_member(root, "releases")) {
    for (const json::Value& release : releases->GetArray()) {
      page.payload.releases.push_back({json::get_string(release, "v"), json::get_string(release, "c")});
    }
  }
  return page;
}

Event trimmed(Event event) {
  for (Exception& exception : event.exceptions) trim(exception.frames);
  trim(event.frames);
  return event;
}

Result<Meta> Meta::read(const sdk::State& state, const std::string& key) {
  auto bytes = state.memory(key);
  if (!bytes) return std::move(bytes.error());
  Meta meta;
  if (!*bytes) return meta;
  auto parsed = parse(**bytes, "meta");
  if (!parsed) return std::move(parsed.error());
  meta.end = json::get_int(parsed->root(), "end");
  meta.stamp = static_cast<std::uint64_t>(std::max<std::int64_t>(0, json::get_int(parsed->root(), "stamp")));
  return meta;
}

void Meta::put(sdk::Transaction& txn, const std::string& key) const {
  json::Writer out;
  out.begin_object().field("end", end).field("stamp", stamp).end_object();
  txn.put_memory(key, out.take());
}

}  // namespace daydream::sentry
