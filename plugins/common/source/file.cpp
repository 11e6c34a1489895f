#include "daydream/source/file.hpp"

#include <tree_sitter/api.h>

#include <algorithm>
#include <memory>
#include <string>

extern "C" {
const TSLanguage* tree_sitter_bash();
const TSLanguage* tree_sitter_c();
const TSLanguage* tree_sitter_cpp();
const TSLanguage* tree_sitter_go();
const TSLanguage* tree_sitter_java();
const TSLanguage* tree_sitter_javascript();
const TSLanguage* tree_sitter_python();
const TSLanguage* tree_sitter_rust();
const TSLanguage* tree_sitter_tsx();
const TSLanguage* tree_sitter_typescript();
}

namespace daydream::source {
namespace {

const TSLanguage* grammar(Language language) {
  switch (language) {
    case Language::kNone:
      return nullptr;
    case Language::kPython:
      return tree_sitter_python();
    case Language::kJavaScript:
      return tree_sitter_javascript();
    case Language::kTypeScript:
      return tree_sitter_typescript();
    case Language::kTsx:
      return tree_sitter_tsx();
    case Language::kC:
      return tree_sitter_c();
    case Language::kCpp:
      return tree_sitter_cpp();
    case Language::kGo:
      return tree_sitter_go();
    case Language::kJava:
      return tree_sitter_java();
    case Language::kRust:
      return tree_sitter_rust();
    case Language::kShell:
      return tree_sitter_bash();
  }
  return nullptr;
}

struct ParserEnd {
  void operator()(TSParser* parser) const { ts_parser_delete(parser); }
};
struct TreeEnd {
  void operator()(TSTree* tree) const { ts_tree_delete(tree); }
};
using Parser = std::unique_ptr<TSParser, ParserEnd>;
using Tree = std::unique_ptr<TSTree, TreeEnd>;

// A parser a thread: making one costs more than parsing a small file.
TSParser* thread_parser() {
  thread_local const Parser parser(ts_parser_new());
  return parser.get();
}

Result<Tree> parse_tree(std::string_view content, Language language, const Limits& limits) {
  const TSLanguage* const known = grammar(language);
  if (known == nullptr) return Error(ErrorKind::kUnsupported, "no grammar for this file");
  if (content.size() > limits.max_bytes || content.size() >= UINT32_MAX) {
    return Error(ErrorKind::kUnsupported, "larger than " + std::to_string(limits.max_bytes >> 10) + " KiB");
  }
  TSParser* const parser = thread_parser();
  if (!ts_parser_set_language(parser, known)) return Error(ErrorKind::kInternal, "the grammar is of another version");
  ts_parser_reset(parser);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(limits.max_time).count();
  ts_parser_set_timeout_micros(parser, static_cast<std::uint64_t>(micros));
  Tree tree(ts_parser_parse_string(parser, nullptr, content.data(), static_cast<std::uint32_t>(content.size())));
  if (tree == nullptr) {
    ts_parser_reset(parser);
    return Error(ErrorKind::kUnsupported, "not parsed within " + std::to_string(limits.max_time.count()) + " ms");
  }
  return tree;
}

}  // namespace

// Copies a tree-sitter tree into flat nodes in one walk with an explicit stack.
class TreeReader {
 public:
  static Result<File> read(std::string_view content, Language language, const TSTree* tree, const Limits& limits) {
    File file;
    file.content_ = content;
    file.language_ = language;
    file.nodes_.reserve(content.size() / 2);
    TSTreeCursor cursor = ts_tree_cursor_new(ts_tree_root_node(tree));
    const bool shallow = walk(file, cursor, limits.max_depth);
    ts_tree_cursor_delete(&cursor);
    if (!shallow) {
      return Error(ErrorKind::kUnsupported, "nested deeper than " + std::to_string(limits.max_depth) + " levels");
    }
    file.lines_.push_back(0);
    for (std::size_t at = content.find('\n'); at != std::string_view::npos; at = content.find('\n', at + 1)) {
      file.lines_.push_back(static_cast<std::uint32_t>(at + 1));
    }
    return file;
  }

 private:
  static NodeId add(File& file, const TSTreeCursor& cursor, NodeId parent) {
    const TSNode from = ts_tree_cursor_current_node(&cursor);
    Node node;
    node.symbol = ts_node_symbol(from);
    node.field = ts_tree_cursor_current_field_id(&cursor);
    node.named = ts_node_is_named(from);
    node.error = node.symbol == UINT16_MAX || ts_node_is_missing(from);
    node.begin = ts_node_start_byte(from);
    node.end = ts_node_end_byte(from);
    node.parent = parent;
    node.last = static_cast<NodeId>(file.nodes_.size());
    file.errors_ += node.error ? 1 : 0;
    file.nodes_.push_back(node);
    return node.last;
  }

  static bool walk(File& file, TSTreeCursor& cursor, int max_depth) {
    std::vector<NodeId> open{add(file, cursor, kNoNode)};
    const auto close = [&] {
      file.nodes_[open.back()].last = static_cast<NodeId>(file.nodes_.size() - 1);
      open.pop_back();
    };
    while (true) {
      if (ts_tree_cursor_goto_first_child(&cursor)) {
        if (open.size() >= static_cast<std::size_t>(max_depth)) return false;
        open.push_back(add(file, cursor, open.back()));
        continue;
      }
      while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
        close();
        if (open.empty() || !ts_tree_cursor_goto_parent(&cursor)) return true;
      }
      const NodeId before = open.back();
      close();
      const NodeId after = add(file, cursor, open.back());
      file.nodes_[before].next = after;
      open.push_back(after);
    }
  }
};

Result<File> File::parse(std::string_view content, Language language, const Limits& limits) {
  auto tree = parse_tree(content, language, limits);
  if (!tree) return std::move(tree.error());
  return TreeReader::read(content, language, tree->get(), limits);
}

std::string_view File::type(NodeId id) const {
  if (nodes_[id].symbol == UINT16_MAX) return "ERROR";
  const char* const name = ts_language_symbol_name(grammar(language_), nodes_[id].symbol);
  return name == nullptr ? std::string_view() : std::string_view(name);
}

NodeId File::first_named(NodeId id) const {
  const NodeId first = first_child(id);
  return first == kNoNode || nodes_[first].named ? first : next_named(first);
}

NodeId File::next_named(NodeId id) const {
  NodeId at = nodes_[id].next;
  while (at != kNoNode && !nodes_[at].named) at = nodes_[at].next;
  return at;
}

NodeId File::child(NodeId id, std::uint16_t field) const {
  for (NodeId at = first_child(id); at != kNoNode; at = nodes_[at].next) {
    if (nodes_[at].field == field) return at;
  }
  return kNoNode;
}

std::uint32_t File::line(std::uint32_t offset) const {
  const auto behind = std::upper_bound(lines_.begin(), lines_.end(), offset);
  return static_cast<std::uint32_t>(behind - lines_.begin());
}

std::vector<Comment> File::comments() const {
  std::vector<Comment> found;
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    const Node& node = nodes_[id];
    if (!node.named || type(id).find("comment") == std::string_view::npos) continue;
    // Rust nests the text of a documentation comment in the comment.
    if (!found.empty() && node.begin < found.back().end) continue;
    std::uint32_t end = node.end;
    while (end > node.begin && (content_[end - 1] == '\n' || content_[end - 1] == '\r')) --end;
    const bool block = content_.substr(node.begin, 2) == "/*" || content_.substr(node.begin, 4) == "<!--";
    found.push_back({node.begin, end, line(node.begin), block ? CommentKind::kBlock : CommentKind::kLine});
  }
  return found;
}

std::vector<NodeId> File::identifiers() const {
  std::vector<NodeId> found;
  for (NodeId id = 0; id < nodes_.size(); ++id) {
    if (!nodes_[id].named || nodes_[id].last != id) continue;
    const std::string_view name = type(id);
    if (name == "word" || name == "variable_name" || name.ends_with("identifier")) found.push_back(id);
  }
  return found;
}

std::uint16_t symbol_of(Language language, std::string_view type, bool named) {
  const TSLanguage* const known = grammar(language);
  if (known == nullptr) return 0;
  return ts_language_symbol_for_name(known, type.data(), static_cast<std::uint32_t>(type.size()), named);
}

std::uint16_t field_of(Language language, std::string_view name) {
  const TSLanguage* const known = grammar(language);
  if (known == nullptr) return 0;
  return ts_language_field_id_for_name(known, name.data(), static_cast<std::uint32_t>(name.size()));
}

Result<std::size_t> count_errors(std::string_view content, Language language, const Limits& limits) {
  auto tree = parse_tree(content, language, limits);
  if (!tree) return std::move(tree.error());
  if (!ts_node_has_error(ts_tree_root_node(tree->get()))) return std::size_t{0};
  auto file = TreeReader::read(content, language, tree->get(), limits);
  if (!file) return std::move(file.error());
  return file->errors();
}

}  // namespace daydream::source
