// A link's target taken apart: what is local, its path, its fragment.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace daydream::docs {

struct Target {
  std::string path;      // decoded, without query; "" = the page itself
  std::string raw_path;  // as written
  std::string query;     // with its "?"
  std::string fragment;  // decoded, without "#"
  std::string raw_fragment;
  bool has_fragment = false;
  bool absolute = false;  // began with one '/'; `path` is without it
};

// Nothing for what is not local: a scheme, "//host", an empty or templated target.
std::optional<Target> local_target(std::string_view url);
// "https://..." or "http://...".
bool external(std::string_view url);
// Holds something that a template, a shell or a person fills in.
bool placeholder(std::string_view url);
// "%20" -> " "; bad sequences stay.
std::string percent_decoded(std::string_view text);
// For a destination in Markdown, HTML or rST: what has no place in a URL as %XX.
std::string percent_encoded(std::string_view path);

}  // namespace daydream::docs
