// redefined-unused: a function, class or import that a later one of the same name in the same block
// replaces before anything can have read it.
//
// Only where both stand in the same block, so that the second always follows the first, nothing between
// them mentions the name or could call code that reads it late, and neither is decorated (property
// setters, overloads, registrations). review: the author may have meant two different names.
#include <algorithm>
#include <memory>
#include <unordered_map>
#include <unordered_set>

#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using namespace source;  // NOLINT: the kit this rule is written in
using python::Binding;
using python::BindingKind;
using python::ScopeKind;

const Codes kCodes{"F811", "E0102", "W0404", "function-redefined", "reimported"};

bool definition(const Binding& binding) {
  return binding.kind == BindingKind::kFunction || binding.kind == BindingKind::kClass;
}
bool import(const Binding& binding) {
  return binding.kind == BindingKind::kImportAs || binding.kind == BindingKind::kFromImport ||
         binding.kind == BindingKind::kImport;
}

// Two undecorated `def` or `class` lines of one name, or two imports of one name, in one block.
bool worth_a_look(const python::Lexed& lexed) {
  std::vector<std::pair<std::uint32_t, std::unordered_set<std::string_view>>> open;
  bool decorated = false;
  for (const auto& line : lexed.lines) {
    while (!open.empty() && open.back().first > line.indent) open.pop_back();
    if (open.empty() || open.back().first < line.indent) open.push_back({line.indent, {}});
    auto& names = open.back().second;
    const std::string_view first = lexed.text(lexed.tokens[line.first]);
    if (first == "def" || first == "class" || first == "async") {
      const std::size_t at = line.first + (first == "async" ? 2 : 1);
      if (!decorated && !names.insert(lexed.text(lexed.tokens[at])).second) return true;
    } else if (first == "import" || first == "from") {
      bool listed = first == "import";
      for (std::size_t at = line.first + 1; at < line.last; ++at) {
        if (lexed.tokens[at].kind != python::TokenKind::kName || lexed.is(at + 1, ".") || lexed.is(at + 1, "as"))
          continue;
        const std::string_view name = lexed.text(lexed.tokens[at]);
        if (name == "import") {
          listed = true;
        } else if (listed && !names.insert(name).second) {
          return true;
        }
      }
    }
    decorated = first == "@";
  }
  return false;
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject),
        file_(*subject.tree()),
        names_(*subject.names()),
        repository_(repository),
        suppressions_(subject.lexed()),
        s_(python::symbols()),
        out_(out) {}

  void run() {
    if (suppressions_.file(kCodes)) return;
    for (const auto& scope : names_.scopes()) {
      if (scope.opaque) continue;
      for (const auto& [name, use] : scope.names) {
        if (use.bindings.size() > 1) read_name(use);
      }
    }
    std::sort(out_.begin(), out_.end(), [](const Finding& a, const Finding& b) { return a.line < b.line; });
  }

 private:
  void read_name(const python::NameUse& use) {
    std::vector<const Binding*> bindings;
    for (const python::BindingId id : use.bindings) bindings.push_back(&names_.bindings()[id]);
    std::sort(bindings.begin(), bindings.end(), [](const Binding* a, const Binding* b) { return a->node < b->node; });
    for (std::size_t i = 0; i + 1 < bindings.size(); ++i) {
      if (replaced(*bindings[i], *bindings[i + 1], use)) report(*bindings[i], *bindings[i + 1]);
    }
  }

  // The statement that stands in the block: of a decorated definition the decorated whole.
  [[nodiscard]] NodeId block_of(const Binding& binding) const { return file_[binding.statement].parent; }
  [[nodiscard]] bool decorated(const Binding& binding) const {
    return file_.is(binding.statement, s_.decorated_definition);
  }

  [[nodiscard]] bool replaced(const Binding& first, const Binding& second, const python::NameUse& use) const {
    const bool kinds =
        (definition(first) && definition(second)) || (import(first) && (import(second) || definition(second)));
    if (!kinds || first.statement == second.statement || block_of(first) != block_of(second)) return false;
    if (first.written_in != first.scope || second.written_in != second.scope) return false;
    if (decorated(first) || decorated(second)) return false;
    // `import a.b` and `import a.c` both bind a and load different things.
    if (first.kind == BindingKind::kImport || second.kind == BindingKind::kImport) {
      if (file_.text(first.node) != file_.text(second.node)) return false;
    }
    if (first.name == "_" || names_.mentioned(first.name)) return false;
    return !read_between(first, second, use);
  }

  // A read behind the first statement and before the second, or one in a body that may run by then.
  [[nodiscard]] bool read_between(const Binding& first, const Binding& second, const python::NameUse& use) const {
    const NodeId from = file_[first.statement].last;
    for (const std::uint32_t id : use.references) {
      const auto& reference = names_.references()[id];
      const NodeId statement = second.statement;
      if (reference.node > from && reference.node < statement) return true;
      // Inside the second itself: its base, default, or (for a function) its own recursion.
      const bool inside_second = reference.node >= statement && reference.node <= file_[statement].last;
      if (inside_second && reference.scope == first.scope) return true;
      // Functions defined before may be called between the two.
      if (reference.scope != first.scope && reference.node < statement && calls_between(first, second)) return true;
    }
    return false;
  }

  [[nodiscard]] bool calls_between(const Binding& first, const Binding& second) const {
    for (NodeId at = file_[first.statement].last + 1; at < second.statement; ++at) {
      if (file_.is(at, s_.call) || file_.is(at, s_.decorator)) return true;
    }
    return false;
  }

  void report(const Binding& first, const Binding& second) {
    const std::uint32_t line = file_.line(file_[first.statement].begin), again = file_.line(file_[second.node].begin);
    if (suppressions_.lines(line, line, kCodes) || suppressions_.lines(again, again, kCodes)) return;
    if (repository_ != nullptr && repository_->settings.keeps_name(first.name, subject_.path())) return;
    Finding finding;
    finding.rule = "redefined-unused";
    finding.symbol = std::string(first.name);
    place(file_, first.node, finding);
    finding.end_line = file_.line(file_[first.statement].end);
    const char* const what = first.kind == BindingKind::kClass ? "class" : definition(first) ? "function" : "import";
    finding.message = "the " + std::string(what) + " `" + finding.symbol + "` is replaced on line " +
                      std::to_string(again) + " before anything reads it";
    finding.evidence = "both stand in the same block, and nothing between them reads the name";
    finding.safety = Safety::kReview;
    if (import(first) && file_.next_named(file_.first_named(first.statement)) != kNoNode && !alone(first)) {
      finding.suggestion = "remove the name from the first import";
    } else if (definition(first)) {
      finding.suggestion = "remove the first definition, or give one of them another name";
      if (auto edit = without_lines(subject_, first.statement, first.statement)) finding.edits.push_back(*edit);
    } else {
      finding.suggestion = "remove the first import";
      finding.edits.push_back(without_statement(subject_, first.statement));
      // The very same import again: which of the two goes makes no difference.
      const bool same = file_.text(first.statement) == file_.text(second.statement) && !remarked(first);
      finding.safety = same ? Safety::kSafe : Safety::kReview;
      if (same) finding.evidence += "; the later import is the same, word for word";
    }
    out_.push_back(std::move(finding));
  }

  [[nodiscard]] bool remarked(const Binding& binding) const {
    return suppressions_.remarks(file_.line(file_[binding.statement].begin), file_.line(file_[binding.statement].end));
  }

  // The import statement binds this name and no other.
  [[nodiscard]] bool alone(const Binding& binding) const {
    std::size_t items = 0;
    for (NodeId at = file_.first_named(binding.statement); at != kNoNode; at = file_.next_named(at)) {
      items += file_[at].field == s_.f_name ? 1 : 0;
    }
    return items == 1;
  }

  const Subject& subject_;
  const File& file_;
  const python::Names& names_;
  const Repository* repository_;
  const Suppressions suppressions_;
  const python::Symbols& s_;
  std::vector<Finding>& out_;
};

class RedefinedUnused final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "redefined-unused"; }
  [[nodiscard]] bool reads(Language language) const override { return language == Language::kPython; }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (!worth_a_look(subject.lexed()) || subject.names() == nullptr) return;
    std::vector<Finding> found;
    Examination(subject, repository, found).run();
    out.insert(out.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  }
};

}  // namespace

std::unique_ptr<Rule> redefined_unused() {
  return std::make_unique<RedefinedUnused>();
}

}  // namespace daydream::legacy
