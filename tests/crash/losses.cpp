#include "crash/losses.hpp"

#include <algorithm>
#include <random>

namespace daydream::crash {

namespace {

bool is_sync(const Operation& operation) {
  return operation.what == Operation::What::kSync || operation.what == Operation::What::kSyncAll;
}
bool leaves_a_mark(const Operation& operation) {
  return !is_sync(operation) && operation.what != Operation::What::kWriteOut;
}
bool is_names(const Operation& operation) {
  return operation.what == Operation::What::kNames;
}

bool covers(const Operation& sync, const Operation& operation) {
  if (sync.what == Operation::What::kSyncAll) return true;
  if (!is_names(operation)) return operation.node == sync.node;
  return std::any_of(operation.names.begin(), operation.names.end(),
                     [&sync](const NameChange& change) { return change.folder == sync.node; });
}

Fate lost() {
  return {Fate::Kind::kLost, 0};
}
Fate kept() {
  return {};
}

Fate any_fate(const Operation& operation, std::mt19937& random) {
  const auto draw = random() % 4;
  if (draw == 0) return kept();
  if (draw == 1) return lost();
  if (operation.what == Operation::What::kBytes)
    return {draw == 2 ? Fate::Kind::kTorn : Fate::Kind::kZeroed, static_cast<unsigned>(random())};
  if (is_names(operation) && operation.names.size() == 2 && draw == 2) return {Fate::Kind::kSplit, 0};
  return random() % 2 == 0 ? kept() : lost();
}

// `number` of `count` open operations; `chosen` is one of them.
Fate fate_of(Loss loss, const Operation& operation, std::size_t number, std::size_t chosen, std::mt19937& random) {
  switch (loss) {
    case Loss::kAll:
      return lost();
    case Loss::kBytes:
      return is_names(operation) ? kept() : lost();
    case Loss::kZeros:
      return operation.what == Operation::What::kBytes ? Fate{Fate::Kind::kZeroed, 0} : kept();
    case Loss::kNames:
      return is_names(operation) ? lost() : kept();
    case Loss::kOrdered:
      if (is_names(operation)) return number <= chosen ? kept() : lost();
      return any_fate(operation, random);
    case Loss::kAny:
      return any_fate(operation, random);
    case Loss::kOne:
      return number == chosen ? lost() : kept();
    case Loss::kAllButOne:
      return number == chosen ? kept() : lost();
  }
  return kept();
}

// One call that syncs a file system serves many places: what was done before tells them apart.
std::string last_change_before(const Recording& recording, std::size_t at) {
  while (at > 0 && !leaves_a_mark(recording.operations[at - 1])) --at;
  return at > 0 ? recording.operations[at - 1].place : "nothing";
}

}  // namespace

const char* name_of(Loss loss) {
  constexpr const char* kNames[] = {"all is lost",    "bytes are lost",  "bytes are zeros", "names are lost",
                                    "names in order", "any combination", "one is lost",     "all but one are lost"};
  return kNames[static_cast<int>(loss)];
}

Losses::Losses(const Recording& recording, const std::set<std::size_t>& without_syncs) : recording_(recording) {
  const auto& operations = recording.operations;
  kept_by_.assign(operations.size(), kNever);
  std::vector<std::size_t> open;
  std::set<std::size_t> written_out;
  for (std::size_t at = 0; at < operations.size(); ++at) {
    const Operation& now = operations[at];
    if (now.what == Operation::What::kWriteOut) {
      for (const std::size_t before : open) {
        if (!is_names(operations[before]) && operations[before].node == now.node) written_out.insert(before);
      }
      continue;
    }
    if (!is_sync(now)) {
      open.push_back(at);
      continue;
    }
    if (without_syncs.count(at) != 0) continue;
    std::vector<std::size_t> still;
    for (const std::size_t before : open) {
      if (covers(now, operations[before]) || written_out.count(before) != 0)
        kept_by_[before] = at;
      else
        still.push_back(before);
    }
    open = std::move(still);
  }
}

std::vector<std::size_t> Losses::open_at(std::size_t cut) const {
  std::vector<std::size_t> open;
  for (std::size_t at = 0; at < cut; ++at) {
    if (leaves_a_mark(recording_.operations[at]) && kept_by_[at] >= cut) open.push_back(at);
  }
  return open;
}

Disk Losses::disk_at(std::size_t cut, Loss loss, unsigned seed) const {
  const auto open = open_at(cut);
  std::mt19937 random(seed);
  const std::size_t chosen = open.empty() ? 0 : random() % open.size();
  Disk disk = recording_.before;
  std::size_t number = 0;
  for (std::size_t at = 0; at < cut; ++at) {
    const Operation& operation = recording_.operations[at];
    if (number < open.size() && open[number] == at)
      disk.apply(operation, fate_of(loss, operation, number++, chosen, random));
    else
      disk.apply(operation);
  }
  return disk;
}

Disk Losses::disk_without(std::size_t cut, const std::set<std::size_t>& gone, bool bytes_only) const {
  Disk disk = recording_.before;
  for (std::size_t at = 0; at < cut; ++at) {
    const Operation& operation = recording_.operations[at];
    const bool goes = gone.count(at) != 0 && !(bytes_only && is_names(operation));
    disk.apply(operation, goes ? lost() : kept());
  }
  return disk;
}

std::map<std::string, std::set<std::size_t>> syncs_by_place(const Recording& recording) {
  std::map<std::string, std::set<std::size_t>> places;
  for (std::size_t at = 0; at < recording.operations.size(); ++at) {
    const Operation& operation = recording.operations[at];
    if (!is_sync(operation)) continue;
    std::string place = operation.place;
    if (operation.what == Operation::What::kSyncAll) place += " behind " + last_change_before(recording, at);
    places[place].insert(at);
  }
  return places;
}

}  // namespace daydream::crash
