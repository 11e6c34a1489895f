// expired-bridge: what was meant to go when something came, and it came: "remove after 2024-01-01", "drop
// when Python 3.8 is the minimum", "remove in 2.0", a fallback for a module that every supported Python
// has, a branch for a Python that is no longer supported.
//
// Said with its evidence; a patch for a person where what to write instead is certain. Never safe.
#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <memory>
#include <optional>

#include "daydream/kit/text.hpp"
#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/rules/bridge_words.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/suppressions.hpp"

namespace daydream::legacy {
namespace {

using namespace source;  // NOLINT: the kit this rule is written in
using python::TokenKind;

// Modules of the standard library by the Python 3 that brought them.
struct Arrival {
  std::string_view module;
  int minor;
};
constexpr std::array<Arrival, 14> kArrivals{{{"tomllib", 11},
                                             {"zoneinfo", 9},
                                             {"graphlib", 9},
                                             {"importlib.resources", 7},
                                             {"importlib.metadata", 8},
                                             {"dataclasses", 7},
                                             {"contextvars", 7},
                                             {"secrets", 6},
                                             {"typing", 5},
                                             {"enum", 4},
                                             {"pathlib", 4},
                                             {"unittest.mock", 3},
                                             {"collections.abc", 3},
                                             {"urllib.parse", 0}}};

// "RemovedInDjango40Warning" -> "4.0".
std::string removal_version(std::string_view name) {
  if (!name.starts_with("RemovedIn") || !name.ends_with("Warning")) return {};
  const auto first = name.find_first_of("0123456789");
  if (first == std::string_view::npos) return {};
  const std::string_view digits = name.substr(first, name.find_first_not_of("0123456789", first) - first);
  if (digits.size() < 2 || digits.size() > 3) return {};
  return std::string(digits.substr(0, digits.size() - 1)) + "." + std::string(digits.substr(digits.size() - 1));
}

class Examination {
 public:
  Examination(const Subject& subject, const Repository* repository, std::vector<Finding>& out)
      : subject_(subject), repository_(repository), s_(python::symbols()), suppressions_(subject.lexed()), out_(out) {
    if (repository == nullptr || repository->projects == nullptr) return;
    project_ = repository->projects->of(subject.path());
  }

  void run(bool tree) {
    if (suppressions_.file({"expired-bridge"})) return;
    for (const auto& token : subject_.lexed().tokens) {
      if (token.kind == TokenKind::kComment) comment(token);
      if (token.kind == TokenKind::kName) warning(token);
    }
    if (!tree || subject_.tree() == nullptr || !subject_.tree()->clean()) return;
    const File& file = *subject_.tree();
    for (NodeId node = 0; node < file.nodes().size(); ++node) {
      if (file.is(node, s_.try_statement)) fallback(file, node);
      if (file.is(node, s_.if_statement)) branch(file, node);
    }
  }

 private:
  [[nodiscard]] bool undecided() const { return repository_ == nullptr; }

  Finding& add(std::uint32_t line, Severity severity, std::string message, std::string evidence) {
    Finding& finding = out_.emplace_back();
    finding.rule = "expired-bridge";
    finding.line = finding.end_line = line;
    finding.column = 1;
    finding.severity = severity;
    finding.safety = Safety::kInfo;
    finding.message = std::move(message);
    finding.evidence = std::move(evidence);
    return finding;
  }

  void comment(const python::Token& token) {
    std::string_view text = subject_.lexed().text(token);
    text.remove_prefix(std::min(text.find_first_not_of("#! \t"), text.size()));
    const std::string lower = text::to_lower_ascii(text);
    const bool has_marker = marked(lower);
    if (has_marker) {
      // As in "TODO [2026-01-01]": unicorn's expiring-todo-comments.
      if (const auto bracket = lower.find('['); bracket != std::string::npos) {
        const auto date = date_at(std::string_view(lower).substr(bracket + 1));
        if (date && lower.find(']', bracket) == bracket + 11) return dated(token.line, *date);
      }
      for (const std::string_view word : kMarked) {
        if (when(token.line, lower, word)) return;
      }
    }
    for (const std::string_view word : kGoing) {
      if (when(token.line, lower, word)) return;
    }
  }

  bool when(std::uint32_t line, std::string_view lower, std::string_view word) {
    const auto at = lower.find(word);
    if (at == std::string_view::npos || (at > 0 && part_of_other(lower[at - 1]))) return false;
    std::string_view behind = lower.substr(at + word.size());
    if (behind.starts_with("the ")) behind.remove_prefix(4);
    if (const auto date = date_at(behind)) return dated(line, *date), true;
    if (python(line, behind)) return true;
    for (const std::string_view filler : {"version ", "release "}) {
      if (behind.starts_with(filler)) behind.remove_prefix(filler.size());
    }
    const std::string_view version = version_at(behind);
    const bool spoken = word.starts_with("remove") || word.starts_with("drop") || word.starts_with("delete");
    if (version.empty() || !spoken) return false;
    versioned(line, version, "it says `" + std::string(text::trim(word)) + " " + std::string(version) + "`");
    return true;
  }

  void dated(std::uint32_t line, const std::string& date) {
    if (!undecided() && !repository_->past(date)) return;
    add(line, Severity::kWarning, "this was meant to go by " + date, "that day is past").suggestion =
        "remove what it marks, or give it a new day";
  }

  // "python 3.8 is the minimum", "we drop python 3.7": the first needs >= 3.8, the second > 3.7.
  bool python(std::uint32_t line, std::string_view behind) {
    bool leaving = false;
    for (const std::string_view word : {"we ", "support for ", "dropping ", "drop "}) {
      if (!behind.starts_with(word)) continue;
      leaving |= word != "we ";
      behind.remove_prefix(word.size());
    }
    if (behind.starts_with("support for ")) behind.remove_prefix(12);
    if (behind.starts_with("python ")) {
      behind.remove_prefix(7);
    } else if (behind.starts_with("py")) {
      behind.remove_prefix(2);
    } else {
      return false;
    }
    for (const std::string_view word : {">= ", ">="}) {
      if (behind.starts_with(word)) behind.remove_prefix(word.size());
    }
    if (!behind.starts_with("3.") && !behind.starts_with("2")) return false;
    int minor = -1;
    if (behind.starts_with("3.")) std::from_chars(behind.data() + 2, behind.data() + behind.size(), minor);
    const std::string_view rest = behind.substr(std::min(behind.find(' '), behind.size()));
    leaving |= rest.find("drop") != std::string_view::npos || rest.find("end of life") != std::string_view::npos ||
               rest.find("eol") != std::string_view::npos || rest.find("no longer") != std::string_view::npos ||
               rest.find("support is") != std::string_view::npos;
    const int needed = leaving ? minor + 1 : minor;
    if (behind.starts_with("3.") && minor < 0) return true;
    if (behind.starts_with("2") && !leaving) return true;
    if (!undecided() && (project_.python_minor < 0 || project_.python_minor < needed)) return true;
    add(line, Severity::kWarning, "what this waits for has come", project_.python_source).suggestion =
        "remove what it marks";
    return true;
  }

  void versioned(std::uint32_t line, std::string_view version, std::string evidence) {
    if (!undecided() && (project_.version.empty() || compare_versions(project_.version, version) < 0)) return;
    add(line, Severity::kWarning, "this was meant to go in version " + std::string(version),
        std::move(evidence) + ", and the project is at " + project_.version)
        .suggestion = "remove what it marks";
  }

  // The name carries the version of the project that defines it: only there can it be compared.
  void warning(const python::Token& token) {
    const std::string_view name = subject_.lexed().text(token);
    const std::string version = removal_version(name);
    if (version.empty()) return;
    if (!undecided() && (project_.version.empty() || compare_versions(project_.version, version) < 0 || !own(name)))
      return;
    add(token.line, Severity::kWarning, "deprecated until version " + version, "the project is at " + project_.version)
        .symbol = name;
  }

  // "RemovedInDjango40Warning" in a tree that has a django/ of its own.
  [[nodiscard]] bool own(std::string_view name) const {
    const std::string_view inner = name.substr(9, name.find_first_of("0123456789") - 9);
    const std::string folder = text::to_lower_ascii(inner) + "/__init__.py";
    return inner.empty() ||
           std::any_of(repository_->files.begin(), repository_->files.end(),
                       [&](const TreeFile& file) { return file.path == folder || file.path == "src/" + folder; });
  }

  // try: import A / except ImportError: import B, where every supported Python has A.
  void fallback(const File& file, NodeId node) {
    const NodeId body = file.child(node, s_.f_body);
    const NodeId statement = body == kNoNode ? kNoNode : file.first_named(body);
    if (statement == kNoNode || file.next_named(statement) != kNoNode) return;
    const bool from = file.is(statement, s_.import_from_statement);
    if (!from && !file.is(statement, s_.import_statement)) return;
    const NodeId clause = file.next_named(body);
    if (!file.is(clause, s_.except_clause) || file.next_named(clause) != kNoNode) return;
    const std::string_view caught = file.text(file.first_named(clause));
    if (caught != "ImportError" && caught != "ModuleNotFoundError") return;
    const NodeId named = from ? file.child(statement, s_.f_module_name) : file.first_named(statement);
    const std::string_view module =
        file.is(named, s_.aliased_import) ? file.text(file.child(named, s_.f_name)) : file.text(named);
    const auto arrival =
        std::find_if(kArrivals.begin(), kArrivals.end(), [&](const Arrival& one) { return one.module == module; });
    if (arrival == kArrivals.end() || (!undecided() && project_.python_minor < arrival->minor)) return;
    // What is imported from it may be younger than the module: names of typing come with every version.
    if (from &&
        (module == "typing" || module == "importlib.metadata" || module == "importlib.resources" || module == "enum"))
      return;
    const std::uint32_t line = file.line(file[node].begin);
    if (suppressions_.lines(line, line, {"expired-bridge"})) return;
    Finding& finding =
        add(line, Severity::kWarning, "every Python that this project supports has `" + std::string(module) + "`",
            project_.python_source);
    finding.symbol = module;
    finding.safety = Safety::kReview;
    finding.end_line = file.line(file[node].end);
    finding.suggestion = "import it without a fallback";
    // A comment in it would be lost.
    if (file.text(node).find('#') != std::string_view::npos) return;
    finding.edits.push_back({file[node].begin, file[node].end, std::string(file.text(statement))});
  }

  // if sys.version_info < (3, x): ... where no supported Python is that old.
  void branch(const File& file, NodeId node) {
    const NodeId condition = file.child(node, s_.f_condition);
    if (condition == kNoNode) return;
    const std::string text = text::collapse_space(file.text(condition));
    constexpr std::string_view kName = "sys.version_info ";
    if (!text.starts_with(kName)) return;
    std::string_view rest = std::string_view(text).substr(kName.size());
    const bool below = rest.starts_with("< ("), above = rest.starts_with(">= (");
    if (!below && !above) return;
    rest.remove_prefix(below ? 3 : 4);
    const auto comma = rest.find(", ");
    if (!rest.starts_with("3,") || comma == std::string_view::npos) return;
    int minor = -1;
    const auto read = std::from_chars(rest.data() + comma + 2, rest.data() + rest.size(), minor);
    if (minor < 0 || std::string_view(read.ptr, static_cast<std::size_t>(rest.data() + rest.size() - read.ptr)) != ")")
      return;
    if (!undecided() && project_.python_minor < minor) return;
    const std::uint32_t line = file.line(file[node].begin);
    if (suppressions_.lines(line, line, {"UP036", "expired-bridge"})) return;
    Finding& finding = add(line, Severity::kWarning,
                           below ? "this branch is for a Python that the project does not support"
                                 : "this is true on every Python that the project supports",
                           project_.python_source);
    finding.safety = Safety::kReview;
    finding.suggestion = below ? "remove the branch" : "keep the branch and drop the condition";
    const bool whole = file.child(node, s_.f_alternative) == kNoNode;
    if (!below || !whole) return;
    finding.end_line = file.line(file[node].end);
    if (auto edit = without_lines(subject_, node, node)) finding.edits.push_back(*edit);
  }

  const Subject& subject_;
  const Repository* repository_;
  const python::Symbols& s_;
  const Suppressions suppressions_;
  std::vector<Finding>& out_;
  Project project_;
};

// A parse pays where an import may be attempted, or a condition begins with the version.
bool wants_tree(const python::Lexed& lexed) {
  bool attempt = false, caught = false;
  for (std::size_t at = 1; at < lexed.tokens.size(); ++at) {
    if (lexed.tokens[at].kind != TokenKind::kName) continue;
    const std::string_view text = lexed.text(lexed.tokens[at]);
    const std::string_view before = lexed.text(lexed.tokens[at - 1]);
    if (before == "import" || before == "from") {
      attempt |= std::any_of(kArrivals.begin(), kArrivals.end(),
                             [&](const Arrival& one) { return one.module.substr(0, one.module.find('.')) == text; });
    }
    caught |= text == "ImportError" || text == "ModuleNotFoundError";
    if (attempt && caught) return true;
    if (text == "version_info" && at >= 3 && before == "." && lexed.is(at - 2, "sys") && lexed.is(at - 3, "if")) {
      return true;
    }
  }
  return false;
}

class ExpiredBridge final : public Rule {
 public:
  [[nodiscard]] std::string_view name() const override { return "expired-bridge"; }
  [[nodiscard]] bool reads(Language language) const override { return language == Language::kPython; }

  void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const override {
    if (subject.lexed().broken) return;
    Examination(subject, repository, out).run(wants_tree(subject.lexed()));
  }
};

}  // namespace

std::unique_ptr<Rule> expired_bridge() {
  return std::make_unique<ExpiredBridge>();
}

}  // namespace daydream::legacy
