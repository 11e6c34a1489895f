// The step, in the order in which it happens: survey every file, then speak about those that a rule
// has something to say about, then about the tree as a whole. Where nothing has changed since an earlier
// night, the survey is left out and what that night said is said again.
#include <algorithm>
#include <chrono>
#include <utility>

#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "plugins/legacy_cleanup/ahead.hpp"
#include "plugins/legacy_cleanup/night.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"
#include "plugins/legacy_cleanup/sealed.hpp"
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
    const bool fresh = snapshot->empty();
    repository_.files = std::move(*snapshot);
    if (fresh) {
      if (auto listed = list_files(run_, repository_); !listed) return std::move(listed.error());
    }
    circumstances_ = circumstances(repository_);
    if (auto recalled = recall_night(); !recalled) return std::move(recalled.error());
    auto surveyed = recalled_ ? Result<Survey>(as_recalled()) : survey(run_, repository_);
    if (!surveyed) return stopped_or(surveyed.error());
    if (auto begun = begin_speaking(fresh); !begun) return std::move(begun.error());
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

  // The night that was under these circumstances, if memory has it and its words still hold.
  Result<void> recall_night() {
    auto remembered = run_.state().memory(Night::kKey);
    if (!remembered) return std::move(remembered.error());
    const auto bytes = *remembered ? opened(circumstances_, Night::kKey, **remembered) : std::nullopt;
    if (!bytes) return {};
    auto night = Night::decode(*bytes);
    if (!night || !night->holds_on(repository_.date) || !repository_.history->still_there(night->commits)) return {};
    night_ = std::move(*night);
    recalled_ = true;
    return {};
  }

  Survey as_recalled() {
    Survey survey;
    survey.files = night_.files;
    survey.concerns.reserve(night_.said.size());
    for (const Said& said : night_.said) survey.concerns.push_back({said.path, said.token, true, false, said.skipped});
    repository_.users = night_.users;
    return survey;
  }

  // From here on edits change the tree: what it was is kept for a resumed run.
  Result<void> begin_speaking(bool fresh) {
    if (!fresh) return {};
    std::vector<std::string> left;  // by a run that never came to its end
    auto scanned = run_.state().scan_memory(Night::kParts, [&](std::string_view key, std::string_view) {
      left.emplace_back(key);
      return Result<void>();
    });
    if (!scanned) return scanned;
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (const std::string& key : left) txn->drop_memory(key);
    txn->put_memory(kSnapshot, encode_files(repository_.files));
    txn->put_checkpoint(progress_);
    return txn->commit();
  }

  Result<void> speak_of_files(const Survey& surveyed) {
    std::size_t at = 0;
    const auto& concerns = surveyed.concerns;
    Ahead ahead(run_, concerns);
    while (at < concerns.size() && resumed_ && concerns[at].path <= progress_.after) ++at;
    if (!recalled_ && resumed_) {
      if (auto earlier = recall_parts(at); !earlier) return earlier;
    }
    while (at < concerns.size()) {
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      const auto begun = Clock::now();
      for (std::size_t put = 0; at < concerns.size() && put < kBatchFindings && Clock::now() - begun < kBatchTime;
           ++at) {
        if (run_.cancelled()) break;
        run_.progress(at, concerns.size(), concerns[at].path);
        auto spoken = recalled_ ? say(night_.said[at], *txn) : speak_of(concerns, at, ahead, *txn);
        if (!spoken) return std::move(spoken.error());
        put += *spoken;
        progress_.after = concerns[at].path;
      }
      for (const auto& [key, value] : repository_.history->take_fresh()) txn->put_memory(key, value);
      if (!recalled_) keep_part(*txn);
      txn->put_checkpoint(progress_);
      if (auto committed = txn->commit(); !committed) return committed;
      if (run_.cancelled() && at < concerns.size()) return Error(ErrorKind::kCancelled, "asked to stop");
    }
    return {};
  }

  // How many findings it gave.
  Result<std::size_t> speak_of(const std::vector<Concern>& concerns, std::size_t at, Ahead& ahead,
                               sdk::Transaction& txn) {
    const Concern& concern = concerns[at];
    Said said{concern.path, concern.token, concern.skipped, {}};
    if (concern.candidates) {
      auto subject = ahead.subject(at);
      if (!subject) return std::move(subject.error());
      // Edited since the run began: what is committed of it stands, and more is not said.
      const bool same = *subject != nullptr;
      part_.whole &= same;
      if (same) said.findings = findings_of(**subject, repository_);
    }
    const std::size_t count = say(said, txn);
    part_.said.push_back(std::move(said));
    return count;
  }

  static std::size_t say(const Said& said, sdk::Transaction& txn) {
    if (!said.skipped.empty()) {
      txn.put_finding({.rule = "not-examined",
                       .severity = sdk::Severity::kInfo,
                       .safety = sdk::Safety::kInfo,
                       .path = said.path,
                       .message = "not examined: " + said.skipped});
    }
    for (const Finding& finding : said.findings) {
      const std::uint64_t number = txn.put_finding(to_sdk(finding, said.path));
      std::vector<sdk::Span> spans;
      for (const Edit& edit : finding.edits) spans.push_back({edit.begin, edit.end - edit.begin, edit.replacement});
      if (!spans.empty()) txn.edit(said.path, said.token, spans, number);
    }
    return said.findings.size() + (said.skipped.empty() ? 0 : 1);
  }

  // The words of a batch, for the night that they are a part of and for a run that is resumed behind them.
  void keep_part(sdk::Transaction& txn) {
    part_.until = repository_.answers_until();
    part_.whole &= repository_.history->answered() && repository_.within_tree();
    part_.commits = repository_.history->take_named();
    const std::string bytes = part_.encode();
    bytes_ += bytes.size();
    part_.whole &= bytes_ <= Night::kLargest;
    if (part_.whole) {
      const std::string key = part_key(parts_++);
      txn.put_memory(key, sealed(circumstances_, key, bytes));
    }
    night_.append(std::exchange(part_, {}));
  }

  static std::string part_key(std::size_t number) {
    const std::string digits = std::to_string(number);
    return std::string(Night::kParts).append(8 - std::min<std::size_t>(digits.size(), 8), '0').append(digits);
  }

  // What this run said before it was stopped, of `spoken` files: all of it, or the night is not kept.
  Result<void> recall_parts(std::size_t spoken) {
    auto scanned = run_.state().scan_memory(Night::kParts, [&](std::string_view key, std::string_view value) {
      const auto bytes = opened(circumstances_, key, value);
      auto part = bytes ? Night::decode(*bytes) : Error(ErrorKind::kDamaged, "");
      night_.whole &= part.ok();
      bytes_ += bytes ? bytes->size() : 0;
      ++parts_;
      if (part) night_.append(std::move(*part));
      return Result<void>();
    });
    night_.whole &= night_.said.size() == spoken;
    return scanned;
  }

  // Tonight's words for later nights, where they are all of them and no question was left open.
  void remember_night(const Survey& surveyed, sdk::Transaction& txn) {
    for (std::size_t part = 0; part < parts_; ++part) txn.drop_memory(part_key(part));
    if (recalled_ || !night_.whole) return;
    night_.date = repository_.date;
    night_.files = surveyed.files;
    night_.users = repository_.users;
    txn.put_memory(Night::kKey, sealed(circumstances_, Night::kKey, night_.encode()));
  }

  // Names and places of files, the figures, and memory that no file needs any more.
  Result<void> speak_of_tree(const Survey& surveyed) {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    remember_night(surveyed, *txn);
    for (const auto& rule : tree_rules()) {
      if (repository_.settings.mode(rule->name()) == RuleMode::kOff) continue;
      std::vector<TreeFinding> found;
      rule->examine(repository_, found);
      for (const TreeFinding& one : found) put_tree_finding(one, *txn);
    }
    txn->put_metric("files", static_cast<double>(surveyed.files));
    for (const std::string& key : surveyed.stale) txn->drop_memory(key);
    // On a recalled night nobody asks for what history has proven: it is not stale for that.
    for (const std::string& key : recalled_ ? std::vector<std::string>() : repository_.history->stale()) {
      txn->drop_memory(key);
    }
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
  std::string circumstances_;
  Night night_;            // what is said tonight, or was said then
  bool recalled_ = false;  // `night_` is an earlier one
  Night part_;             // of tonight's, not yet committed
  std::size_t parts_ = 0, bytes_ = 0;
};

}  // namespace
}  // namespace daydream::legacy

DAYDREAM_PLUGIN(daydream::legacy::LegacyCleanup, daydream::kStepDescriptor);
