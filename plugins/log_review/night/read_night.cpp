#include "plugins/log_review/night/read_night.hpp"

#include <algorithm>
#include <chrono>

#include "daydream/kit/text.hpp"
#include "plugins/log_review/reading/records.hpp"

namespace daydream::logs {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::uint64_t kLook = 8192;                 // lines between looks at the clock
constexpr std::uint64_t kLongestRecord = 16 * kLook;  // is not waited for
constexpr std::int64_t kHour = 3'600'000;

class Reader {
 public:
  Reader(const sdk::Run& run, const std::vector<LogFile>& files, const NightPlan& plan, Night& night)
      : run_(run), files_(files), plan_(plan), night_(night), since_commit_(Clock::now()) {}

  Result<void> read() {
    auto matches = match(files_, night_.generations);
    if (!matches) return std::move(matches.error());
    for (std::size_t i : order(*matches)) {
      if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
      run_.progress(i, files_.size(), files_[i].name());
      if (auto one = read_file(files_[i], (*matches)[i]); !one) {
        if (one.error().kind() == ErrorKind::kCancelled) return one;
        note(files_[i].name() + ": " + one.error().message());
      }
    }
    return {};
  }

 private:
  // Oldest content first: what was read before goes on before what is new.
  std::vector<std::size_t> order(const std::vector<Match>& matches) const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < files_.size(); ++i) {
      if (!matches[i].duplicate) order.push_back(i);
    }
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      const std::string l = stem_of(files_[left].path), r = stem_of(files_[right].path);
      if (files_[left].root != files_[right].root) return files_[left].root < files_[right].root;
      return l != r ? l < r : files_[left].mtime_ns < files_[right].mtime_ns;
    });
    return order;
  }

  void note(std::string words) {
    if (night_.notes.size() < 50) night_.notes.push_back(text::shorten(text::mask(words), 300));
  }

  Result<void> read_file(const LogFile& file, const Match& match) {
    const bool fresh = match.generation == Match::kNew;
    const std::int64_t mtime_ms = file.mtime_ns / 1'000'000;
    // Never seen and not written to for longer than the window: history, not news.
    if (fresh && mtime_ms < plan_.now_ms - plan_.settings->window_ms) return {};
    if (file.size == 0) return {};
    Generation generation = fresh ? Generation() : night_.generations[match.generation];
    if (generation.done && generation.size == static_cast<std::int64_t>(file.size) &&
        generation.mtime_ns == file.mtime_ns) {
      return {};
    }
    auto descriptor = open_log(file);
    if (!descriptor) return std::move(descriptor.error());
    auto opened = open_source(*descriptor, generation.offset);
    if (!opened) return std::move(opened.error());
    const bool whole = opened->compression != Compression::kNone || file.path.empty();
    slot_ = match.generation;
    return read_records(file, *opened->source, whole, std::move(generation));
  }

  Result<void> read_records(const LogFile& file, Source& source, bool whole, Generation generation) {
    std::optional<Format> format;
    if (!generation.format.empty()) format = Format::from_text(generation.format);
    begin_file(file);
    Records records(source, generation.offset, std::move(format));
    TimeRules rules;
    rules.zone = plan_.zone;
    rules.latest_ms = std::min(file.mtime_ns / 1'000'000, plan_.now_ms);
    if (generation.last_event_ms != 0) rules.last_ms = generation.last_event_ms;
    rules.own_minutes = generation.own_minutes;
    std::uint64_t offset = generation.offset;
    Record record;
    bool waiting = false;
    std::uint64_t unlooked = 0;  // lines
    Result<void> trouble;
    for (;;) {
      auto more = records.next(record);
      if (!more) trouble = std::move(more.error());
      if (!more || !*more) break;
      if (!record.line.ended && !whole) {  // half a line of a log that is being written
        night_.figures.waiting_bytes += record.line.size;
        waiting = true;
        break;
      }
      // Between records, so that a night which goes on from there reads them as this one would have.
      if (unlooked >= kLook && (!record.continues || unlooked >= kLongestRecord)) {
        unlooked = 0;
        if (auto looked = look(file, offset, records.format(), generation); !looked) return looked;
      }
      take(record, records.format(), rules, generation);
      offset = record.line.offset + record.line.size;
      ++generation.lines;
      ++unlooked;
    }
    if (offset == 0) return trouble;
    generation.done = trouble.ok() && (whole || (has_rotated_name(file.path) && !waiting));
    if (auto kept = keep(file, offset, records.format(), generation); !kept) return kept;
    return trouble;
  }

  // At the clock, and whether to stop: what was read is committed where either says so. REQUIRES: offset > 0.
  Result<void> look(const LogFile& file, std::uint64_t offset, const Format& format, Generation& generation) {
    run_.progress(generation.lines, 0, file.name());
    const bool late = Clock::now() - since_commit_ > std::chrono::milliseconds(plan_.settings->batch_ms);
    if (!run_.cancelled() && (!late || plan_.assigned != nullptr)) return {};
    if (auto kept = keep(file, offset, format, generation); !kept) return kept;
    if (auto committed = plan_.commit(night_); !committed) return committed;
    since_commit_ = Clock::now();
    if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
    return {};
  }

  void begin_file(const LogFile& file) {
    const std::string source_name = file.root + "/" + stem_of(file.path);
    auto found = std::find_if(night_.sources.begin(), night_.sources.end(),
                              [&](const SourceFigures& source) { return source.name == source_name; });
    if (found == night_.sources.end()) found = night_.sources.insert(night_.sources.end(), {source_name, 0});
    source_ = static_cast<std::size_t>(found - night_.sources.begin());
    file_ = static_cast<std::uint32_t>(night_.files.size());
    night_.files.push_back(file.name());
    ++night_.figures.files;
    counted_ = false;
  }

  void take(const Record& record, const Format& format, TimeRules& rules, Generation& generation) {
    Figures& figures = night_.figures;
    figures.bytes += record.line.size;
    figures.nul_bytes += record.line.nul_bytes;
    if (record.continues) {
      ++figures.continuation;
      if (counted_) night_.patterns.add_line(shape_);
      if (counted_ && record.crash) crashed();
    } else {
      if (format.joins() && !record.parts.head) ++figures.headless;
      std::int64_t when = record.parts.timed ? instant_of(record.parts.stamp, rules) : Stamp::kNoTime;
      if (when == Stamp::kNoTime) when = generation.last_event_ms != 0 ? generation.last_event_ms : rules.latest_ms;
      generation.last_event_ms = rules.last_ms = when;
      if (record.parts.timed && record.parts.stamp.zone_minutes != Stamp::kNoZone)
        generation.own_minutes = rules.own_minutes = record.parts.stamp.zone_minutes;
      counted_ = when > plan_.now_ms - plan_.settings->window_ms && when <= plan_.now_ms + kHour;
      ++(counted_ ? figures.entries : figures.outside);
      ++night_.sources[source_].records;
      if (counted_) {
        shape_ = night_.patterns.add(record.parts.message, record.severity(), record.parts.component,
                                     {file_, generation.lines + 1, record.line.offset});
        untold_ = record.severity() == Severity::kUnknown;
      }
    }
    if (plan_.assigned != nullptr && counted_) plan_.assigned->push_back({file_, shape_, generation.lines + 1});
  }

  // The record has a trace below it.
  void crashed() {
    if (untold_) night_.patterns.tell_severity(shape_, Severity::kError);
    untold_ = false;
  }

  // The generation as it is now, among those of the night.
  Result<void> keep(const LogFile& file, std::uint64_t offset, const Format& format, Generation& generation) {
    generation.format = format.to_text();
    if (auto sealed = seal(file, offset, generation); !sealed) return sealed;
    if (slot_ == Match::kNew) {
      slot_ = night_.generations.size();
      night_.generations.push_back(generation);
    } else {
      night_.generations[slot_] = generation;
    }
    return {};
  }

  const sdk::Run& run_;
  const std::vector<LogFile>& files_;
  const NightPlan& plan_;
  Night& night_;
  Clock::time_point since_commit_;
  std::size_t slot_ = Match::kNew, source_ = 0;
  std::uint32_t file_ = 0, shape_ = 0;
  bool counted_ = false;  // the last record is of the window
  bool untold_ = false;   // and did not say how grave it is
};

}  // namespace

Result<void> read_night(const sdk::Run& run, const std::vector<LogFile>& files, const NightPlan& plan, Night& night) {
  return Reader(run, files, plan, night).read();
}

}  // namespace daydream::logs
