// Would the power cuts of power_test.cpp find a sync that is missing? Each place of the program that syncs is left
// out in turn (the recording is read as if it had not been asked for), and once an effect is applied before the
// intent of it is durable: each of these programs must be caught by at least one disk.
#include <catch2/catch.hpp>

#include "crash/recorded_night.hpp"
#include "crash/sweep.hpp"
#include "crash/trials.hpp"

using namespace daydream::crash;

namespace {

constexpr Flavour kFlavours[] = {Flavour::kInPlace, Flavour::kBranch, Flavour::kSecondNight, Flavour::kPlain};

// What hangs on one sync alone: operations that stay open longer without it.
struct Exposed {
  std::size_t sync = 0, until = 0;  // the first sync that keeps some of them after all
  std::set<std::size_t> operations;
};

std::vector<Exposed> exposed_by(const Recording& recording, const std::set<std::size_t>& left_out) {
  const Losses whole(recording), mutant(recording, left_out);
  std::map<std::size_t, Exposed> found;
  for (std::size_t at = 0; at < recording.operations.size(); ++at) {
    const std::size_t sync = whole.kept_by(at);
    if (sync == kNever || mutant.kept_by(at) == sync) continue;
    Exposed& exposed = found[sync];
    if (exposed.operations.empty()) exposed.until = recording.operations.size();
    exposed.sync = sync;
    exposed.until = std::min(exposed.until, mutant.kept_by(at));
    exposed.operations.insert(at);
  }
  std::vector<Exposed> all;
  for (auto& [sync, exposed] : found) all.push_back(std::move(exposed));
  return all;
}

struct Hunt {
  int exposures = 0, states = 0;
  std::string caught;  // what gave it away
};

bool try_disk(const RecordedNight& night, const Disk& disk, Hunt& hunt) {
  ++hunt.states;
  hunt.caught = night.resumed(disk);
  return !hunt.caught.empty();
}

// All that hangs on the sync is lost, or its bytes, or one operation of it; all else is there.
bool try_cut(const RecordedNight& night, const Exposed& exposed, std::size_t cut, Hunt& hunt) {
  const Losses losses(night.recording());
  if (try_disk(night, losses.disk_without(cut, exposed.operations, false), hunt)) return true;
  if (try_disk(night, losses.disk_without(cut, exposed.operations, true), hunt)) return true;
  auto one = exposed.operations.begin();
  std::advance(one, static_cast<std::ptrdiff_t>(cut % exposed.operations.size()));
  return try_disk(night, losses.disk_without(cut, {*one}, false), hunt);
}

// Behind the sync, at the last moment, and at moments in between.
std::vector<std::size_t> cuts_of(const Exposed& exposed) {
  std::set<std::size_t> cuts{exposed.until, exposed.sync + 1};
  for (std::size_t part = 1; part < 4; ++part) cuts.insert(exposed.sync + (exposed.until - exposed.sync) * part / 4);
  cuts.erase(exposed.sync);
  return {cuts.rbegin(), cuts.rend()};
}

Hunt hunt_mutant(const std::string& place, int most_states) {
  Hunt hunt;
  for (const Flavour flavour : kFlavours) {
    const RecordedNight& night = RecordedNight::of(flavour);
    const auto places = syncs_by_place(night.recording());
    const auto here = places.find(place);
    if (here == places.end()) continue;
    for (const Exposed& exposed : exposed_by(night.recording(), here->second)) {
      ++hunt.exposures;
      for (const std::size_t cut : cuts_of(exposed)) {
        if (hunt.states >= most_states || try_cut(night, exposed, cut, hunt)) return hunt;
      }
    }
  }
  return hunt;
}

std::set<std::string> all_places() {
  std::set<std::string> all;
  for (const Flavour flavour : kFlavours) {
    for (const auto& [place, syncs] : syncs_by_place(RecordedNight::of(flavour).recording())) all.insert(place);
  }
  return all;
}

void say(const std::string& mutant, const Hunt& hunt) {
  std::cout << "without " << mutant << ": " << (hunt.caught.empty() ? "NOT caught" : "caught") << " in " << hunt.states
            << " states, " << hunt.exposures << " exposures" << std::endl;
}

// The operation that takes the name away; kNever when there is none.
std::size_t removal_of(const Recording& recording, const std::string& name) {
  for (std::size_t at = 0; at < recording.operations.size(); ++at) {
    for (const NameChange& change : recording.operations[at].names) {
      if (change.name == name && !change.node) return at;
    }
  }
  return kNever;
}

}  // namespace

// Ours; git's are shown beside them. Some do not serve a power cut alone: SQLite's journal is there before the store
// is and guards an empty file; the anchor and the copy of the store are for a store that was damaged afterwards.
// Behind a batch of effects that changed nothing there is nothing to lose, and that sync covers the report's.
bool must_be_caught(const std::string& place) {
  if (place.rfind("host ", 0) != 0) return false;
  for (const char* other : {"daydream.db-journal", "fsync repository/logs/daydream/daydream.anchor", ".db.bak.new",
                            "syncfs . behind host pwrite64", "report_N-N-N.md"}) {
    if (place.find(other) != std::string::npos) return false;
  }
  return true;
}

// A sync that another one covers wherever it happens exposes nothing: it costs time and promises nothing.
TEST_CASE("every sync that is left out is noticed") {
  if (!permitted() || !is_long()) return;
  const char* only = std::getenv("DAYDREAM_MUTANT");  // a part of its name
  for (const std::string& place : all_places()) {
    if (only != nullptr && place.find(only) == std::string::npos) continue;
    const Hunt hunt = hunt_mutant(place, 200);
    say(place, hunt);
    if (must_be_caught(place)) CHECK_FALSE(hunt.caught.empty());
  }
}

TEST_CASE("commits to the store that are not synced are noticed") {
  if (!permitted()) return;
  const Hunt hunt = hunt_mutant("host fdatasync repository/logs/daydream/daydream.db-wal", 60);
  say("the sync of a commit", hunt);
  CHECK_FALSE(hunt.caught.empty());
}

TEST_CASE("an effect that is applied before its intent is durable is noticed") {
  if (!permitted()) return;
  const RecordedNight& night = RecordedNight::of(Flavour::kInPlace);
  const Recording& recording = night.recording();
  const std::size_t effect = removal_of(recording, "app.log.1");
  REQUIRE(effect != kNever);
  // The commit of the intent is the last that was synced before; applied first, the effect would stand without it.
  const Losses losses(recording);
  std::size_t commit = kNever;
  for (std::size_t at = 0; at < effect; ++at) {
    const Operation& operation = recording.operations[at];
    const bool log = operation.place.find("daydream.db-wal") != std::string::npos;
    if (log && operation.what == Operation::What::kSync) commit = at;
  }
  REQUIRE(commit != kNever);
  std::set<std::size_t> intent;
  for (std::size_t at = 0; at < commit; ++at) {
    if (losses.kept_by(at) == commit) intent.insert(at);
  }
  REQUIRE_FALSE(intent.empty());
  Hunt hunt;
  (void)try_disk(night, losses.disk_without(effect + 1, intent, false), hunt);
  say("the intent of an archive before it is applied", hunt);
  CHECK_FALSE(hunt.caught.empty());
}
