// HTML by gumbo, whose tree points into the original bytes.
#include <gumbo.h>

#include <memory>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/formats/formats.hpp"

namespace daydream::docs {
namespace {

// gumbo frees its tree by recursion: at most this many elements may be open at once.
constexpr std::size_t kMostOpen = 10000;

// An upper bound of how deep elements nest, without parsing.
bool too_deep(std::string_view content) {
  std::size_t open = 0;
  for (std::size_t at = content.find('<'); at != std::string_view::npos; at = content.find('<', at + 1)) {
    if (at + 1 < content.size() && content[at + 1] == '/') {
      if (open > 0) --open;
    } else if (++open > kMostOpen) {
      return true;
    }
  }
  return false;
}

class Reader {
 public:
  Reader(std::string_view content, Page& page) : content_(content), page_(page) {}

  void element(const GumboElement& element) {
    const GumboAttribute* const id = gumbo_get_attribute(&element.attributes, "id");
    const GumboAttribute* const name = gumbo_get_attribute(&element.attributes, "name");
    if (id != nullptr) page_.anchors.emplace(id->value);
    if (name != nullptr && element.tag == GUMBO_TAG_A) page_.anchors.emplace(name->value);
    switch (element.tag) {
      case GUMBO_TAG_A:
      case GUMBO_TAG_AREA:
        return points(element, "href", Use::kLink);
      case GUMBO_TAG_IMG:
        return points(element, "src", Use::kImage);
      case GUMBO_TAG_BASE:
        page_.templated = true;  // every relative target means something else
        return;
      default:
        return;
    }
  }

 private:
  void points(const GumboElement& element, const char* attribute_name, Use use) {
    const GumboAttribute* const attribute = gumbo_get_attribute(&element.attributes, attribute_name);
    if (attribute == nullptr || attribute->value[0] == '\0') return;
    std::string_view written(attribute->original_value.data, attribute->original_value.length);
    if (!written.empty() && (written.front() == '"' || written.front() == '\'')) {
      written.remove_prefix(1);
      if (!written.empty()) written.remove_suffix(1);
    }
    const auto begin = static_cast<std::uint32_t>(written.data() - content_.data());
    page_.links.push_back({use,
                           attribute->value,
                           {begin, begin + static_cast<std::uint32_t>(written.size())},
                           attribute->value_start.line,
                           attribute->value_start.column,
                           written == attribute->value});
  }

  std::string_view content_;
  Page& page_;
};

}  // namespace

void read_html(std::string_view content, Page& page) {
  page.format = Format::kHtml;
  if (content.size() > kLargestPage || too_deep(content)) {
    page.skipped = content.size() > kLargestPage ? "larger than 4 MiB" : "nested too deep";
    page.dynamic = true;
    return;
  }
  for (const std::string_view mark :
       {"$relpath^", "$doxygenversion", "<!--BEGIN ", "{{", "{%", "<%", "<?php", "<?=", "th:href", "[[", "${", "@{"}) {
    if (content.find(mark) != std::string_view::npos) page.templated = true;
  }
  const GumboOptions options = kGumboDefaultOptions;
  const auto free = [&options](GumboOutput* output) { gumbo_destroy_output(&options, output); };
  const std::unique_ptr<GumboOutput, decltype(free)> output(
      gumbo_parse_with_options(&options, content.data(), content.size()), free);
  if (!output) return;
  Reader reader(content, page);
  std::vector<const GumboNode*> waiting{output->root};
  while (!waiting.empty()) {
    const GumboNode* const node = waiting.back();
    waiting.pop_back();
    if (node->type != GUMBO_NODE_ELEMENT && node->type != GUMBO_NODE_TEMPLATE) continue;
    reader.element(node->v.element);
    const GumboVector& children = node->v.element.children;
    for (unsigned i = children.length; i-- > 0;) waiting.push_back(static_cast<const GumboNode*>(children.data[i]));
  }
}

}  // namespace daydream::docs
