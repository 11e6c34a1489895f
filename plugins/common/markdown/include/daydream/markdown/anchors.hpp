// The anchors that a page gets from its headings, as each host and site generator makes them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "daydream/markdown/document.hpp"

namespace daydream::markdown {

enum class Dialect : std::uint8_t {
  kGithub,  // also docs of most JavaScript generators (github-slugger)
  kGitlab,
  kGitea,
  kBitbucket,
  kAzure,
  kVscode,
  kMdbook,
  kDocusaurus,
  kPandoc,
  kMkdocs,
  kGitbook,
};

// The anchor of one heading by its rendered text (Heading::plain), before duplicates are numbered.
std::string slug(std::string_view plain, Dialect dialect);

// Full Unicode lower case, with final sigma and U+0130.
std::string to_lower(std::string_view utf8);

// Numbers duplicates in the order in which a page's headings come.
class Slugger {
 public:
  explicit Slugger(Dialect dialect) : dialect_(dialect) {}
  // An explicit id is taken as it is, where the dialect knows such.
  std::string next(const Heading& heading);

 private:
  std::string unique(std::string wanted);
  Dialect dialect_;
  std::unordered_map<std::string, int> seen_;
  std::unordered_set<std::string> taken_;
};

// One anchor a heading, in order.
std::vector<std::string> heading_anchors(const Document& document, Dialect dialect);
// `id` and `name` of HTML tags.
std::vector<std::string> html_anchors(const Document& document);

}  // namespace daydream::markdown
