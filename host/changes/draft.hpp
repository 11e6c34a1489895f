// The composed edits of one step: what each file becomes, and which findings each piece belongs to. All
// effects that name one finding are one change; changes whose spans overlap are joined; spans given
// against a file already edited in this step are carried back to the bytes the step began with.
// Pure in memory; built from the effects in the store, so it is the same after a kill.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "changes/source_tree.hpp"

namespace daydream::changes {

using FindingNumber = std::uint64_t;

// One change: applied, verified, dropped, declined and undone together.
struct Change {
  std::set<FindingNumber> findings;  // not empty; the first names it
  std::set<std::string> paths;
};

class Draft {
 public:
  // `tree` outlives it and stands at the commit the step began with.
  explicit Draft(SourceTree& tree);
  ~Draft();
  Draft(Draft&&) noexcept;
  Draft& operator=(Draft&&) noexcept;

  // Takes one effect (edit, create, remove) into the draft. kConflict: the token is not that of the file,
  // a span overlaps another finding's in a way that cannot be joined, the file exists, is gone, a symlink.
  // kInvalid: bad path, spans not ascending or out of range.
  Result<void> add(const Effect& effect);
  // Writes what has changed since the last call into the private tree.
  Result<void> materialize();

  [[nodiscard]] std::vector<Change> changes() const;  // joined; ordered by path, then place
  // Content of every touched path with only the changes that hold one of `findings`; nullopt = absent.
  [[nodiscard]] Result<std::map<std::string, std::optional<std::string>>> contents(
      const std::set<FindingNumber>& findings) const;
  [[nodiscard]] std::set<std::string> paths() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace daydream::changes
