#include "plugins/sentry_review/progress.hpp"

#include <algorithm>

namespace daydream::sentry {
namespace {

void put_list(json::Writer& out, const char* key, const std::vector<std::string>& list) {
  out.key(key).begin_array();
  for (const std::string& item : list) out.value(item);
  out.end_array();
}

std::uint64_t number(const json::Value& object, const char* key) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, json::get_int(object, key)));
}

}  // namespace

std::string Progress::to_bytes() const {
  json::Writer out;
  out.begin_object().field("phase", static_cast<int>(phase)).field("start", start).field("end", end);
  out.field("dialect", static_cast<int>(dialect))
      .field("stamp", stamp)
      .field("list", list)
      .field("page", page)
      .field("at", at);
  out.field("cursor", cursor).field("issues", issues).field("unreadable", unreadable).field("events", events);
  put_list(out, "gaps", gaps);
  put_list(out, "notes", notes);
  put_list(out, "recent", recent);
  out.end_object();
  return out.take();
}

Result<Progress> Progress::from_bytes(std::string_view bytes) {
  json::ParseOptions options;
  options.positions = false;
  auto parsed = json::Text::parse(bytes, options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  Progress progress;
  progress.phase = static_cast<Phase>(std::min<std::uint64_t>(4, number(root, "phase")));
  progress.start = json::get_int(root, "start");
  progress.end = json::get_int(root, "end");
  progress.dialect = static_cast<Dialect>(std::min<std::uint64_t>(2, number(root, "dialect")));
  progress.stamp = number(root, "stamp");
  progress.list = number(root, "list");
  progress.page = number(root, "page");
  progress.at = number(root, "at");
  progress.cursor = json::get_string(root, "cursor");
  progress.issues = number(root, "issues");
  progress.unreadable = number(root, "unreadable");
  progress.events = number(root, "events");
  progress.gaps = json::get_strings(root, "gaps");
  progress.notes = json::get_strings(root, "notes");
  progress.recent = json::get_strings(root, "recent");
  return progress;
}

}  // namespace daydream::sentry
