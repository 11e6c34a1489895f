#include "base/zone.hpp"
#include "checkpoint/lock.hpp"
#include "checkpoint/store.hpp"
#include "cli/doctor_checks.hpp"
#include "cli/doctor_leftovers.hpp"
#include "cli/output.hpp"
#include "cli/values.hpp"
#include "daydream/kit/text.hpp"
#include "pipeline/prepare.hpp"
#include "pipeline/quarantine.hpp"

namespace daydream::cli {
namespace {

std::string_view word_of(Health health) {
  switch (health) {
    case Health::kGood:
      return "good    ";
    case Health::kNote:
      return "note    ";
    case Health::kBad:
      return "bad     ";
    case Health::kDamage:
      return "DAMAGED ";
  }
  return "";
}

// Lines behind the first are indented below it.
std::string indented(const std::string& words) {
  std::string result;
  for (const std::string_view line : text::split(words, '\n')) {
    result += (result.empty() ? "" : "\n        ") + text::escape_terminal(line);
  }
  return result;
}

int show(const std::vector<Check>& checks) {
  Health worst = Health::kGood;
  for (const Check& check : checks) {
    worst = std::max(worst, check.health);
    print(std::string(word_of(check.health)) + indented(check.what) + "\n");
    if (!check.remedy.empty()) print("        -> " + indented(check.remedy) + "\n");
  }
  return worst == Health::kDamage ? kHuman : worst == Health::kBad ? kRefused : kOk;
}

int examine(const Places& places) {
  int code = kOk;
  for (const auto check : {check_program, check_repository, check_state}) code = std::max(code, show(check(places)));
  for (const auto find : {find_obstacles, find_leftovers, find_git_leftovers}) {
    std::vector<Check> checks;
    for (Trouble& trouble : find(places)) checks.push_back(std::move(trouble.check));
    code = std::max(code, show(checks));
  }
  return finish_output(code);
}

// Steps that were left out because they crash are tried again.
Result<int> lift_quarantine(const Places& places, checkpoint::Store& store) {
  auto loaded = load_manifest(places);
  if (!loaded) return std::move(loaded.error());
  auto steps = pipeline::prepare(*loaded, places.work_directory);
  if (!steps) return std::move(steps.error());
  int lifted = 0;
  checkpoint::Transaction transaction;
  for (const pipeline::PreparedStep& step : *steps) {
    auto record = pipeline::read_record(store, step);
    if (!record) return std::move(record.error());
    if (!record->quarantined()) continue;
    pipeline::clear_record(transaction, step);
    print("quarantine of " + step.manifest.id + " lifted; it failed with: " + text::escape_terminal(record->words) +
          "\n");
    ++lifted;
  }
  if (lifted == 0) return 0;
  if (auto committed = store.commit(std::move(transaction)); !committed) return std::move(committed.error());
  return lifted;
}

Result<int> mend_store(const checkpoint::Store::Options& options) {
  bool damaged = false;
  for (const checkpoint::Diagnosis& found : checkpoint::diagnose(options)) damaged = damaged || found.fatal;
  if (!damaged) return 0;
  auto restored = checkpoint::repair_store(options);
  if (!restored) return std::move(restored.error());
  print(text::escape_terminal(*restored) + "\n");
  return 1;
}

// How many were mended; what only a human can mend is said.
Result<int> mend_all(const std::vector<Trouble>& troubles) {
  int mended = 0;
  for (const Trouble& trouble : troubles) {
    if (!trouble.mend) {
      print(indented(trouble.check.what) + "\n        -> " + indented(trouble.check.remedy) + "\n");
      continue;
    }
    auto done = trouble.mend();
    if (!done) return std::move(done.error());
    print(text::escape_terminal(*done) + "\n");
    ++mended;
  }
  return mended;
}

int repair(const Places& places) {
  const SystemClock clock;
  auto cleared = mend_all(find_obstacles(places));
  if (!cleared) return fail(cleared.error());
  auto lock = checkpoint::RunLock::take(places.state_directory, places.work_directory, clock.now());
  if (!lock) return fail(lock.error());
  auto restored = mend_store({places.state_directory, places.work_directory, false, false});
  if (!restored) return fail(restored.error());
  int repairs = *cleared + *restored;
  if (*restored > 0) {
    auto refs = put_refs_back(places);
    if (!refs) return fail(refs.error());
    for (const std::string& words : *refs) print(text::escape_terminal(words) + "\n");
  }
  for (const auto find : {find_leftovers, find_git_leftovers}) {
    auto mended = mend_all(find(places));
    if (!mended) return fail(mended.error());
    repairs += *mended;
  }
  auto store = checkpoint::Store::open({places.state_directory, places.work_directory, false, false});
  if (store) {
    auto lifted = lift_quarantine(places, **store);
    if (!lifted) return fail(lifted.error());
    repairs += *lifted;
  } else if (store.error().kind() != ErrorKind::kNotFound) {
    return fail(store.error());
  }
  if (repairs == 0) print("nothing needed repair\n");
  return finish_output(kOk);
}

int accept_lost(const Arguments& arguments, const Places& places) {
  auto now = instant_of(arguments, "now");
  if (!now) return fail(now.error());
  const SystemClock clock(*now);
  auto loaded = load_manifest(places);
  if (!loaded) return fail(loaded.error());
  auto lock = checkpoint::RunLock::take(places.state_directory, places.work_directory, clock.now());
  if (!lock) return fail(lock.error());
  const std::string today = zone::local_date(clock.now(), loaded->pipeline.schedule.zone);
  auto started = checkpoint::accept_lost_memory({places.state_directory, places.work_directory, true, false}, today);
  if (!started) return fail(started.error());
  print(text::escape_terminal(*started) + "\n");
  return finish_output(kOk);
}

int run_doctor(const Arguments& arguments) {
  if (arguments.has("repair") && arguments.has("accept-lost-memory")) {
    return fail({ErrorKind::kUsage, "--repair and --accept-lost-memory do not go together: try --repair first"});
  }
  auto places = locate(arguments);
  if (!places) return fail(places.error());
  if (arguments.has("repair")) return repair(*places);
  if (arguments.has("accept-lost-memory")) return accept_lost(arguments, *places);
  return examine(*places);
}

}  // namespace

const Command kDoctorCommand{
    "doctor",
    "checks everything a run needs, explains, and repairs",
    "[--repair] [--accept-lost-memory] [--repo DIR] [--state-dir DIR]",
    "Without a flag nothing is changed: git, kernel, manifest, plugins, trust, folders, disk space, lock and store are "
    "looked at. Exit 0 when a run could start, 65 when it would be refused, 78 when state is damaged.",
    with_places({{"repair", nullptr,
                  "mends a damaged store with the newest that is whole (what was there is kept beside it), and gives "
                  "steps in quarantine another try"},
                 {"accept-lost-memory", nullptr,
                  "starts an empty store where no copy is left. Today counts as done; what "
                  "earlier nights remembered is lost"},
                 {"now", "TIME", "RFC 3339: what \"today\" is"}}),
    0,
    0,
    run_doctor};

}  // namespace daydream::cli
