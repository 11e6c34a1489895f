// What a rule is: it looks at one file, or at the tree, and says what is wrong and how to mend it.
// A rule is a file of its own in this folder and one line in registry.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/source/language.hpp"
#include "plugins/legacy_cleanup/repository.hpp"
#include "plugins/legacy_cleanup/subject.hpp"

namespace daydream::legacy {

enum class Severity { kInfo, kWarning, kError };
// safe: applied, with evidence that would convince a reviewer. review: a patch for a person. info: said.
enum class Safety { kSafe, kReview, kInfo };

struct Edit {
  std::uint32_t begin = 0, end = 0;  // bytes of the subject's content
  std::string replacement;
};

struct Finding {
  std::string_view rule;  // static
  Severity severity = Severity::kWarning;
  Safety safety = Safety::kInfo;
  std::uint32_t line = 0, column = 0, end_line = 0;  // from 1
  std::string symbol;                                // the name concerned, where there is one
  std::string context;                               // "" = the line with white space collapsed
  std::string message, evidence, suggestion;
  // All of one finding stand or fall together; ascending, disjoint. Rules need not care for the other
  // findings of the file: overlapping edits and results that no longer parse are settled in edits.hpp.
  std::vector<Edit> edits;
};

class Rule {
 public:
  virtual ~Rule() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual bool reads(source::Language language) const = 0;
  // Asked twice. First without `repository`: then the answer must follow from the content and the
  // language alone (it is remembered under the content's hash, whatever the path), and must not be
  // empty where it could be non-empty with a repository in sight. Files that gave something are
  // examined again with `repository`, and only that answer counts. Adds to `out`.
  virtual void examine(const Subject& subject, const Repository* repository, std::vector<Finding>& out) const = 0;
};

// A finding about a file as a whole.
struct TreeFinding {
  Finding finding;
  std::string path;
  enum class Effect { kNone, kRemove, kDiscard } effect = Effect::kNone;  // kRemove: from the source tree;
  std::string root;                                                       // kDiscard: live, "repository" or "log:<n>"
};

// A rule that judges names and places of files, once a run, after all files were examined.
class TreeRule {
 public:
  virtual ~TreeRule() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  virtual void examine(const Repository& repository, std::vector<TreeFinding>& out) const = 0;
};

}  // namespace daydream::legacy
