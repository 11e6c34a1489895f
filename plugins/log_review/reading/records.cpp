#include "plugins/log_review/reading/records.hpp"

#include <algorithm>

namespace daydream::logs {
namespace {

constexpr std::size_t kSampleLines = 1000;
constexpr std::size_t kSampleBytes = std::size_t{256} << 10;

bool begins_traceback(std::string_view line) {
  return !line.empty() && line.back() == ':' && line.ends_with("Traceback (most recent call last):");
}
// Lines of traces that begin at the margin.
bool is_trace_line(std::string_view line) {
  return line.starts_with("Caused by: ") || line.starts_with("... ") || line.starts_with("goroutine ") ||
         line.starts_with("at ") || line.starts_with("During handling of the above exception") ||
         line.starts_with("The above exception was the direct cause");
}

// A line below a record that only a crash writes: a frame, a cause, the head of a trace.
bool is_crash_line(std::string_view line) {
  if (begins_traceback(line) || line.starts_with("Caused by: ")) return true;
  if (line.starts_with("goroutine ")) return line.ends_with("]:");
  const std::size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos || begin == 0) return false;
  line.remove_prefix(begin);
  return line.starts_with("at ") && line.ends_with(')') && line.find('(') != std::string_view::npos;
}

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

bool Records::goes_on(std::string_view line, bool head) {
  const bool blank = line.empty() || line[0] == ' ' || line[0] == '\t';
  if (format_->joins()) return any_ && !head;
  const bool in_trace = trace_;
  if (begins_traceback(line)) {
    trace_ = true;
    return in_trace;
  }
  if (!any_) return false;
  if (blank) return true;
  trace_ = false;
  return in_trace || is_trace_line(line);
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
  auto more = lines_.next(record.line);
  if (!more || !*more) return more;
  record.number = ++number_;
  record.parts = format_->read(record.line.text);
  record.continues = goes_on(record.line.text, record.parts.head);
  record.crash = record.continues ? is_crash_line(record.line.text) : begins_traceback(record.line.text);
  any_ = true;
  return true;
}

}  // namespace daydream::logs
