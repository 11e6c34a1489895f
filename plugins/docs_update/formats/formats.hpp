// From the bytes of a page to what the rules know of it. Foreign input: sizes are capped, nothing recurses
// on it, the time is linear. [any thread]
#pragma once

#include <string_view>

#include "plugins/docs_update/page.hpp"
#include "plugins/docs_update/site.hpp"

namespace daydream::docs {

inline constexpr std::size_t kLargestPage = std::size_t{4} << 20;

Format format_of(std::string_view path);

// Fills everything but path and token.
bool has_front_matter(std::string_view content);
// `style`: how the page's readers make anchors of its headings; an anchor of any of them counts.
void read_markdown(std::string_view content, const AnchorStyle& style, Page& page);
void read_rst(std::string_view content, Page& page);
void read_html(std::string_view content, Page& page);

// The id docutils gives to a title or a target's name.
std::string docutils_id(std::string_view name);
// A label as Sphinx compares them: lower case, white space collapsed.
std::string sphinx_label(std::string_view name);

}  // namespace daydream::docs
