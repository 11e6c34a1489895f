#include "plugins/legacy_cleanup/rules/braces/code_text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "daydream/source/c_lexer.hpp"
#include "daydream/source/file.hpp"

namespace daydream::legacy::braces {
namespace {

using source::File;
using source::kNoNode;
using source::Language;
using source::NodeId;

enum class Weight { kNothing, kWeak, kStrong };

bool is_c(Language language) {
  return language == Language::kC || language == Language::kCpp;
}

// Lines of code end in few ways; sentences end in others.
bool coded(const std::string& code) {
  std::size_t lines = 0, ended = 0;
  for (const std::string_view raw : text::split(code, '\n')) {
    const std::string_view line = text::trim(raw);
    if (line.empty()) continue;
    ++lines;
    const char last = line.back();
    const bool solid = last == ';' || last == '{' || last == '}' || last == ',' || last == '(' || last == ')' ||
                       last == '[' || last == ']' || line.starts_with("#") || line.starts_with("//") ||
                       line.find('=') != std::string_view::npos || line.find("import ") == 0;
    ended += solid ? 1 : 0;
  }
  return lines > 0 && ended * 3 >= lines * 2 && code.find_first_of("(={;[<\"'#") != std::string::npos;
}

// Names read, but for members and what follows a colon or a dot.
struct Names {
  std::size_t read = 0, strange = 0;
};

bool keyword(std::string_view word) {
  static constexpr std::array<std::string_view, 64> kWords{
      "if",      "else",    "for",       "while",  "do",       "return",  "break",     "continue", "switch", "case",
      "default", "const",   "let",       "var",    "function", "class",   "new",       "this",     "null",   "true",
      "false",   "typeof",  "await",     "async",  "import",   "from",    "export",    "try",      "catch",  "throw",
      "finally", "in",      "of",        "int",    "char",     "void",    "unsigned",  "long",     "short",  "float",
      "double",  "static",  "struct",    "enum",   "union",    "sizeof",  "goto",      "auto",     "bool",   "NULL",
      "nullptr", "using",   "namespace", "string", "number",   "boolean", "undefined", "console",  "printf", "fprintf",
      "stderr",  "require", "Object",    "std"};
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end();
}

Names names_of(const std::string& code, const std::unordered_set<std::string_view>& known) {
  const auto lexed = source::c::lex(code);
  Names names;
  std::unordered_set<std::string_view> bound, seen;
  for (std::size_t at = 0; at < lexed.tokens.size(); ++at) {
    const auto text_at = [&](std::size_t i) {
      return i < lexed.tokens.size() ? lexed.text(lexed.tokens[i]) : std::string_view();
    };
    if (lexed.tokens[at].kind != source::c::TokenKind::kName || keyword(text_at(at))) continue;
    const std::string_view before = at > 0 ? text_at(at - 1) : std::string_view(), behind = text_at(at + 1);
    if (before == "." || (before == ">" && at > 1 && text_at(at - 2) == "-") || behind == ":") continue;
    if (behind == "=" && text_at(at + 2) != "=") bound.insert(text_at(at));
    if (!seen.insert(text_at(at)).second) continue;
    ++names.read;
    if (!known.contains(text_at(at)) && !bound.contains(text_at(at))) ++names.strange;
  }
  return names;
}

class Judgement {
 public:
  explicit Judgement(const File& file) : file_(file) {}

  // The statements below `list`.
  void weigh_all(NodeId list) {
    for (NodeId at = file_.first_named(list); at != kNoNode; at = file_.next_named(at)) {
      if (file_.type(at) == "comment") continue;
      const Weight weight = weigh(at);
      strong += weight == Weight::kStrong ? 1 : 0;
      nothing += weight == Weight::kNothing ? 1 : 0;
    }
  }
  int strong = 0, nothing = 0;

 private:
  [[nodiscard]] bool has(NodeId node, std::string_view type) const {
    for (NodeId at = node; at <= file_[node].last; ++at) {
      if (file_[at].named && file_.type(at) == type) return true;
    }
    return false;
  }

  [[nodiscard]] Weight weigh(NodeId node) const {
    const std::string_view type = file_.type(node), text = file_.text(node);
    const bool ended = text.ends_with(';') || text.ends_with('}');
    if (type == "expression_statement") return weigh_expression(file_.first_named(node), ended);
    if (type == "lexical_declaration" || type == "variable_declaration" || type == "declaration" ||
        type == "field_declaration") {
      if (text.find('=') == std::string_view::npos && !(type == "declaration" && has(node, "primitive_type"))) {
        return Weight::kWeak;
      }
      return ended || type == "lexical_declaration" ? Weight::kStrong : Weight::kWeak;
    }
    if (type == "return_statement") {
      const NodeId value = file_.first_named(node);
      return ended && value != kNoNode ? Weight::kStrong : Weight::kWeak;
    }
    static constexpr std::array<std::string_view, 16> kSolid{
        "if_statement",      "for_statement",       "for_in_statement",  "while_statement",
        "do_statement",      "switch_statement",    "try_statement",     "function_declaration",
        "class_declaration", "function_definition", "import_statement",  "preproc_include",
        "preproc_if",        "preproc_ifdef",       "method_definition", "throw_statement"};
    if (std::find(kSolid.begin(), kSolid.end(), type) != kSolid.end()) {
      const bool whole = text.find_first_of(";{#'\"") != std::string_view::npos;
      return whole ? Weight::kStrong : Weight::kWeak;
    }
    if (type == "labeled_statement" || type == "empty_statement") return Weight::kNothing;
    return Weight::kWeak;
  }

  [[nodiscard]] Weight weigh_expression(NodeId node, bool ended) const {
    if (node == kNoNode) return Weight::kNothing;
    const std::string_view type = file_.type(node);
    if (type == "assignment_expression" || type == "augmented_assignment_expression") {
      return ended ? Weight::kStrong : Weight::kWeak;
    }
    if (type == "call_expression" || type == "await_expression" || type == "new_expression" ||
        type == "delete_expression") {
      return ended ? Weight::kStrong : Weight::kWeak;
    }
    if (type == "update_expression" || type == "binary_expression") return ended ? Weight::kWeak : Weight::kNothing;
    return Weight::kNothing;
  }

  const File& file_;
};

// Opening less closing braces and brackets, strings left out; -1 where it goes below nothing on the way.
int balance(const std::string& code) {
  int depth = 0;
  const auto lexed = source::c::lex(code);
  for (const auto& token : lexed.tokens) {
    const std::string_view text = lexed.text(token);
    if (text == "{" || text == "(" || text == "[") ++depth;
    if (text == "}" || text == ")" || text == "]") --depth;
    if (depth < 0) return -1;
  }
  return depth;
}

// "f(a, ...)" and "X_..." are told to people; `...rest` and `, ...)` of a C prototype are not.
bool elided(const std::string& code) {
  for (auto at = code.find("..."); at != std::string::npos; at = code.find("...", at + 3)) {
    const char next = at + 3 < code.size() ? code[at + 3] : '\n';
    const bool name = std::isalpha(static_cast<unsigned char>(next)) != 0 || next == '[' || next == '{' || next == '(';
    if (!name) return true;
  }
  return false;
}

struct Frame {
  std::string_view open, close, body;  // the node type that holds the statements
  bool statements;                     // else members: they alone make nothing likely
};

const std::vector<Frame>& frames(Language language) {
  static const std::vector<Frame> script{{"async function* _() {\n", "}\n", "statement_block", true},
                                         {"", "", "program", true},
                                         {"class _ {\n", "}\n", "class_body", true},
                                         {"_({\n", "})\n", "object", false}};
  static const std::vector<Frame> c{{"void _(void) {\n", "}\n", "compound_statement", true},
                                    {"", "", "translation_unit", true},
                                    {"struct _ {\n", "};\n", "field_declaration_list", false}};
  return is_c(language) ? c : script;
}

NodeId first_of(const File& file, std::string_view type) {
  for (NodeId at = 0; at < file.nodes().size(); ++at) {
    if (file[at].named && file.type(at) == type) return at;
  }
  return kNoNode;
}

}  // namespace

CodeText judge(const std::string& code, Language language, const std::unordered_set<std::string_view>& known) {
  CodeText verdict;
  if (!coded(code)) return verdict;
  const int open = balance(code);
  // A piece that opens or closes what others close or open: git alone can say.
  if (open != 0) {
    verdict.parses = code.find(';') != std::string::npos || code.find('{') != std::string::npos;
    return verdict;
  }
  for (const Frame& frame : frames(language)) {
    const std::string whole = std::string(frame.open) + code + std::string(frame.close);
    const auto file = File::parse(whole, language);
    if (!file || !file->clean()) continue;
    const NodeId body = first_of(*file, frame.body);
    if (body == kNoNode) continue;
    verdict.parses = true;
    if (!frame.statements) return verdict;
    Judgement judgement(*file);
    judgement.weigh_all(body);
    const Names names = names_of(code, known);
    const bool single = std::count(code.begin(), code.end(), '\n') <= 1;
    const bool familiar = names.read == 0 || names.strange == 0 || (!single && names.strange * 2 <= names.read);
    verdict.likely = judgement.strong > 0 && judgement.nothing == 0 && familiar && !elided(code);
    return verdict;
  }
  return verdict;
}

}  // namespace daydream::legacy::braces
