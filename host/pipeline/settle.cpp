#include "pipeline/settle.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "changes/publish.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "log/log.hpp"
#include "pipeline/night_record.hpp"
#include "pipeline/renames.hpp"
#include "pipeline/verdicts.hpp"
#include "report/identity.hpp"

namespace daydream::pipeline {

namespace {

using changes::FindingNumber;

bool edits_tree(const Effect& effect) {
  return effect.kind == EffectKind::kEdit || effect.kind == EffectKind::kCreate || effect.kind == EffectKind::kRemove;
}

constexpr std::size_t kMostContext = 300;

// What became of a remote change, where there is something to say: its detail is the broker's answer.
std::string remote_words(const Effect& effect) {
  if (effect.state == EffectState::kApplied) return "";
  auto answer = json::Text::parse(effect.detail, {.name = "answer", .positions = false});
  std::string said = answer && answer->root().IsObject() ? json::get_string(answer->root(), "message") : "";
  if (const auto status = answer && answer->root().IsObject() ? json::get_int(answer->root(), "status") : 0;
      status != 0)
    said = "the server answered with status " + std::to_string(status);
  const char* verdict = effect.state == EffectState::kInDoubt ? "in doubt whether it happened" : "not done";
  return std::string(verdict) + (said.empty() ? "" : ": " + said);
}

std::string_view line_of(std::string_view content, int line) {
  for (; line > 1; --line) {
    const auto end = content.find('\n');
    if (end == std::string_view::npos) return {};
    content.remove_prefix(end + 1);
  }
  return content.substr(0, content.find('\n'));
}

// One step's findings on their way to an action.
class Settlement {
 public:
  Settlement(Context& context, const checkpoint::Run& run, const PreparedStep& prepared, const changes::Draft& draft)
      : context_(context), run_(run), prepared_(prepared), draft_(draft) {}

  Result<std::string> settle(checkpoint::Step step, const std::string& start);

 private:
  Result<void> load();
  Result<void> fill_contexts(std::vector<Finding>& findings) const;
  Result<void> decide();
  void decide_group(const changes::Change& change);
  Result<void> check_memory_of_declined();
  Result<void> verify(const std::string& start);
  Result<changes::Published> publish();
  void set_actions(const changes::Published& published);
  void set_live_actions();
  void propose_all(const std::string& why);
  void reject(const std::set<FindingNumber>& dropped, const std::string& words);
  Result<void> store(checkpoint::Step step, const changes::Published& published);

  Context& context_;
  const checkpoint::Run& run_;
  const PreparedStep& prepared_;
  const changes::Draft& draft_;
  checkpoint::Transaction transaction_;
  std::map<FindingNumber, Finding> findings_;
  std::vector<Effect> effects_;
  std::set<FindingNumber> blocked_;  // declined, rejected
  std::set<FindingNumber> apply_, review_;
  std::string verified_ = "none";
};

Result<void> Settlement::load() {
  auto findings = context_.store.findings(run_.id, prepared_.manifest.id);
  if (!findings) return std::move(findings.error());
  auto effects = context_.store.effects(run_.id, prepared_.manifest.id);
  if (!effects) return std::move(effects.error());
  effects_ = std::move(*effects);
  if (auto filled = fill_contexts(*findings); !filled) return filled;
  Renames renames(context_, run_);
  auto assigned = report::assign_ids(
      context_.store, run_.id, *findings, [&renames](const std::string& path) { return renames.now(path); },
      transaction_);
  if (!assigned) return assigned;
  for (Finding& finding : *findings) {
    finding.action = Action::kReported;
    finding.would_apply = false;
    finding.commit.clear();
    finding.note.clear();
    findings_.emplace(finding.number, std::move(finding));
  }
  return {};
}

// `context` is the plugin's, else the line with white space collapsed: the tree stands as the step saw it.
// The finding's identity hangs on it, so a file that is there and cannot be read just now is an error.
Result<void> Settlement::fill_contexts(std::vector<Finding>& findings) const {
  std::map<std::string, std::string> contents;
  for (Finding& finding : findings) {
    if (!finding.context.empty() || finding.path.empty() || finding.line <= 0) continue;
    auto known = contents.find(finding.path);
    if (known == contents.end()) {
      auto content = context_.tree.read(finding.path);  // a live file has no place in it: no context
      if (!content && content.error().kind() == ErrorKind::kRetry)
        return std::move(content.error()).context("read what a finding is about");
      known = contents.emplace(finding.path, content ? std::move(*content) : "").first;
    }
    finding.context = text::shorten(
        text::mask(text::to_utf8(text::collapse_space(line_of(known->second, finding.line)))), kMostContext);
  }
  return {};
}

// What a human declined, or the tests refused, on an earlier night is not done again.
Result<void> Settlement::check_memory_of_declined() {
  for (auto& [number, finding] : findings_) {
    const std::string content = report::content_fingerprint(finding);
    auto declined = context_.store.host_value("declined/" + finding.id);
    if (!declined) return std::move(declined.error());
    if (*declined && **declined == content) {
      finding.action = Action::kDeclined;
      finding.note = "declined on an earlier night";
      blocked_.insert(number);
      continue;
    }
    auto rejected = context_.store.host_value("rejected/" + content);
    if (!rejected) return std::move(rejected.error());
    if (*rejected) {
      finding.action = Action::kRejected;
      finding.note = **rejected;
      blocked_.insert(number);
    }
  }
  return {};
}

Result<void> Settlement::decide() {
  if (auto checked = check_memory_of_declined(); !checked) return checked;
  for (const Effect& effect : effects_) {
    auto found = findings_.find(effect.finding);
    if (found == findings_.end() || effect.state != EffectState::kConflict) continue;
    found->second.action = Action::kConflict;
    found->second.note = effect.detail;
    blocked_.insert(effect.finding);
  }
  for (const changes::Change& change : draft_.changes()) decide_group(change);
  return {};
}

// A change is as safe as its least safe finding, and goes nowhere when one of its findings is blocked.
void Settlement::decide_group(const changes::Change& change) {
  bool safe = true;
  bool patch = true;
  for (FindingNumber number : change.findings) {
    auto found = findings_.find(number);
    if (found == findings_.end() || blocked_.count(number) != 0) return;
    safe = safe && found->second.safety == Safety::kSafe;
    patch = patch && found->second.safety != Safety::kInfo;
  }
  if (safe)
    apply_.insert(change.findings.begin(), change.findings.end());
  else if (patch)
    review_.insert(change.findings.begin(), change.findings.end());
}

void Settlement::propose_all(const std::string& why) {
  for (FindingNumber number : apply_) {
    findings_.at(number).note = why;
    review_.insert(number);
  }
  apply_.clear();
}

void Settlement::reject(const std::set<FindingNumber>& dropped, const std::string& words) {
  for (FindingNumber number : dropped) {
    Finding& finding = findings_.at(number);
    finding.action = Action::kRejected;
    finding.note = words;
    apply_.erase(number);
    transaction_.put_host("rejected/" + report::content_fingerprint(finding), words);
  }
}

Result<void> Settlement::verify(const std::string& start) {
  const auto& manifest = context_.options.manifest.pipeline;
  if (manifest.verify.command.empty() || apply_.empty() || run_.mode == Mode::kObserve) return {};
  changes::VerifyOptions options = verify_options(context_);
  auto before = verify_baseline(context_, run_.id, start, options);
  if (!before) return std::move(before.error());
  if (*before == Baseline::kRed) {
    propose_all("verify was red before any change, so nothing is applied");
    return {};
  }
  options.red_twice = *before == Baseline::kFlaky;
  auto bisected = changes::verify_changes(context_.tree, draft_, apply_, options);
  if (!bisected) return std::move(bisected.error());
  if (!bisected->dropped.empty()) reject(bisected->dropped, "verify refused it: " + bisected->words);
  verified_ = text::join(manifest.verify.command, " ");
  return forget_verdicts(context_, transaction_);
}

Result<changes::Published> Settlement::publish() {
  if (run_.mode == Mode::kObserve || (apply_.empty() && review_.empty())) {
    changes::Published nothing;
    nothing.tip = context_.tree.commit();
    return nothing;
  }
  changes::PublishOptions options;
  options.mode = run_.mode;
  options.run_id = run_.id;
  options.date = run_.date;
  options.step_number = prepared_.number;
  options.step_id = prepared_.manifest.id;
  options.run_started = run_.started;
  options.state_directory = context_.options.state_directory;
  options.verify_words = verified_;
  if (run_.mode == Mode::kBranch) {
    auto night = load_night(context_.store);
    if (!night) return std::move(night.error());
    options.ref = night->ref;
    options.expected_ref = night->commits.empty() ? "" : night->tip;
  }
  return changes::publish(context_.tree, draft_, findings_, apply_, review_, options);
}

void Settlement::set_actions(const changes::Published& published) {
  const bool leaves = run_.mode == Mode::kBranch || run_.mode == Mode::kInPlace;
  for (FindingNumber number : apply_) {
    Finding& finding = findings_.at(number);
    finding.would_apply = !leaves;
    finding.action = leaves ? Action::kApplied : run_.mode == Mode::kPatch ? Action::kProposed : Action::kReported;
    if (auto commit = published.commits.find(number); commit != published.commits.end()) {
      finding.commit = commit->second;
    } else if (run_.mode == Mode::kBranch) {
      finding.action = Action::kReported;
      finding.note = "its change came to nothing once those it was joined with were left out";
    }
    if (auto conflict = published.conflicts.find(number); conflict != published.conflicts.end()) {
      finding.action = Action::kConflict;
      finding.note = conflict->second;
    }
  }
  for (FindingNumber number : review_) {
    if (run_.mode != Mode::kObserve) findings_.at(number).action = Action::kProposed;
  }
  set_live_actions();
}

// Effects outside the tree were applied, or not, right behind their commits.
void Settlement::set_live_actions() {
  std::map<FindingNumber, EffectState> worst;
  for (const Effect& effect : effects_) {
    if (edits_tree(effect) || effect.finding == 0 || findings_.count(effect.finding) == 0) continue;
    auto [place, fresh] = worst.emplace(effect.finding, effect.state);
    if (!fresh && effect.state != EffectState::kApplied) place->second = effect.state;
    const std::string words = effect.kind == EffectKind::kHttp ? remote_words(effect) : effect.detail;
    if (!words.empty()) findings_.at(effect.finding).note = words;
  }
  for (const auto& [number, state] : worst) {
    Finding& finding = findings_.at(number);
    switch (state) {
      case EffectState::kApplied:
        finding.action = Action::kApplied;
        break;
      case EffectState::kProposed:
        finding.action = run_.mode == Mode::kObserve ? Action::kReported : Action::kProposed;
        finding.would_apply = finding.safety == Safety::kSafe;
        break;
      case EffectState::kConflict:
      case EffectState::kInDoubt:
      case EffectState::kIntended:
        finding.action = Action::kConflict;
        break;
      case EffectState::kRefused:
        finding.action = Action::kReported;
        break;
    }
  }
}

Result<void> Settlement::store(checkpoint::Step step, const changes::Published& published) {
  for (const auto& [number, finding] : findings_) transaction_.put_finding(run_.id, prepared_.manifest.id, finding);
  if (run_.mode == Mode::kBranch) {
    auto recorded = record_night(context_.store, run_, prepared_.manifest.id, findings_, published, transaction_);
    if (!recorded) return recorded;
  }
  step.status = step.status == checkpoint::StepStatus::kSkipped ? step.status : checkpoint::StepStatus::kCompleted;
  if (step.finished.ms == 0) step.finished = context_.clock.now();
  step.result = with_member(step.result, "tip", published.tip);
  transaction_.put_step(step);
  auto committed = context_.store.commit(std::move(transaction_));
  if (!committed) return std::move(committed.error());
  for (const auto& note : published.notes) context_.notices.push_back(note);
  // Behind the report comes only the end of the run, which writes the anchor itself.
  return prepared_.plugin.descriptor.role == "report" ? Result<void>() : context_.store.anchor();
}

Result<std::string> Settlement::settle(checkpoint::Step step, const std::string& start) {
  if (auto loaded = load(); !loaded) return std::move(loaded.error());
  if (auto decided = decide(); !decided) return std::move(decided.error());
  if (auto verified = verify(start); !verified) return std::move(verified.error());
  auto published = publish();
  if (!published) return std::move(published.error());
  set_actions(*published);
  if (auto stored = store(std::move(step), *published); !stored) return std::move(stored.error());
  if (auto reset = context_.tree.reset(published->tip); !reset) return std::move(reset.error());
  return published->tip;
}

}  // namespace

Result<std::string> settle(Context& context, const checkpoint::Run& run, checkpoint::Step step,
                           const PreparedStep& prepared, const changes::Draft& draft, const std::string& start) {
  auto tip = Settlement(context, run, prepared, draft).settle(std::move(step), start);
  if (!tip) return std::move(tip.error()).context("end of step " + prepared.manifest.id);
  return tip;
}

}  // namespace daydream::pipeline
