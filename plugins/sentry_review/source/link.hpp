// The Link header of a list: where the next page begins.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace daydream::sentry {

struct NextPage {
  bool promised = false;  // results="true"; a link without the word counts as a promise
  std::string cursor;
};

// The link with rel="next", or none where the header has none that can be read.
std::optional<NextPage> next_page(std::string_view link_header);

// For the query of an address: everything but letters, digits and "-._~" as %XX.
std::string percent_encoded(std::string_view text);

}  // namespace daydream::sentry
