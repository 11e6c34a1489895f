// A night recorded call by call, and the next start on a disk that a power cut may have left of it.
#pragma once

#include <memory>
#include <string>

#include "crash/losses.hpp"
#include "crash/nights.hpp"

namespace daydream::crash {

// One flavour's night, recorded once; its place on the disk is used again by every trial.
class RecordedNight {
 public:
  explicit RecordedNight(Flavour flavour);
  static const RecordedNight& of(Flavour flavour);

  [[nodiscard]] const Recording& recording() const { return recording_; }
  // The next start on that disk, after another start of the machine: what is wrong with what it comes to; "" = nothing.
  [[nodiscard]] std::string resumed(const Disk& disk) const;

 private:
  Flavour flavour_;
  std::unique_ptr<World> world_;
  Recording recording_;
};

}  // namespace daydream::crash
