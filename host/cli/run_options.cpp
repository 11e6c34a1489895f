#include "cli/run_options.hpp"

#include <algorithm>

#include "cli/due.hpp"
#include "cli/values.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

// Flags that would contradict each other.
Result<void> check_together(const Arguments& arguments) {
  if (arguments.has("only") && arguments.has("from")) {
    return Error(ErrorKind::kUsage, "--only and --from do not go together: --only names every step to run");
  }
  for (const char* flag : {"only", "from", "fresh"}) {
    if (arguments.has("if-due") && arguments.has(flag)) {
      return Error(ErrorKind::kUsage, std::string("--if-due and --") + flag +
                                          " do not go together: a night that is due is run as a whole");
    }
  }
  return {};
}

Result<void> read_values(const Arguments& arguments, pipeline::RunOptions& options) {
  auto mode = mode_of(arguments, "mode");
  if (!mode) return std::move(mode.error());
  auto only = list_of(arguments, "only");
  if (!only) return std::move(only.error());
  auto budget = duration_of(arguments, "budget");
  if (!budget) return std::move(budget.error());
  auto severity = severity_of(arguments, "fail-on");
  if (!severity) return std::move(severity.error());
  auto now = instant_of(arguments, "now");
  if (!now) return std::move(now.error());
  options.mode = *mode;
  options.only = std::move(*only);
  options.from = arguments.text("from").value_or("");
  options.fresh = arguments.has("fresh");
  options.in_process = arguments.has("in-process");
  options.budget = *budget;
  options.fail_on = *severity;
  options.now = *now;
  return {};
}

Result<void> check_steps(const char* flag, const std::vector<std::string>& named, const manifest::Loaded& loaded) {
  std::vector<std::string> ids;
  for (const manifest::Step& step : loaded.pipeline.steps) ids.push_back(step.id);
  for (const std::string& id : named) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
    const std::string near = text::nearest(id, ids);
    return Error(ErrorKind::kUsage,
                 std::string("--") + flag + ": no step \"" + id + "\" in the manifest" +
                     (near.empty() ? "; it has " + text::join(ids, ", ") : "; did you mean \"" + near + "\"?"));
  }
  return {};
}

// What an administrator's file keeps from other files, it keeps from flags.
Result<void> check_final_mode(std::optional<Mode> wanted, const manifest::Loaded& loaded) {
  const auto by = loaded.final_by("mode");
  if (!wanted || wanted == loaded.pipeline.mode || !by) return {};
  return Error(ErrorKind::kInvalid,
               "--mode " + std::string(name_of(*wanted)) + ": the manifest's \"mode\" is final (" + *by + ")" +
                   (loaded.pipeline.mode ? ": " + std::string(name_of(*loaded.pipeline.mode)) : "") +
                   "; leave the flag out");
}

}  // namespace

Result<pipeline::RunOptions> run_options(const Arguments& arguments, bool if_due) {
  pipeline::RunOptions options;
  if (auto together = check_together(arguments); !together) return std::move(together.error());
  if (auto read = read_values(arguments, options); !read) return std::move(read.error());
  auto places = locate(arguments);
  if (!places) return std::move(places.error());
  auto loaded = load_manifest(*places);
  if (!loaded) return std::move(loaded.error());
  if (auto allowed = check_final_mode(options.mode, *loaded); !allowed) return std::move(allowed.error());
  if (auto known = check_steps("only", options.only, *loaded); !known) return std::move(known.error());
  if (!options.from.empty()) {
    if (auto known = check_steps("from", {options.from}, *loaded); !known) return std::move(known.error());
  }
  options.repository = places->repository;
  options.under_git = places->under_git;
  options.git = places->git;
  options.state_directory = places->state_directory;
  options.work_directory = places->work_directory;
  options.manifest = std::move(*loaded);
  if (if_due) options.due = due_by(options.manifest.pipeline.schedule);
  return options;
}

}  // namespace daydream::cli
