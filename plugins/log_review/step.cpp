// The step, in the order in which it happens: find the logs, read what has grown, group, judge, speak; one last
// commit moves memory, findings and figures together.
#include <algorithm>
#include <daydream/sdk.hpp>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "daydream_descriptor.hpp"
#include "plugins/log_review/command.hpp"
#include "plugins/log_review/night/closing.hpp"
#include "plugins/log_review/night/read_night.hpp"

namespace daydream::logs {
namespace {

class LogReview {
 public:
  static Result<std::unique_ptr<LogReview>> open(sdk::Run& run, const json::Value& configuration) {
    auto settings = Settings::read(configuration);
    if (!settings) return std::move(settings.error());
    return std::make_unique<LogReview>(run, std::move(*settings));
  }
  LogReview(sdk::Run& run, Settings settings) : run_(run), settings_(std::move(settings)) {}

  Result<sdk::Outcome> run() {
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    auto night = resume();
    if (!night) return std::move(night.error());
    if (night->done) return sdk::Outcome::ok();
    auto found = discover(run_, settings_);
    if (!found) return std::move(found.error());
    if (found->files.empty() && night->generations.empty()) {
      return sdk::Outcome::skipped("no logs here: no file matches " + text::join(settings_.files, ", "), "no-logs");
    }
    night->notes.insert(night->notes.end(), found->notes.begin(), found->notes.end());
    std::vector<Assigned> assigned;
    NightPlan plan;
    plan.settings = &settings_;
    plan.now_ms = facts->now_ms;
    plan.zone = zone_of(*facts, *night);
    plan.commit = [this](const Night& so_far) { return commit(so_far); };
    plan.assigned = settings_.assignments ? &assigned : nullptr;
    if (auto read = read_night(run_, found->files, plan, *night); !read) {
      if (read.error().kind() == ErrorKind::kCancelled) return sdk::Outcome::cancelled();
      return std::move(read.error());
    }
    const Closing closing{&settings_, &*facts, &found->files, plan.assigned};
    if (auto closed = close_night(run_, closing, *night); !closed) return std::move(closed.error());
    return sdk::Outcome::ok();
  }

  Result<sdk::Outcome> command(std::string_view /*name*/, const json::Value& arguments) {
    return run_logs_command(run_, arguments);
  }

 private:
  // What this run has come to so far, else what the memory knows of logs.
  Result<Night> resume() {
    auto kept = run_.state().checkpoint_as<Night>();
    if (!kept) return std::move(kept.error());
    if (*kept) return std::move(**kept);
    Night night;
    auto scanned = load_generations(run_, night.generations);
    if (!scanned) return std::move(scanned.error());
    return night;
  }

  // Of times that name none. Without the zone's rules they are UTC, and that is said.
  ZoneRules zone_of(const sdk::Facts& facts, Night& night) const {
    if (settings_.zone_minutes) return ZoneRules(*settings_.zone_minutes);
    if (auto rules = ZoneRules::of_name(facts.zone, facts.now_ms)) return std::move(*rules);
    const std::string note = "the rules of the time zone " + facts.zone +
                             " are not on this machine (package tzdata): times without a zone were read as UTC";
    if (std::find(night.notes.begin(), night.notes.end(), note) == night.notes.end()) night.notes.push_back(note);
    return ZoneRules();
  }

  Result<void> commit(const Night& night) {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_checkpoint(night);
    return txn->commit();
  }

  sdk::Run& run_;
  Settings settings_;
};

}  // namespace
}  // namespace daydream::logs

DAYDREAM_PLUGIN(daydream::logs::LogReview, daydream::kStepDescriptor);
