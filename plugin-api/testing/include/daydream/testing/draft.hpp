// What edits make of files, by the rules of changes.h: spans of the bytes a token names; several edits of
// one token compose; edits of one finding are one change; changes that touch are joined.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/testing/start.hpp"

namespace daydream::testing {

std::uint64_t token_of(std::string_view content);

class Draft {
 public:
  explicit Draft(FileMap base);

  enum class Taken { kTaken, kConflict, kUnknownToken, kBadSpans, kExists, kMissing };
  // Anything but kTaken leaves the draft as it was.
  Taken add(const Effect& effect);
  // What add() would say of token and spans alone.
  [[nodiscard]] Taken check(const Effect& effect) const;
  // What is known of one file alone; for looks, not for with().
  [[nodiscard]] Draft of_path(const std::string& path) const;

  [[nodiscard]] const FileMap& base() const { return base_; }      // as the step began
  [[nodiscard]] const FileMap& edited() const { return edited_; }  // with every change
  // With the changes that `wanted` names; a change is the set of all findings joined by touching places.
  [[nodiscard]] FileMap with(const std::function<bool(const std::set<std::uint64_t>& change)>& wanted) const;

 private:
  struct Version {
    std::uint64_t token = 0;
    spans::Pieces pieces;
  };
  struct File {
    std::optional<std::string> base;  // or what was created
    std::set<std::uint64_t> created_by, removed_by;
    spans::Pieces pieces;
    std::vector<Version> versions;
    [[nodiscard]] bool present() const { return base && removed_by.empty(); }
    [[nodiscard]] const Version* version(std::uint64_t token) const;
    [[nodiscard]] std::set<std::uint64_t> findings() const;
  };
  File& file(const std::string& path);
  Taken edit(File& file, const Effect& effect);
  Taken create(File& file, const Effect& effect);
  Taken remove(File& file, const Effect& effect);
  void refresh(const std::string& path, File& file);
  void join(const std::set<std::uint64_t>& findings);
  [[nodiscard]] const std::set<std::uint64_t>& change_of(std::uint64_t finding) const;

  FileMap base_, edited_;
  std::map<std::string, File> files_;
  std::vector<std::set<std::uint64_t>> changes_;  // disjoint
};

}  // namespace daydream::testing
