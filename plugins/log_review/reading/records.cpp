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

// More than one byte in twenty is one that no text has. Runs of NUL before a line are holes of a log that was cut
// short while it was written.
bool is_binary(const std::vector<std::string_view>& lines) {
  std::size_t controls = 0, all = 0;
  for (std::string_view line : lines) {
    line.remove_prefix(std::min(line.find_first_not_of('\0'), line.size()));
    all += line.size();
    controls += static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
      const auto byte = static_cast<unsigned char>(c);
      return byte < 0x08 || (byte > 0x0D && byte < 0x20 && byte != 0x1B) || byte == 0x7F;
    }));
  }
  return controls >= kFewControls && controls * 20 > all;
}

}  // namespace

Records::Records(Source& source, std::uint64_t offset, std::optional<Format> format)
    : lines_(source, offset), format_(std::move(format)) {}

bool Records::goes_on(std::string_view line, bool head) {
  const bool blank = line.empty() || line[0] == ' ' || line[0] == '\t';
  if (!any_) return false;
  if (format_->joins()) return !head;
  const bool in_trace = trace_;
  if (begins_traceback(line)) {
    trace_ = true;
    return in_trace;
  }
  if (blank) return true;
  trace_ = false;
  return in_trace || is_trace_line(line);
}

Result<bool> Records::next(Record& record) {
  if (!format_) {
    auto sample = lines_.sample(kSampleLines, kSampleBytes);
    if (!sample) return std::move(sample.error());
    if (is_binary(*sample)) {
      format_ = Format();
      return Error(ErrorKind::kUnsupported, "binary, not a log");
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
