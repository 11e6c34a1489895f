#include "plugins/legacy_cleanup/rules/javascript/script.hpp"

#include <algorithm>
#include <array>

namespace daydream::legacy::script {
namespace {

using source::Language;

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f") == std::string_view::npos;
}

std::uint32_t line_begin(std::string_view content, std::uint32_t at) {
  const auto found = at == 0 ? std::string_view::npos : content.rfind('\n', at - 1);
  return found == std::string_view::npos ? 0 : static_cast<std::uint32_t>(found + 1);
}
std::uint32_t line_end(std::string_view content, std::uint32_t at) {
  const auto found = content.find('\n', at);
  return static_cast<std::uint32_t>(found == std::string_view::npos ? content.size() : found + 1);
}

// A comment behind a statement goes with it, whole: "// why" or one "/* why */" at the end of the line.
bool only_comment(std::string_view text) {
  const auto from = text.find_first_not_of(" \t");
  if (from == std::string_view::npos) return true;
  text.remove_prefix(from);
  if (text.starts_with("//")) return true;
  if (!text.starts_with("/*")) return blank(text);
  const auto end = text.find("*/", 2);
  return end != std::string_view::npos && blank(text.substr(end + 2));
}

// A statement that a line beginning with '(' or '[' cannot continue.
bool ends_by_itself(Kind kind) {
  switch (kind) {
    case Kind::kFunction:
    case Kind::kGenerator:
    case Kind::kClass:
    case Kind::kAbstractClass:
    case Kind::kBlock:
    case Kind::kTry:
    case Kind::kInterface:
    case Kind::kEnum:
    case Kind::kEmpty:
      return true;
    default:
      return false;
  }
}

// What stands before does not end by itself, and what follows would go on with it.
bool would_join(const Script& script, NodeId first, NodeId last) {
  const NodeId next = script.behind(last);
  if (next == kNoNode) return false;
  const char begin = script.content()[script.file()[next].begin];
  if (std::string_view("([`/+-*.,").find(begin) == std::string_view::npos) return false;
  const NodeId previous = script.before(first);
  if (previous == kNoNode) return false;
  return !script.text(previous).ends_with(';') && !ends_by_itself(script.kind(previous));
}

bool directive_like(const Script& script, NodeId statement) {
  return script.kind(statement) == Kind::kExpressionStatement &&
         script.kind(script.file().first_named(statement)) == Kind::kString;
}

// Only strings stand before it, and one follows: "use strict" would come to life.
bool would_direct(const Script& script, NodeId first, NodeId last) {
  const NodeId next = script.behind(last);
  if (next == kNoNode || !directive_like(script, next)) return false;
  const NodeId previous = script.before(first);
  return previous == kNoNode || directive_like(script, previous);
}

// Behind the statement, but for a ';' that stands on a later line.
std::uint32_t end_of(const Script& script, NodeId statement) {
  const std::uint32_t end = script.file()[statement].end;
  const std::string_view text = script.text(statement);
  if (!text.ends_with(';')) return end;
  const auto solid = text.find_last_not_of(" \t\r\n;");
  if (solid == std::string_view::npos || text.find('\n', solid) == std::string_view::npos) return end;
  return script.file()[statement].begin + static_cast<std::uint32_t>(solid + 1);
}

std::optional<Edit> within_line(std::string_view content, std::uint32_t begin, std::uint32_t end) {
  if (end == 0 || (content[end - 1] != ';' && content[end - 1] != '}')) return std::nullopt;
  const auto next = content.find_first_not_of(" \t", end);
  if (next == std::string_view::npos || content[next] == '\n' || content[next] == '\r' || content[next] == '/') {
    const auto previous = begin == 0 ? std::string_view::npos : content.find_last_not_of(" \t", begin - 1);
    if (previous == std::string_view::npos || content[previous] != ';') return std::nullopt;
    return Edit{static_cast<std::uint32_t>(previous + 1), end, ""};
  }
  return Edit{begin, static_cast<std::uint32_t>(next), ""};
}

}  // namespace

Script::Script(const Subject& subject)
    : file_(*subject.tree()),
      names_(*subject.script_names()),
      remarks_(subject.remarks()),
      grammar_(Grammar::of(subject.language())) {
  own_top_level_ = names_.module();
  for (NodeId node = 0; node < file_.nodes().size(); ++node) {
    const Kind of = kind(node);
    has_jsx_ |= of == Kind::kJsxOpening || of == Kind::kJsxSelfClosing || of == Kind::kJsxElement;
    if (own_top_level_ || of != Kind::kAssignment) continue;
    const std::string_view left = text(file_.child(node, grammar_.f_left));
    own_top_level_ = left.starts_with("module.exports") || left.starts_with("exports.");
  }
  if (subject.path().ends_with(".cjs") || subject.path().ends_with(".mjs") || subject.path().ends_with(".cts") ||
      subject.path().ends_with(".mts")) {
    own_top_level_ = true;
  }
}

bool Script::typescript() const {
  return file_.language() == Language::kTypeScript || file_.language() == Language::kTsx;
}

std::string_view Script::literal(NodeId node) const {
  if (kind(node) != Kind::kString) return {};
  const std::string_view all = text(node);
  if (all.size() < 3 || all.find('\\') != std::string_view::npos) return {};
  return all.substr(1, all.size() - 2);
}

std::string_view Script::required(NodeId node) const {
  if (kind(node) != Kind::kCall || text(file_.child(node, grammar_.f_function)) != "require") return {};
  const NodeId arguments = file_.child(node, grammar_.f_arguments);
  if (kind(arguments) != Kind::kArguments) return {};
  const NodeId only = file_.first_named(arguments);
  if (only == kNoNode || file_.next_named(only) != kNoNode) return {};
  return literal(only);
}

// There `this` may be asked for before super() has made it.
bool Script::inside_constructor(NodeId node) const {
  for (NodeId at = above(node); at != kNoNode; at = above(at)) {
    if (kind(at) == Kind::kMethod) return text(file_.child(at, grammar_.f_name)) == "constructor";
  }
  return false;
}

bool Script::harmless(NodeId expression) const {
  for (NodeId at = expression; at != kNoNode && at <= file_[expression].last; ++at) {
    if (!file_[at].named) continue;
    switch (kind(at)) {
      case Kind::kString:
      case Kind::kNumber:
      case Kind::kTrue:
      case Kind::kFalse:
      case Kind::kNull:
      case Kind::kUndefined:
      case Kind::kRegex:
      case Kind::kArrow:
      case Kind::kFunctionExpression:
      case Kind::kGeneratorExpression:
        at = file_[at].last;
        break;
      case Kind::kThis:
        if (inside_constructor(at)) return false;
        break;
      case Kind::kArray:
      case Kind::kObject:
      case Kind::kPair:
      case Kind::kProperty:
      case Kind::kParenthesized:
        break;
      case Kind::kTemplate:
        if (text(at).find("${") != std::string_view::npos) return false;
        at = file_[at].last;
        break;
      case Kind::kUnary: {
        const std::string_view all = text(at);
        if (!all.starts_with("-") && !all.starts_with("!")) return false;
        if (kind(file_.first_named(at)) != Kind::kNumber) return false;
        break;
      }
      case Kind::kNew: {
        const std::string_view all = text(at);
        if (all != "new Map()" && all != "new Set()" && all != "new WeakMap()" && all != "new WeakSet()") return false;
        at = file_[at].last;
        break;
      }
      default:
        return false;
    }
  }
  return true;
}

NodeId Script::before(NodeId statement) const {
  NodeId found = kNoNode;
  for (NodeId at = file_.first_named(above(statement)); at != kNoNode && at != statement; at = file_.next_named(at)) {
    if (kind(at) != Kind::kComment && file_[at].field != grammar_.f_value) found = at;
  }
  return found;
}

NodeId Script::behind(NodeId statement) const {
  NodeId at = file_.next_named(statement);
  while (at != kNoNode && (kind(at) == Kind::kComment || kind(at) == Kind::kHtmlComment)) at = file_.next_named(at);
  return at;
}

// A bundle begins with the machine that runs it, in one long line.
bool bundled(std::string_view content) {
  constexpr std::size_t kLong = 300;
  for (int lines = 0; lines < 5 && !content.empty(); ++lines) {
    const std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    if (line.size() > kLong && line.find("function") != std::string_view::npos) return true;
  }
  return false;
}

// What a compiler or bundler wrote.
bool compiled(std::string_view content) {
  for (const std::string_view mark :
       {"Object.defineProperty(exports, \"__esModule\"", "Object.defineProperty(exports, '__esModule'",
        "exports.__esModule = true", "//# sourceMappingURL=", "/******/ ", "_interopRequireDefault(",
        "__webpack_require__(", "webpackUniversalModuleDefinition", "(this && this.__",
        "var __defProp = Object.defineProperty"}) {
    if (content.find(mark) != std::string_view::npos) return true;
  }
  return bundled(content);
}

bool written_by_people(std::string_view content) {
  return !minified(content) && !compiled(content);
}

// Beside the declarations they test: types/test.ts, typings/name-tests.ts.
bool tests_of_types(std::string_view path) {
  for (const std::string_view folder : {"types/", "typings/", "type-definitions/"}) {
    const auto at = path.find(folder);
    if (at == std::string_view::npos || (at > 0 && path[at - 1] != '/')) continue;
    for (auto word = path.find("test", at); word != std::string_view::npos; word = path.find("test", word + 1)) {
      if (std::string_view("/-_.").find(path[word - 1]) != std::string_view::npos) return true;
    }
  }
  return false;
}

bool has_file(const Repository& repository, std::string_view path) {
  const auto& files = repository.files;
  const auto at = std::lower_bound(files.begin(), files.end(), path,
                                   [](const TreeFile& file, std::string_view wanted) { return file.path < wanted; });
  return at != files.end() && at->path == path;
}

// The folder test/bundle/ beside test/bundle.js holds what that test works on.
bool input_of_test(std::string_view path, const Repository& repository) {
  static constexpr std::array<std::string_view, 5> kTests{"test", "tests", "spec", "specs", "__tests__"};
  bool among_tests = false;
  std::size_t begin = 0;
  for (auto end = path.find('/'); end != std::string_view::npos; end = path.find('/', begin)) {
    const std::string_view folder = path.substr(begin, end - begin);
    if (among_tests) {
      for (const std::string_view name :
           {".js", ".mjs", ".cjs", ".ts", ".test.js", "-test.js", ".spec.js", ".test.ts"}) {
        if (has_file(repository, std::string(path.substr(0, end)).append(name))) return true;
      }
    }
    among_tests |= std::find(kTests.begin(), kTests.end(), folder) != kTests.end();
    begin = end + 1;
  }
  return false;
}

bool readable(const Subject& subject) {
  if (!written_by_people(subject.content())) return false;
  const source::javascript::Names* const names = subject.script_names();
  return names != nullptr && !names->opaque();
}

bool left_alone(std::string_view path) {
  if (path.ends_with(".d.ts") || path.ends_with(".d.mts") || path.ends_with(".d.cts")) return true;
  if (foreign_place(path) || is_sample(path)) return true;
  // Tests of types import and declare things for the compiler alone.
  for (const std::string_view mark : {".test-d.", "-test-d.", ".typetest.", "type-test", "dtslint", "typetests"}) {
    if (path.find(mark) != std::string_view::npos) return true;
  }
  if (tests_of_types(path)) return true;
  static constexpr std::array<std::string_view, 12> kFolders{
      "__fixtures__/", "__testfixtures__/", "__mocks__/", "fixture/",  "baselines/", "test262/",
      "type-tests/",   "codemods/",         "expected/",  "ts-tests/", "test-dts/",  "tsd/"};
  return std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) {
    const auto at = path.find(folder);
    return at != std::string_view::npos && (at == 0 || path[at - 1] == '/');
  });
}

bool left_alone(std::string_view path, const Repository& repository) {
  return left_alone(path) || input_of_test(path, repository);
}

std::optional<Edit> without(const Script& script, NodeId first, NodeId last) {
  const Kind around = script.kind_above(first);
  if (around != Kind::kProgram && around != Kind::kBlock && around != Kind::kCase && around != Kind::kDefault &&
      around != Kind::kStaticBlock) {
    return std::nullopt;
  }
  const std::string_view content = script.content();
  const std::uint32_t begin = script.file()[first].begin, end = end_of(script, last);
  // A ';' at the start of the next line belongs to that line and goes on guarding it.
  const bool guarded = end != script.file()[last].end;
  if ((!guarded && would_join(script, first, last)) || would_direct(script, first, last)) return std::nullopt;
  std::uint32_t from = line_begin(content, begin), to = line_end(content, end);
  std::string_view lead = content.substr(from, begin - from);
  if (from == 0 && lead.starts_with("\xEF\xBB\xBF")) {
    lead.remove_prefix(3);
    from = 3;
  }
  if (!blank(lead) || !only_comment(content.substr(end, to - end))) return within_line(content, begin, end);
  const auto size = static_cast<std::uint32_t>(content.size());
  const bool blank_before =
      from <= 3 || blank(content.substr(line_begin(content, from - 1), from - line_begin(content, from - 1)));
  if (blank_before && to < size && blank(content.substr(to, line_end(content, to) - to))) to = line_end(content, to);
  return Edit{from, to, ""};
}

}  // namespace daydream::legacy::script
