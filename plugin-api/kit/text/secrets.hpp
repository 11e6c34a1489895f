// What looks like a secret: finders that each look at a text from left to right and mark spans.
// Every finder is linear: it never looks back or ahead of its own match by more than a fixed length,
// or starts only where the one before it has ended.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace daydream::text {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string_view label = "[masked]";
};

void find_tokens(std::string_view text, std::vector<Span>& spans);        // known shapes, JWT, PEM
void find_named_values(std::string_view text, std::vector<Span>& spans);  // password=..., Authorization: ...
void find_addresses(std::string_view text, std::vector<Span>& spans);     // URL user-info, mail
void find_cards(std::string_view text, std::vector<Span>& spans);

}  // namespace daydream::text
