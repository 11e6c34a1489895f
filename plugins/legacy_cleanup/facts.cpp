#include "plugins/legacy_cleanup/facts.hpp"

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "plugins/legacy_cleanup/packed.hpp"

namespace daydream::legacy {
namespace {

using source::python::Lexed;
using source::python::LogicalLine;
using source::python::Token;
using source::python::TokenKind;

constexpr std::size_t kLongest = 200;  // of a dotted string, a reference
constexpr int kChain = 4;              // how many attributes of a chain are looked at

bool name_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool name_rest(char c) {
  return name_start(c) || (c >= '0' && c <= '9');
}

// 0: no name; 1: a plain word; 2 and more: the number of dotted parts.
int dotted_parts(std::string_view text) {
  int parts = 0;
  while (!text.empty()) {
    if (!name_start(text.front())) return 0;
    std::size_t end = 1;
    while (end < text.size() && name_rest(text[end])) ++end;
    ++parts;
    if (end == text.size()) return parts;
    if (text[end] != '.' && text[end] != ':') return 0;
    text.remove_prefix(end + 1);
    if (text.empty()) return 0;
  }
  return parts;
}

std::string join_module(std::string_view module, std::string_view name) {
  std::string joined(module);
  if (!joined.empty() && joined.back() != '.') joined += '.';
  return joined.append(name);
}

class Reader {
 public:
  explicit Reader(const Lexed& lexed) : lexed_(lexed), tokens_(lexed.tokens) {}

  Facts read() {
    for (std::size_t at = 0; at < tokens_.size(); ++at) read_token(at);
    for (std::size_t at = 0; at + 2 < tokens_.size(); ++at) read_chain(at);
    if (patches_) {
      facts_.words.assign(words_.begin(), words_.end());
      std::sort(facts_.words.begin(), facts_.words.end());
    }
    if (computed_) read_loose();
    read_top_level();
    return std::move(facts_);
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t at) const {
    return at < tokens_.size() ? lexed_.text(tokens_[at]) : std::string_view();
  }
  [[nodiscard]] bool name(std::size_t at) const { return at < tokens_.size() && tokens_[at].kind == TokenKind::kName; }
  [[nodiscard]] bool begins_statement(std::size_t at) const {
    if (tokens_[at].nested) return false;
    std::size_t before = at;
    while (before > 0 && tokens_[before - 1].kind == TokenKind::kComment) --before;
    if (before == 0) return true;
    const Token& token = tokens_[before - 1];
    if (token.kind == TokenKind::kNewline) return true;
    return token.kind == TokenKind::kOperator && (text(before - 1) == ":" || text(before - 1) == ";");
  }

  void read_token(std::size_t at) {
    const Token& token = tokens_[at];
    if (token.kind == TokenKind::kString) return read_string(token);
    if (token.kind != TokenKind::kName) return;
    const std::string_view word = lexed_.text(token);
    if (word == "import" && begins_statement(at)) return read_import(at + 1);
    if (word == "from" && begins_statement(at)) return read_from(at + 1);
    static constexpr std::array<std::string_view, 7> kByName{"getattr", "setattr", "hasattr",    "delattr",
                                                             "patch",   "object",  "usefixtures"};
    patches_ |= std::find(kByName.begin(), kByName.end(), word) != kByName.end();
    computed_ |= word == "import_module" || word == "__import__" || (word == "modules" && text(at - 1) == ".");
  }

  // "a.b.c" from `at`; moves it behind.
  std::string dotted(std::size_t& at) const {
    std::string found;
    while (at < tokens_.size()) {
      const std::string_view word = text(at);
      const bool dots = word == "." || word == "...";
      if (!dots && !(name(at) && (found.empty() || found.back() == '.') && word != "import")) break;
      found += word;
      ++at;
    }
    return found;
  }

  std::string alias(std::size_t& at) const {
    if (text(at) != "as" || !name(at + 1)) return {};
    at += 2;
    return std::string(text(at - 1));
  }

  void read_import(std::size_t at) {
    while (at < tokens_.size()) {
      Import import;
      import.module = dotted(at);
      import.alias = alias(at);
      if (import.module.empty()) return;
      const std::string bound = import.alias.empty() ? import.module.substr(0, import.module.find('.')) : import.alias;
      roots_[bound] = import.alias.empty() ? bound : import.module;
      facts_.imports.push_back(std::move(import));
      if (text(at) != ",") return;
      ++at;
    }
  }

  void read_from(std::size_t at) {
    const std::string module = dotted(at);
    if (text(at) != "import" || module.empty()) return;
    ++at;
    if (text(at) == "(") ++at;
    while (at < tokens_.size()) {
      while (at < tokens_.size() && tokens_[at].kind == TokenKind::kComment) ++at;
      if (!name(at) && text(at) != "*") return;
      Import import{module, std::string(text(at)), ""};
      ++at;
      import.alias = alias(at);
      if (import.name != "*")
        roots_[import.alias.empty() ? import.name : import.alias] = join_module(module, import.name);
      facts_.imports.push_back(std::move(import));
      while (at < tokens_.size() && tokens_[at].kind == TokenKind::kComment) ++at;
      if (text(at) != ",") return;
      ++at;
    }
  }

  void read_string(const Token& token) {
    std::string_view text = lexed_.text(token);
    if (text.size() > kLongest) return;
    const auto open = text.find_first_of("'\"");
    if (open == std::string_view::npos || text.size() < open + 3) return;
    text = text.substr(open + 1, text.size() - open - 2);
    const int parts = dotted_parts(text);
    if (parts == 1) {
      words_.emplace(text);
    } else if (parts > 1 && seen_.emplace("\"" + std::string(text)).second) {
      facts_.dotted.emplace_back(text);
      std::replace(facts_.dotted.back().begin(), facts_.dotted.back().end(), ':', '.');
    }
  }

  void read_chain(std::size_t at) {
    if (!name(at) || text(at + 1) != "." || !name(at + 2)) return;
    if (at > 0 && text(at - 1) == ".") return;
    const auto root = roots_.find(std::string(text(at)));
    if (root == roots_.end()) return;
    std::string reference = root->second;
    for (int part = 0; part < kChain && text(at + 1) == "." && name(at + 2); ++part, at += 2) {
      reference = join_module(reference, text(at + 2));
      if (reference.size() > kLongest) return;
      if (seen_.insert(reference).second) facts_.references.push_back(reference);
    }
  }

  // What is read from modules whose names are computed: `m = import_module(x)`, then `m.name`,
  // `getattr(m, "name")`; also in one breath, `import_module(x).name`.
  void read_loose() {
    std::unordered_set<std::string_view> holders, seen;
    const auto computes = [&](const LogicalLine& line) {
      for (std::size_t at = line.first; at < line.last; ++at) {
        if (text(at) == "import_module" || text(at) == "__import__" || text(at) == "modules") return true;
      }
      return false;
    };
    const auto add = [&](std::size_t at) {
      if (name(at) && seen.insert(text(at)).second) facts_.loose.emplace_back(text(at));
    };
    for (const LogicalLine& line : lexed_.lines) {
      if (!computes(line)) continue;
      for (std::size_t at = line.first; at + 1 < line.last; ++at) {
        if (name(at) && !tokens_[at].nested && (text(at + 1) == "=" || text(at + 1) == ",")) holders.insert(text(at));
        if (text(at) == "." && (text(at - 1) == ")" || text(at - 1) == "]")) add(at + 1);
      }
    }
    for (std::size_t at = 0; at + 2 < tokens_.size(); ++at) {
      if (name(at) && text(at + 1) == "." && holders.contains(text(at))) add(at + 2);
    }
    if (patches_) facts_.loose.insert(facts_.loose.end(), words_.begin(), words_.end());
  }

  void read_top_level() {
    bool fixture = false;
    for (const LogicalLine& line : lexed_.lines) {
      const std::string_view first = text(line.first);
      if (first == "@") {
        bool here = false;
        for (std::size_t at = line.first; at < line.last; ++at)
          here |= text(at) == "fixture" || text(at) == "yield_fixture";
        fixture |= here;
        facts_.acts |= !here && line.indent == 0 && !harmless_decorator(line);
      } else if (first == "def" || first == "async" || first == "class") {
        const std::size_t word = line.first + (first == "async" ? 2 : 1);
        if (fixture) facts_.fixtures.emplace_back(text(word));
        fixture = false;
        facts_.acts |= line.indent == 0 && first == "class" && registers(line);
      } else if (line.indent == 0) {
        facts_.acts |= acts(line);
      }
    }
  }

  [[nodiscard]] bool harmless_decorator(const LogicalLine& line) const {
    static constexpr std::array<std::string_view, 14> kHarmless{
        "wraps",      "lru_cache",         "cache",    "total_ordering", "singledispatch",
        "dataclass",  "contextmanager",    "overload", "final",          "asynccontextmanager",
        "deprecated", "runtime_checkable", "unique",   "contextlib"};
    for (std::size_t at = line.first; at < line.last && text(at) != "("; ++at) {
      if (std::find(kHarmless.begin(), kHarmless.end(), text(at)) != kHarmless.end()) return true;
    }
    return false;
  }

  // A class whose bases may keep a register of their heirs.
  [[nodiscard]] bool registers(const LogicalLine& line) const {
    static constexpr std::array<std::string_view, 14> kPlain{
        "object", "Exception", "Enum", "IntEnum", "NamedTuple", "TypedDict", "Protocol",
        "ABC",    "dict",      "list", "str",     "int",        "TestCase",  "Generic"};
    for (std::size_t at = line.first + 2; at < line.last && (tokens_[at].nested || text(at) != ":"); ++at) {
      if (!name(at) || (text(at + 1) == "." && name(at + 2))) continue;
      const std::string_view base = text(at);
      const bool plain = std::find(kPlain.begin(), kPlain.end(), base) != kPlain.end() || base.ends_with("Error") ||
                         base.ends_with("Exception") || base.ends_with("Warning");
      if (!plain) return true;
    }
    return false;
  }

  // A statement at the top level that does something to others: a call, an assignment into something.
  [[nodiscard]] bool acts(const LogicalLine& line) const {
    const std::string_view first = text(line.first);
    if (first == "for" || first == "while" || first == "with") return true;
    if (!name(line.first) || source::python::is_keyword(first)) return false;
    const std::string_view second = text(line.first + 1);
    if (second != "." && second != "[" && second != "(") return false;
    for (std::size_t at = line.first; at < line.last; ++at) {
      if (text(at) == "(" || (!tokens_[at].nested && text(at) == "=")) return true;
    }
    return false;
  }

  const Lexed& lexed_;
  const std::vector<Token>& tokens_;
  Facts facts_;
  std::unordered_map<std::string, std::string> roots_;  // a name bound by an import -> what it stands for
  std::unordered_set<std::string> seen_, words_;
  bool patches_ = false, computed_ = false;
};

}  // namespace

Facts facts_of(const Lexed& lexed) {
  return Reader(lexed).read();
}

Facts facts_of_text(std::string_view text) {
  Facts facts;
  std::unordered_set<std::string_view> seen;
  for (std::size_t at = 0; at < text.size();) {
    if (!name_start(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && (name_rest(text[at]) || text[at] == '.' || text[at] == ':')) ++at;
    const std::string_view word = text.substr(begin, at - begin);
    if (word.size() > kLongest || dotted_parts(word) < 2 || !seen.insert(word).second) continue;
    facts.dotted.emplace_back(word);
    std::replace(facts.dotted.back().begin(), facts.dotted.back().end(), ':', '.');
  }
  return facts;
}

std::string Facts::encode() const {
  Packer out;
  out.number(imports.size());
  for (const Import& import : imports) {
    out.text(import.module);
    out.text(import.name);
    out.text(import.alias);
  }
  for (const auto* list : {&references, &dotted, &words, &loose, &fixtures}) out.list(*list);
  out.number(acts ? 1 : 0);
  out.number((script.known ? 1U : 0U) | (script.acts ? 2U : 0U) | (script.augments ? 4U : 0U));
  out.list(script.modules);
  out.list(apis);
  return out.take();
}

Result<Facts> Facts::decode(std::string_view bytes) {
  Unpacker in(bytes);
  Facts facts;
  facts.imports.resize(in.count());
  for (Import& import : facts.imports) {
    import.module = in.text();
    import.name = in.text();
    import.alias = in.text();
  }
  for (auto* list : {&facts.references, &facts.dotted, &facts.words, &facts.loose, &facts.fixtures}) *list = in.list();
  facts.acts = in.number() != 0;
  const auto flags = in.number();
  facts.script.known = (flags & 1U) != 0;
  facts.script.acts = (flags & 2U) != 0;
  facts.script.augments = (flags & 4U) != 0;
  facts.script.modules = in.list();
  facts.apis = in.list();
  if (!in.good()) return Error(ErrorKind::kDamaged, "remembered facts of a file are cut short");
  return facts;
}

}  // namespace daydream::legacy
