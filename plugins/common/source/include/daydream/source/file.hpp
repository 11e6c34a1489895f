// One parsed source file: a flat tree in document order, whatever the language. Hostile input is
// expected: size, depth and time are capped, nothing here recurses on the depth of the input.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"
#include "daydream/source/language.hpp"

namespace daydream::source {

struct Limits {
  std::size_t max_bytes = std::size_t{2} << 20;
  int max_depth = 4096;
  std::chrono::milliseconds max_time{5000};
};

// Index of a node; kNoNode = none.
using NodeId = std::uint32_t;
inline constexpr NodeId kNoNode = UINT32_MAX;

// Nodes lie in document order (parents before children): those below node n are (n, nodes[n].last].
struct Node {
  std::uint16_t symbol = 0;          // of the grammar
  std::uint16_t field = 0;           // under which field of its parent; 0 = none
  bool named = false;                // false for punctuation and keywords
  bool error = false;                // an ERROR or MISSING node
  std::uint32_t begin = 0, end = 0;  // bytes
  NodeId parent = kNoNode;
  NodeId next = kNoNode;  // sibling
  NodeId last = 0;        // the last node below it; itself when it has none
};

enum class CommentKind : std::uint8_t { kLine, kBlock };

struct Comment {
  std::uint32_t begin = 0, end = 0;  // bytes, markers included, line end not
  std::uint32_t line = 0;            // from 1, of its beginning
  CommentKind kind = CommentKind::kLine;
};

class File {
 public:
  // `content` must outlive the File. kUnsupported when it is over a limit or the language is kNone;
  // text with syntax errors still gives a tree: see clean(). [any thread]
  static Result<File> parse(std::string_view content, Language language, const Limits& limits = {});

  [[nodiscard]] std::string_view content() const { return content_; }
  [[nodiscard]] Language language() const { return language_; }
  // No ERROR and no MISSING node.
  [[nodiscard]] bool clean() const { return errors_ == 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }

  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const Node& operator[](NodeId id) const { return nodes_[id]; }
  [[nodiscard]] NodeId root() const { return 0; }
  [[nodiscard]] std::string_view type(NodeId id) const;  // "import_statement", "(", ...
  [[nodiscard]] std::string_view text(NodeId id) const {
    return content_.substr(nodes_[id].begin, nodes_[id].end - nodes_[id].begin);
  }
  [[nodiscard]] NodeId first_child(NodeId id) const { return nodes_[id].last == id ? kNoNode : id + 1; }
  [[nodiscard]] NodeId first_named(NodeId id) const;
  [[nodiscard]] NodeId next_named(NodeId id) const;
  // The first child under that field, or kNoNode.
  [[nodiscard]] NodeId child(NodeId id, std::uint16_t field) const;
  [[nodiscard]] bool is(NodeId id, std::uint16_t symbol) const { return id != kNoNode && nodes_[id].symbol == symbol; }
  [[nodiscard]] std::uint32_t line(std::uint32_t offset) const;  // from 1

  // Every comment, in order. For Python, python_lexer.hpp finds them without a parse.
  [[nodiscard]] std::vector<Comment> comments() const;
  // Nodes that are names (identifier, type_identifier, field_identifier, ...), in order.
  [[nodiscard]] std::vector<NodeId> identifiers() const;

 private:
  friend class TreeReader;
  File() = default;
  std::string_view content_;
  Language language_ = Language::kNone;
  std::size_t errors_ = 0;
  std::vector<Node> nodes_;
  std::vector<std::uint32_t> lines_;  // offsets of line starts
};

// Numbers of the grammar for a name: look them up once, compare numbers. 0 = the grammar has none.
std::uint16_t symbol_of(Language language, std::string_view type, bool named = true);
std::uint16_t field_of(Language language, std::string_view name);

// How many ERROR and MISSING nodes a text has; for judging an edit. kUnsupported as for parse().
Result<std::size_t> count_errors(std::string_view content, Language language, const Limits& limits = {});

}  // namespace daydream::source
