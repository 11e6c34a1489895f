// deprecated-pattern: what newer Pythons do better, or no longer do at all. What is outdated follows from
// the oldest Python that the project says it supports; a project that does not say is left alone.
//
// safe where old and new mean the same on every Python the project supports. Tables: deprecated_table.hpp.
#include <algorithm>
#include <memory>
#include <optional>

#include "daydream/kit/text.hpp"
#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/deprecated_scope.hpp"
#include "plugins/legacy_cleanup/rules/deprecated_table.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using namespace source;  // NOLINT: the kit this rule is written in
using python::Binding;
using python::BindingKind;
using python::TokenKind;

template <class Table, class Test>
auto find_in(const Table& table, Test test) -> decltype(&*table.begin()) {
  const auto found = std::find_if(table.begin(), table.end(), test);
  return found == table.end() ? nullptr : &*found;
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject),
        file_(*subject.tree()),
        names_(*subject.names()),
        s_(python::symbols()),
        suppressions_(subject.lexed()),
        out_(out) {
    if (repository == nullptr) {
      floor_ = 99;  // whatever a project may come to say
    } else if (repository->projects != nullptr) {
      const Project& project = repository->projects->of(subject.path());
      floor_ = project.python_minor;
      source_ = project.python_source;
    }
  }

  void run() {
    if (suppressions_.file({"UP", "deprecated-pattern"})) return;
    if (floor_ >= 0) {
      coding_cookie();
      string_prefixes();
    }
    for (NodeId node = 0; node < file_.nodes().size(); ++node) {
      if (!file_[node].named) continue;
      if (file_.is(node, s_.class_definition)) object_base(node);
      if (file_.is(node, s_.call)) call(node);
      if (file_.is(node, s_.attribute)) attribute(node);
      if (file_.is(node, s_.future_import_statement)) future_import(node);
      if (file_.is(node, s_.import_from_statement)) from_import(node);
      if (file_.is(node, s_.import_statement)) plain_import(node);
    }
  }

 private:
  // nullptr: somebody asked to leave it.
  Finding* add(NodeId node, Safety safety, std::string message, std::string_view code) {
    const std::uint32_t line = file_.line(file_[node].begin);
    if (suppressions_.lines(line, line, {code.empty() ? "deprecated-pattern" : code, "deprecated-pattern"}))
      return nullptr;
    Finding& finding = out_.emplace_back();
    finding.rule = "deprecated-pattern";
    place(file_, node, finding);
    finding.safety = safety;
    finding.severity = safety == Safety::kInfo ? Severity::kInfo : Severity::kWarning;
    finding.message = std::move(message);
    finding.evidence = source_;
    return &finding;
  }

  void replace(Finding* finding, std::uint32_t begin, std::uint32_t end, std::string_view text) const {
    if (finding != nullptr) finding->edits.push_back({begin, end, std::string(text)});
  }

  // On one of the first two lines, with nothing else in it.
  void coding_cookie() {
    const auto& lexed = subject_.lexed();
    for (const auto& token : lexed.tokens) {
      if (token.line > 2 || token.kind != TokenKind::kComment) break;
      if (!utf8_cookie(lexed.text(token))) continue;
      if (!text::valid_utf8(subject_.content()) || another_cookie(token.line)) return;
      const auto content = subject_.content();
      const auto line_break = content.find('\n', token.end);
      const std::uint32_t begin = token.begin;
      if (begin != 0 && content[begin - 1] != '\n' && !(begin == 3 && content[0] == '\xEF')) return;
      Finding& finding = out_.emplace_back();
      finding.rule = "deprecated-pattern";
      finding.line = finding.end_line = token.line;
      finding.column = 1;
      finding.safety = Safety::kSafe;
      finding.message = "the encoding of this file is the default of Python 3";
      finding.evidence = source_;
      finding.edits.push_back(
          {begin, static_cast<std::uint32_t>(line_break == std::string_view::npos ? content.size() : line_break + 1),
           ""});
      return;
    }
  }

  // A comment on the next lines that would become a cookie by moving up.
  [[nodiscard]] bool another_cookie(std::uint32_t line) const {
    const auto& lexed = subject_.lexed();
    return std::any_of(lexed.tokens.begin(), lexed.tokens.end(), [&](const python::Token& token) {
      return token.kind == TokenKind::kComment && token.line <= 3 && token.line != line &&
             lexed.text(token).find("coding") != std::string_view::npos;
    });
  }

  void string_prefixes() {
    const auto& lexed = subject_.lexed();
    Finding finding;
    for (const auto& token : lexed.tokens) {
      if (token.kind != TokenKind::kString) continue;
      const std::string_view text = lexed.text(token);
      if (text.size() < 3 || (text[0] != 'u' && text[0] != 'U') || (text[1] != '"' && text[1] != '\'')) continue;
      if (suppressions_.lines(token.line, token.line, {"UP025", "deprecated-pattern"})) continue;
      if (finding.edits.empty()) finding.line = token.line;
      finding.end_line = finding.line;
      finding.edits.push_back({token.begin, token.begin + 1, ""});
    }
    if (finding.edits.empty()) return;
    const std::size_t count = finding.edits.size();
    finding.rule = "deprecated-pattern";
    finding.column = 1;
    finding.safety = Safety::kSafe;
    finding.message =
        count == 1 ? "a string with the prefix `u`" : std::to_string(count) + " strings with the prefix `u`";
    finding.evidence = "the prefix means nothing in Python 3; " + source_;
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] bool bound_anywhere(std::string_view name) const {
    return std::any_of(names_.bindings().begin(), names_.bindings().end(),
                       [&](const Binding& binding) { return binding.name == name; });
  }
  [[nodiscard]] bool star() const {
    return std::any_of(names_.scopes().begin(), names_.scopes().end(),
                       [](const auto& scope) { return scope.star_import; });
  }

  void object_base(NodeId node) {
    if (floor_ < 0) return;
    const NodeId bases = file_.child(node, s_.f_superclasses);
    if (bases == kNoNode || file_.text(bases) != "(object)" || bound_anywhere("object") || star()) return;
    Finding* const finding = add(node, Safety::kSafe, "every class is an `object` in Python 3", "UP004");
    if (finding == nullptr) return;
    const NodeId name = file_.child(node, s_.f_name);
    finding->symbol = file_.text(name);
    finding->end_line = finding->line;
    replace(finding, file_[name].end, file_[bases].end, "");
  }

  void call(NodeId node) {
    const NodeId function = file_.child(node, s_.f_function);
    const NodeId arguments = file_.child(node, s_.f_arguments);
    if (function == kNoNode || arguments == kNoNode) return;
    if (file_.text(function) == "super") super_call(node, arguments);
    if (file_.is(function, s_.attribute)) test_alias(function);
    for (NodeId at = file_.first_named(arguments); at != kNoNode; at = file_.next_named(at)) {
      if (floor_ < 7 || !file_.is(at, s_.keyword_argument)) continue;
      if (file_.text(file_.child(at, s_.f_name)) != "universal_newlines") continue;
      if (file_.text(function).find("subprocess") == std::string_view::npos) continue;
      if (Finding* const finding = add(at, Safety::kInfo, "`universal_newlines` is called `text` since 3.7", "UP021")) {
        finding->suggestion = "write text=";
      }
    }
  }

  // super(C, self) in a plain method of C whose first parameter is self.
  void super_call(NodeId node, NodeId arguments) {
    if (floor_ < 0 || bound_anywhere("super") || star()) return;
    const NodeId first = file_.first_named(arguments);
    const NodeId second = first == kNoNode ? kNoNode : file_.next_named(first);
    if (second == kNoNode || file_.next_named(second) != kNoNode) return;
    if (!file_.is(first, s_.identifier) || !file_.is(second, s_.identifier)) return;
    NodeId method = file_[node].parent;
    for (; method != kNoNode && !file_.is(method, s_.function_definition); method = file_[method].parent) {
      const std::string_view type = file_.type(method);
      if (type == "lambda" || type == "generator_expression" || type.ends_with("_comprehension") ||
          type == "class_definition")
        return;
    }
    if (method == kNoNode) return;
    const NodeId parameters = file_.child(method, s_.f_parameters);
    NodeId parameter = parameters == kNoNode ? kNoNode : file_.first_named(parameters);
    if (file_.is(parameter, s_.typed_parameter)) parameter = file_.first_named(parameter);
    if (!file_.is(parameter, s_.identifier) || file_.text(parameter) != file_.text(second)) return;
    NodeId outer = file_[method].parent;
    const bool decorated = file_.is(outer, s_.decorated_definition);
    if (decorated) {
      if (file_.text(outer).substr(0, file_[method].begin - file_[outer].begin).find("staticmethod") !=
          std::string_view::npos)
        return;
      outer = file_[outer].parent;
    }
    if (!file_.is(outer, s_.block)) return;
    const NodeId owner = file_[outer].parent;
    if (!file_.is(owner, s_.class_definition) || file_.text(file_.child(owner, s_.f_name)) != file_.text(first)) return;
    if (rebound(method, file_.text(second), parameter)) return;
    const bool plain = !file_.is(file_[owner].parent, s_.decorated_definition);
    Finding* const finding =
        add(node, plain ? Safety::kSafe : Safety::kReview, "`super` knows its class and object in Python 3", "UP008");
    if (finding == nullptr) return;
    finding->symbol = file_.text(first);
    replace(finding, file_[arguments].begin, file_[arguments].end, "()");
  }

  // The first parameter is bound again in the method.
  [[nodiscard]] bool rebound(NodeId method, std::string_view name, NodeId parameter) const {
    return std::any_of(names_.bindings().begin(), names_.bindings().end(), [&](const Binding& binding) {
      return binding.name == name && binding.node != parameter && binding.node > method &&
             binding.node <= file_[method].last;
    });
  }

  // self.assertEquals in a class that is a TestCase by its name for it.
  void test_alias(NodeId function) {
    const NodeId object = file_.child(function, s_.f_object);
    if (file_.text(object) != "self") return;
    const NodeId name = file_.next_named(object);
    if (name == kNoNode) return;
    const Alias* const alias =
        find_in(kTestAliases, [&](const Alias& one) { return one.old_name == file_.text(name); });
    if (alias == nullptr || (alias->since > 0 && floor_ < alias->since)) return;
    const NodeId owner = around(file_, function, s_.class_definition);
    const NodeId bases = owner == kNoNode ? kNoNode : file_.child(owner, s_.f_superclasses);
    if (bases == kNoNode || file_.text(bases).find("TestCase") == std::string_view::npos) return;
    if (bound_anywhere(alias->old_name)) return;
    const bool known = !alias->new_name.empty();
    Finding* const finding = add(name, known ? Safety::kSafe : Safety::kInfo,
                                 "`" + std::string(alias->old_name) + "` is gone in Python 3.12", "UP005");
    if (finding == nullptr) return;
    finding->symbol = alias->old_name;
    finding->evidence =
        known ? "an alias of `" + std::string(alias->new_name) + "`" : "there is no method in its place";
    if (known) replace(finding, file_[name].begin, file_[name].end, alias->new_name);
  }

  // What the name of an expression was imported as: "logging" for `import logging`, and nothing else binds it.
  [[nodiscard]] bool is_module(NodeId object, std::string_view module) const {
    if (!file_.is(object, s_.identifier) || file_.text(object) != module) return false;
    bool imported = false;
    for (const Binding& binding : names_.bindings()) {
      if (binding.name != module) continue;
      if (binding.kind != BindingKind::kImport) return false;
      imported = true;
    }
    return imported;
  }

  void attribute(NodeId node) {
    const NodeId object = file_.child(node, s_.f_object);
    const NodeId name = object == kNoNode ? kNoNode : file_.next_named(object);
    if (name == kNoNode) return;
    const std::string_view word = file_.text(name);
    const ModuleCall* const call = find_in(
        kModuleCalls, [&](const ModuleCall& one) { return one.old_name == word && file_.text(object) == one.module; });
    if (call != nullptr && (call->needs < 0 || floor_ >= call->needs) && is_module(object, call->module))
      module_call(node, *call);
    if (word == "utcnow" || word == "utcfromtimestamp") utc(node, object, word);
    if (is_abstract(word) && floor_ >= 3 && is_module(object, "collections") && !in_import_attempt(file_, node)) {
      if (Finding* const finding = add(node, Safety::kReview,
                                       "`collections." + std::string(word) + "` is gone since Python 3.10", "UP035")) {
        finding->symbol = word;
        finding->suggestion = "import collections.abc and write collections.abc." + std::string(word);
      }
    }
  }

  void module_call(NodeId node, const ModuleCall& call) {
    if (in_import_attempt(file_, node)) return;
    if (call.replacement == "open" && (bound_anywhere("open") || star())) return;
    const NodeId above = file_[node].parent;
    const bool called = file_.is(above, s_.call) && file_.child(above, s_.f_function) == node;
    const bool decorates = file_.is(above, s_.decorator);
    if (!called && !decorates && call.safety == Safety::kSafe) return;  // a value, or patched from outside
    Finding* const finding = add(node, call.safety, "`" + std::string(file_.text(node)) + "` is outdated", call.code);
    if (finding == nullptr) return;
    finding->symbol = file_.text(node);
    finding->evidence = call.why;
    if (!call.replacement.empty()) replace(finding, file_[node].begin, file_[node].end, call.replacement);
  }

  void utc(NodeId node, NodeId object, std::string_view word) {
    const std::string_view text = file_.text(object);
    if (floor_ < 0 || (text != "datetime" && text != "datetime.datetime" && text != "dt.datetime")) return;
    Finding* const finding =
        add(node, Safety::kReview,
            "`" + std::string(word) + "` gives a time without its zone, deprecated in Python 3.12", "DTZ003");
    if (finding == nullptr) return;
    finding->symbol = word;
    finding->suggestion = word == "utcnow"
                              ? "datetime.now(timezone.utc), where its users can bear a zone"
                              : "datetime.fromtimestamp(..., timezone.utc), where its users can bear a zone";
  }

  struct Item {
    NodeId node;
    std::string_view name;
    bool alias;
  };
  [[nodiscard]] std::vector<Item> items_of(NodeId statement) const {
    std::vector<Item> items;
    for (NodeId at = file_.first_named(statement); at != kNoNode; at = file_.next_named(at)) {
      if (file_[at].field != s_.f_name) continue;
      const bool alias = file_.is(at, s_.aliased_import);
      items.push_back({at, alias ? file_.text(file_.child(at, s_.f_name)) : file_.text(at), alias});
    }
    return items;
  }

  void future_import(NodeId node) {
    if (floor_ < 0) return;
    const std::vector<Item> items = items_of(node);
    std::vector<bool> gone;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> places;
    std::size_t count = 0;
    for (const Item& item : items) {
      const bool mandatory = std::find(kFutures.begin(), kFutures.end(), item.name) != kFutures.end() ||
                             (item.name == "generator_stop" && floor_ >= 7);
      // A name that something reads is more than a switch.
      const bool read = item.alias || names_.exported(item.name);
      gone.push_back(mandatory && !read);
      count += gone.back() ? 1 : 0;
      places.emplace_back(file_[item.node].begin, file_[item.node].end);
    }
    if (count == 0) return;
    Finding* const finding = add(node, Safety::kSafe, "what it switches on is always on in Python 3", "UP010");
    if (finding == nullptr) return;
    if (count == items.size()) {
      finding->edits.push_back(without_statement(subject_, node));
      return;
    }
    bool comments = false;
    finding->edits = without_items(subject_.content(), places, gone, comments);
    if (comments) finding->safety = Safety::kReview;
  }

  void from_import(NodeId node) {
    const std::string_view module = file_.text(file_.child(node, s_.f_module_name));
    if (in_import_attempt(file_, node)) return;
    if (module == "collections") return abstract_import(node);
    if (module == "typing") return container_import(node);
    old_module(node, module);
  }

  void plain_import(NodeId node) {
    if (in_import_attempt(file_, node)) return;
    for (const Item& item : items_of(node)) old_module(node, item.name);
  }

  void old_module(NodeId node, std::string_view module) {
    const std::string_view top = module.substr(0, module.find('.'));
    const OldModule* const old = find_in(kOldModules, [&](const OldModule& one) { return one.module == top; });
    if (old == nullptr || floor_ < old->needs) return;
    if (Finding* const finding = add(node, old->safety, "the module `" + std::string(top) + "` is outdated", "")) {
      finding->symbol = top;
      finding->evidence = old->why;
    }
  }

  void abstract_import(NodeId node) {
    if (floor_ < 3) return;
    const std::vector<Item> items = items_of(node);
    const auto count =
        std::count_if(items.begin(), items.end(), [](const Item& item) { return is_abstract(item.name); });
    if (count == 0) return;
    const std::string_view text = file_.text(node);
    const bool all = static_cast<std::size_t>(count) == items.size();
    const bool simple = text.find_first_of("(\\\n") == std::string_view::npos;
    Finding* const finding =
        add(node, all || simple ? Safety::kSafe : Safety::kReview,
            "abstract classes live in `collections.abc`; `collections` lost them in Python 3.10", "UP035");
    if (finding == nullptr) return;
    const NodeId name = file_.child(node, s_.f_module_name);
    if (all) return replace(finding, file_[name].begin, file_[name].end, "collections.abc");
    finding->suggestion = "import them from collections.abc";
    if (!simple) return;
    std::string kept, moved;
    for (const Item& item : items) {
      std::string& list = is_abstract(item.name) ? moved : kept;
      list += (list.empty() ? "" : ", ") + std::string(file_.text(item.node));
    }
    const auto content = subject_.content();
    const auto line_break = content.rfind('\n', file_[node].begin);
    const std::size_t from = line_break == std::string_view::npos ? 0 : line_break + 1;
    const std::string_view indent = content.substr(from, file_[node].begin - from);
    if (indent.find_first_not_of(" \t") != std::string_view::npos) {
      finding->safety = Safety::kReview;
      return;
    }
    const char* const end = content.find("\r\n") != std::string_view::npos ? "\r\n" : "\n";
    replace(finding, file_[node].begin, file_[node].end,
            "from collections import " + kept + end + std::string(indent) + "from collections.abc import " + moved);
  }

  void container_import(NodeId node) {
    if (floor_ < 9 || file_[node].parent != file_.root()) return;
    for (const Item& item : items_of(node)) {
      const auto* const container = find_in(kContainers, [&](const auto& one) { return one.first == item.name; });
      if (container == nullptr || item.alias) continue;
      const auto* const use = names_.find(0, item.name);
      if (use == nullptr || use->bindings.size() != 1 || use->references.empty()) continue;
      Finding* const finding =
          add(item.node, Safety::kReview,
              "`typing." + std::string(item.name) + "` is `" + std::string(container->second) + "` since Python 3.9",
              "UP006");
      if (finding == nullptr) continue;
      finding->symbol = item.name;
      finding->suggestion = "write `" + std::string(container->second) + "` and drop the import";
      if (bound_anywhere(container->second) || star() || names_.mentioned(item.name) || names_.exported(item.name))
        continue;
      std::vector<NodeId> nodes;
      for (const std::uint32_t id : use->references) nodes.push_back(names_.references()[id].node);
      std::sort(nodes.begin(), nodes.end());
      for (const NodeId at : nodes) {
        if (file_.text(at) == item.name) replace(finding, file_[at].begin, file_[at].end, container->second);
      }
    }
  }

  const Subject& subject_;
  const File& file_;
  const python::Names& names_;
  const python::Symbols& s_;
  const Suppressions suppressions_;
  std::vector<Finding>& out_;
  int floor_ = Project::kUnknown;
  std::string source_;
};

class DeprecatedPattern final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "deprecated-pattern"; }
  [[nodiscard]] bool reads(Language language) const override { return language == Language::kPython; }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (left_alone(subject.path()) || subject.lexed().broken || !may_hold_one(subject.lexed())) return;
    if (generated(subject.lexed()) || subject.names() == nullptr) return;
    const std::size_t before = out.size();
    Examination(subject, repository, out).run();
    if (out.size() == before || !speaks_to_python2(subject.lexed())) return;
    for (std::size_t i = before; i < out.size(); ++i) {
      if (out[i].safety != Safety::kSafe) continue;
      out[i].safety = Safety::kReview;
      out[i].evidence += out[i].evidence.empty() ? "" : "; ";
      out[i].evidence += "for a person to decide: the file has code for Python 2 in it";
    }
  }
};

}  // namespace

std::unique_ptr<Rule> deprecated_pattern() {
  return std::make_unique<DeprecatedPattern>();
}

}  // namespace daydream::legacy
