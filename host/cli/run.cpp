#include "pipeline/run.hpp"
#include "base/files.hpp"
#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "cli/values.hpp"
#include "daydream/kit/text.hpp"
#include "log/log.hpp"
#include "schedule/signals.hpp"

namespace daydream::cli {
namespace {

std::string as_text(const pipeline::FinishedRun& run) {
  std::string text;
  if (!run.report_markdown.empty()) text += text::show_path(run.report_markdown.native()) + "\n";
  text += "run " + run.id + ": " + std::string(checkpoint::name_of(run.status)) + ", steps completed " +
          std::to_string(run.completed) + "/" + std::to_string(run.total) + ", issues found " +
          std::to_string(run.issues) + "\n";
  return text;
}

// The report itself; of several runs in one call the last one's.
Result<void> print_report(const pipeline::RunSummary& summary, bool as_json) {
  if (summary.runs.empty()) return {};
  const pipeline::FinishedRun& run = summary.runs.back();
  const Path& file = as_json ? run.report_json : run.report_markdown;
  if (file.empty()) {
    say(std::string("run ") + run.id +
        " wrote no report in this format: the step that does was not part of it, or failed");
    return {};
  }
  auto report = files::read(file);
  if (!report) return std::move(report.error());
  print(*report);
  return {};
}

int show(const pipeline::RunSummary& summary, const std::string& format) {
  for (const std::string& words : summary.words) say(words);
  if (format == "text") {
    for (const pipeline::FinishedRun& run : summary.runs) print(as_text(run));
  } else if (auto printed = print_report(summary, format == "json"); !printed) {
    const int code = fail(printed.error());
    return summary.exit_code == kOk ? code : summary.exit_code;
  }
  return finish_output(summary.exit_code);
}

int run_run(const Arguments& arguments) {
  auto format = choice_of(arguments, "format", {"text", "json", "md"});
  if (!format) return fail(format.error());
  auto options = run_options(arguments, arguments.has("if-due"));
  if (!options) return fail(options.error());
  log::start({log::Level::kInfo, colours_wanted(), true});
  auto stop = schedule::catch_stop_signals();
  if (!stop) return fail(stop.error());
  const auto progress = terminal_progress();
  options->progress = progress.get();
  options->stop_requested = schedule::stop_requested;
  options->stop_descriptor = *stop;
  auto summary = pipeline::run(*options);
  return summary ? show(*summary, *format) : fail(summary.error());
}

}  // namespace

const Command kRunCommand{
    "run",
    "runs the nightly pipeline here, or goes on where the last start was stopped",
    "[--repo DIR] [--manifest FILE] [--mode MODE] [--only STEP,..] [--from STEP] [--fresh] [--if-due] [--budget "
    "DURATION] [--fail-on SEVERITY] [--format FORMAT]",
    "An unfinished run is finished first, under its own date; then today's is started. What was done stays done: kill "
    "it at any moment and call it again.\n"
    "\n"
    "  daydream run                            the night, now\n"
    "  daydream run --if-due                   for cron and timers: only when the schedule says so\n"
    "  daydream run --only docs_update         one step, as a run of its own\n"
    "  daydream run --mode observe --format md the report on stdout, nothing changed\n"
    "  daydream run --budget 3h                stops resumable (75) when the time is up",
    with_places({{"mode", "MODE",
                  "what becomes of edits: observe, patch, branch or in-place; default: the manifest's, else "
                  "branch under git and patch without"},
                 {"only", "STEP,..", "these steps, as a run of its own that never counts as the night's"},
                 {"from", "STEP", "this step and those behind it, likewise"},
                 {"fresh", nullptr, "gives up an unfinished run (its pending effects are finished) and starts anew"},
                 {"if-due", nullptr, "does nothing unless the manifest's schedule says that a night is due"},
                 {"budget", "DURATION", "90s, 20m, 3h: then stop, resumable"},
                 {"fail-on", "SEVERITY", "exit 1 when there is a finding of info, warning or error, or worse"},
                 {"format", "FORMAT", "of stdout: text (the report's path and a summary), md or json (the report)"},
                 {"now", "TIME", "RFC 3339: wall time stands still there for the whole run"},
                 {"in-process", nullptr, "steps run inside this process, unconfined: for a debugger"}}),
    0,
    0,
    run_run};

}  // namespace daydream::cli
