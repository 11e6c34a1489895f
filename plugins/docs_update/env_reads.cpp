#include "plugins/docs_update/env_reads.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "daydream/kit/text.hpp"
#include "daydream/source/language.hpp"
#include "plugins/docs_update/tree.hpp"

namespace daydream::docs {
namespace {

bool name_character(char c) {
  return std::isupper(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
         c == '_';
}

// How languages ask. Behind it stands the name: quoted, or bare where `bare`.
struct Asking {
  std::string_view words;
  bool bare = false;
  bool required = false;
};
constexpr std::array<Asking, 27> kAskings = {{
    {"os.environ[", false, true},     {"environ[", false, true},       {"os.environ.get(", false, false},
    {"environ.get(", false, false},   {"os.getenv(", false, false},    {"getenv(", false, false},
    {"process.env.", true, false},    {"process.env[", false, false},  {"import.meta.env.", true, false},
    {"Bun.env.", true, false},        {"Deno.env.get(", false, false}, {"os.Getenv(", false, false},
    {"os.LookupEnv(", false, false},  {"env::var(", false, false},     {"env::var_os(", false, false},
    {"System.getenv(", false, false}, {"ENV[", false, false},          {"ENV.fetch(", false, true},
    {"$_ENV[", false, false},         {"$_SERVER[", false, false},     {"GetEnvironmentVariable(", false, false},
    {"env(", false, false},           {"env.str(", false, false},      {"env.bool(", false, false},
    {"env.int(", false, false},       {"env.list(", false, false},     {"env.db(", false, false},
}};

// Libraries that build names from fields and prefixes.
constexpr std::array<std::string_view, 14> kByPrefix = {"BaseSettings",
                                                        "env_prefix",
                                                        "AutomaticEnv",
                                                        "SetEnvPrefix",
                                                        "envconfig",
                                                        "Figment",
                                                        "figment",
                                                        "dynaconf",
                                                        "Dynaconf",
                                                        "ConfigurationProperties",
                                                        "config::Environment",
                                                        "auto_envvar_prefix",
                                                        "envalid",
                                                        "convict"};

bool tool(std::string_view path) {
  static const std::unordered_set<std::string_view> kParts = {
      "test",  "tests",   "__tests__",  "spec",     "e2e",  "scripts",  "script", "tools",
      "ci",    ".github", "examples",   "example",  "docs", "bin",      "hack",   "benchmarks",
      "bench", "cypress", "playwright", "fixtures", "dev",  "devtools", "build"};
  const std::string_view name = name_of(path);
  return has_part(folder_of(path), kParts) || name.find("test") != std::string_view::npos ||
         name.find(".spec.") != std::string_view::npos || name.find(".config.") != std::string_view::npos ||
         name.starts_with("setup.") || name.starts_with("conftest");
}

// The name behind `at`, and where it ends.
std::optional<std::string_view> name_behind(std::string_view content, std::size_t at, bool bare, std::size_t& end) {
  if (!bare) {
    while (at < content.size() && std::isspace(static_cast<unsigned char>(content[at])) != 0) ++at;
    if (at >= content.size() || (content[at] != '"' && content[at] != '\'')) return std::nullopt;
    ++at;
  }
  end = at;
  while (end < content.size() && name_character(content[end])) ++end;
  const std::string_view name = content.substr(at, end - at);
  if (name.size() < 2 || std::isdigit(static_cast<unsigned char>(name[0])) != 0) return std::nullopt;
  const char next = end < content.size() ? content[end] : '\0';
  if (bare ? (std::isalnum(static_cast<unsigned char>(next)) != 0) : (next != '"' && next != '\'')) return std::nullopt;
  return name;
}

void asked(std::string_view path, std::string_view content, const Asking& asking, EnvReads& reads) {
  std::size_t counted = 0;
  std::uint32_t line = 1;
  for (std::size_t at = content.find(asking.words); at != std::string_view::npos;
       at = content.find(asking.words, at + 1)) {
    const char before = at == 0 ? '\n' : content[at - 1];
    if (std::isalnum(static_cast<unsigned char>(before)) != 0 || before == '_') continue;
    if (asking.words.starts_with("env") && before == '.') continue;
    std::size_t end = 0;
    const auto name = name_behind(content, at + asking.words.size(), asking.bare, end);
    line += static_cast<std::uint32_t>(std::count(content.begin() + static_cast<std::ptrdiff_t>(counted),
                                                  content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = at;
    if (!name) continue;
    EnvPlace place{std::string(path), line, asking.required, tool(path)};
    const auto [known, added] = reads.places.emplace(std::string(*name), place);
    if (!added && known->second.in_tools && !place.in_tools) known->second = place;
  }
}

// ENV NAME=..., NAME: value, NAME=value in files that set variables for the program.
void provided(std::string_view content, EnvReads& reads) {
  for (std::string_view line : text::split(content, '\n')) {
    line = text::trim(line);
    for (const std::string_view start : {"ENV ", "ARG ", "- ", "export ", "\"", "'"}) {
      if (line.starts_with(start)) line = text::trim(line.substr(start.size()));
    }
    std::size_t end = 0;
    while (end < line.size() && name_character(line[end])) ++end;
    if (end > 1 && end < line.size() && (line[end] == '=' || line[end] == ':' || line[end] == ' '))
      reads.provided.emplace(line.substr(0, end));
  }
}

bool sets_environment(std::string_view path) {
  const std::string name = text::to_lower_ascii(name_of(path));
  return name.starts_with("dockerfile") || name.find("compose") != std::string::npos || name == "app.json" ||
         name == "fly.toml" || name == "render.yaml" || name == "vercel.json" || name == "netlify.toml" ||
         path.starts_with(".github/workflows/") || name.ends_with(".service") || name == "procfile" ||
         name == "serverless.yml";
}

}  // namespace

bool reads_environment(std::string_view path) {
  static const std::unordered_set<std::string_view> kMore = {".rb", ".php", ".cs",  ".kt",     ".scala",
                                                             ".ex", ".exs", ".vue", ".svelte", ".swift"};
  const std::string extension = extension_of(path);
  return source::detect(path) != source::Language::kNone || kMore.contains(extension) || sets_environment(path);
}

void add_env_reads(std::string_view path, std::string_view content, EnvReads& reads) {
  if (sets_environment(path)) {
    provided(content, reads);
    return;
  }
  for (const std::string_view mark : kByPrefix) {
    if (content.find(mark) != std::string_view::npos) reads.by_prefix = true;
  }
  if (content.find("env") == std::string_view::npos && content.find("ENV") == std::string_view::npos &&
      content.find("Env") == std::string_view::npos)
    return;
  for (const Asking& asking : kAskings) asked(path, content, asking, reads);
}

bool of_the_system(std::string_view name) {
  static const std::unordered_set<std::string_view> kNames = {"HOME",         "PATH",
                                                              "USER",         "SHELL",
                                                              "PWD",          "TMPDIR",
                                                              "TEMP",         "TMP",
                                                              "LANG",         "TERM",
                                                              "CI",           "HOSTNAME",
                                                              "DISPLAY",      "EDITOR",
                                                              "VISUAL",       "PAGER",
                                                              "NO_COLOR",     "FORCE_COLOR",
                                                              "COLORTERM",    "USERNAME",
                                                              "LOGNAME",      "APPDATA",
                                                              "LOCALAPPDATA", "PROGRAMFILES",
                                                              "COMSPEC",      "VIRTUAL_ENV",
                                                              "CONDA_PREFIX", "PORT",
                                                              "DEBUG",        "TZ",
                                                              "DYNO",         "VERCEL",
                                                              "NETLIFY",      "MODE",
                                                              "DEV",          "PROD",
                                                              "SSR",          "BASE_URL",
                                                              "HTTP_PROXY",   "HTTPS_PROXY",
                                                              "NO_PROXY",     "COLUMNS",
                                                              "LINES",        "REMOTE_ADDR",
                                                              "REQUEST_URI",  "REQUEST_METHOD",
                                                              "SERVER_NAME",  "HTTP_HOST",
                                                              "HTTPS",        "SCRIPT_NAME",
                                                              "QUERY_STRING", "USERPROFILE",
                                                              "HOMEDRIVE",    "HOMEPATH",
                                                              "SYSTEMROOT",   "WERKZEUG_RUN_MAIN"};
  static constexpr std::array<std::string_view, 15> kStarts = {"LC_",  "XDG_",    "GITHUB_",     "GITLAB_", "CI_",
                                                               "npm_", "VERCEL_", "KUBERNETES_", "HEROKU_", "RENDER_",
                                                               "FLY_", "HTTP_",   "SSH_",        "RUNNER_", "JEST_"};
  return kNames.contains(name) ||
         std::any_of(kStarts.begin(), kStarts.end(), [&](std::string_view start) { return name.starts_with(start); });
}

}  // namespace daydream::docs
