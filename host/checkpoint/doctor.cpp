// What `daydream doctor` says of a store; what it does to one is in repair.cpp.
#include "base/files.hpp"
#include "checkpoint/copy.hpp"
#include "checkpoint/header.hpp"
#include "checkpoint/opening.hpp"
#include "checkpoint/repair.hpp"
#include "checkpoint/store.hpp"

namespace daydream::checkpoint {

namespace {

// What is left of a damaged store, and what brings it back.
Diagnosis what_is_left(const Path& state_directory) {
  const Salvage salvage = find_salvage(state_directory);
  if (salvage.source == Salvage::Source::kNothing)
    return {"nothing of the store is whole: " + salvage.words, kAcceptLostMemory, true};
  return {salvage.words, "`daydream doctor --repair` goes on with that"};
}

std::optional<Diagnosis> of_copy(const Files& files) {
  auto copy = check_copy(files.copy);
  if (copy) return std::nullopt;
  if (copy.error().kind() == ErrorKind::kNotFound)
    return Diagnosis{"there is no copy of the store yet: one is kept at the end of each run", "nothing to do"};
  return Diagnosis{"the copy of the store is no use: " + copy.error().message(), "the end of the next run replaces it"};
}

// All that a run would find wrong with it, and the rows that no run might look at.
Result<void> check_as_a_run_would(const Store::Options& options, std::vector<std::string>& notices) {
  Store::Options reading = options;
  reading.read_only = true;
  auto opened = open_store(reading);
  if (!opened) return std::move(opened.error());
  notices = opened->notices;
  if (auto writable = check_header(Files(options.state_directory).database); !writable)
    return std::move(writable.error());
  auto whole = check_whole(opened->database);
  if (!whole) return std::move(whole.error());
  return {};
}

}  // namespace

std::vector<Diagnosis> diagnose(const Store::Options& options) {
  std::vector<Diagnosis> list;
  Files files(options.state_directory);
  if (files.bare()) {
    list.push_back({options.state_directory.string() + " holds no store: no run has been made yet, or its folder was "
                                                       "removed",
                    "`daydream run` makes one"});
    return list;
  }
  std::vector<std::string> notices;
  auto sound = check_as_a_run_would(options, notices);
  if (!sound && sound.error().kind() == ErrorKind::kDamaged) {
    list.push_back({sound.error().message(), "", true});
    list.push_back(what_is_left(options.state_directory));
    return list;
  }
  if (!sound) {
    const bool newer = sound.error().kind() == ErrorKind::kInvalid;
    list.push_back(
        {sound.error().message(), newer ? "use a daydream that knows this schema version" : "try again", true});
  }
  for (const std::string& notice : notices) list.push_back({notice, "the next commit writes it again"});
  if (auto found = of_copy(files)) list.push_back(std::move(*found));
  return list;
}

}  // namespace daydream::checkpoint
