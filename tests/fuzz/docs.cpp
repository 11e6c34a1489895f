// Pages and configuration files as docs_update reads them.
#include <algorithm>

#include "plugins/docs_update/formats/formats.hpp"
#include "plugins/docs_update/formats/keys.hpp"
#include "plugins/docs_update/routes.hpp"
#include "targets.hpp"

namespace daydream::fuzz {
namespace {

// Every place lies in the text, and where it says so its bytes are the target.
void check_places(std::string_view bytes, const docs::Page& page) {
  const auto lines = static_cast<std::size_t>(std::count(bytes.begin(), bytes.end(), '\n')) + 1;
  for (const docs::Link& link : page.links) {
    promise(link.place.begin <= link.place.end && link.place.end <= bytes.size(), "a link lies in the page");
    const bool same = bytes.substr(link.place.begin, link.place.end - link.place.begin) == link.target;
    promise(!link.verbatim || same, "a link's bytes are its target");
    promise(link.line >= 1 && link.line <= lines, "a link's line is one of the page");
  }
  for (const docs::Code& code : page.codes) {
    promise(code.place.begin <= code.place.end && code.place.end <= bytes.size(), "code lies in the page");
  }
  for (const docs::Heading& heading : page.headings) {
    promise(heading.span.begin <= heading.text.begin && heading.text.end <= heading.span.end,
            "a heading holds its text");
    promise(heading.span.end <= bytes.size(), "a heading lies in the page");
  }
}

}  // namespace

void rst(std::string_view bytes) {
  docs::Page page;
  docs::read_rst(bytes, page);
  check_places(bytes, page);
}

void html(std::string_view bytes) {
  docs::Page page;
  docs::read_html(bytes, page);
  check_places(bytes, page);
}

// The first byte chooses the format.
void config(std::string_view bytes) {
  if (bytes.empty()) return;
  const std::string_view content = bytes.substr(1);
  if (bytes[0] == 'y') docs::yaml_keys(content);
  if (bytes[0] == 't') docs::toml_keys(content);
  if (bytes[0] == 'e') {
    for (const docs::EnvKey& key : docs::env_keys(content)) {
      promise(key.begin < key.end && key.end <= content.size(), "a name's line lies in the file");
    }
  }
  std::vector<docs::Endpoint> found;
  if (bytes[0] == 'o') docs::openapi_endpoints("a.yaml", content, found);
  if (bytes[0] == 'p') found = docs::endpoints_in(content, {});
  for (const docs::Endpoint& endpoint : found) promise(!endpoint.parts.empty(), "an endpoint has a path");
}

}  // namespace daydream::fuzz
