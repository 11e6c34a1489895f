// unreachable-code for C and C++: statements behind return, break, continue, goto or throw in the same
// list, up to the next label.
//
// Silent wherever the preprocessor has a hand in it: directives or macro calls among the statements, a
// function that does not parse cleanly. safe only where no name is left without a use (compilers warn,
// and warnings may be errors) and no words stand among them.
#include <algorithm>
#include <array>
#include <memory>
#include <unordered_map>

#include "plugins/legacy_cleanup/rules/c/c_file.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"

namespace daydream::legacy::c {
namespace {

using source::File;
using source::kNoNode;
using source::NodeId;

const Codes kCodes{"unreachable-code", "clang-diagnostic-unreachable-code", "unreachable"};

bool jump_word(std::string_view word) {
  return word == "return" || word == "break" || word == "continue" || word == "goto" || word == "throw";
}
bool jump_type(std::string_view type) {
  return type == "return_statement" || type == "break_statement" || type == "continue_statement" ||
         type == "goto_statement" || type == "throw_statement";
}
// A macro by its looks: it may hold a label, or mean "never here".
bool shouted(std::string_view name) {
  return name.size() > 1 && std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}
bool says_never(std::string_view name) {
  static constexpr std::array<std::string_view, 9> kWords{"unreachable", "assert", "abort",     "exit", "panic",
                                                          "not_reached", "bug",    "terminate", "fatal"};
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

// A jump in a list of statements that something follows, as far as tokens can tell.
bool worth_a_parse(const Lexed& lexed) {
  std::vector<std::uint32_t> solid;  // tokens that are no comments
  for (std::uint32_t at = 0; at < lexed.tokens.size(); ++at) {
    if (lexed.tokens[at].kind != TokenKind::kComment) solid.push_back(at);
  }
  const auto word = [&](std::size_t at) {
    return at < solid.size() ? lexed.text(lexed.tokens[solid[at]]) : std::string_view();
  };
  for (std::size_t at = 1; at < solid.size(); ++at) {
    if (lexed.tokens[solid[at]].kind != TokenKind::kName || !jump_word(word(at))) continue;
    const std::string_view before = word(at - 1);
    if (before != ";" && before != "{" && before != "}" && before != ":") continue;
    constexpr std::size_t kLongest = 5000;
    std::size_t end = at;
    int depth = 0;
    for (; end < solid.size() && end < at + kLongest; ++end) {
      const std::string_view text = word(end);
      if (text == ";" && depth == 0) break;
      if (text == "(" || text == "{" || text == "[") ++depth;
      if (text == ")" || text == "}" || text == "]") --depth;
      if (depth < 0) break;
    }
    if (word(end) != ";" || end + 1 >= solid.size()) continue;
    const std::string_view next = word(end + 1);
    const bool label =
        lexed.tokens[solid[end + 1]].kind == TokenKind::kName && word(end + 2) == ":" && word(end + 3) != ":";
    const bool directive = lexed.tokens[solid[end + 1]].kind == TokenKind::kDirective;
    if (next != "}" && next != "case" && next != "default" && !label && !directive) return true;
  }
  return false;
}

class Examination {
 public:
  Examination(const Subject& subject, const Lexed& lexed, std::vector<Finding>& out)
      : file_(*subject.tree()), lexed_(lexed), remarks_(subject.remarks()), out_(out) {}

  void run() {
    if (remarks_.file(kCodes)) return;
    for (NodeId node = 0; node < file_.nodes().size(); ++node) {
      constexpr std::size_t kMost = 1000;
      if (out_.size() > kMost) return;
      if (!file_[node].named || !jump_type(file_.type(node))) continue;
      const std::string_view above = file_[node].parent == kNoNode ? "" : file_.type(file_[node].parent);
      if (above == "compound_statement" || above == "case_statement") behind(node);
    }
  }

 private:
  [[nodiscard]] NodeId next_statement(NodeId node) const {
    NodeId at = file_.next_named(node);
    while (at != kNoNode && file_.type(at) == "comment") at = file_.next_named(at);
    return at;
  }

  [[nodiscard]] bool below(NodeId node, std::string_view type) const {
    for (NodeId at = node; at <= file_[node].last; ++at) {
      if (file_[at].named && file_.type(at) == type) return true;
    }
    return false;
  }

  // The function around it, when it parses as a whole.
  [[nodiscard]] NodeId clean_function(NodeId node) const {
    NodeId at = file_[node].parent;
    while (at != kNoNode && file_.type(at) != "function_definition") at = file_[at].parent;
    if (at == kNoNode) return kNoNode;
    for (NodeId in = at; in <= file_[at].last; ++in) {
      if (file_[in].error) return kNoNode;
    }
    return at;
  }

  void behind(NodeId jump) {
    const NodeId first = next_statement(jump);
    if (first == kNoNode || dead_already(jump)) return;
    NodeId last = kNoNode;
    bool cut = false;
    for (NodeId at = first; at != kNoNode; at = next_statement(at)) {
      if (below(at, "labeled_statement") || below(at, "case_statement")) {
        cut = true;
        break;
      }
      last = at;
    }
    if (last == kNoNode || marker(first, last) || meddled(first, last)) return;
    const NodeId function = clean_function(jump);
    if (function != kNoNode) report(jump, first, last, function, cut);
  }

  [[nodiscard]] bool dead_already(NodeId jump) const {
    for (NodeId at = file_.first_named(file_[jump].parent); at != kNoNode && at != jump; at = file_.next_named(at)) {
      if (jump_type(file_.type(at))) return true;
    }
    return false;
  }

  // `return x; break;`, `throw x; return y;`, `return x; __builtin_unreachable();`
  [[nodiscard]] bool marker(NodeId first, NodeId last) const {
    if (first == last && (jump_type(file_.type(first)) || file_.text(first) == ";")) return true;
    const std::string_view text = file_.text(first);
    const std::string_view name = text.substr(0, text.find_first_of("(;, \t\n"));
    return file_.type(first) == "expression_statement" && says_never(name);
  }

  // By the preprocessor, by macros, by what changes the function as a whole.
  [[nodiscard]] bool meddled(NodeId first, NodeId last) const {
    for (NodeId at = first; at <= file_[last].last; ++at) {
      if (!file_[at].named) continue;
      const std::string_view type = file_.type(at);
      if (type.starts_with("preproc") || type.starts_with("co_") || type.starts_with("gnu_asm") ||
          type.starts_with("seh_") || type == "attributed_statement" || type == "function_definition") {
        return true;
      }
      if (type != "identifier" && type != "type_identifier") continue;
      const std::string_view above = file_.type(file_[at].parent);
      if ((above == "call_expression" || above == "expression_statement" || above == "function_declarator" ||
           above == "declaration") &&
          shouted(file_.text(at)) && file_.text(at) != "FILE") {
        return true;
      }
    }
    return false;
  }

  void report(NodeId jump, NodeId first, NodeId last, NodeId function, bool cut) {
    const std::uint32_t begin = file_.line(file_[first].begin), end = file_.line(file_[last].end);
    if (remarks_.lines(file_.line(file_[jump].begin), begin, kCodes)) return;
    const std::string_view text = file_.text(jump);
    Finding finding;
    finding.rule = "unreachable-code";
    place(file_, first, finding);
    finding.end_line = end;
    finding.message = end == begin ? "this line can never run" : "these lines can never run";
    finding.evidence = "they stand behind `" + std::string(text.substr(0, text.find_first_of(" \t\r\n(;"))) +
                       "` on line " + std::to_string(file_.line(file_[jump].begin)) + " in the same block";
    finding.suggestion = "remove lines " + std::to_string(begin) + " to " + std::to_string(end);
    if (own_lines(file_.content(), file_[first].begin, file_[last].end)) {
      finding.edits.push_back(whole_lines(file_.content(), file_[first].begin, file_[last].end));
    }
    std::string doubt =
        finding.edits.empty() ? "they share a line with others" : doubt_about(jump, first, last, function);
    if (doubt.empty() && cut && below_any(first, last, "declaration")) doubt = "a declaration among them";
    finding.safety = doubt.empty() ? Safety::kSafe : finding.edits.empty() ? Safety::kInfo : Safety::kReview;
    if (!doubt.empty()) finding.evidence += "; for a person to decide: " + doubt;
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] bool below_any(NodeId first, NodeId last, std::string_view type) const {
    for (NodeId at = first; at <= file_[last].last; ++at) {
      if (file_[at].named && file_.type(at) == type) return true;
    }
    return false;
  }

  [[nodiscard]] std::string doubt_about(NodeId jump, NodeId first, NodeId last, NodeId function) const {
    const std::uint32_t from = file_[jump].end, to = file_[last].end;
    for (const Token& token : lexed_.tokens) {
      if (token.begin < from || token.begin >= to) continue;
      if (token.kind == TokenKind::kComment) return "comments stand among them";
    }
    if (file_.type(jump) != "return_statement" && below_any(first, last, "return_statement")) {
      return "a return among them";
    }
    return left_over(file_[first].begin, to, file_[function].begin, file_[function].end);
  }

  struct Count {
    int inside = 0, outside = 0, in_function = 0;
  };

  // A name that would be left with its declaration alone, or as a variable of the function that is only set.
  [[nodiscard]] std::string left_over(std::uint32_t from, std::uint32_t to, std::uint32_t begin,
                                      std::uint32_t end) const {
    std::unordered_map<std::string_view, Count> counts;
    for (const Token& token : lexed_.tokens) {
      if (token.kind != TokenKind::kName || token.begin < from || token.begin >= to) continue;
      ++counts[lexed_.text(token)].inside;
    }
    for (const Token& token : lexed_.tokens) {
      if (token.kind != TokenKind::kName || (token.begin >= from && token.begin < to)) continue;
      const auto found = counts.find(lexed_.text(token));
      if (found == counts.end()) continue;
      ++found->second.outside;
      found->second.in_function += token.begin >= begin && token.begin < end ? 1 : 0;
    }
    std::string name;
    for (const auto& [word, count] : counts) {
      const bool local = count.in_function == count.outside && count.outside == 2;
      if ((count.outside == 1 || local) && (name.empty() || word < name)) name = word;
    }
    return name.empty() ? name : "`" + name + "` may be left without a use";
  }

  const File& file_;
  const Lexed& lexed_;
  const Remarks& remarks_;
  std::vector<Finding>& out_;
};

class UnreachableCode final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "unreachable-code"; }
  [[nodiscard]] bool reads(source::Language language) const override { return is_c(language); }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (repository != nullptr && left_alone(subject.path())) return;
    const Lexed& lexed = subject.c_lexed();
    if (lexed.broken || !worth_a_parse(lexed) || minified(subject.content()) || subject.tree() == nullptr) return;
    Examination(subject, lexed, out).run();
  }
};

}  // namespace
}  // namespace daydream::legacy::c

namespace daydream::legacy {

std::unique_ptr<Rule> c_unreachable_code() {
  return std::make_unique<c::UnreachableCode>();
}

}  // namespace daydream::legacy
