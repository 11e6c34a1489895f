// What the rules for JavaScript and TypeScript share: one file with its names and remarks, where a
// statement stands, and how it is taken out so that what is left means the same.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daydream/source/javascript_names.hpp"
#include "plugins/legacy_cleanup/remarks.hpp"
#include "plugins/legacy_cleanup/rules/python_file.hpp"
#include "plugins/legacy_cleanup/rules/rule.hpp"

namespace daydream::legacy::script {

using source::File;
using source::kNoNode;
using source::NodeId;
using source::javascript::Binding;
using source::javascript::BindingKind;
using source::javascript::Grammar;
using source::javascript::Kind;
using source::javascript::Names;
using source::javascript::Reference;

// No file that people write has more to say of; it keeps what a hostile one costs in bounds.
inline constexpr std::size_t kMostFindings = 1000;

// The parts of a subject, all there. REQUIRES: readable(subject).
class Script {
 public:
  explicit Script(const Subject& subject);
  [[nodiscard]] const File& file() const { return file_; }
  [[nodiscard]] const Names& names() const { return names_; }
  [[nodiscard]] const Remarks& remarks() const { return remarks_; }
  [[nodiscard]] const Grammar& grammar() const { return grammar_; }
  [[nodiscard]] std::string_view content() const { return file_.content(); }
  [[nodiscard]] Kind kind(NodeId node) const { return grammar_.kind(file_, node); }
  [[nodiscard]] Kind kind_above(NodeId node) const { return kind(file_[node].parent); }
  [[nodiscard]] NodeId above(NodeId node) const { return file_[node].parent; }
  [[nodiscard]] std::string_view text(NodeId node) const { return file_.text(node); }
  [[nodiscard]] std::uint32_t first_line(NodeId node) const { return file_.line(file_[node].begin); }
  [[nodiscard]] std::uint32_t last_line(NodeId node) const { return file_.line(file_[node].end); }
  [[nodiscard]] bool typescript() const;
  // Its top level belongs to it alone: a module of either kind. A plain script shares its names.
  [[nodiscard]] bool own_top_level() const { return own_top_level_; }
  [[nodiscard]] bool has_jsx() const { return has_jsx_; }
  // "x" of require("x") with nothing else; "" for anything else.
  [[nodiscard]] std::string_view required(NodeId node) const;
  // The text of a string literal without quotes and escapes; "" where it has any.
  [[nodiscard]] std::string_view literal(NodeId node) const;
  // An expression whose evaluation nobody could notice.
  [[nodiscard]] bool harmless(NodeId expression) const;
  // The statement of its list before or behind it, comments left out; kNoNode at the ends.
  [[nodiscard]] NodeId before(NodeId statement) const;
  [[nodiscard]] NodeId behind(NodeId statement) const;

 private:
  [[nodiscard]] bool inside_constructor(NodeId node) const;

  const File& file_;
  const Names& names_;
  const Remarks& remarks_;
  const Grammar& grammar_;
  bool own_top_level_ = false, has_jsx_ = false;
};

// No compiler or bundler wrote it.
bool written_by_people(std::string_view content);
// There is a clean tree, written by people, in which names can be followed.
bool readable(const Subject& subject);
// Files that no rule for scripts speaks of: declarations, vendored and built ones, test data.
bool left_alone(std::string_view path);
// As well: what a test works on, by its place beside the test.
bool left_alone(std::string_view path, const Repository& repository);

// Takes out the statements from `first` to `last`, siblings, with their lines; nullopt where what is
// left would mean something else (a line that the next one would continue, a string that would become
// a directive) or where they share a line in a way that cannot be parted.
std::optional<Edit> without(const Script& script, NodeId first, NodeId last);

}  // namespace daydream::legacy::script
