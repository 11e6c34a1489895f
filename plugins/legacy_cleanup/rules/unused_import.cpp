// unused-import: a name that an import binds and nothing reads, in this file or any other.
//
// safe only where the name appears nowhere else in the file, no other file takes it from here, and the
// import itself can do nothing that anybody would miss; else review. Silent where a comment says so.
#include <algorithm>
#include <array>
#include <unordered_map>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/modules.hpp"
#include "plugins/legacy_cleanup/rules/import_occurrences.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using namespace source;  // NOLINT: the kit this rule is written in
using python::Binding;
using python::BindingKind;
using python::Names;

bool binds_by_import(const Binding& binding) {
  return binding.kind == BindingKind::kImport || binding.kind == BindingKind::kImportAs ||
         binding.kind == BindingKind::kFromImport;
}

// One import statement and those of its names that nothing reads.
struct Unused {
  NodeId statement = kNoNode;
  std::string module;         // of `from module import`, as written
  std::vector<NodeId> items;  // all of the statement
  std::vector<bool> gone;
  std::vector<std::string> names;      // bound, unused
  std::vector<std::string> originals;  // what they are called in the module; dotted for `import a.b`
  std::vector<BindingKind> kinds;
};

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, const Occurrences& occurrences,
              std::vector<Finding>& out)
      : subject_(subject),
        file_(*subject.tree()),
        names_(*subject.names()),
        repository_(repository),
        occurrences_(occurrences),
        suppressions_(occurrences.suppressions()),
        s_(python::symbols()),
        out_(out) {}

  void run() {
    if (suppressions_.file(import_codes())) return;
    NodeId last = kNoNode;
    for (const Binding& binding : names_.bindings()) {
      if (binds_by_import(binding) && binding.statement != last) statements_.push_back(binding.statement);
      last = binding.statement;
    }
    std::sort(statements_.begin(), statements_.end());
    statements_.erase(std::unique(statements_.begin(), statements_.end()), statements_.end());
    for (const Binding& binding : names_.bindings()) {
      if (binds_by_import(binding) && is_unused(binding)) unused_[binding.statement].push_back(&binding);
    }
    for (const NodeId statement : statements_) {
      if (unused_.contains(statement)) report(statement);
    }
  }

 private:
  [[nodiscard]] bool is_unused(const Binding& binding) const {
    const auto& scope = names_.scopes()[binding.scope];
    const bool special = binding.name.starts_with("__") && binding.name.ends_with("__");  // __doc__, __version__
    if (scope.kind == python::ScopeKind::kClass || binding.name == "_" || special ||
        names_.used(binding.scope, binding.name))
      return false;
    const auto& all = names_.find(binding.scope, binding.name)->bindings;
    if (std::any_of(all.begin(), all.end(), [&](python::BindingId id) { return suppressed(names_.bindings()[id]); })) {
      return false;
    }
    const NodeId item = item_of(binding);
    if (redundant_alias(item) || parameter_of_test(binding)) return false;
    if (repository_ == nullptr) return true;
    const std::string module = module_text(binding.statement);
    const std::string original = original_name(item);
    const std::string whole = module.empty() ? original : module;
    if (repository_->settings.keeps_module(whole) || repository_->settings.keeps_name(binding.name, subject_.path()))
      return false;
    if (binding.scope != 0) return true;
    const bool taken = repository_->index.taken(subject_.path(), binding.name);
    hands_on_ |= taken;
    return !taken;
  }

  // On one of several lines a comment speaks for its own name; on the first and the last for all. Where
  // two branches bind a name, a comment on one speaks for both.
  [[nodiscard]] bool suppressed(const Binding& binding) const {
    const std::uint32_t first = file_.line(file_[binding.statement].begin);
    const std::uint32_t last = file_.line(file_[binding.statement].end);
    const std::uint32_t own = file_.line(file_[binding.node].begin);
    return suppressions_.lines(own, own, import_codes()) || suppressions_.lines(first, first, import_codes()) ||
           suppressions_.lines(last, last, import_codes());
  }

  [[nodiscard]] NodeId item_of(const Binding& binding) const {
    const NodeId above = file_[binding.node].parent;
    return file_.is(above, s_.aliased_import) ? above : binding.node;
  }
  [[nodiscard]] std::string original_name(NodeId item) const {
    const NodeId name = file_.is(item, s_.aliased_import) ? file_.child(item, s_.f_name) : item;
    return std::string(file_.text(name));
  }
  [[nodiscard]] std::string module_text(NodeId statement) const {
    const NodeId module = file_.child(statement, s_.f_module_name);
    return module == kNoNode ? std::string() : std::string(file_.text(module));
  }

  // `import x as x`, `from m import x as x`: the agreed way to say "meant for others".
  [[nodiscard]] bool redundant_alias(NodeId item) const {
    if (!file_.is(item, s_.aliased_import)) return false;
    return file_.text(file_.child(item, s_.f_name)) == file_.text(file_.child(item, s_.f_alias));
  }

  // pytest hands an imported fixture to whoever names it as a parameter.
  [[nodiscard]] bool parameter_of_test(const Binding& binding) const {
    if (occurrences_.of(binding.name) == 0) return false;
    return std::any_of(names_.bindings().begin(), names_.bindings().end(), [&](const Binding& other) {
      return other.kind == BindingKind::kParameter && other.name == binding.name;
    });
  }

  // A function or a `with` that does nothing but import tries just that: `def test_import(): import a.b`.
  [[nodiscard]] bool import_is_the_point(NodeId statement) const {
    const NodeId block = file_[statement].parent;
    const NodeId owner = file_.is(block, s_.block) ? file_[block].parent : kNoNode;
    if (!file_.is(owner, s_.function_definition) && !file_.is(owner, s_.with_statement)) return false;
    for (NodeId at = file_.first_named(block); at != kNoNode; at = file_.next_named(at)) {
      const bool import = file_.is(at, s_.import_statement) || file_.is(at, s_.import_from_statement);
      const bool harmless = file_.is(at, s_.comment) || file_.is(at, s_.pass_statement) ||
                            (file_.is(at, s_.expression_statement) && file_.is(file_.first_named(at), s_.string));
      if (!import && !harmless) return false;
    }
    return true;
  }

  void report(NodeId statement) {
    if (import_is_the_point(statement)) return;
    Unused unused;
    unused.statement = statement;
    unused.module = module_text(statement);
    const auto& gone = unused_.at(statement);
    for (NodeId at = file_.first_named(statement); at != kNoNode; at = file_.next_named(at)) {
      if (file_[at].field != s_.f_name) continue;
      const auto binding =
          std::find_if(gone.begin(), gone.end(), [&](const Binding* one) { return item_of(*one) == at; });
      unused.items.push_back(at);
      unused.gone.push_back(binding != gone.end());
      if (binding == gone.end()) continue;
      unused.names.emplace_back((*binding)->name);
      unused.originals.push_back(original_name(at));
      unused.kinds.push_back((*binding)->kind);
    }
    if (unused.names.empty() || is_interface(unused, *gone.front())) return;
    out_.push_back(finding_of(unused, *gone.front()));
  }

  // What a package takes from its own modules is what it offers to others: nobody would remove that.
  [[nodiscard]] bool is_interface(const Unused& unused, const Binding& first) const {
    return first.scope == 0 && file_name(subject_.path()) == "__init__.py" && is_own(unused);
  }

  Finding finding_of(const Unused& unused, const Binding& first) {
    Finding finding;
    finding.rule = "unused-import";
    place(file_, unused.statement, finding);
    for (const std::string& name : unused.names) finding.symbol += (finding.symbol.empty() ? "" : ", ") + name;
    const bool many = unused.names.size() > 1;
    finding.message =
        quoted_list(unused.names) + (many ? " are imported but never used" : " is imported but never used");
    const bool local = first.scope != 0;
    finding.evidence = std::string("nothing in this ") + (local ? "function" : "file") + " reads " +
                       (many ? "the names" : "the name") + (local ? "" : ", and no other file takes it from here");
    bool comments = false;
    const bool all = std::find(unused.gone.begin(), unused.gone.end(), false) == unused.gone.end();
    if (all) {
      finding.edits.push_back(without_statement(subject_, unused.statement));
    } else {
      std::vector<std::pair<std::uint32_t, std::uint32_t>> items;
      for (const NodeId item : unused.items) items.emplace_back(file_[item].begin, file_[item].end);
      finding.edits = without_items(subject_.content(), items, unused.gone, comments);
    }
    const std::string doubt = doubt_about(unused, first, comments);
    finding.safety = doubt.empty() ? Safety::kSafe : Safety::kReview;
    if (!doubt.empty()) finding.evidence += "; for a person to decide: " + doubt;
    finding.suggestion = all ? "remove the import" : "remove " + quoted_list(unused.names) + " from the import";
    return finding;
  }

  // Why a person should look first; "" when there is no reason.
  [[nodiscard]] std::string doubt_about(const Unused& unused, const Binding& first, bool comments) const {
    if (comments ||
        suppressions_.remarks(file_.line(file_[unused.statement].begin), file_.line(file_[unused.statement].end))) {
      return "a comment stands beside it";
    }
    if (in_import_attempt(file_, unused.statement)) return "the import may test whether the module is there";
    if (first.scope == 0) {
      for (const std::string& name : unused.names) {
        if (occurrences_.of(name) > 0) return "the file uses the same name for something else";
      }
    }
    if (first.written_in != first.scope) return "the name is declared global";
    std::string doubt = first.scope == 0 ? doubt_about_file(unused) : "";
    for (std::size_t i = 0; i < unused.names.size() && doubt.empty(); ++i) {
      doubt = doubt_about_name(unused, i);
    }
    return doubt;
  }

  [[nodiscard]] std::string doubt_about_file(const Unused& unused) const {
    const std::string_view name = file_name(subject_.path());
    if (repository_ != nullptr && !repository_->index.blind().empty()) {
      return "`" + repository_->index.blind() + "` is too large to see what it takes from here";
    }
    if (hands_on_) return "other files take names from here that this file only imports: it may hand on this one too";
    if (!names_.has_all() && imports_only()) return "the file holds nothing but imports: others may take names from it";
    if (is_sample(subject_.path())) return "the file is sample data of tests";
    const bool many = unused.names.size() > 2 && !standard_module(unused.module);
    if (many) return "so many names at once look like meant for others";
    if (name.find("compat") != std::string_view::npos) return "a compatibility module hands names on";
    if (name == "__init__.py") return "names of an `__init__.py` may be the package's interface";
    if (name == "conftest.py") return "a conftest.py gives its names to the tests";
    if (name.ends_with(".pyi")) return "names of a stub may be its interface";
    static constexpr std::array<std::string_view, 7> kRegisters{"models.py", "admin.py",   "signals.py", "tasks.py",
                                                                "apps.py",   "plugins.py", "handlers.py"};
    const bool registers = std::find(kRegisters.begin(), kRegisters.end(), name) != kRegisters.end();
    if (registers && is_own(unused)) return "in a " + std::string(name) + " an import may register something";
    return {};
  }

  // Imports, a docstring, assignments of dunder names: a module that hands names on.
  [[nodiscard]] bool imports_only() const {
    for (NodeId at = file_.first_named(file_.root()); at != kNoNode; at = file_.next_named(at)) {
      const bool import = file_.is(at, s_.import_statement) || file_.is(at, s_.import_from_statement) ||
                          file_.is(at, s_.future_import_statement) || file_.is(at, s_.comment);
      const std::string_view text = file_.text(at);
      const bool harmless = file_.is(at, s_.expression_statement) &&
                            (file_.is(file_.first_named(at), s_.string) || text.starts_with("__"));
      if (!import && !harmless) return false;
    }
    return names_.bindings().size() > 1;
  }

  [[nodiscard]] bool is_own(const Unused& unused) const {
    return unused.module.starts_with('.') ||
           (repository_ != nullptr && !repository_->index.own_files(subject_.path(), unused.module).empty());
  }

  [[nodiscard]] std::string doubt_about_name(const Unused& unused, std::size_t i) const {
    const std::string& name = unused.names[i];
    if (name.starts_with("_")) return "`" + name + "` is named so on purpose";
    if (well_known(name)) return "`" + name + "` is a name that other programs look for";
    const bool plain = unused.kinds[i] == BindingKind::kImport;
    const std::string module = unused.module.empty() ? unused.originals[i] : unused.module;
    if (import_has_effect(module)) return "importing `" + module + "` has an effect of its own";
    if (repository_ == nullptr) return {};
    const Index& index = repository_->index;
    std::vector<std::string> own = index.own_files(subject_.path(), module);
    if (!unused.module.empty()) {
      const std::string separator = unused.module.ends_with('.') ? "" : ".";
      for (std::string& path : index.own_files(subject_.path(), unused.module + separator + unused.originals[i])) {
        own.push_back(std::move(path));
      }
    }
    for (const std::string& path : own) {
      if (index.fixture(path, unused.originals[i])) return "`" + name + "` is a test fixture";
      if (index.acts_on_import(path) && index.importers(path) < 2) {
        return "`" + module + "` does something when it is imported, and nothing else imports it";
      }
    }
    if (!own.empty()) return {};
    if (standard_module(module)) {
      const bool needed = plain && module.find('.') != std::string::npos && index.relied_on(module);
      return needed ? "other files read `" + module + "` without importing it" : "";
    }
    if (plain) return "importing `" + module + "` may have an effect of its own";
    return {};
  }

  // Names that servers, frameworks and test runners look up in a module.
  [[nodiscard]] bool well_known(std::string_view name) const {
    static constexpr std::array<std::string_view, 16> kHooks{
        "app",         "application",    "celery",      "celery_app", "main",           "cli",
        "handler400",  "handler403",     "handler404",  "handler500", "pytest_plugins", "load_tests",
        "setUpModule", "tearDownModule", "urlpatterns", "register"};
    if (std::find(kHooks.begin(), kHooks.end(), name) != kHooks.end()) return true;
    if (name.starts_with("pytest_")) return true;
    if (!is_test_file(subject_.path())) return false;
    return name.starts_with("Test") || name.starts_with("test") || name.ends_with("Test") || name.ends_with("Tests") ||
           name.ends_with("TestCase") || name.starts_with("setup") || name.starts_with("teardown") ||
           name.starts_with("setUp");
  }

  const Subject& subject_;
  const File& file_;
  const Names& names_;
  const Repository* repository_;
  const Occurrences& occurrences_;
  const Suppressions& suppressions_;
  const python::Symbols& s_;
  std::vector<Finding>& out_;
  std::vector<NodeId> statements_;
  std::unordered_map<NodeId, std::vector<const Binding*>> unused_;
  mutable bool hands_on_ = false;  // some other file takes a name that this one imports and does not read
};

class UnusedImport final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "unused-import"; }
  [[nodiscard]] bool reads(Language language) const override { return language == Language::kPython; }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    const Occurrences occurrences(subject.lexed());
    if (!occurrences.worth_a_look() || subject.names() == nullptr) return;
    Examination(subject, repository, occurrences, out).run();
  }
};

}  // namespace

std::unique_ptr<Rule> unused_import() {
  return std::make_unique<UnusedImport>();
}

}  // namespace daydream::legacy
