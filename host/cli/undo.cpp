#include "pipeline/undo.hpp"

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

using Outcome = changes::Undone::Outcome;

Result<pipeline::UndoRequest> request_of(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return std::move(places.error());
  pipeline::UndoRequest request;
  request.repository = places->repository;
  request.state_directory = places->state_directory;
  request.work_directory = places->work_directory;
  request.run = arguments.text("run").value_or("");
  request.step = arguments.text("step").value_or("");
  request.now = SystemClock().now();
  // Only to find logs outside the repository again: without it the rest can still be undone.
  if (auto loaded = load_manifest(*places)) {
    for (const auto& step : loaded->pipeline.steps)
      request.paths[step.id] = std::vector<Path>(step.paths.begin(), step.paths.end());
  }
  return request;
}

// True when a file was refused.
bool tell(const pipeline::UndoneStep& step) {
  bool refused = false;
  for (const changes::Undone& file : step.files) {
    const std::string name = step.step + ": " + text::show_path(file.path);
    switch (file.outcome) {
      case Outcome::kRestored:
        print(name + ": as it was before\n");
        break;
      case Outcome::kAlready:
        print(name + ": nothing to do\n");
        break;
      case Outcome::kRefused:
        print(name + ": left as it is: " + text::escape_terminal(file.why) + "\n");
        refused = true;
        break;
    }
  }
  return refused;
}

int run_undo(const Arguments& arguments) {
  auto request = request_of(arguments);
  if (!request) return fail(request.error());
  auto summary = pipeline::undo(*request);
  if (!summary && summary.error().kind() == ErrorKind::kNotFound) {
    print(text::escape_terminal(summary.error().message()) + "\n");
    return finish_output(kOk);
  }
  if (!summary) return fail(summary.error());
  bool refused = false;
  print("undoing run " + summary->run + "\n");
  for (const pipeline::UndoneStep& step : summary->steps) refused = tell(step) || refused;
  return finish_output(refused ? kHuman : kOk);
}

}  // namespace

const Command kUndoCommand{
    "undo",
    "takes back what a run did to your files",
    "[--run ID] [--step STEP] [--repo DIR]",
    "Restores, byte for byte, the files that mode in-place has written and the logs that were archived: of the newest "
    "run that did such a thing, or of the one named. A file that was changed since is left as it is and named (exit "
    "78). What was undone counts as declined: later nights do not do it again. Discarded caches rebuild themselves "
    "and are not kept; a night branch is undone by deleting it.",
    with_places({{"run", "ID", "the run, for example 2026-11-22"}, {"step", "STEP", "only this step of it"}}),
    0,
    0,
    run_undo};

}  // namespace daydream::cli
