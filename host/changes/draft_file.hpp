// One file of a draft: what it was, what the findings make of it. Pure. Inside changes/ only.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "changes/draft.hpp"
#include "changes/text_spans.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::changes {

class DraftFile {
 public:
  using Joined = Result<std::set<FindingNumber>>;
  using Wanted = std::function<bool(const std::set<FindingNumber>&)>;

  // `base`: the bytes the step began with; nullopt = there was no such file.
  DraftFile(std::optional<std::string> base, hash::GitFormat format);

  // Each returns the findings that are one change with `finding` from now on. kConflict, kInvalid: as Draft::add.
  Joined edit(std::uint64_t token, const std::vector<Span>& spans, FindingNumber finding);
  Joined create(const std::string& content, FindingNumber finding);
  Joined remove(std::uint64_t token, FindingNumber finding);

  // With the pieces that are wanted; nullopt = absent.
  [[nodiscard]] std::optional<std::string> content(const Wanted& wanted) const;
  [[nodiscard]] std::vector<FindingNumber> findings() const;  // by place, each once
  [[nodiscard]] bool in_base() const { return in_base_; }
  [[nodiscard]] bool untouched() const { return findings().empty(); }

 private:
  struct Version {
    Pieces pieces;
    std::optional<std::uint64_t> token;  // computed when asked for
  };
  [[nodiscard]] bool present() const { return (in_base_ || !created_by_.empty()) && removed_by_.empty(); }
  std::uint64_t token_of(Version& version) const;
  const Version* find(std::uint64_t token);
  void advance(Pieces pieces);

  bool in_base_;
  std::string original_;  // base, or the content it was created with
  hash::GitFormat format_;
  Version base_;
  std::deque<Version> versions_;  // after each edit, the last ones; the back is the present
  std::set<FindingNumber> created_by_, removed_by_;
};

}  // namespace daydream::changes
