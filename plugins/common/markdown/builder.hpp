// Builds a Document: first every block, then, with all definitions known, what is in them.
#pragma once

#include <cmark-gfm.h>

#include <string>
#include <vector>

#include "parts.hpp"

namespace daydream::markdown {

class Builder {
 public:
  explicit Builder(Document& document) : document_(document), content_(document.content_) {}
  void build(const std::string& copy);

 private:
  // A leaf whose text is still to be scanned.
  struct Leaf {
    Flat flat;
    std::size_t from = 0;           // behind the definitions
    std::uint32_t heading = kNone;  // of headings: which
  };
  struct Container {
    bool quote = false;
    std::uint32_t item = kNone;
    std::uint32_t list = 0;
  };

  void index_lines();
  void walk(cmark_node* root);
  void enter(cmark_node* node, cmark_node_type type);
  void leave(cmark_node_type type);
  void enter_item(cmark_node* node);
  void enter_paragraph(cmark_node* node);
  void enter_heading(cmark_node* node);
  void enter_code(cmark_node* node);
  void enter_html(cmark_node* node);
  void add_task(Flat& flat, std::size_t& from);
  void scan();
  void scan_leaf(const Leaf& leaf);
  void scan_rows(const Flat& flat, std::size_t header, const Inlines& out);
  void settle();

  [[nodiscard]] std::uint32_t offset_of(cmark_node* node) const;
  // The line without the markers of the quotes we are in.
  [[nodiscard]] Span stripped(std::uint32_t line) const;
  [[nodiscard]] Flat flat_of(std::uint32_t begin, std::uint32_t line, std::uint32_t end_line) const;
  void reach(std::uint32_t end_line);
  [[nodiscard]] std::uint32_t last_line() const { return static_cast<std::uint32_t>(document_.lines_.size()); }
  [[nodiscard]] std::uint32_t literal_lines(cmark_node* node) const;

  Document& document_;
  std::string_view content_;
  std::vector<Container> containers_;
  std::vector<std::uint32_t> ends_;  // of items: their last line so far
  std::uint32_t lists_ = 0;
  bool item_begins_ = false;  // the next paragraph is the first block of an item
  Definitions known_;
  std::vector<Leaf> leaves_;
  std::vector<Flat> html_;
};

}  // namespace daydream::markdown
