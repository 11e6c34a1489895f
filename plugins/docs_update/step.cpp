// The step, in the order in which it happens: list the tree, read its pages, ask the rules, then say what
// they found, page by page.
#include <chrono>
#include <map>

#include <daydream/sdk.hpp>

#include "daydream_descriptor.hpp"
#include "plugins/docs_update/examine.hpp"
#include "plugins/docs_update/external.hpp"

namespace daydream::docs {
namespace {

using Clock = std::chrono::steady_clock;

// Of pages up to `after` all findings and edits are committed; kDone = all is.
struct Progress {
  static constexpr std::uint32_t kSchema = 1;
  static constexpr std::string_view kDone{"\0", 1};  // no path holds it
  std::string after;
  [[nodiscard]] std::string to_bytes() const { return after; }
  static Result<Progress> from_bytes(std::string_view bytes) { return Progress{std::string(bytes)}; }
};

constexpr std::string_view kLasting = "l/";  // in memory, before the rules' own keys
constexpr std::size_t kBatchFindings = 200;
constexpr std::chrono::seconds kBatchTime{1};

sdk::Finding to_sdk(const Finding& finding, const std::string& path) {
  return {.rule = finding.rule,
          .severity = finding.severity,
          .safety = finding.safety,
          .path = path,
          .line = static_cast<int>(finding.line),
          .column = static_cast<int>(finding.column),
          .symbol = finding.symbol,
          .context = finding.context,
          .message = finding.message,
          .evidence = finding.evidence,
          .suggestion = finding.suggestion};
}

class DocsUpdate {
 public:
  static Result<std::unique_ptr<DocsUpdate>> open(sdk::Run& run, const json::Value& configuration) {
    auto settings = Settings::read(configuration);
    if (!settings) return std::move(settings.error());
    return std::make_unique<DocsUpdate>(run, std::move(*settings));
  }
  DocsUpdate(sdk::Run& run, Settings settings) : run_(run), settings_(std::move(settings)) {}

  Result<sdk::Outcome> run() {
    auto progress = run_.state().checkpoint_as<Progress>();
    if (!progress) return std::move(progress.error());
    if (progress->has_value()) progress_ = **progress;
    if (progress_.after == Progress::kDone) return sdk::Outcome::ok();
    if (auto made = look(); !made) return std::move(made.error());
    if (auto recalled = recall(); !recalled) return std::move(recalled.error()).context("what earlier nights learned");
    if (!survey_->read_pages()) return stopped();
    Findings findings;
    if (auto asked = check_external(run_, *survey_, findings); !asked) {
      if (asked.error().kind() == ErrorKind::kCancelled) return sdk::Outcome::cancelled();
      return std::move(asked.error()).context("external links");
    }
    if (!examine(*survey_, findings)) return stopped();
    if (read_error_) return std::move(*read_error_);
    if (const std::string& trouble = survey_->history().trouble(); !trouble.empty()) {
      run_.info("not all of git's history was asked: " + text::shorten(text::mask(trouble), 300));
    }
    if (progress_.after.empty() && survey_->pages().empty() && findings.empty()) {
      return sdk::Outcome::skipped(
          "there is no documentation in the repository: no Markdown, reStructuredText or HTML page", "no-pages");
    }
    return say(findings);
  }

 private:
  Result<sdk::Outcome> stopped() {
    if (read_error_) return std::move(*read_error_);
    return sdk::Outcome::cancelled();
  }

  Result<void> look() {
    std::vector<TreeFile> files;
    auto listed = run_.files().each({}, "", [&](sdk::Entry entry) -> Result<void> {
      files.push_back({std::move(entry.path), entry.size, entry.token});
      return {};
    });
    if (!listed) return std::move(listed.error()).context("list the files");
    total_ = files.size();
    std::string source, live;
    if (auto root = run_.root("source")) source = *root;
    if (auto root = run_.root("repository")) live = *root;
    const auto read = [this](const TreeFile& file) { return content_of(file); };
    const auto tick = [this](const std::string& what) {
      run_.progress(std::min(++done_, total_), total_, what);
      return !run_.cancelled() && !read_error_;
    };
    survey_ = std::make_unique<Survey>(std::move(files), source, std::vector<std::string>{source, live}, settings_,
                                       read, tick);
    return {};
  }

  Result<void> recall() {
    auto scanned =
        run_.state().scan_memory(kLasting, [&](std::string_view key, std::string_view value) -> Result<void> {
          recalled_.emplace(key.substr(kLasting.size()), value);
          return {};
        });
    survey_->lasting() = recalled_;
    return scanned;
  }

  // Only at the end: a run that goes on after a kill finds what the one before it did.
  void put_lasting(sdk::Transaction& txn) {
    for (const auto& [key, value] : recalled_) {
      if (!survey_->lasting().contains(key)) txn.drop_memory(std::string(kLasting).append(key));
    }
    for (const auto& [key, value] : survey_->lasting()) {
      const auto before = recalled_.find(key);
      if (before == recalled_.end() || before->second != value)
        txn.put_memory(std::string(kLasting).append(key), value);
    }
  }

  std::optional<std::string_view> content_of(const TreeFile& file) {
    auto content = run_.files().read(file.path);
    if (content) return content->token == file.token ? std::optional(content->bytes) : std::nullopt;
    const ErrorKind kind = content.error().kind();
    if (kind != ErrorKind::kUnsupported && kind != ErrorKind::kNotFound && !read_error_) read_error_ = content.error();
    return std::nullopt;
  }

  Result<sdk::Outcome> say(const Findings& findings) {
    auto at = progress_.after.empty() ? findings.begin() : findings.upper_bound(progress_.after);
    while (at != findings.end()) {
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      const auto begun = Clock::now();
      if (progress_.after.empty()) put_figures(*txn);
      for (std::size_t put = 0; at != findings.end() && put < kBatchFindings && Clock::now() - begun < kBatchTime;
           ++at) {
        if (run_.cancelled()) break;
        put += say_page(at->first, at->second, *txn);
        progress_.after = at->first;
      }
      txn->put_checkpoint(progress_);
      if (auto committed = txn->commit(); !committed) return std::move(committed.error());
      if (run_.cancelled() && at != findings.end()) return sdk::Outcome::cancelled();
    }
    return finish();
  }

  std::size_t say_page(const std::string& path, const std::vector<Finding>& findings, sdk::Transaction& txn) {
    const TreeFile* const file = survey_->tree().file(path);
    for (const Finding& finding : findings) {
      const std::uint64_t number = txn.put_finding(to_sdk(finding, path));
      std::vector<sdk::Span> spans;
      for (const Edit& edit : finding.edits) spans.push_back({edit.begin, edit.end - edit.begin, edit.replacement});
      if (!spans.empty() && file != nullptr) txn.edit(path, file->token, spans, number);
    }
    return findings.size();
  }

  // With the first commit: a run that goes on later may count its own edits.
  void put_figures(sdk::Transaction& txn) {
    const Figures& figures = survey_->figures();
    txn.put_metric("pages", static_cast<double>(figures.pages));
    txn.put_metric("links", static_cast<double>(figures.links));
    txn.put_metric("external_links", static_cast<double>(figures.external));
  }

  Result<sdk::Outcome> finish() {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    if (progress_.after.empty()) put_figures(*txn);
    put_lasting(*txn);
    progress_.after = Progress::kDone;
    txn->put_checkpoint(progress_);
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
    return sdk::Outcome::ok();
  }

  sdk::Run& run_;
  Settings settings_;
  Progress progress_;
  std::unique_ptr<Survey> survey_;
  std::map<std::string, std::string> recalled_;  // Survey::lasting() as the last night left it
  std::optional<Error> read_error_;
  std::uint64_t done_ = 0, total_ = 0;
};

}  // namespace
}  // namespace daydream::docs

DAYDREAM_PLUGIN(daydream::docs::DocsUpdate, daydream::kStepDescriptor);
