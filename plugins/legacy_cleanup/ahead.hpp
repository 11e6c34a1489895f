// The files of the second pass, read and parsed a few ahead of the rules, by all processors.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <daydream/sdk.hpp>

#include "plugins/legacy_cleanup/crew.hpp"
#include "plugins/legacy_cleanup/subject.hpp"
#include "plugins/legacy_cleanup/survey.hpp"

namespace daydream::legacy {

class Ahead {
 public:
  // Both must outlive it.
  Ahead(const sdk::Run& run, const std::vector<Concern>& concerns) : run_(run), concerns_(concerns) {}

  // The file of concern `at`; nullptr where its content is no longer that of the concern. Lives until the next
  // call. REQUIRES: `at` never goes back. [run thread]
  Result<const Subject*> subject(std::size_t at);

 private:
  struct File {
    std::string content;
    std::unique_ptr<const Subject> subject;
    bool same = false;
  };
  Result<void> fetch(std::size_t from);

  const sdk::Run& run_;
  const std::vector<Concern>& concerns_;
  std::size_t first_ = 0;  // the concern of files_[0]
  std::vector<File> files_;
  std::optional<Crew> crew_;  // once there is work
};

}  // namespace daydream::legacy
