#include "plugins/legacy_cleanup/rules/comment_code.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "daydream/kit/text.hpp"
#include "daydream/source/python_lexer.hpp"
#include "daydream/source/python_symbols.hpp"
#include "plugins/legacy_cleanup/modules.hpp"

namespace daydream::legacy {
namespace {

using source::File;
using source::kNoNode;
using source::Language;
using source::NodeId;

enum class Weight { kNothing, kWeak, kStrong };

constexpr std::array<std::string_view, 46> kBuiltins{"print",
                                                     "len",
                                                     "range",
                                                     "str",
                                                     "int",
                                                     "float",
                                                     "bool",
                                                     "list",
                                                     "dict",
                                                     "set",
                                                     "tuple",
                                                     "self",
                                                     "cls",
                                                     "super",
                                                     "open",
                                                     "type",
                                                     "zip",
                                                     "map",
                                                     "filter",
                                                     "sorted",
                                                     "sum",
                                                     "min",
                                                     "max",
                                                     "any",
                                                     "all",
                                                     "isinstance",
                                                     "hasattr",
                                                     "getattr",
                                                     "setattr",
                                                     "enumerate",
                                                     "iter",
                                                     "next",
                                                     "repr",
                                                     "object",
                                                     "bytes",
                                                     "abs",
                                                     "ValueError",
                                                     "TypeError",
                                                     "KeyError",
                                                     "RuntimeError",
                                                     "Exception",
                                                     "ImportError",
                                                     "AttributeError",
                                                     "NotImplementedError",
                                                     "vars",
                                                     "id"};

class Judgement {
 public:
  Judgement(const File& file, const std::unordered_set<std::string_view>& known, bool completed)
      : file_(file), s_(source::python::symbols()), known_(known), completed_(completed) {}

  void run(CodeVerdict& verdict) {
    collect_bound();
    for (NodeId at = file_.first_named(file_.root()); at != kNoNode; at = file_.next_named(at)) {
      if (file_.is(at, s_.comment)) continue;
      ++verdict.statements;
      const Weight weight = weigh(at);
      strong_ += weight == Weight::kStrong ? 1 : 0;
      nothing_ += weight == Weight::kNothing ? 1 : 0;
    }
    verdict.likely = strong_ > 0 && (nothing_ == 0 || strong_ >= 3 * nothing_) && familiar() && !elided();
  }

 private:
  [[nodiscard]] bool has(NodeId node, std::uint16_t symbol) const {
    for (NodeId at = node; at <= file_[node].last; ++at) {
      if (file_.is(at, symbol)) return true;
    }
    return false;
  }
  [[nodiscard]] bool has_any(NodeId node, std::initializer_list<std::uint16_t> wanted) const {
    return std::any_of(wanted.begin(), wanted.end(), [&](std::uint16_t symbol) { return has(node, symbol); });
  }
  [[nodiscard]] bool known(std::string_view name) const {
    return known_.contains(name) || std::find(kBuiltins.begin(), kBuiltins.end(), name) != kBuiltins.end();
  }
  // The first name of an expression, "a" of a.b(c).
  [[nodiscard]] std::string_view root_name(NodeId node) const {
    for (NodeId at = node; at <= file_[node].last; ++at) {
      if (file_.is(at, s_.identifier)) return file_.text(at);
    }
    return {};
  }

  [[nodiscard]] Weight weigh(NodeId node) const {
    const std::string_view type = file_.type(node);
    if (file_.is(node, s_.expression_statement)) return weigh_expression(file_.first_named(node));
    if (file_.is(node, s_.import_from_statement) || file_.is(node, s_.future_import_statement)) return Weight::kStrong;
    if (file_.is(node, s_.import_statement)) return weigh_import(node);
    if (type == "return_statement" || type == "raise_statement" || type == "assert_statement") {
      return has_any(node, {s_.call, s_.attribute, s_.subscript, s_.string, s_.list}) ? Weight::kStrong : Weight::kWeak;
    }
    if (type == "print_statement") return has(node, s_.string) ? Weight::kStrong : Weight::kNothing;
    if (type == "if_statement" || type == "while_statement" || type == "for_statement" || type == "with_statement" ||
        type == "try_statement") {
      if (!completed_) return Weight::kStrong;
      return has_any(node, {s_.call, s_.attribute, s_.subscript}) ? Weight::kStrong : Weight::kWeak;
    }
    if (type == "function_definition" || type == "class_definition" || type == "decorated_definition") {
      return completed_ ? Weight::kWeak : Weight::kStrong;
    }
    return type == "exec_statement" ? Weight::kNothing : Weight::kWeak;
  }

  [[nodiscard]] Weight weigh_import(NodeId node) const {
    const std::string_view text = file_.text(node);
    if (text.find_first_of(".,") != std::string_view::npos || text.find(" as ") != std::string_view::npos) {
      return Weight::kStrong;
    }
    const std::string_view module = root_name(node);
    return standard_module(module) || known(module) ? Weight::kStrong : Weight::kWeak;
  }

  [[nodiscard]] Weight weigh_expression(NodeId node) const {
    if (node == kNoNode) return Weight::kNothing;
    if (file_.is(node, s_.assignment)) return weigh_assignment(node);
    if (file_.is(node, s_.augmented_assignment)) {
      return known(root_name(node)) ? Weight::kStrong : Weight::kWeak;
    }
    if (file_.is(node, s_.call)) return weigh_call(node);
    const std::string_view type = file_.type(node);
    if (type == "await" || type == "yield") return has(node, s_.call) ? Weight::kStrong : Weight::kWeak;
    return Weight::kNothing;
  }

  [[nodiscard]] Weight weigh_assignment(NodeId node) const {
    const NodeId left = file_.child(node, s_.f_left), right = file_.child(node, s_.f_right);
    if (right == kNoNode || left == kNoNode) return Weight::kNothing;  // x: something
    if (file_.child(node, s_.f_type) != kNoNode && !known(file_.text(left))) return Weight::kNothing;
    if (!file_.is(left, s_.identifier)) {
      return known(root_name(left)) ? Weight::kStrong : Weight::kWeak;
    }
    const std::string_view name = file_.text(left);
    if (name.size() == 1 && !known(name)) return Weight::kWeak;
    const bool solid = has_any(right, {s_.call, s_.attribute, s_.subscript, s_.string, s_.list, s_.assignment}) ||
                       file_.type(right) == "dictionary";
    return solid || known(name) ? Weight::kStrong : Weight::kWeak;
  }

  [[nodiscard]] Weight weigh_call(NodeId node) const {
    const NodeId arguments = file_.child(node, s_.f_arguments);
    const bool empty = arguments == kNoNode || file_.first_named(arguments) == kNoNode;
    const NodeId function = file_.child(node, s_.f_function);
    const std::string_view root = root_name(node);
    if (root == "print" || root == "pprint" || root == "breakpoint" || root == "pdb") return Weight::kStrong;
    if (!known(root)) return Weight::kWeak;
    return !empty || file_.is(function, s_.attribute) ? Weight::kStrong : Weight::kWeak;
  }

  void collect_bound() {
    for (NodeId at = 0; at < file_.nodes().size(); ++at) {
      if (!file_.is(at, s_.identifier)) continue;
      const NodeId above = file_[at].parent;
      const bool target = file_[at].field == s_.f_left || file_[at].field == s_.f_name ||
                          file_[at].field == s_.f_alias || file_.is(above, s_.dotted_name) ||
                          file_.is(above, s_.pattern_list) || file_.is(above, s_.parameters) ||
                          file_.is(above, s_.as_pattern_target);
      if (target) bound_.insert(file_.text(at));
    }
  }

  // The names it reads are names of this file: all of those in one line, half of those in several.
  [[nodiscard]] bool familiar() const {
    std::unordered_set<std::string_view> read, strange;
    for (const NodeId id : file_.identifiers()) {
      const NodeId above = file_[id].parent;
      if (file_.is(above, s_.attribute) && file_.child(above, s_.f_object) != id) continue;
      if (file_.is(above, s_.keyword_argument) && file_[id].field == s_.f_name) continue;
      const std::string_view name = file_.text(id);
      read.insert(name);
      if (!known(name) && !bound_.contains(name)) strange.insert(name);
    }
    return file_.content().find(" .") == std::string_view::npos &&
           (strange.empty() || (lines() > 1 && strange.size() * 2 <= read.size()));
  }

  [[nodiscard]] std::ptrdiff_t lines() const {
    return std::count(file_.content().begin(), file_.content().end(), '\n');
  }

  // "foo(a, ...)" is told to people.
  [[nodiscard]] bool elided() const {
    for (NodeId at = 0; at < file_.nodes().size(); ++at) {
      if (file_[at].named && file_.type(at) == "ellipsis" && !file_.is(file_[at].parent, s_.expression_statement))
        return true;
    }
    return false;
  }

  const File& file_;
  const source::python::Symbols& s_;
  const std::unordered_set<std::string_view>& known_;
  const bool completed_;
  std::unordered_set<std::string_view> bound_;
  int strong_ = 0, nothing_ = 0;
};

bool worded(std::string_view code) {
  return code.find_first_of("=([{.:,'\"") != std::string_view::npos || code.starts_with("import ") ||
         code.starts_with("return ") || code.starts_with("raise ") || code.starts_with("del ") ||
         code.starts_with("print ");
}

// Words side by side, or a word beside a number: no Python, whatever stands around them. Most comments are known by
// it, at a small part of the cost of a parse.
bool sentence(std::string_view code) {
  using source::python::TokenKind;
  // What may stand before a word: `print` and `exec` as statements, words that are keywords in some places.
  constexpr std::array<std::string_view, 7> kMay{"print", "exec", "match", "case", "type", "async", "await"};
  const auto lexed = source::python::lex(code);
  const auto word = [&](const source::python::Token& token) {
    return token.kind == TokenKind::kName && !source::python::is_keyword(lexed.text(token));
  };
  for (std::size_t at = 1; at < lexed.tokens.size(); ++at) {
    const auto& left = lexed.tokens[at - 1];
    const auto& right = lexed.tokens[at];
    const bool beside = (word(left) && (word(right) || right.kind == TokenKind::kNumber)) ||
                        (left.kind == TokenKind::kNumber && word(right));
    if (beside && std::find(kMay.begin(), kMay.end(), lexed.text(left)) == kMay.end()) return true;
  }
  return false;
}

std::string_view last_line(std::string_view code) {
  code = code.substr(0, code.find_last_not_of('\n') + 1);
  const auto line_break = code.rfind('\n');
  return line_break == std::string_view::npos ? code : code.substr(line_break + 1);
}

// An unfinished suite gets a body, a lone clause its beginning.
std::string completed(const std::string& code) {
  std::string whole = code;
  const std::string_view first = std::string_view(code).substr(0, code.find_first_of(" :\n"));
  if (first == "else" || first == "elif") whole = "if _:\n    pass\n" + whole;
  if (first == "except" || first == "finally") whole = "try:\n    pass\n" + whole;
  const std::string_view last = last_line(code);
  if (last.ends_with(":")) {
    const std::size_t indent = std::min(last.find_first_not_of(" \t"), last.size());
    whole += std::string(last.substr(0, indent)) + "    pass\n";
  }
  return whole;
}

// Entries of a bracket: strings, numbers, calls, pairs or keyword arguments, each with its comma.
bool entries(const std::string& code) {
  const std::string_view trimmed = text::trim(code);
  if (!trimmed.ends_with(",")) return false;
  for (const auto& [open, close] : {std::pair("[\n", "]\n"), std::pair("{\n", "}\n"), std::pair("f(\n", ")\n")}) {
    const std::string whole = open + code + close;
    const auto file = File::parse(whole, Language::kPython);
    if (!file || !file->clean()) continue;
    const auto& s = source::python::symbols();
    bool solid = false;
    for (NodeId at = 0; at < file->nodes().size(); ++at) {
      solid |= file->is(at, s.string) || file->is(at, s.keyword_argument) || file->type(at) == "pair" ||
               (file->is(at, s.call) && (*file)[at].begin > 0) || file->is(at, s.attribute);
    }
    if (solid) return true;
  }
  return false;
}

// The grammar forgives a suite without a body; Python does not.
bool unfinished(const File& file) {
  const auto& s = source::python::symbols();
  const std::array<std::uint16_t, 11> suites{
      s.if_statement,  s.elif_clause,   s.else_clause,         s.for_statement,    s.while_statement, s.with_statement,
      s.try_statement, s.except_clause, s.function_definition, s.class_definition, s.finally_clause};
  for (NodeId node = 0; node < file.nodes().size(); ++node) {
    if (std::find(suites.begin(), suites.end(), file[node].symbol) == suites.end()) continue;
    bool body = false;
    for (NodeId at = file.first_named(node); at != kNoNode && !body; at = file.next_named(at)) {
      if (!file.is(at, s.block)) continue;
      for (NodeId in = file.first_named(at); in != kNoNode; in = file.next_named(in)) body |= !file.is(in, s.comment);
    }
    if (!body) return true;
  }
  return false;
}

bool parse_as(const std::string& code, bool is_completed, const std::unordered_set<std::string_view>& known,
              CodeVerdict& verdict) {
  const auto file = File::parse(code, Language::kPython);
  if (!file || !file->clean() || unfinished(*file)) return false;
  verdict.parses = true;
  Judgement(*file, known, is_completed).run(verdict);
  return verdict.statements > 0;
}

}  // namespace

CodeVerdict judge_code(const std::string& code, bool nested, const std::unordered_set<std::string_view>& known) {
  CodeVerdict verdict;
  if (!worded(code)) return verdict;
  verdict.coded = true;
  if (sentence(code)) return verdict;
  if (nested) {
    verdict.parses = verdict.likely = entries(code);
    if (verdict.parses) return verdict;
  }
  if (parse_as(code, false, known, verdict)) {
    if (nested) verdict.likely = false;
    return verdict;
  }
  verdict = {};
  verdict.coded = true;
  if (const std::string whole = completed(code); whole != code) parse_as(whole, true, known, verdict);
  if (nested) verdict.likely = false;
  return verdict;
}

bool announces(std::string_view line) {
  const std::string lower = text::to_lower_ascii(text::trim(line));
  std::string_view words = lower;
  words.remove_prefix(std::min(words.find_first_not_of("# \t"), words.size()));
  if (words.ends_with(":") || words.ends_with("::")) return true;
  static constexpr std::array<std::string_view, 27> kWords{
      "e.g.",       "i.e.",       "example",  "usage",        "for instance", "replace with", "deprecat",
      "such as",    "equivalent", "same as",  "instead of",   "becomes",      "roughly",      "analogous",
      "uncomment",  "re-enable",  "reenable", "enable this",  "todo",         "fixme",        "like this",
      "as follows", "reference",  "pseudo",   "before/after", "should be",    "looks like"};
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return words.find(word) != std::string_view::npos; });
}

}  // namespace daydream::legacy
