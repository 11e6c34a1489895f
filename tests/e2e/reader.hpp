// A small reader of the Markdown report: sections, their lines, the items below a line.
#pragma once

#include <catch2/catch.hpp>
#include <cctype>
#include <sstream>
#include <string>
#include <vector>

namespace daydream::e2e {

struct ReadLine {
  std::string text;
  std::vector<std::string> items;
};
struct ReadSection {
  std::string title;
  std::vector<ReadLine> lines;
};

// Markdown escapes undone: "\." is ".", "&lt;" is "<", "&amp;" is "&".
inline std::string unescaped(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && std::ispunct(static_cast<unsigned char>(text[i + 1])) != 0) ++i;
    out += text[i];
  }
  return out;
}

// Fails the test at whatever is no heading, line, item or empty line.
inline std::vector<ReadSection> read_report(const std::string& markdown) {
  std::vector<ReadSection> sections;
  std::istringstream lines(markdown);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    if (line.empty()) continue;
    if (line.rfind("# ", 0) == 0) {
      REQUIRE(sections.empty());
      sections.push_back({unescaped(line.substr(2)), {}});
    } else if (line.rfind("## ", 0) == 0) {
      sections.push_back({unescaped(line.substr(3)), {}});
    } else if (line.rfind("- ", 0) == 0) {
      sections.back().lines.push_back({unescaped(line.substr(2)), {}});
    } else {
      REQUIRE(line.rfind("  - ", 0) == 0);
      REQUIRE_FALSE(sections.back().lines.empty());
      sections.back().lines.back().items.push_back(unescaped(line.substr(4)));
    }
  }
  return sections;
}

}  // namespace daydream::e2e
