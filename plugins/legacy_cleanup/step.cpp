// The step, in the order in which it happens: survey every file, then speak about those that a rule
// has something to say about, then about the tree as a whole.
#include <chrono>

#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"
#include "plugins/legacy_cleanup/survey.hpp"

namespace daydream::legacy {
namespace {

using Clock = std::chrono::steady_clock;

// The files as the run found them are in memory under kSnapshot; of those up to `after` all findings
// and edits are committed; kDone = all is.
struct Progress {
  static constexpr std::uint32_t kSchema = 1;
  static constexpr std::string_view kDone{"\0", 1};  // no path holds it
  std::string after;
  [[nodiscard]] std::string to_bytes() const { return after; }
  static Result<Progress> from_bytes(std::string_view bytes) { return Progress{std::string(bytes)}; }
};

constexpr std::string_view kSnapshot = "run/files";
constexpr std::size_t kBatchFindings = 200;
constexpr std::chrono::seconds kBatchTime{1};

sdk::Finding to_sdk(const Finding& finding, const std::string& path) {
  return {.rule = std::string(finding.rule),
          .severity = static_cast<sdk::Severity>(finding.severity),
          .safety = static_cast<sdk::Safety>(finding.safety),
          .path = path,
          .line = static_cast<int>(finding.line),
          .column = static_cast<int>(finding.column),
          .end_line = static_cast<int>(finding.end_line),
          .symbol = finding.symbol,
          .context = finding.context,
          .message = finding.message,
          .evidence = finding.evidence,
          .suggestion = finding.suggestion};
}

class LegacyCleanup {
 public:
  static Result<std::unique_ptr<LegacyCleanup>> open(sdk::Run& run, const json::Value& configuration) {
    auto settings = Settings::read(configuration);
    if (!settings) return std::move(settings.error());
    return std::make_unique<LegacyCleanup>(run, std::move(*settings));
  }
  LegacyCleanup(sdk::Run& run, Settings settings) : run_(run) { repository_.settings = std::move(settings); }

  Result<sdk::Outcome> run() {
    auto snapshot = resume();
    if (!snapshot) return std::move(snapshot.error());
    if (resumed_ && progress_.after == Progress::kDone) return sdk::Outcome::ok();
    auto surveyed = survey(run_, repository_, *snapshot);
    if (!surveyed) return stopped_or(surveyed.error());
    if (auto begun = begin_speaking(snapshot->empty()); !begun) return std::move(begun.error());
    if (auto spoken = speak_of_files(*surveyed); !spoken) return stopped_or(spoken.error());
    if (auto spoken = speak_of_tree(*surveyed); !spoken) return std::move(spoken.error());
    return sdk::Outcome::ok();
  }

 private:
  static Result<sdk::Outcome> stopped_or(Error& error) {
    if (error.kind() == ErrorKind::kCancelled) return sdk::Outcome::cancelled();
    return std::move(error);
  }

  // Facts of the run, and the files as they were when it began where it is resumed.
  Result<std::vector<TreeFile>> resume() {
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    repository_.date = facts->date;
    if (auto root = run_.root("source")) repository_.source_root = *root;
    if (auto root = run_.root("repository")) repository_.live_root = *root;
    if (auto known = recall_history(); !known) return std::move(known.error());
    auto progress = run_.state().checkpoint_as<Progress>();
    if (!progress) return std::move(progress.error());
    if (!progress->has_value()) return std::vector<TreeFile>{};
    progress_ = **progress;
    resumed_ = true;
    auto remembered = run_.state().memory(kSnapshot);
    if (!remembered) return std::move(remembered.error());
    return decode_files(remembered->value_or(std::string_view()));
  }

  Result<void> recall_history() {
    std::vector<std::string> roots{repository_.source_root, repository_.live_root};
    repository_.history =
        std::make_shared<History>(std::move(roots), repository_.settings.history_budget, repository_.date);
    repository_.projects = std::make_shared<Projects>(repository_.source_root, repository_.settings.python_minor);
    return run_.state().scan_memory(History::kPrefix,
                                    [&](std::string_view key, std::string_view value) -> Result<void> {
                                      repository_.history->remember(key, value);
                                      return {};
                                    });
  }

  // From here on edits change the tree: what it was is kept for a resumed run.
  Result<void> begin_speaking(bool fresh) {
    if (!fresh) return {};
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_memory(kSnapshot, encode_files(repository_.files));
    txn->put_checkpoint(progress_);
    return txn->commit();
  }

  Result<void> speak_of_files(const Survey& surveyed) {
    std::size_t at = 0;
    const auto& concerns = surveyed.concerns;
    while (at < concerns.size() && resumed_ && concerns[at].path <= progress_.after) ++at;
    while (at < concerns.size()) {
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      const auto begun = Clock::now();
      for (std::size_t put = 0; at < concerns.size() && put < kBatchFindings && Clock::now() - begun < kBatchTime;
           ++at) {
        if (run_.cancelled()) break;
        run_.progress(at, concerns.size(), concerns[at].path);
        auto spoken = speak_of(concerns[at], *txn);
        if (!spoken) return std::move(spoken.error());
        put += *spoken;
        progress_.after = concerns[at].path;
      }
      for (const auto& [key, value] : repository_.history->take_fresh()) txn->put_memory(key, value);
      txn->put_checkpoint(progress_);
      if (auto committed = txn->commit(); !committed) return committed;
      if (run_.cancelled() && at < concerns.size()) return Error(ErrorKind::kCancelled, "asked to stop");
    }
    return {};
  }

  // How many findings it gave.
  Result<std::size_t> speak_of(const Concern& concern, sdk::Transaction& txn) {
    if (!concern.skipped.empty()) {
      txn.put_finding({.rule = "not-examined",
                       .severity = sdk::Severity::kInfo,
                       .safety = sdk::Safety::kInfo,
                       .path = concern.path,
                       .message = "not examined: " + concern.skipped});
    }
    if (!concern.candidates) return std::size_t{1};
    auto content = run_.files().read(concern.path);
    if (!content) return std::move(content.error());
    if (content->token != concern.token) return std::size_t{0};
    const std::vector<Finding> findings = findings_of(concern.path, content->bytes, repository_);
    for (const Finding& finding : findings) {
      const std::uint64_t number = txn.put_finding(to_sdk(finding, concern.path));
      std::vector<sdk::Span> spans;
      for (const Edit& edit : finding.edits) spans.push_back({edit.begin, edit.end - edit.begin, edit.replacement});
      if (!spans.empty()) txn.edit(concern.path, concern.token, spans, number);
    }
    return findings.size();
  }

  // Names and places of files, the figures, and memory that no file needs any more.
  Result<void> speak_of_tree(const Survey& surveyed) {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (const auto& rule : tree_rules()) {
      if (repository_.settings.mode(rule->name()) == RuleMode::kOff) continue;
      std::vector<TreeFinding> found;
      rule->examine(repository_, found);
      for (const TreeFinding& one : found) put_tree_finding(one, *txn);
    }
    txn->put_metric("files", static_cast<double>(surveyed.files));
    for (const std::string& key : surveyed.stale) txn->drop_memory(key);
    for (const std::string& key : repository_.history->stale()) txn->drop_memory(key);
    txn->drop_memory(kSnapshot);
    progress_.after = Progress::kDone;
    txn->put_checkpoint(progress_);
    return txn->commit();
  }

  void put_tree_finding(const TreeFinding& one, sdk::Transaction& txn) {
    const bool only_said = repository_.settings.mode(one.finding.rule) == RuleMode::kReport;
    sdk::Finding finding = to_sdk(one.finding, one.path);
    if (only_said) finding.safety = sdk::Safety::kInfo;
    const std::uint64_t number = txn.put_finding(finding);
    if (only_said) return;
    if (one.effect == TreeFinding::Effect::kDiscard) txn.discard(one.root, one.path, number);
    if (one.effect != TreeFinding::Effect::kRemove) return;
    for (const TreeFile& file : repository_.files) {
      if (file.path == one.path) txn.remove(one.path, file.token, number);
    }
  }

  sdk::Run& run_;
  Repository repository_;
  Progress progress_;
  bool resumed_ = false;
};

}  // namespace
}  // namespace daydream::legacy

DAYDREAM_PLUGIN(daydream::legacy::LegacyCleanup, daydream::kStepDescriptor);
