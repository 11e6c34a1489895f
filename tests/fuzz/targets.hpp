// What the fuzzers feed: each function takes any bytes and ends the program when a promise is broken.
// The same functions run over the kept corpus in the normal tests (replay_test.cpp).
#pragma once

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace daydream::fuzz {

void json(std::string_view bytes);         // an option byte, then a JSON text
void schema(std::string_view bytes);       // a schema, a line "---", a value
void text(std::string_view bytes);         // a secret in the first line, then any text
void glob(std::string_view bytes);         // a pattern, a line break, a path
void ignore(std::string_view bytes);       // ignore rules, a line "---", a path
void frames(std::string_view bytes);       // a type byte, then the body of a frame
void rst(std::string_view bytes);          // a page
void html(std::string_view bytes);         // a page
void config(std::string_view bytes);       // y, t, e, o or p: YAML, TOML, environment, OpenAPI, a page of endpoints
void http(std::string_view bytes);         // a request's JSON; or a URL, a line "---", what a Location says
void markdown(std::string_view bytes);     // a page
void tasklist(std::string_view bytes);     // a task list; or an archive of tasks
void log_lines(std::string_view bytes);    // a log, a compressed log, a checkpoint of its patterns
void sentry_page(std::string_view bytes);  // a body of Sentry's API, a Link header, any text
void manifest(std::string_view bytes);     // a manifest
void descriptor(std::string_view bytes);   // what a plugin says of itself

struct Target {
  const char* name;
  void (*run)(std::string_view);
};
constexpr Target kTargets[] = {
    {"json", json},         {"schema", schema},           {"text", text},         {"glob", glob},
    {"ignore", ignore},     {"frames", frames},           {"http", http},         {"markdown", markdown},
    {"tasklist", tasklist}, {"log_lines", log_lines},     {"rst", rst},           {"html", html},
    {"config", config},     {"sentry_page", sentry_page}, {"manifest", manifest}, {"descriptor", descriptor}};

inline void promise(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", what);
  std::abort();
}

// "first\n---\nsecond"
struct Halves {
  std::string_view first, second;
};
inline Halves halves(std::string_view bytes) {
  constexpr std::string_view kLine = "\n---\n";
  const std::size_t at = bytes.find(kLine);
  if (at == std::string_view::npos) return {bytes, {}};
  return {bytes.substr(0, at), bytes.substr(at + kLine.size())};
}

}  // namespace daydream::fuzz
