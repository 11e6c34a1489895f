// From what the rules propose for the lists of one folder, and for the comments below it, to findings and effects of
// one transaction. The folder's lists share an archive; what goes there tonight is one change, so that no line can
// leave its list without its bytes being in the archive.
#pragma once

#include <daydream/sdk.hpp>
#include <string>
#include <vector>

#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {

struct Spoken {
  List list;
  std::vector<Proposal> proposals;
};

class Emitter {
 public:
  // `changes`: made so far this night; goes on counting.
  Emitter(sdk::Run& run, const Settings& settings, std::string date, int& changes)
      : run_(run), settings_(settings), date_(std::move(date)), changes_(changes) {}

  // `place`: the folder in which the archive lies.
  Result<void> emit(const std::string& place, std::vector<Spoken>& folder, sdk::Transaction& txn);

 private:
  struct Archive {
    std::string path;
    bool there = false;
    std::uint64_t token = 0;
    std::size_t size = 0;
    bool open_line = false;  // its last line has no end
    std::vector<std::string> ids;
  };
  Result<Archive> look_up(const std::string& place);
  void choose(std::vector<Spoken>& folder);
  static void name_entries(std::vector<Spoken>& folder, Archive& archive);
  std::uint64_t put_finding(const List& list, const Proposal& proposal, sdk::Transaction& txn) const;
  void put_effects(const std::vector<Spoken>& folder, const Archive& archive, sdk::Transaction& txn);

  sdk::Run& run_;
  const Settings& settings_;
  std::string date_;
  int& changes_;
};

}  // namespace daydream::tasks
