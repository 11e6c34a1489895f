// Errors returned to the host by a system call of its own: the night is right at once, or it ends with words and
// the next start makes it right.
#include <catch2/catch.hpp>
#include <cerrno>
#include <cstring>

#include "crash/sweep.hpp"
#include "crash/trials.hpp"

using namespace daydream::crash;
using std::chrono::milliseconds;

namespace {

struct Injection {
  Fault::What what;
  int error;
};

// What a call of the kind may return to a program that does nothing wrong.
std::vector<Injection> errors_of(CallKind kind) {
  using What = Fault::What;
  switch (kind) {
    case CallKind::kWrite:
      return {{What::kFail, EIO}, {What::kFail, ENOSPC}, {What::kFail, EDQUOT}};
    case CallKind::kSync:
      return {{What::kFail, EIO}, {What::kFail, ENOSPC}};
    case CallKind::kName:
      return {{What::kFail, EIO}, {What::kFail, ENOSPC}, {What::kFail, EROFS}};
    case CallKind::kSize:
      return {{What::kFail, EIO}, {What::kFail, ENOSPC}};
    case CallKind::kMode:
      return {{What::kFail, EIO}, {What::kFail, EROFS}};
    case CallKind::kOpen:
      return {{What::kFail, EIO}, {What::kFail, ENOSPC}, {What::kFail, EROFS}, {What::kFail, EMFILE}};
    case CallKind::kRead:
      return {{What::kFail, EIO}};
    case CallKind::kSend:
    case CallKind::kNone:
      break;
  }
  return {};
}

struct Point {
  std::uint64_t call;
  Injection injection;
};

Fault hosts(std::set<CallKind> kinds, bool files_only) {
  Fault fault;
  fault.who = {Who::kHost};
  fault.kinds = std::move(kinds);
  fault.files_only = files_only;
  return fault;
}

const std::set<CallKind> kOfFiles = {CallKind::kWrite, CallKind::kSync, CallKind::kName, CallKind::kSize,
                                     CallKind::kMode,  CallKind::kOpen, CallKind::kRead};

std::vector<Call> calls_of(Flavour flavour, const Fault& fault) {
  const auto world = Prepared::of(flavour).copy();
  Trace trace(night_of(*world), fault);
  const auto end = trace.whole_end();
  REQUIRE(end.exit_code == 0);
  return end.seen;
}

std::string words_of(const World& world) {
  return daydream::testing::read_file(world.root() / "output.txt");
}

// 75 and 78 have words; before main the loader of programs has its own. 65 is for what is refused before a run
// began: here a manifest or plugin that could not be read.
bool is_clear(int exit_code, const std::string& words) {
  if (words.empty()) return false;
  if (exit_code == 65) return words.find("daydream: run ") == std::string::npos;
  return exit_code == 75 || exit_code == 78 || (exit_code == 127 && words.find("shared librar") != std::string::npos);
}

// The next start; where it says that something is damaged: what it says mends it, and one more.
Ran start_until_well(const World& world) {
  const Ran again = start_again(world);
  if (again.exit_code != 78 || again.err.find("doctor --repair") == std::string::npos) return again;
  const Ran repaired = world.daydream({"doctor", "--repair"});
  if (repaired.exit_code != 0) return repaired;
  return start_again(world);
}

std::string name_of(const Fault& fault) {
  if (fault.what == Fault::What::kKillCaller) return "SIGKILL of ";
  return std::string(fault.what == Fault::What::kShort ? "short" : strerrorname_np(fault.error)) + " to ";
}

// A source tree that may not be written just then is no reason to end the night, nor to begin it again and again: the
// change is said to be in conflict, with the cause, and the next night makes it.
bool is_said_as_conflict(Flavour flavour, const Fault& fault, const World& world) {
  return flavour == Flavour::kInPlace && fault.error == EROFS &&
         daydream::testing::contains(notes_of(world), "Read-only file system");
}

std::string next_night_makes_it(Flavour flavour, const World& world) {
  const Ran next = world.run({"--now", "2026-11-23T02:30:00Z"});
  if (next.exit_code != 0) return "the next night ended with " + std::to_string(next.exit_code) + "\n" + next.err;
  for (const char* file : {"shop/cart.py", "shop/old.py", "TODO.md"})
    if (!daydream::testing::contains(Prepared::of(flavour).expected(), world.read(file)))
      return std::string("the next night left ") + file + " as\n" + world.read(file) + next.err;
  return "";
}

std::string fail_and_resume(Flavour flavour, const Fault& fault) {
  const auto world = Prepared::of(flavour).copy();
  Trace trace(night_of(*world), fault);
  const auto end = trace.whole_end();
  const std::string error = name_of(fault);
  Ran ran;
  ran.exit_code = end.exit_code;
  ran.err = words_of(*world);
  if (end.exit_code != 0) {
    if (!is_clear(end.exit_code, ran.err))
      return error + described(end) + ": exit " + std::to_string(end.exit_code) + ", signal " +
             std::to_string(end.signal) + ": " + ran.err;
    const std::string first = ran.err;
    ran = start_until_well(*world);
    ran.err = first + "---- then\n" + ran.err;
  }
  const std::string wrong = ran.exit_code == 0 && is_said_as_conflict(flavour, fault, *world)
                                ? next_night_makes_it(flavour, *world)
                                : judged(flavour, *world, end, ran, Caches::kMayLack);
  return wrong.empty() ? "" : error + wrong + "\nfirst exit " + std::to_string(end.exit_code);
}

void sweep(const std::string& title, Flavour flavour, const Fault& base, const std::vector<Point>& points,
           milliseconds time) {
  Sweep(title + ", " + name_of(flavour), points.size(), time).run([&](std::uint64_t number) {
    Fault fault = base;
    fault.what = points[number].injection.what;
    fault.error = points[number].injection.error;
    fault.at = points[number].call;
    return fail_and_resume(flavour, fault);
  });
}

}  // namespace

TEST_CASE("one error of a file at a call of the host: right at once, or words and then right") {
  if (!permitted()) return;
  for (const Flavour flavour : {Flavour::kBranch, Flavour::kInPlace}) {
    const Fault base = hosts(kOfFiles, true);
    const auto calls = calls_of(flavour, base);
    std::vector<Point> points;
    for (std::uint64_t call = 0; call < calls.size(); ++call) {
      for (const Injection& injection : errors_of(calls[call].kind)) points.push_back({call, injection});
    }
    sweep("errors", flavour, base, points, milliseconds(4'000));
  }
}

TEST_CASE("an interrupted or short call of the host is gone on with") {
  if (!permitted()) return;
  const Fault interrupted = hosts({CallKind::kWrite, CallKind::kSend, CallKind::kRead, CallKind::kOpen}, false);
  const auto calls = calls_of(Flavour::kInPlace, interrupted);
  std::vector<Point> points;
  for (std::uint64_t call = 0; call < calls.size(); ++call) {
    points.push_back({call, {Fault::What::kFail, EINTR}});
    if (calls[call].kind == CallKind::kWrite) points.push_back({call, {Fault::What::kShort, 0}});
  }
  sweep("EINTR and short writes", Flavour::kInPlace, interrupted, points, milliseconds(2'000));
}

TEST_CASE("a disk that is full, or read only, from one moment on") {
  if (!permitted()) return;
  Fault base = hosts({CallKind::kWrite, CallKind::kName, CallKind::kSize, CallKind::kOpen}, true);
  base.who = {Who::kHost, Who::kGit, Who::kOther};
  for (const Flavour flavour : {Flavour::kBranch, Flavour::kInPlace}) {
    const std::uint64_t calls = calls_of(flavour, base).size();
    std::vector<Point> points;
    for (std::uint64_t call = 0; call < calls; ++call) {
      points.push_back({call, {Fault::What::kFailFrom, ENOSPC}});
      points.push_back({call, {Fault::What::kFailFrom, EROFS}});
    }
    sweep("a full or read-only disk", flavour, base, points, milliseconds(2'000));
  }
}

TEST_CASE("a git of ours is killed at a system call of its own, as by the killer of a full memory") {
  if (!permitted()) return;
  Fault fault;
  fault.who = {Who::kGit};
  const auto calls = calls_of(Flavour::kBranch, fault);
  fault.what = Fault::What::kKillCaller;
  Sweep("SIGKILL of git", 2 * calls.size(), milliseconds(3'000)).run([&fault](std::uint64_t point) {
    Fault kill = fault;
    kill.at = point / 2;
    kill.at_exit = point % 2 == 1;
    return fail_and_resume(Flavour::kBranch, kill);
  });
}
