// What edits make of files, by the rules of changes.h: spans of the bytes a token names; several edits of
// one token compose; edits of one finding are one change. Safe changes are applied, review ones proposed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/testing/start.hpp"

namespace daydream::testing {

std::uint64_t token_of(std::string_view content);

// Of the bytes the step began with.
struct Piece {
  std::uint64_t offset = 0, size = 0;
  std::string replacement;
  std::set<std::uint64_t> findings;
  friend bool operator==(const Piece&, const Piece&) = default;
};
using Pieces = std::vector<Piece>;  // ascending, disjoint

std::string compose(std::string_view base, const Pieces& pieces);
// `span` of the content that `version` makes of the base, taken into `target` (another state of the same
// base that holds `version`'s pieces). false: it overlaps what cannot be joined; `target` is then as it was.
bool add_span(const Pieces& version, const SpanEdit& span, std::uint64_t finding, Pieces& target);

class Draft {
 public:
  explicit Draft(FileMap base);

  enum class Taken { kTaken, kConflict, kUnknownToken, kBadSpans, kExists, kMissing };
  // `safe`: applied; else proposed only. Anything but kTaken leaves the draft as it was.
  Taken add(const Effect& effect, bool safe);
  // What add() would say of token and spans alone; reads see only what is committed, so a token is known
  // before the transaction that names it.
  [[nodiscard]] Taken check(const Effect& effect) const;
  // Drops all that `finding` did.
  void drop(std::uint64_t finding);

  [[nodiscard]] const FileMap& applied() const { return applied_; }  // what the step reads
  [[nodiscard]] FileMap proposed() const;                            // with the review changes too
  [[nodiscard]] const FileMap& base() const { return base_; }

 private:
  struct Version {
    std::uint64_t token = 0;
    Pieces pieces;
  };
  struct File {
    std::optional<std::string> base;  // or what was created
    std::uint64_t created_by = 0;     // a finding, when it was created in this run
    bool created_safe = false;
    std::set<std::uint64_t> removed_by;  // applied
    std::set<std::uint64_t> proposed_removed_by;
    Pieces applied, proposed;
    std::vector<Version> versions;
  };
  File& file(const std::string& path);
  static Taken edit(File& file, const Effect& effect, bool safe);
  static Taken create(File& file, const Effect& effect, bool safe);
  static Taken remove(File& file, const Effect& effect, bool safe);
  void refresh(const std::string& path, File& file);

  FileMap base_, applied_;
  std::map<std::string, File> files_;
};

}  // namespace daydream::testing
