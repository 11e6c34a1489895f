#include "pipeline/undo.hpp"

#include <algorithm>

#include "checkpoint/lock.hpp"
#include "checkpoint/store.hpp"
#include "daydream/kit/text.hpp"
#include "report/identity.hpp"

namespace daydream::pipeline {

namespace {

using changes::Undone;

class Undo {
 public:
  Undo(const UndoRequest& request, checkpoint::Store& store) : request_(request), store_(store) {}

  Result<UndoSummary> run() {
    auto found = find_run();
    if (!found) return std::move(found.error());
    UndoSummary summary{*found, {}};
    auto steps = steps_of(summary.run);
    if (!steps) return std::move(steps.error());
    for (auto step = steps->rbegin(); step != steps->rend(); ++step) {
      auto undone = undo_step(*step);
      if (!undone) return std::move(undone.error()).context("undo " + step->id);
      if (!undone->files.empty()) summary.steps.push_back(std::move(*undone));
    }
    if (summary.steps.empty())
      return Error(ErrorKind::kNotFound, "run " + summary.run + " did nothing that could be undone" +
                                             (request_.step.empty() ? "" : " in step " + request_.step));
    return summary;
  }

 private:
  Result<std::string> find_run();
  Result<bool> did_something(const std::string& run);
  Result<std::vector<checkpoint::Step>> steps_of(const std::string& run);
  Result<UndoneStep> undo_step(const checkpoint::Step& step);
  Result<void> undo_archives(const checkpoint::Step& step, UndoneStep& undone);
  Result<void> decline(const checkpoint::Step& step, const UndoneStep& undone);
  static std::vector<Effect> archives(const std::vector<Effect>& effects);

  const UndoRequest& request_;
  checkpoint::Store& store_;
};

std::vector<Effect> Undo::archives(const std::vector<Effect>& effects) {
  std::vector<Effect> applied;
  std::copy_if(effects.begin(), effects.end(), std::back_inserter(applied), [](const Effect& effect) {
    return effect.kind == EffectKind::kArchive && effect.state == EffectState::kApplied;
  });
  return applied;
}

Result<bool> Undo::did_something(const std::string& run) {
  if (files::exists(request_.state_directory / "undo" / run)) return true;
  auto effects = store_.effects(run);
  if (!effects) return std::move(effects.error());
  return !archives(*effects).empty();
}

Result<std::string> Undo::find_run() {
  auto runs = store_.runs();
  if (!runs) return std::move(runs.error());
  std::vector<std::string> known;
  for (auto run = runs->rbegin(); run != runs->rend(); ++run) {
    known.push_back(run->id);
    if (!request_.run.empty() && run->id == request_.run) return run->id;
    if (!request_.run.empty()) continue;
    auto did = did_something(run->id);
    if (!did) return std::move(did.error());
    if (*did) return run->id;
  }
  if (request_.run.empty()) return Error(ErrorKind::kNotFound, "no run has done anything that could be undone");
  const std::string near = text::nearest(request_.run, known);
  return Error(ErrorKind::kUsage,
               "no run \"" + request_.run + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
}

Result<std::vector<checkpoint::Step>> Undo::steps_of(const std::string& run) {
  auto steps = store_.steps(run);
  if (!steps) return steps;
  std::sort(steps->begin(), steps->end(),
            [](const auto& left, const auto& right) { return left.number < right.number; });
  if (request_.step.empty()) return steps;
  std::vector<std::string> known;
  for (const auto& step : *steps) known.push_back(step.id);
  std::erase_if(*steps, [&](const auto& step) { return step.id != request_.step; });
  if (!steps->empty()) return steps;
  const std::string near = text::nearest(request_.step, known);
  return Error(ErrorKind::kUsage, "run " + run + " has no step \"" + request_.step + "\"" +
                                      (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
}

Result<UndoneStep> Undo::undo_step(const checkpoint::Step& step) {
  UndoneStep undone{step.id, {}};
  const Path pack = changes::undo_file(request_.state_directory, step.run, step.number, step.id);
  if (files::exists(pack)) {
    auto entries = changes::read_undo(pack);
    if (!entries) return std::move(entries.error());
    auto files = changes::undo_edits(request_.repository, *entries);
    if (!files) return std::move(files.error());
    undone.files = std::move(*files);
  }
  if (auto archived = undo_archives(step, undone); !archived) return std::move(archived.error());
  if (auto declined = decline(step, undone); !declined) return std::move(declined.error());
  return undone;
}

Result<void> Undo::undo_archives(const checkpoint::Step& step, UndoneStep& undone) {
  auto effects = store_.effects(step.run, step.id);
  if (!effects) return std::move(effects.error());
  std::vector<std::pair<std::string, Path>> roots{{"repository", request_.repository}};
  if (auto paths = request_.paths.find(step.id); paths != request_.paths.end()) {
    for (std::size_t i = 0; i < paths->second.size(); ++i)
      roots.emplace_back("log:" + std::to_string(i + 1), paths->second[i]);
  }
  for (const Effect& effect : archives(*effects)) {
    auto file = changes::undo_archive(effect, roots, request_.state_directory);
    if (!file) return std::move(file.error());
    undone.files.push_back(std::move(*file));
  }
  return {};
}

Result<void> Undo::decline(const checkpoint::Step& step, const UndoneStep& undone) {
  // Also those that are back already: this may be the second call, after a kill.
  auto findings = store_.findings(step.run, step.id);
  if (!findings) return std::move(findings.error());
  checkpoint::Transaction transaction;
  for (const Finding& finding : *findings) {
    const bool concerned = std::any_of(undone.files.begin(), undone.files.end(), [&](const Undone& file) {
      return file.outcome != Undone::Outcome::kRefused && file.path == finding.path;
    });
    if (finding.action != Action::kApplied || !concerned) continue;
    transaction.put_host("declined/" + finding.id, report::content_fingerprint(finding));
  }
  if (transaction.empty()) return {};
  auto committed = store_.commit(std::move(transaction));
  if (!committed) return std::move(committed.error());
  return store_.anchor();
}

}  // namespace

Result<UndoSummary> undo(const UndoRequest& request) {
  auto lock = checkpoint::RunLock::take(request.state_directory, request.work_directory, request.now);
  if (!lock) return std::move(lock.error());
  checkpoint::Store::Options options;
  options.state_directory = request.state_directory;
  options.marker_directory = request.work_directory;
  options.create = false;
  auto store = checkpoint::Store::open(options);
  if (!store) return std::move(store.error());
  return Undo(request, **store).run();
}

}  // namespace daydream::pipeline
