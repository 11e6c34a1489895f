// Sentry's configuration as its own tools read it: .sentryclirc, sentry.properties, the build plugins' options, the
// start of the SDK.
#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"
#include "init/facts.hpp"

namespace daydream::init {
namespace {

bool is_slug(std::string_view word) {
  return !word.empty() && word.size() <= 100 && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

bool is_address(std::string_view word) {
  return (word.starts_with("https://") || word.starts_with("http://")) && word.size() <= 300 &&
         std::all_of(word.begin(), word.end(),
                     [](char c) { return c > ' ' && c < 0x7f && c != '"' && c != '\\' && c != '@'; });
}

void set_value(Sentry& sentry, std::string_view key, std::string_view value, const std::string& where) {
  if (key == "org" && is_slug(value) && sentry.organization.empty()) {
    sentry.organization = value;
    sentry.configured = where;
  } else if (key == "url" && is_address(value) && sentry.url.empty()) {
    sentry.url = value;
  } else if (key == "project") {
    for (const std::string_view part : text::split(value, ',')) {
      const std::string name(text::trim(part));
      const bool known = std::find(sentry.projects.begin(), sentry.projects.end(), name) != sentry.projects.end();
      if (is_slug(name) && !known && sentry.projects.size() < 100) sentry.projects.push_back(name);
    }
  }
}

// "[defaults]" + "org = acme", or "defaults.org=acme".
void read_settings(const Survey& survey, const std::string& path, Sentry& sentry) {
  std::string section;
  int number = 0;
  for (const std::string_view raw : text::split(survey.read(path), '\n')) {
    ++number;
    const std::string_view line = text::trim(raw);
    if (line.starts_with('[')) {
      section = std::string(line.substr(1, line.find(']') - 1)) + ".";
      continue;
    }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos || line.front() == '#' || line.front() == ';') continue;
    const std::string key = section + std::string(text::trim(line.substr(0, equals)));
    const std::string_view value = text::trim(line.substr(equals + 1));
    if (key == "auth.token" && !value.empty() && survey.has(path)) sentry.token_place = place(path, number);
    if (key.starts_with("defaults.")) set_value(sentry, std::string_view(key).substr(9), value, place(path, number));
  }
}

// org: "acme", of an option of the build plugins.
void read_options(const Survey& survey, const std::string& path, Sentry& sentry) {
  int number = 0;
  for (const std::string_view raw : text::split(survey.read(path), '\n')) {
    ++number;
    std::string_view line = text::trim(raw);
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string key(text::trim(line.substr(0, colon)));
    if (key != "org" && key != "project") continue;
    const std::string_view value = text::trim(line.substr(colon + 1));
    if (value.size() < 2 || (value.front() != '"' && value.front() != '\'')) continue;
    const std::size_t end = value.find(value.front(), 1);
    if (end != std::string_view::npos) set_value(sentry, key, value.substr(1, end - 1), place(path, number));
  }
}

}  // namespace

Sentry sentry_of(const Survey& survey) {
  Sentry sentry;
  // Files with a token are seldom tracked: those at the usual places are looked at as they lie there.
  std::vector<std::string> settings{".sentryclirc", "sentry.properties", "android/sentry.properties",
                                    "ios/sentry.properties"};
  for (const std::string& path : survey.files()) {
    const std::string_view name = name_of(path);
    const bool known = std::find(settings.begin(), settings.end(), path) != settings.end();
    if ((name == ".sentryclirc" || name == "sentry.properties") && !known && !is_aside(path) && settings.size() < 20)
      settings.push_back(path);
  }
  for (const std::string& path : settings) read_settings(survey, path, sentry);
  for (const Hit& hit : survey.search({"sentryVitePlugin(", "withSentryConfig(", "sentryWebpackPlugin("})) {
    if (!is_aside(hit.path)) read_options(survey, hit.path, sentry);
  }
  for (const Hit& hit :
       survey.search({"sentry_sdk.init(", "Sentry.init(", "SENTRY_DSN", "sentry_init(", "sentry::init("})) {
    if (is_aside(hit.path) || !sentry.used.empty()) continue;
    sentry.used = place(hit.path, hit.line);
  }
  return sentry;
}

bool is_public_sentry(const std::string& url) {
  std::string_view rest = url;
  if (rest.empty()) return true;
  if (!rest.starts_with("https://")) return false;
  rest.remove_prefix(8);
  const std::string host = text::to_lower_ascii(rest.substr(0, rest.find_first_of("/:?#")));
  const bool plain = rest.find(':') == std::string_view::npos;
  return plain && (host == "sentry.io" || host.ends_with(".sentry.io"));
}

}  // namespace daydream::init
