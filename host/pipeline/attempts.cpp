#include "pipeline/attempts.hpp"

#include <poll.h>

#include <algorithm>

#include "base/zone.hpp"
#include "daydream/kit/json.hpp"
#include "log/log.hpp"
#include "pipeline/in_process.hpp"
#include "pipeline/network.hpp"
#include "pipeline/night_record.hpp"
#include "pipeline/quarantine.hpp"
#include "pipeline/step_config.hpp"

namespace daydream::pipeline {

namespace {

constexpr Milliseconds kFirstBackOff{500};
constexpr Milliseconds kLongestBackOff{30'000};

bool counts_for_quarantine(session::Ending ending) {
  return ending == session::Ending::kCrashed || ending == session::Ending::kHung ||
         ending == session::Ending::kBrokeAbi;
}

std::string previous_run_json(Context& context, const checkpoint::Run& run, const std::string& step) {
  auto value = context.store.host_value("last_completed/" + step);
  if (!value || !*value) return "null";
  auto parsed = json::Text::parse(**value, {.name = "last run", .positions = false});
  if (!parsed || json::get_string(parsed->root(), "run_id") == run.id) return "null";
  return **value;
}

std::string facts_json(Context& context, const checkpoint::Run& run, const StepJob& job, int attempt) {
  const std::string zone = Facts::from_json(run.facts).zone;
  json::Writer writer;
  writer.begin_object()
      .field("run_id", run.id)
      .field("date", run.date)
      .field("zone", zone)
      .field("now", rfc3339(run.started))
      .field("now_ms", run.started.ms)
      .field("step_id", job.prepared->manifest.id)
      .field("attempt", attempt)
      .field("mode", name_of(run.mode))
      .field("blob_format", context.tree.repository().format() == hash::GitFormat::kSha256 ? "sha256" : "sha1")
      .key("previous_run")
      .raw(previous_run_json(context, run, job.prepared->manifest.id))
      .end_object();
  return writer.take();
}

// Sleeps, unless somebody asks to stop. False: asked to.
bool back_off(const Context& context, Milliseconds pause) {
  const Milliseconds until = context.clock.monotonic() + pause;
  while (!context.stop()) {
    const Milliseconds left = until - context.clock.monotonic();
    if (left <= Milliseconds(0)) return true;
    pollfd stop{context.options.stop_descriptor, POLLIN, 0};
    poll(&stop, 1, static_cast<int>(std::min(left, Milliseconds(200)).count()));
  }
  return false;
}

class Attempts {
 public:
  Attempts(Context& context, const checkpoint::Run& run, checkpoint::Step step, const StepJob& job,
           changes::Draft& draft, const std::function<void(const checkpoint::Step&)>& on_change,
           const std::function<void(const session::StepProgress&)>& on_progress, const std::function<void()>& on_tick)
      : context_(context),
        run_(run),
        job_(job),
        draft_(draft),
        on_change_(on_change),
        on_progress_(on_progress),
        on_tick_(on_tick) {
    attempted_.step = std::move(step);
  }

  Result<Attempted> run();

 private:
  Result<void> begin();
  Result<session::Outcome> try_once();
  Result<void> note_host_death();
  Result<bool> take(const session::Outcome& outcome);  // true: no further try
  Result<void> give_up(StepEnd end, checkpoint::StepStatus status);
  Result<void> count_start();
  Result<void> end_well(bool skipped);
  Result<void> durably(checkpoint::Transaction&& transaction);
  Result<void> save();
  void tell_end();

  Context& context_;
  const checkpoint::Run& run_;
  const StepJob& job_;
  changes::Draft& draft_;
  const std::function<void(const checkpoint::Step&)>& on_change_;
  const std::function<void(const session::StepProgress&)>& on_progress_;
  const std::function<void()>& on_tick_;
  Attempted attempted_;
  Record record_;
  bool only_hard_failures_ = true;
};

Result<void> Attempts::save() {
  checkpoint::Transaction transaction;
  transaction.put_step(attempted_.step);
  auto committed = context_.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  on_change_(attempted_.step);
  return {};
}

// The step was running when the host went away: alone that says nothing of the plugin, ten times it does.
Result<void> Attempts::note_host_death() {
  auto record = read_record(context_.store, *job_.prepared);
  if (!record) return std::move(record.error());
  record_ = std::move(*record);
  if (attempted_.step.status != checkpoint::StepStatus::kRunning) return {};
  if (++record_.host_deaths >= kDeathsThatCountAsOne) {
    record_.host_deaths = 0;
    ++record_.starts;
    record_.words = "Daydream itself ended " + std::to_string(kDeathsThatCountAsOne) + " times in this step";
  }
  checkpoint::Transaction transaction;
  write_record(transaction, *job_.prepared, record_);
  auto committed = context_.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return {};
}

Result<void> Attempts::begin() {
  auto& step = attempted_.step;
  step.status = checkpoint::StepStatus::kRunning;
  step.started = context_.clock.now();
  step.finished = Instant{};
  step.code.clear();
  step.message.clear();
  // Without a sync: the anchor stands at the end of the step before, and a power cut that loses this row
  // only makes the step begin anew.
  checkpoint::Transaction transaction;
  transaction.put_step(step);
  if (auto committed = context_.store.commit_lazily(std::move(transaction)); !committed) return committed;
  on_change_(step);
  return {};
}

Result<Attempted> Attempts::run() {
  if (auto noted = note_host_death(); !noted) return std::move(noted.error());
  if (record_.quarantined()) {
    attempted_.step.code = "quarantined";
    attempted_.step.message =
        "left out since it failed in " + std::to_string(record_.starts) + " starts: " + record_.words;
    if (auto given = give_up(StepEnd::kQuarantined, checkpoint::StepStatus::kQuarantined); !given)
      return std::move(given.error());
    return std::move(attempted_);
  }
  if (auto begun = begin(); !begun) return std::move(begun.error());
  Milliseconds pause = kFirstBackOff;
  for (int tried = 1;; ++tried) {
    ++attempted_.step.attempts;
    auto outcome = try_once();
    if (!outcome) return std::move(outcome.error());
    auto over = take(*outcome);
    if (!over) return std::move(over.error());
    if (*over) break;
    if (tried >= job_.prepared->manifest.max_attempts) {
      if (auto counted = count_start(); !counted) return std::move(counted.error());
      break;
    }
    log::warning(attempted_.step.id,
                 "try " + std::to_string(tried) + ": " + attempted_.step.message + "; trying again");
    if (!back_off(context_, pause)) {
      attempted_.end = StepEnd::kInterrupted;
      if (auto saved = save(); !saved) return std::move(saved.error());
      break;
    }
    pause = std::min(pause * 2, kLongestBackOff);
  }
  tell_end();
  return std::move(attempted_);
}

Result<session::Outcome> Attempts::try_once() {
  auto options = session_options(context_, run_, job_, attempted_.step.attempts);
  options.draft = &draft_;
  options.on_progress = on_progress_;
  options.on_tick = on_tick_;
  options.start.memory_schema = 0;
  auto known = context_.store.host_value("memory_schema/" + options.plugin_id);
  if (!known) return std::move(known.error());
  if (*known) options.start.memory_schema = static_cast<std::uint32_t>(std::strtoul((*known)->c_str(), nullptr, 10));
  auto outcome = session::run_step(std::move(options));
  if (!outcome) return outcome;
  attempted_.step.result =
      with_member(attempted_.step.result, "peak_memory", std::to_string(outcome->peak_memory_bytes));
  for (const auto& missing : outcome->unconfined) {
    const std::string notice = "this kernel cannot confine steps fully: " + missing;
    auto& notices = context_.notices;
    if (std::find(notices.begin(), notices.end(), notice) == notices.end()) notices.push_back(notice);
  }
  for (const auto& note : outcome->notes) context_.notices.push_back(attempted_.step.id + ": " + note);
  if (outcome->commits > 0) record_.host_deaths = 0;
  if (!counts_for_quarantine(outcome->ending)) only_hard_failures_ = false;
  return outcome;
}

Result<bool> Attempts::take(const session::Outcome& outcome) {
  auto& step = attempted_.step;
  step.code = outcome.code;
  step.message = outcome.message;
  switch (outcome.ending) {
    case session::Ending::kOk:
    case session::Ending::kSkipped:
      if (auto ended = end_well(outcome.ending == session::Ending::kSkipped); !ended) return std::move(ended.error());
      return true;
    case session::Ending::kCancelled:
      attempted_.end = StepEnd::kInterrupted;
      step.message = context_.out_of_budget() ? "out of budget" : "asked to stop";
      if (auto saved = save(); !saved) return std::move(saved.error());
      return true;
    case session::Ending::kPermanent:
      if (auto given = give_up(StepEnd::kFailed, checkpoint::StepStatus::kFailed); !given)
        return std::move(given.error());
      return true;
    case session::Ending::kRetry:
    case session::Ending::kCrashed:
    case session::Ending::kHung:
    case session::Ending::kBrokeAbi:
      return false;
  }
  return false;
}

// A skipped step is settled by the transaction that says so: it has nothing to publish. The end of one that
// proposes no edit needs no sync of its own, since settling it follows at once; lost, it is come to again.
Result<void> Attempts::end_well(bool skipped) {
  auto& step = attempted_.step;
  attempted_.end = StepEnd::kSettled;
  step.status = skipped ? checkpoint::StepStatus::kSkipped : checkpoint::StepStatus::kEnded;
  if (!skipped) {
    step.code.clear();
    step.message.clear();
  }
  step.finished = context_.clock.now();
  const auto& descriptor = job_.prepared->plugin.descriptor;
  checkpoint::Transaction transaction;
  transaction.put_step(step);
  clear_record(transaction, *job_.prepared);
  transaction.put_host("memory_schema/" + descriptor.id, std::to_string(descriptor.memory_schema));
  const bool at_once = skipped || !draft_.changes().empty();
  auto committed = at_once ? durably(std::move(transaction)) : context_.store.commit_lazily(std::move(transaction));
  if (!committed) return committed;
  if (skipped) {
    if (auto anchored = context_.store.anchor(); !anchored) return anchored;
  }
  on_change_(step);
  return {};
}

Result<void> Attempts::durably(checkpoint::Transaction&& transaction) {
  auto committed = context_.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return {};
}

// All attempts of this start are used up.
Result<void> Attempts::count_start() {
  if (only_hard_failures_) {
    ++record_.starts;
    record_.words = attempted_.step.message;
  }
  record_.host_deaths = 0;
  const bool quarantined = record_.quarantined();
  if (quarantined) attempted_.step.code = "quarantined";
  return give_up(quarantined ? StepEnd::kQuarantined : StepEnd::kFailed,
                 quarantined ? checkpoint::StepStatus::kQuarantined : checkpoint::StepStatus::kFailed);
}

Result<void> Attempts::give_up(StepEnd end, checkpoint::StepStatus status) {
  attempted_.end = end;
  attempted_.step.status = status;
  attempted_.step.finished = context_.clock.now();
  log::error(attempted_.step.id, attempted_.step.message);
  checkpoint::Transaction transaction;
  write_record(transaction, *job_.prepared, record_);
  auto committed = context_.store.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return save();
}

void Attempts::tell_end() {
  if (context_.options.progress == nullptr) return;
  session::StepProgress progress;
  progress.step = attempted_.step.id;
  progress.number = attempted_.step.number;
  progress.total_steps = job_.total_steps;
  const auto& step = attempted_.step;
  std::string words;
  switch (attempted_.end) {
    case StepEnd::kSettled:
      words = step.status == checkpoint::StepStatus::kSkipped ? "skipped: " + step.message : "completed";
      break;
    case StepEnd::kFailed:
      words = "failed: " + step.message;
      break;
    case StepEnd::kQuarantined:
      words = "quarantined: " + step.message;
      break;
    case StepEnd::kInterrupted:
      words = "interrupted: " + step.message;
      break;
  }
  context_.options.progress->step_ended(progress, words);
}

}  // namespace

session::Options session_options(Context& context, const checkpoint::Run& run, const StepJob& job, int attempt) {
  const PreparedStep& prepared = *job.prepared;
  const RunOptions& run_options = context.options;
  session::Options options;
  options.store = &context.store;
  options.tree = &context.tree;
  options.clock = &context.clock;
  options.progress = run_options.progress;
  options.launcher = run_options.in_process ? in_process_launcher() : session::process_launcher("/proc/self/exe");
  options.run_id = run.id;
  options.step_id = prepared.manifest.id;
  options.plugin_id = prepared.plugin.descriptor.id;
  options.memory_schema = prepared.plugin.descriptor.memory_schema;
  options.number = prepared.number;
  options.total_steps = job.total_steps;
  options.earlier_steps = job.earlier_steps;
  options.limits = prepared.manifest;
  options.stop_requested = [&context] { return context.stop(); };
  options.stop_descriptor = run_options.stop_descriptor;
  options.broker = context.broker;
  options.http = network_policy(run_options.manifest.pipeline, prepared.manifest);
  auto& start = options.start;
  start.plugin_file = prepared.plugin.file;
  start.plugin_sha256 = prepared.plugin.sha256;
  start.plugin_facts = prepared.plugin.facts;
  start.config = prepared.config;
  start.facts = facts_json(context, run, job, attempt);
  start.confine = !run_options.in_process;
  start.roots = {{"source", context.tree.path().string()}, {"repository", run_options.repository.string()}};
  std::vector<std::pair<std::string, Path>> live{{"repository", run_options.repository}};
  for (std::size_t i = 0; i < prepared.manifest.paths.size(); ++i) {
    const std::string name = "log:" + std::to_string(i + 1);
    start.roots.emplace_back(name, prepared.manifest.paths[i]);
    live.emplace_back(name, prepared.manifest.paths[i]);
  }
  for (const auto& input : job.inputs) start.roots.push_back(input);
  for (const auto& [name, path] : start.roots) start.readable.push_back(path);
  start.readable.push_back(context.tree.repository().git_directory());
  start.readable.push_back(context.tree.repository().common_directory());
  start.readable.push_back(prepared.plugin.file);
  start.memory_bytes = prepared.manifest.limits.memory_bytes;
  start.cpu_seconds = static_cast<std::uint64_t>(prepared.manifest.limits.cpu.count() / 1000);
  start.open_files = prepared.manifest.limits.open_files;
  options.confine = start.confine;
  const StepConfig config = read_step_config(prepared.config);
  options.live = {run.mode, std::move(live),      run_options.state_directory, run_options.work_directory,
                  run.id,   config.archive_apply, config.artifacts_all};
  return options;
}

Result<Attempted> attempt_step(Context& context, const checkpoint::Run& run, checkpoint::Step step, const StepJob& job,
                               changes::Draft& draft, const std::function<void(const checkpoint::Step&)>& on_change,
                               const std::function<void(const session::StepProgress&)>& on_progress,
                               const std::function<void()>& on_tick) {
  return Attempts(context, run, std::move(step), job, draft, on_change, on_progress, on_tick).run();
}

}  // namespace daydream::pipeline
