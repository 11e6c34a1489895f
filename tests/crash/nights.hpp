// Small repositories on which all six steps act, copied for each trial, and what a night on one comes to.
#pragma once

#include <memory>
#include <string>

#include "crash/tracer.hpp"
#include "e2e/fixtures.hpp"

namespace daydream::crash {

using testing::Ran;
using testing::World;

enum class Flavour {
  kSecondNight,  // as kBranch, on a night that nobody has merged, and a human's commit since: carried forward
  kBranch,       // the night branch; logs are only read
  kInPlace,      // edits in the user's tree; a rotated log goes to the archive
  kPlain,        // patches for a folder without git
};
bool under_git(Flavour flavour);
const char* name_of(Flavour flavour);

// A prepared repository and what an undisturbed night on it comes to; made once a flavour.
class Prepared {
 public:
  explicit Prepared(Flavour flavour);
  static const Prepared& of(Flavour flavour);

  // A copy of its own, as it was before the night.
  [[nodiscard]] std::unique_ptr<World> copy() const;
  [[nodiscard]] const std::string& expected() const { return expected_; }

 private:
  Flavour flavour_;
  std::unique_ptr<World> original_;
  std::string expected_;
};

// `daydream run --if-due`, as a timer starts it, for the tracer.
Program night_of(const World& world);
// The same, not traced.
Ran start_again(const World& world);

// All that a night may leave, as one text: branch, commits, work tree, logs and archives, patches, report
// (durations and attempts aside), names of all files in the state and work directories and of locks of git.
std::string outcome(const World& world);

}  // namespace daydream::crash
