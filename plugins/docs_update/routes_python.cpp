// Flask, FastAPI and Django by their tokens.
#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <optional>
#include <utility>

#include "daydream/kit/text.hpp"
#include "daydream/source/python_lexer.hpp"
#include "plugins/docs_update/routes.hpp"

namespace daydream::docs {
namespace {

using source::python::Lexed;
using source::python::Token;
using source::python::TokenKind;

struct Argument {
  std::string name;                 // of a keyword argument
  std::size_t first = 0, last = 0;  // tokens
};

class Reader {
 public:
  Reader(std::string_view path, std::string_view content, CodeRoutes& found)
      : path_(path), lexed_(source::python::lex(content)), found_(found) {
    flask_ = content.find("flask") != std::string_view::npos || content.find("Flask") != std::string_view::npos;
    fastapi_ = content.find("fastapi") != std::string_view::npos;
    django_ = content.find("urlpatterns") != std::string_view::npos;
    quart_ = content.find("quart") != std::string_view::npos || content.find("sanic") != std::string_view::npos;
  }

  void read() {
    if (lexed_.broken || (!flask_ && !fastapi_ && !django_ && !quart_)) return;
    for (std::size_t i = 0; i + 1 < lexed_.tokens.size(); ++i) {
      if (lexed_.tokens[i].kind == TokenKind::kName && lexed_.is(i + 1, "(")) prefix(i);
    }
    for (std::size_t i = 0; i + 1 < lexed_.tokens.size(); ++i) {
      if (lexed_.tokens[i].kind == TokenKind::kName && lexed_.is(i + 1, "(")) call(i);
    }
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t i) const { return lexed_.text(lexed_.tokens[i]); }

  // The arguments of the call whose "(" is at `open`.
  [[nodiscard]] std::vector<Argument> arguments(std::size_t open) const {
    std::vector<Argument> all;
    std::size_t depth = 0;
    Argument now{"", open + 1, open + 1};
    for (std::size_t i = open; i < lexed_.tokens.size(); ++i) {
      const std::string_view word = text(i);
      const bool mark = lexed_.tokens[i].kind == TokenKind::kOperator;
      if (mark && (word == "(" || word == "[" || word == "{")) ++depth;
      if (mark && (word == ")" || word == "]" || word == "}")) --depth;
      const bool ends = (mark && depth == 1 && word == ",") || depth == 0;
      if (ends) {
        now.last = i;
        if (now.last > now.first) all.push_back(now);
        if (depth == 0) return all;
        now = {"", i + 1, i + 1};
      } else if (mark && depth == 1 && word == "=" && i == now.first + 1) {
        now = {std::string(text(i - 1)), i + 1, i + 1};
      }
    }
    return all;
  }

  // The value where it is one plain string.
  [[nodiscard]] std::optional<std::string> string_of(const Argument& argument) const {
    if (argument.last != argument.first + 1 || lexed_.tokens[argument.first].kind != TokenKind::kString)
      return std::nullopt;
    std::string_view word = text(argument.first);
    while (!word.empty() && word.front() != '"' && word.front() != '\'') {
      if (word.front() == 'b' || word.front() == 'B') return std::nullopt;
      word.remove_prefix(1);
    }
    const std::size_t quotes = word.starts_with("\"\"\"") || word.starts_with("'''") ? 3 : 1;
    if (word.size() < 2 * quotes) return std::nullopt;
    return std::string(word.substr(quotes, word.size() - 2 * quotes));
  }

  [[nodiscard]] static const Argument* named(const std::vector<Argument>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Argument& each) { return each.name == name; });
    return found == all.end() ? nullptr : &*found;
  }
  [[nodiscard]] static const Argument* plain(const std::vector<Argument>& all, std::size_t index) {
    for (const Argument& each : all) {
      if (each.name.empty() && index-- == 0) return &each;
    }
    return nullptr;
  }

  // bp = Blueprint("x", __name__, url_prefix="/api")
  void prefix(std::size_t at) {
    const std::string_view name = text(at);
    if (name != "Blueprint" && name != "APIRouter" && name != "APIBlueprint") return;
    std::size_t before = at;
    while (before >= 2 && lexed_.is(before - 1, ".")) before -= 2;
    if (before < 2 || !lexed_.is(before - 1, "=")) return;
    const auto all = arguments(at + 1);
    const Argument* const given = named(all, name == "APIRouter" ? "prefix" : "url_prefix");
    if (given == nullptr) return;
    const auto value = string_of(*given);
    if (!value) found_.open = true;
    prefixes_[std::string(text(before - 2))] = value.value_or("");
  }

  void call(std::size_t at) {
    const std::string_view name = text(at);
    const bool attribute = at >= 2 && lexed_.is(at - 1, ".");
    if (django_ && !attribute) {
      django_call(at, name);
      return;
    }
    if (django_ && name == "register") found_.open = true;
    if (!attribute) return;
    if (name == "add_url_rule" || name == "add_resource" || name == "add_api_route" || name == "mount") {
      added(at, name);
      return;
    }
    const bool decorator = is_decorator(at);
    static constexpr std::array<std::string_view, 7> kVerbs = {"get",    "post", "put",    "patch",
                                                               "delete", "head", "options"};
    const bool verb = std::find(kVerbs.begin(), kVerbs.end(), name) != kVerbs.end();
    if (!decorator || (!verb && name != "route" && name != "api_route")) return;
    decorated(at, verb ? name : std::string_view());
  }

  [[nodiscard]] bool is_decorator(std::size_t at) const {
    while (at >= 2 && lexed_.is(at - 1, ".")) at -= 2;
    return at >= 1 && lexed_.is(at - 1, "@");
  }

  void decorated(std::size_t at, std::string_view verb) {
    const auto all = arguments(at + 1);
    const Argument* first = plain(all, 0);
    if (first == nullptr) first = named(all, "path");
    if (first == nullptr) first = named(all, "rule");
    if (first == nullptr) return;
    const auto path = string_of(*first);
    if (!path) {
      found_.open = true;
      return;
    }
    if (!path->empty() && !path->starts_with('/')) return;  // not a web framework's
    if (const Argument* const shown = named(all, "include_in_schema");
        shown != nullptr && text(shown->first) == "False") {
      hidden_ = true;
    }
    std::vector<std::string> methods;
    if (!verb.empty()) {
      methods.push_back(upper(verb));
    } else if (const Argument* const given = named(all, "methods")) {
      methods = strings_in(*given);
      if (methods.empty()) found_.open = true;
    } else {
      methods = {"GET"};
    }
    const auto known = prefixes_.find(std::string(text(at - 2)));
    put((known == prefixes_.end() ? "" : known->second) + *path, std::move(methods), at);
  }

  void added(std::size_t at, std::string_view name) {
    const auto all = arguments(at + 1);
    if (name == "mount") {
      found_.open = true;
      return;
    }
    bool any = false;
    for (const Argument& argument : all) {
      const auto path = argument.name.empty() ? string_of(argument) : std::nullopt;
      if (!path || !path->starts_with('/')) continue;
      std::vector<std::string> methods;
      if (const Argument* const given = named(all, "methods")) methods = strings_in(*given);
      put(*path, std::move(methods), at);
      any = true;
    }
    if (!any) found_.open = true;
  }

  void django_call(std::size_t at, std::string_view name) {
    if (name == "re_path" || name == "url" || name == "i18n_patterns") found_.open = true;
    if (name != "path") return;
    const auto all = arguments(at + 1);
    const Argument* const first = plain(all, 0);
    const Argument* const view = plain(all, 1);
    if (first == nullptr || view == nullptr) return;
    const auto path = string_of(*first);
    const std::string_view target = text(view->first);
    if (target == "include") {
      // Those of other projects bring routes that this tree does not show.
      const auto inner = arguments(view->first + 1);
      const auto module = inner.empty() ? std::nullopt : string_of(inner.front());
      if (!module || module->starts_with("django") || module->starts_with("rest_framework")) found_.open = true;
      return;
    }
    if (target == "admin") return;
    if (!path) {
      found_.open = true;
      return;
    }
    put("/" + *path, {}, at);
  }

  [[nodiscard]] std::vector<std::string> strings_in(const Argument& argument) const {
    std::vector<std::string> all;
    for (std::size_t i = argument.first; i < argument.last; ++i) {
      if (auto word = string_of({"", i, i + 1})) all.push_back(upper(*word));
    }
    return all;
  }

  static std::string upper(std::string_view word) {
    std::string out(word);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
  }

  void put(std::string path, std::vector<std::string> methods, std::size_t at) {
    Route route;
    if (!path_parts(path, route.parts)) {
      found_.open = true;
      return;
    }
    route.hidden = std::exchange(hidden_, false);
    route.methods = std::move(methods);
    route.path = path.empty() ? "/" : std::move(path);
    route.file = path_;
    route.line = lexed_.tokens[at].line;
    found_.routes.push_back(std::move(route));
  }

  std::string path_;
  Lexed lexed_;
  CodeRoutes& found_;
  bool flask_ = false, fastapi_ = false, django_ = false, quart_ = false;
  bool hidden_ = false;                          // the next one
  std::map<std::string, std::string> prefixes_;  // by variable
};

}  // namespace

void python_routes(std::string_view path, std::string_view content, CodeRoutes& found) {
  Reader(path, content, found).read();
}

}  // namespace daydream::docs
