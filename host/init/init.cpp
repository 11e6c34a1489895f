#include "init/init.hpp"

#include "base/files.hpp"
#include "daydream/kit/text.hpp"
#include "pipeline/prepare.hpp"

namespace daydream::init {
namespace {

Result<Trials> trials_of(const Options& options, const std::vector<Plan>& plans) {
  if (!options.not_tried.empty()) return Trials{{}, options.not_tried};
  Ground ground{options.repository, options.work_directory, options.state_directory, options.under_git,
                options.git,        options.timeout,        options.cancelled,       {}};
  ground.doing = [&options](const std::string& command) {
    if (options.say)
      options.say("trying in a fresh copy of the repository: " + command +
                  " (this runs its code; --no-try leaves it out)");
  };
  return try_plans(ground, plans);
}

Result<Facts> facts_of(const Options& options) {
  auto survey = Survey::of(options.repository, options.git ? &*options.git : nullptr);
  if (!survey) return std::move(survey.error());
  Facts facts;
  facts.under_git = options.under_git;
  facts.languages = languages_of(*survey);
  facts.plans = plans_of(*survey);
  facts.logs = logs_of(*survey);
  facts.tasks = tasks_of(*survey);
  facts.documentation = documentation_of(*survey);
  facts.owners = owners_of(*survey, kManifestPath);
  facts.sentry = sentry_of(*survey);
  auto trials = trials_of(options, facts.plans);
  if (!trials) return std::move(trials.error());
  facts.trials = std::move(*trials);
  return facts;
}

// As `daydream validate` does it.
Result<void> validate(const Options& options, const std::string& manifest) {
  if (auto made = files::make_directories(options.work_directory); !made) return made;
  const Path draft = options.work_directory / "init.json";
  if (auto kept = files::write_replace(draft, manifest, files::Durability::kNone); !kept) return kept;
  auto checked = [&]() -> Result<void> {
    auto loaded = manifest::load(draft, options.loading);
    if (!loaded) return std::move(loaded.error());
    auto steps = pipeline::prepare(*loaded, options.work_directory);
    return steps ? Result<void>() : std::move(steps.error());
  }();
  if (auto removed = files::remove_file(draft); !removed) return removed;
  return checked;
}

}  // namespace

Result<Written> draft(const Options& options) {
  auto shipped = manifest::load(options.shipped);
  if (!shipped) return std::move(shipped.error()).context("the shipped pipeline");
  auto facts = facts_of(options);
  if (!facts) return std::move(facts.error());
  Written written = write(*facts, shipped->pipeline.steps);
  if (auto valid = validate(options, written.manifest); !valid)
    return std::move(valid.error())
        .context("the manifest that fits this repository cannot run with the plugins installed here");
  return written;
}

}  // namespace daydream::init
