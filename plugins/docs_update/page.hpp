// What the rules know of one page of documentation, whatever it is written in: where it points to, what
// can be pointed at, and what it says in code. Offsets are bytes of the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

namespace daydream::docs {

// `end` is 0 where nothing may be edited.
struct Range {
  std::uint32_t begin = 0, end = 0;
};

enum class Format : std::uint8_t { kNone, kMarkdown, kRst, kHtml };

enum class Use : std::uint8_t {
  kLink,      // a URL reference: [text](x), <a href>, `text <x>`_
  kImage,     // also <source>, <video>; .. figure::
  kInclude,   // a file the generator reads: literalinclude, include, :download:
  kDocument,  // a Sphinx document by name: :doc:, toctree
  kLabel,     // a Sphinx label: :ref:
};

struct Link {
  Use use = Use::kLink;
  std::string target;  // as written, entities and escapes resolved
  Range place;         // of the target as written
  std::uint32_t line = 0, column = 0;
  bool verbatim = true;  // the bytes of `place` are the target, byte for byte
};

struct Code {
  std::string text;
  Range place;  // of the text
  std::uint32_t line = 0;
};

struct Heading {
  std::string plain;
  int level = 1;
  std::uint32_t line = 0;
  Range span;  // whole lines
  Range text;
};

// A fenced or literal block.
struct Block {
  std::string language;
  Range content;
  std::uint32_t line = 0, end_line = 0;  // fences included
};

struct Page {
  std::string path;
  std::uint64_t token = 0;
  Format format = Format::kNone;
  bool front_matter = false;
  bool dynamic = false;    // parts come from elsewhere: which anchors it has cannot be known
  bool templated = false;  // its links are filled in later
  std::vector<Link> links;
  std::vector<Link> names;  // reStructuredText: `name_`, `a phrase`_, whose target must be on the page
  std::vector<Code> codes;
  std::vector<Heading> headings;
  std::vector<Block> blocks;
  std::vector<std::string> slugs;  // of headings, in order: those of the page's own dialect
  std::unordered_set<std::string> anchors;
  std::unordered_set<std::string> labels;   // Sphinx: `.. _name:`, `(name)=`
  std::unordered_set<std::string> targets;  // reStructuredText: what `name_` may lead to, as labels are compared
  std::string skipped;                      // why it could not be read
};

}  // namespace daydream::docs
