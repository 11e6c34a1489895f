// Endpoints of web applications: those that the code serves, those that documentation names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::docs {

struct Route {
  std::vector<std::string> methods;  // upper case; none: any
  std::string path;                  // as written, a prefix of the same file included
  std::vector<std::string> parts;    // "{}" for a parameter
  std::string file;
  std::uint32_t line = 0;
  bool hidden = false;  // kept out of the documentation on purpose
};

struct CodeRoutes {
  std::vector<Route> routes;
  bool open = false;  // there are others, which no text shows: nothing can be said to be missing
};

// Adds what one file serves. Nothing for a file of another language.
void python_routes(std::string_view path, std::string_view content, CodeRoutes& found);
void express_routes(std::string_view path, std::string_view content, CodeRoutes& found);

// "/users/<int:id>/", "/users/:id", "/users/{id}" -> users, {}. Nothing for what is not plain (wildcards).
bool path_parts(std::string_view path, std::vector<std::string>& parts);
// The documented path ends in the route's: before it may be a prefix that is given elsewhere.
bool serves(const Route& route, const std::vector<std::string>& documented);

// One endpoint that a page names: "GET /users/{id}".
struct Endpoint {
  std::string method;  // "" where none is said
  std::string path;
  std::vector<std::string> parts;
  std::uint32_t line = 0;
};
// "METHOD /path" in running text, headings and tables; `skip` lines (from, to) are blocks of code.
std::vector<Endpoint> endpoints_in(std::string_view content,
                                   const std::vector<std::pair<std::uint32_t, std::uint32_t>>& skip);
// Everything in the text that looks like the path of a URL.
std::vector<std::vector<std::string>> paths_in(std::string_view content);
// Of an OpenAPI or Swagger file; false where it is none.
bool openapi_endpoints(std::string_view path, std::string_view content, std::vector<Endpoint>& found);

}  // namespace daydream::docs
