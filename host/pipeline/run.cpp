#include "pipeline/run.hpp"

#include <algorithm>

#include "base/files.hpp"
#include "base/zone.hpp"
#include "checkpoint/lock.hpp"
#include "checkpoint/reread.hpp"
#include "daydream/kit/text.hpp"
#include "log/log.hpp"
#include "pipeline/context.hpp"
#include "pipeline/identity.hpp"
#include "pipeline/one_run.hpp"
#include "pipeline/strays.hpp"

namespace daydream::pipeline {

namespace {

Mode mode_for(const RunOptions& options) {
  if (options.mode) return *options.mode;
  if (options.manifest.pipeline.mode) return *options.manifest.pipeline.mode;
  return options.under_git ? Mode::kBranch : Mode::kPatch;
}

// --only and --from -> the ids of the steps of a partial run; empty for a full one.
Result<std::vector<std::string>> chosen_steps(const RunOptions& options) {
  std::vector<std::string> known;
  for (const auto& step : options.manifest.pipeline.steps) known.push_back(step.id);
  auto check = [&known](const std::string& id) -> Result<void> {
    if (std::find(known.begin(), known.end(), id) != known.end()) return {};
    const std::string near = text::nearest(id, known);
    return Error(ErrorKind::kUsage,
                 "no step \"" + id + "\" in the manifest" +
                     (near.empty() ? "; it has " + text::join(known, ", ") : "; did you mean \"" + near + "\"?"));
  };
  std::vector<std::string> chosen;
  for (const auto& id : options.only) {
    if (auto checked = check(id); !checked) return std::move(checked.error());
    chosen.push_back(id);
  }
  if (options.from.empty()) return chosen;
  if (auto checked = check(options.from); !checked) return std::move(checked.error());
  const auto first = std::find(known.begin(), known.end(), options.from);
  if (options.only.empty()) return std::vector<std::string>(first, known.end());
  std::vector<std::string> both;
  for (auto id = first; id != known.end(); ++id) {
    if (std::find(chosen.begin(), chosen.end(), *id) != chosen.end()) both.push_back(*id);
  }
  return both;
}

Result<IdentityAnswer> decide(const RunOptions& options, Context& context, bool partial) {
  auto runs = context.store.runs();
  if (!runs) return std::move(runs.error());
  IdentityQuestion question;
  question.runs = std::move(*runs);
  question.today = zone::local_date(context.clock.now(), context.zone);
  question.partial = partial;
  question.fresh = options.fresh;
  question.by_hand = !options.due;
  if (options.due) {
    DueQuestion due;
    due.now = context.clock.now();
    for (const auto& run : question.runs) {
      if (run.full && run.status == checkpoint::RunStatus::kCompleted) due.completed_dates.push_back(run.date);
      if (run.full && is_unfinished(run)) due.unfinished_date = run.date;
    }
    question.due = options.due(due);
  }
  return identify(question);
}

int worse(int left, int right) {
  for (int code : {78, 75, 1}) {
    if (left == code || right == code) return code;
  }
  return 0;
}

Result<bool> met_fail_on(Context& context, const RunOptions& options, const std::string& run) {
  if (!options.fail_on) return false;
  auto findings = context.store.findings(run);
  if (!findings) return std::move(findings.error());
  return std::any_of(findings->begin(), findings->end(),
                     [&](const Finding& finding) { return finding.severity >= *options.fail_on; });
}

// A run that has begun is no longer refused (65): what another try may mend waits for the next start (75), all
// else for a human (78). Either way it goes on where it was.
Error under_way(Error error) {
  switch (error.kind()) {
    case ErrorKind::kInvalid:
    case ErrorKind::kNotFound:
    case ErrorKind::kPermanent:
    case ErrorKind::kUnsupported:
      return std::move(error).as(ErrorKind::kDamaged);
    default:
      return error;
  }
}

Result<void> go_on_with(Context& context, const RunOptions& options, const std::string& id, RunSummary& summary) {
  auto end = go_on(context, id);
  if (!end) return under_way(std::move(end.error()).context("run " + id));
  auto met = met_fail_on(context, options, id);
  if (!met) return std::move(met.error());
  summary.exit_code = worse(summary.exit_code, end->exit_code);
  if (*met && end->exit_code == 0) summary.exit_code = worse(summary.exit_code, 1);
  for (auto& words : end->words) summary.words.push_back(std::move(words));
  summary.runs.push_back(std::move(end->finished));
  return {};
}

Result<RunSummary> run_all(Context& context, const RunOptions& options, const std::vector<std::string>& chosen) {
  RunSummary summary;
  if (auto recovered = recover_effects(context); !recovered)
    return under_way(std::move(recovered.error()).context("recovery"));
  auto answer = decide(options, context, !chosen.empty());
  if (!answer) return std::move(answer.error());
  for (const auto& id : answer->abandon) {
    if (auto abandoned = abandon_run(context, id); !abandoned) return std::move(abandoned.error());
  }
  for (const auto& id : answer->finish) {
    if (auto done = go_on_with(context, options, id, summary); !done) return std::move(done.error());
    if (summary.exit_code == 75) return summary;
  }
  if (answer->finish.empty()) {
    // A run that was killed behind its last commit has left things undone that no result depends on.
    if (auto closed = close_last(context); !closed) log::warning("pipeline", closed.error().message());
  }
  if (!answer->start) return summary;
  if (context.stop()) {
    summary.exit_code = worse(summary.exit_code, 75);
    summary.words.push_back(context.out_of_budget() ? "out of budget before the run began" : "asked to stop");
    return summary;
  }
  if (auto begun = begin_run(context, *answer->start, mode_for(options), chosen); !begun)
    return std::move(begun.error()).context("start run " + answer->start->id);
  if (auto refs = recover_effects(context); !refs) return under_way(std::move(refs.error()));
  if (auto done = go_on_with(context, options, answer->start->id, summary); !done) return std::move(done.error());
  return summary;
}

// A directory that may not be written stays so until somebody changes it: exit 78, not another try.
Error needs_a_human(Error error, const RunOptions& options) {
  if (error.kind() != ErrorKind::kPermanent) return error;
  return std::move(error)
      .context("the state directory " + options.state_directory.string() + " and the work directory " +
               options.work_directory.string() + " must be writable")
      .as(ErrorKind::kDamaged);
}

}  // namespace

Result<RunSummary> run(const RunOptions& options) {
  const SystemClock clock(options.now);
  auto chosen = chosen_steps(options);
  if (!chosen) return std::move(chosen.error());
  if (mode_for(options) == Mode::kBranch && !options.under_git)
    return Error(ErrorKind::kInvalid, "mode branch needs a git repository; " + options.repository.string() +
                                          " is in none (use --mode patch, observe or in-place)");
  auto made = checkpoint::make_state_directory(options.state_directory);
  if (made) made = files::make_directories(options.work_directory);
  if (!made) return needs_a_human(std::move(made.error()), options);
  auto lock = checkpoint::RunLock::take(options.state_directory, options.work_directory, clock.now());
  if (!lock) return needs_a_human(std::move(lock.error()), options);
  if (auto logging = log::add_file(options.state_directory); !logging)
    return std::move(logging.error()).context("open the log");
  remove_strays(options.state_directory, options.work_directory);
  auto steps = prepare(options.manifest, options.work_directory);
  if (!steps) return std::move(steps.error());
  auto store = checkpoint::Store::open({options.state_directory, options.work_directory});
  if (!store) return std::move(store.error());
  auto tree = changes::SourceTree::open(
      {options.repository, options.under_git, options.work_directory, options.state_directory, options.git});
  if (!tree) return std::move(tree.error());
  const std::string& wanted_zone = options.manifest.pipeline.schedule.zone;
  Context context{
      options,      clock, **store, **tree, std::move(*steps), wanted_zone.empty() ? zone::machine_zone() : wanted_zone,
      std::nullopt, {}};
  broker::Client broker("/proc/self/exe");
  context.broker = &broker;
  if (options.budget) context.deadline = clock.monotonic() + *options.budget;
  if (options.in_process) context.notices.push_back("steps ran inside the host (--in-process), unconfined");
  auto summary = run_all(context, options, *chosen);
  if (!summary && (summary.error().kind() == ErrorKind::kRetry || summary.error().kind() == ErrorKind::kDamaged))
    checkpoint::doubt_the_cache(options.state_directory, summary.error().message());
  return summary;
}

}  // namespace daydream::pipeline
