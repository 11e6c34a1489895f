#include "schedule/serve.hpp"

#include "cli/command.hpp"
#include "cli/due.hpp"
#include "cli/output.hpp"
#include "cli/progress.hpp"
#include "cli/run_options.hpp"
#include "log/log.hpp"
#include "schedule/signals.hpp"

namespace daydream::cli {
namespace {

// One night: manifest and places are looked at anew, they may have changed since the last.
int run_night(const Arguments& arguments, int stop) {
  auto options = run_options(arguments, true);
  if (!options) return fail(options.error());
  const auto progress = terminal_progress();
  options->progress = progress.get();
  options->stop_requested = schedule::stop_requested;
  options->stop_descriptor = stop;
  auto summary = pipeline::run(*options);
  if (!summary) return fail(summary.error());
  for (const std::string& words : summary->words) log::info("serve", words);
  return summary->exit_code;
}

Result<schedule::Due> next_due(const Arguments& arguments, const Clock& clock) {
  auto places = locate(arguments);
  if (!places) return std::move(places.error());
  auto loaded = load_manifest(*places);
  if (!loaded) return std::move(loaded.error());
  return due_now(*places, loaded->pipeline.schedule, clock.now());
}

int run_serve(const Arguments& arguments) {
  const auto notifier = schedule::Notifier::from_environment();
  auto first = run_options(arguments, true);  // wrong words and manifests are told now, not at night
  if (!first) return fail(first.error());
  log::start({log::Level::kInfo, colours_wanted(), true});
  auto stop = schedule::catch_stop_signals();
  if (!stop) return fail(stop.error());
  auto alarm = schedule::TimerAlarm::create(*stop);
  if (!alarm) return fail(alarm.error());
  const SystemClock clock;
  schedule::ServeOptions options;
  options.next_due = [&] { return next_due(arguments, clock); };
  options.run_once = [&] { return run_night(arguments, *stop); };
  options.stop_requested = schedule::stop_requested;
  options.zone = first->manifest.pipeline.schedule.zone;
  auto code = schedule::serve(options, clock, *alarm, notifier);
  return code ? *code : fail(code.error());
}

}  // namespace

const Command kServeCommand{
    "serve",
    "stays, and runs each night when the schedule says so",
    "[--repo DIR] [--manifest FILE] [--mode MODE] [--budget DURATION]",
    "Sleeps until the manifest's \"schedule\", runs, and sleeps again. On SIGTERM it checkpoints and stops within 5 s. "
    "Tells systemd READY, WATCHDOG and STATUS. A cron line or a timer with `daydream run --if-due` does the same.",
    with_places({{"mode", "MODE", "as for run"},
                 {"budget", "DURATION", "of one night: 90s, 20m, 3h"},
                 {"fail-on", "SEVERITY", "as for run"}}),
    0,
    0,
    run_serve};

}  // namespace daydream::cli
