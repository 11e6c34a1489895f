#include "plugins/log_review/night/closing.hpp"

#include <algorithm>
#include <set>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "plugins/log_review/night/findings.hpp"
#include "plugins/log_review/night/identity.hpp"

namespace daydream::logs {
namespace {

constexpr std::string_view kGenerationKey = "generation/";
constexpr std::size_t kGenerationsKept = 5000;
constexpr std::size_t kMostAssignments = std::size_t{60} << 20;
constexpr std::size_t kSummaryPatterns = 50;

std::string key_of(const Generation& generation) {
  return std::string(kGenerationKey) +
         hash::sha256_hex(generation.root + '\0' + stem_of(generation.path) + '\0' + generation.head + generation.tail)
             .substr(0, 24);
}

class Closer {
 public:
  Closer(const sdk::Run& run, const Closing& closing, Night& night) : run_(run), closing_(closing), night_(night) {}

  Result<void> close() {
    auto history = History::load(run_, closing_.facts->date);
    if (!history) return std::move(history.error());
    for (const KnownPattern& known : history->patterns) night_.patterns.add_known(known.shape);
    const Patterns::Grouped grouped = night_.patterns.grouped();
    note_varied(grouped);
    const Judged judged = judge(grouped.patterns, night_.sources, closing_.facts->date, *history);
    auto statements = statements_of(judged);
    if (!statements) return std::move(statements.error());
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    speak(judged, *statements, history->nights.size(), *txn);
    propose_archives(*txn);
    txn->put_metric("entries", static_cast<double>(night_.figures.entries));
    txn->put_metric("patterns", static_cast<double>(judged.recurring));
    txn->put_output("summary", summary(grouped, history->nights.size()));
    if (closing_.assigned != nullptr) put_assignments(grouped, *txn);
    if (auto saved = save_generations(*txn); !saved) return saved;
    history->save(*txn, closing_.facts->date);
    for (const std::string& note : night_.notes) run_.warning(note);
    night_.done = true;
    txn->put_checkpoint(night_);
    return txn->commit();
  }

 private:
  void note_varied(const Patterns::Grouped& grouped) {
    for (const Pattern& pattern : grouped.patterns) {
      if (!is_varied(pattern.text)) continue;
      const Severity severity = pattern.severity();
      night_.notes.push_back(std::to_string(pattern.tally.count) + " messages" +
                             (severity == Severity::kUnknown ? "" : " of severity " + std::string(name_of(severity))) +
                             " could not be grouped, the first in " + night_.files[pattern.tally.first.file] + ":" +
                             std::to_string(pattern.tally.first.line));
    }
  }

  [[nodiscard]] std::size_t spoken(const Judged& judged) const {
    return std::min(judged.remarks.size(), closing_.settings->max_findings);
  }

  Result<std::vector<Statement>> statements_of(const Judged& judged) {
    std::vector<std::string> templates;
    for (std::size_t i = 0; i < spoken(judged); ++i) {
      const Remark& remark = judged.remarks[i];
      const bool silent = remark.kind == Remark::Kind::kSilent;
      templates.push_back(silent || is_varied(remark.text) ? "" : remark.text);
    }
    return find_statements(run_, templates);
  }

  void speak(const Judged& judged, const std::vector<Statement>& statements, std::size_t nights,
             sdk::Transaction& txn) {
    const Speech speech{&night_.files, nights};
    for (std::size_t i = 0; i < spoken(judged); ++i)
      txn.put_finding(finding_of(judged.remarks[i], statements[i], speech));
    if (spoken(judged) == judged.remarks.size()) return;
    txn.put_finding(
        folded({judged.remarks.begin() + static_cast<std::ptrdiff_t>(spoken(judged)), judged.remarks.end()}));
  }

  // Rotated, read to the end, left alone for a while.
  void propose_archives(sdk::Transaction& txn) {
    const std::int64_t latest = closing_.facts->now_ms - closing_.settings->archive_after_ms;
    for (const LogFile& file : *closing_.files) {
      if (file.path.empty() || !has_rotated_name(file.path) || file.mtime_ns / 1'000'000 > latest) continue;
      const auto read =
          std::find_if(night_.generations.begin(), night_.generations.end(), [&](const Generation& generation) {
            return generation.done && generation.root == file.root && generation.path == file.path &&
                   generation.size == static_cast<std::int64_t>(file.size) && generation.mtime_ns == file.mtime_ns;
          });
      if (read == night_.generations.end()) continue;
      propose_archive(file, *read, txn);
    }
  }

  void propose_archive(const LogFile& file, const Generation& read, sdk::Transaction& txn) {
    sdk::Finding finding;
    finding.rule = "log-rotated";
    finding.symbol = text::shorten(file.name(), 200);
    finding.context = read.head.substr(0, 12);
    finding.message = "rotated and wholly read: " + finding.symbol;
    finding.safety = sdk::Safety::kSafe;
    const std::uint64_t number = txn.put_finding(finding);
    sdk::ArchiveOptions options;
    options.compress = !(file.path.ends_with(".gz") || file.path.ends_with(".zst") || file.path.ends_with(".xz") ||
                         file.path.ends_with(".bz2"));
    options.unlink = closing_.settings->unlink;
    options.size = file.size;
    options.mtime_ns = file.mtime_ns;
    // The same content has the same name on every night.
    std::string folder = file.root;
    std::replace(folder.begin(), folder.end(), ':', '-');
    const std::string end = options.compress ? ".zst" : file.path.substr(file.path.rfind('.'));
    txn.archive(file.root, file.path, folder + "/" + stem_of(file.path) + "-" + read.tail.substr(0, 12) + end, options,
                number);
  }

  std::string summary(const Patterns::Grouped& grouped, std::size_t nights) const {
    const Figures& figures = night_.figures;
    json::Writer out;
    out.begin_object().field("nights_of_history", static_cast<std::uint64_t>(nights)).key("ledger").begin_object();
    out.field("files", figures.files).field("bytes", figures.bytes).field("entries", figures.entries);
    out.field("outside_window", figures.outside).field("continuation_lines", figures.continuation);
    out.field("headless", figures.headless).field("nul_bytes", figures.nul_bytes);
    out.field("waiting_bytes", figures.waiting_bytes).end_object();
    out.field("patterns", static_cast<std::uint64_t>(grouped.patterns.size())).key("top").begin_array();
    for (std::size_t i = 0; i < grouped.patterns.size() && i < kSummaryPatterns; ++i) {
      const Pattern& pattern = grouped.patterns[i];
      out.begin_object().field("count", pattern.tally.count);
      out.field("template", text::shorten(text::mask(text::to_utf8(pattern.text)), 500)).end_object();
    }
    out.end_array().key("notes").begin_array();
    for (const std::string& note : night_.notes) out.value(note);
    out.end_array().end_object();
    return out.take();
  }

  void put_assignments(const Patterns::Grouped& grouped, sdk::Transaction& txn) const {
    std::vector<std::string> tails;
    for (const Pattern& pattern : grouped.patterns) {
      json::Writer writer;
      writer.begin_object().field("group", pattern_id(pattern.text));
      writer.field("template", text::shorten(text::mask(text::to_utf8(pattern.text)), 2000)).end_object();
      tails.push_back(writer.take().substr(1));
    }
    std::string lines;
    for (const Assigned& one : *closing_.assigned) {
      if (lines.size() > kMostAssignments) break;
      json::Writer name;
      name.value(night_.files[one.file]);
      lines += "{\"file\":" + name.take() + ",\"line\":" + std::to_string(one.line) + "," +
               tails[grouped.pattern[one.shape]] + "\n";
    }
    txn.put_file("log_review/assignments.jsonl", lines);
  }

  // The newest; what no file holds any more goes with time.
  Result<void> save_generations(sdk::Transaction& txn) {
    std::set<std::string> before;
    auto scanned =
        run_.state().scan_memory(kGenerationKey, [&](std::string_view key, std::string_view) -> Result<void> {
          before.emplace(key);
          return {};
        });
    if (!scanned) return scanned;
    std::sort(night_.generations.begin(), night_.generations.end(),
              [](const Generation& left, const Generation& right) { return left.mtime_ns > right.mtime_ns; });
    if (night_.generations.size() > kGenerationsKept) night_.generations.resize(kGenerationsKept);
    for (const Generation& generation : night_.generations) {
      const std::string key = key_of(generation);
      before.erase(key);
      txn.put_memory(key, to_json(generation));
    }
    for (const std::string& key : before) txn.drop_memory(key);
    return {};
  }

  const sdk::Run& run_;
  const Closing& closing_;
  Night& night_;
};

}  // namespace

Result<void> close_night(const sdk::Run& run, const Closing& closing, Night& night) {
  return Closer(run, closing, night).close();
}

Result<void> load_generations(const sdk::Run& run, std::vector<Generation>& generations) {
  return run.state().scan_memory(kGenerationKey, [&](std::string_view /*key*/, std::string_view value) -> Result<void> {
    auto read = generation_from_json(value);
    if (!read) return std::move(read.error());
    generations.push_back(std::move(*read));
    return {};
  });
}

}  // namespace daydream::logs
