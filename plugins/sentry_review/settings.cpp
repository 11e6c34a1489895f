#include "plugins/sentry_review/settings.hpp"

#include "plugins/sentry_review/read/fields.hpp"

namespace daydream::sentry {
namespace {

bool is_slug(const std::string& text) {
  for (const char c : text) {
    const bool good =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    if (!good) return false;
  }
  return text != "." && text != "..";
}

Result<void> read_server(const json::Value& root, Settings& settings) {
  settings.organization = json::get_string(root, "organization");
  if (!is_slug(settings.organization)) {
    return Error(ErrorKind::kInvalid,
                 "organization: \"" + settings.organization + "\" is no slug: the last part of its address, \"acme\"");
  }
  settings.url = json::get_string(root, "url", settings.url);
  while (settings.url.ends_with('/')) settings.url.pop_back();
  if (settings.url.ends_with("/api/0")) settings.url.resize(settings.url.size() - 6);
  const bool http = settings.url.starts_with("https://") || settings.url.starts_with("http://");
  if (!http || settings.url.find_first_of("?#@ ") != std::string::npos) {
    return Error(ErrorKind::kInvalid,
                 "url: \"" + clean(settings.url, 200) +
                     "\" is no address such as \"https://sentry.example.com\", without user, query or fragment");
  }
  settings.token = json::get_string(root, "token", settings.token);
  const std::string server = json::get_string(root, "server", "auto");
  settings.dialect = server == "sentry"      ? Dialect::kSentry
                     : server == "glitchtip" ? Dialect::kGlitchtip
                                             : Dialect::kAuto;
  settings.projects = json::get_strings(root, "projects");
  settings.environments = json::get_strings(root, "environments");
  return {};
}

Result<void> read_source(const json::Value& root, Settings& settings) {
  const json::Value* source = object_member(root, "source");
  if (source == nullptr) return {};
  settings.directory = json::get_string(*source, "directory");
  const std::string captured = json::get_string(*source, "captured");
  if (captured.empty()) return {};
  settings.captured = parse_time(captured);
  if (settings.captured == 0) {
    return Error(ErrorKind::kInvalid,
                 "source.captured: \"" + clean(captured, 100) + "\" is no instant such as \"2026-11-22T02:30:00Z\"");
  }
  return {};
}

Result<void> read_spans(const json::Value& root, Settings& settings) {
  const std::pair<const char*, Millis*> spans[] = {{"window", &settings.window},
                                                   {"quiet_after", &settings.quiet_after}};
  for (const auto& [key, place] : spans) {
    const std::string text = json::get_string(root, key);
    if (text.empty()) continue;
    auto span = json::parse_duration_ms(text);
    if (!span) return std::move(span.error()).context(key);
    if (*span < 60'000) return Error(ErrorKind::kInvalid, std::string(key) + ": at least a minute");
    *place = *span;
  }
  return {};
}

}  // namespace

Result<Settings> Settings::read(const json::Value& root) {
  Settings settings;
  if (auto read = read_server(root, settings); !read) return std::move(read.error());
  if (auto read = read_source(root, settings); !read) return std::move(read.error());
  if (auto read = read_spans(root, settings); !read) return std::move(read.error());
  if (const json::Value* limits = object_member(root, "limits")) {
    settings.most_issues = static_cast<std::size_t>(json::get_int(*limits, "issues", 20'000));
    settings.most_events = static_cast<std::size_t>(json::get_int(*limits, "events", 200));
    settings.rate = json::get_double(*limits, "requests_per_second", 10);
    settings.concurrency = static_cast<int>(json::get_int(*limits, "concurrency", 4));
  }
  if (const json::Value* mappings = array_member(root, "code_mappings")) {
    for (const json::Value& item : mappings->GetArray()) {
      settings.code_mappings.push_back({json::get_string(item, "from"), json::get_string(item, "to")});
    }
  }
  return settings;
}

}  // namespace daydream::sentry
