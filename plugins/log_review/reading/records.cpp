#include "plugins/log_review/reading/records.hpp"

#include <algorithm>
#include <utility>

#include "plugins/log_review/format/pieces.hpp"
#include "plugins/log_review/reading/traces.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kSampleLines = 1000;
constexpr std::size_t kMostAhead = 200;  // lines of a traceback, up to its exception
constexpr std::size_t kMostBytesAhead = std::size_t{1} << 20;
constexpr std::size_t kLongestTitle = std::size_t{4} << 10;
constexpr std::size_t kSampleBytes = std::size_t{256} << 10;

constexpr std::size_t kFewControls = 8;

// No text has it. Escape begins colours; 0x01 (FIX) and 0x1C to 0x1F stand between fields.
bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0 || (byte > 0x01 && byte < 0x08) || (byte > 0x0D && byte < 0x1B) || byte == 0x7F;
}

// Why the file is no text, or "": more than one byte in twenty is a control. Runs of NUL before a line are holes of a
// log that was cut short while it was written.
std::string why_binary(const std::vector<std::string_view>& lines) {
  std::size_t controls = 0, all = 0, wide = 0;
  for (std::string_view line : lines) {
    line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
    all += line.size();
    controls += static_cast<std::size_t>(std::count_if(line.begin(), line.end(), is_control));
    for (std::size_t i = 1; i < line.size(); ++i) wide += line[i] == '\0' && line[i - 1] >= ' ' ? 1 : 0;
  }
  if (controls < kFewControls || controls * 20 <= all) return "";
  // A letter and a NUL, again and again.
  if (wide * 3 > all)
    return "UTF-16 without a byte order mark: not read; have it written as UTF-8, or with a mark (FF FE or FE FF)";
  return "binary, not a log";
}

}  // namespace

Records::Records(Source& source, std::uint64_t offset, std::optional<Format> format)
    : lines_(source, offset), format_(std::move(format)) {}

bool Records::goes_on(std::string_view line, bool joins) {
  if (!joins) return traces_.goes_on(line) && any_;
  if (!any_) return false;
  // What the runtime printed between the lines of a logger is no part of the line before it. A traceback below an
  // error is that of the error.
  if (begins_crash(line)) return false;
  return !begins_traceback(line) || last_ == Severity::kUnknown || last_ >= Severity::kWarning;
}

// REQUIRES: there is one.
bool Records::next_held(Line& line) {
  held_ = std::move(ahead_.front());
  ahead_.pop_front();
  line = held_.line;
  line.text = held_.text;
  return true;
}

// One more of the lines ahead, kept for next_held(); nullptr at the end. REQUIRES: no view into the buffer is in use.
Result<const Records::Held*> Records::look_ahead() {
  Held held;
  auto more = lines_.next(held.line);
  if (!more) return std::move(more.error());
  if (!*more) return nullptr;
  held.text = held.line.text;
  ahead_.push_back(std::move(held));
  return &ahead_.back();
}

// The message of a head that has none of its own: the line below it, or the exception that ends a traceback.
Result<void> Records::find_message(Record& record) {
  const bool trace = begins_traceback(record.line.text);
  own_ = {record.line, std::string(record.line.text)};
  record.line.text = own_.text;
  record.parts = format_->read(own_.text);
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < (trace ? kMostAhead : 1) && bytes < kMostBytesAhead; ++i) {
    const Held* held = i < ahead_.size() ? &ahead_[i] : nullptr;
    if (held == nullptr) {
      auto more = look_ahead();
      if (!more) return std::move(more.error());
      held = *more;
    }
    if (held == nullptr) return {};
    const std::string_view text = held->text;
    bytes += text.size();
    if (format_->read(text).head && format_->joins()) break;
    if (trace && (text.empty() || text[0] == ' ' || text[0] == '\t')) continue;
    // Half of a line that is being written: the record waits with it.
    record.line.ended = record.line.ended && held->line.ended;
    title_ = std::string(std::string_view(text).substr(0, kLongestTitle));
    break;
  }
  record.parts = format_->read(own_.text);
  if (title_.empty()) return {};
  if (record.parts.head && format_->titled()) record.parts.component = first_word(record.parts.message);
  record.parts.message = without_space(title_);
  if (record.parts.severity == Severity::kUnknown) record.parts.severity = severity_of_lead(record.parts.message);
  return {};
}

Result<bool> Records::next(Record& record) {
  if (!format_) {
    auto sample = lines_.sample(kSampleLines, kSampleBytes);
    if (!sample) return std::move(sample.error());
    if (std::string why = why_binary(*sample); !why.empty()) {
      format_ = Format();
      return Error(ErrorKind::kUnsupported, std::move(why));
    }
    format_ = Format::learn(*sample);
  }
  auto more = ahead_.empty() ? lines_.next(record.line) : Result<bool>(next_held(record.line));
  if (!more || !*more) return more;
  record.number = ++number_;
  record.parts = format_->read(record.line.text);
  const bool joins = format_->joins();
  const bool logged = joins && record.parts.head;  // by a logger, not by the runtime
  record.continues = !logged && goes_on(record.line.text, joins);
  const bool first = !std::exchange(any_, true);
  if (record.continues) {
    record.crash = is_crash_line(record.line.text);
    return true;
  }
  const std::string_view line = record.line.text;
  record.crash = !logged && (begins_traceback(line) || begins_crash(line));
  if ((record.crash && (begins_traceback(line) || is_panic_place(line))) || (format_->titled() && record.parts.head)) {
    title_.clear();
    if (auto found = find_message(record); !found) return std::move(found.error());
    // Where a program stands, without an exception: its logger printed it.
    record.continues = !first && joins && record.crash && title_.empty() && begins_traceback(record.line.text);
    if (record.continues) return true;
  }
  last_ = record.severity();
  return true;
}

}  // namespace daydream::logs
