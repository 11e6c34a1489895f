#include "pipeline/turn.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>

#include "base/ids.hpp"
#include "base/zone.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "log/log.hpp"

namespace daydream::pipeline {

namespace {

using checkpoint::StepStatus;
using manifest::Every;
using manifest::When;

constexpr std::size_t kShownGlobs = 120;  // bytes

int number_at(std::string_view text, std::size_t start, std::size_t length) {
  int number = 0;
  std::from_chars(text.data() + start, text.data() + start + length, number);
  return number;
}

std::string monday_of(std::string_view date) {
  using namespace std::chrono;
  const year_month_day day{year(number_at(date, 0, 4)), month(static_cast<unsigned>(number_at(date, 5, 2))),
                           std::chrono::day(static_cast<unsigned>(number_at(date, 8, 2)))};
  std::string monday(date);
  for (unsigned back = weekday(sys_days(day)).iso_encoding(); back > 1; --back) monday = zone::previous_date(monday);
  return monday;
}

std::string_view word_of(Every every) {
  return every == Every::kDay ? "day" : every == Every::kWeek ? "week" : "month";
}

// What changed between two commits of the repository; nothing when git cannot say (a history that was
// rewritten, a work directory that was thrown away).
std::optional<std::vector<std::string>> changed_files(Context& context, const std::string& from,
                                                      const std::string& to) {
  if (from == to) return std::vector<std::string>{};
  auto listed = context.tree.repository().output({"diff", "--name-only", "-z", "--no-renames", from, to, "--"});
  if (!listed) {
    log::info("pipeline", "what changed since " + from + " cannot be told: " + listed.error().message());
    return std::nullopt;
  }
  std::vector<std::string> names;
  for (const std::string_view name : text::split(*listed, '\0')) {
    if (!name.empty()) names.emplace_back(name);
  }
  return names;
}

Result<LastTurn> last_turn(Context& context, const std::string& step) {
  LastTurn last;
  auto value = context.store.host_value("last_completed/" + step);
  if (!value) return std::move(value.error());
  if (!*value) return last;
  auto parsed = json::Text::parse(**value, {.name = "last run", .positions = false});
  if (!parsed || !parsed->root().IsObject()) return last;
  if (auto id = RunId::parse(json::get_string(parsed->root(), "run_id"))) last.date = id->date;
  last.base = json::get_string(parsed->root(), "base");
  return last;
}

}  // namespace

std::string period_of(Every every, std::string_view date) {
  if (!is_date(date)) return "";
  if (every == Every::kMonth) return std::string(date.substr(0, 7));
  return every == Every::kWeek ? monday_of(date) : std::string(date);
}

Turn turn_by_calendar(Every every, const LastTurn& last, const std::string& date) {
  if (every == Every::kRun || last.date.empty() || period_of(every, last.date) != period_of(every, date)) return {};
  std::string next = zone::next_date(date);
  while (period_of(every, next) == period_of(every, date)) next = zone::next_date(next);
  return {false, "every " + std::string(word_of(every)) + ": it ran in the night of " + last.date +
                     "; it is due again from " + next};
}

Turn turn_by_outcome(When::Kind when, const std::vector<checkpoint::Step>& before) {
  if (when != When::Kind::kSuccess && when != When::Kind::kFailure) return {};
  const auto failed = std::find_if(before.begin(), before.end(), [](const checkpoint::Step& step) {
    return step.status == StepStatus::kFailed || step.status == StepStatus::kQuarantined;
  });
  if (when == When::Kind::kFailure) {
    return {failed != before.end(), failed != before.end() ? "" : "when failure: no step before it failed"};
  }
  if (failed == before.end()) return {};
  return {false,
          "when success: " + failed->id + (failed->status == StepStatus::kFailed ? " failed" : " is quarantined")};
}

Turn turn_by_changes(const std::vector<std::string>& globs, const std::vector<std::string>& changed,
                     const LastTurn& last) {
  for (const std::string& name : changed) {
    for (const std::string& glob : globs) {
      if (text::glob_match(glob, name)) return {};
    }
  }
  return {false, "when changed: no file that matches " + text::shorten(text::join(globs, ", "), kShownGlobs) +
                     " has changed since the night of " + last.date};
}

Result<Turn> take_turn(Context& context, const checkpoint::Run& run, const manifest::Step& step,
                       const std::vector<checkpoint::Step>& before) {
  const Facts facts = Facts::from_json(run.facts);
  if (facts.forced) return Turn{};
  Turn turn = turn_by_outcome(step.when.kind, before);
  if (!turn.runs) return turn;
  const bool remembers = step.every != Every::kRun || step.when.kind == When::Kind::kChanged;
  if (!remembers) return turn;
  auto last = last_turn(context, step.id);
  if (!last) return std::move(last.error());
  turn = turn_by_calendar(step.every, *last, run.date);
  if (!turn.runs || step.when.kind != When::Kind::kChanged || last->base.empty()) return turn;
  auto base = context.store.host_value("true_base/" + run.id);
  if (!base) return std::move(base.error());
  if (!*base) return turn;
  const auto changed = changed_files(context, last->base, **base);
  return changed ? turn_by_changes(step.when.globs, *changed, *last) : turn;
}

Result<void> pass(Context& context, checkpoint::Step& step, const std::string& why, int total_steps) {
  step.status = StepStatus::kSkipped;
  step.code = "not-its-turn";
  step.message = why;
  step.started = step.finished = context.clock.now();
  checkpoint::Transaction transaction;
  transaction.put_step(step);
  auto committed = context.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  log::info(step.id, "skipped: " + why);
  if (context.options.progress != nullptr)
    context.options.progress->step_ended({step.id, step.number, total_steps, 0, 0, ""}, "skipped: " + why);
  return {};
}

void remember_turn(checkpoint::Transaction& transaction, const checkpoint::Run& run, const std::string& step,
                   const std::string& base) {
  json::Writer writer;
  writer.begin_object().field("run_id", run.id).field("now_ms", run.started.ms).field("base", base).end_object();
  transaction.put_host("last_completed/" + step, writer.take());
}

}  // namespace daydream::pipeline
