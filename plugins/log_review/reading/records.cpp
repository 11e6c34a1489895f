#include "plugins/log_review/reading/records.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kSampleLines = 1000;
constexpr std::size_t kSampleBytes = std::size_t{256} << 10;

bool begins_traceback(std::string_view line) {
  return line.ends_with("Traceback (most recent call last):");
}
// Lines of traces that begin at the margin.
bool is_trace_line(std::string_view line) {
  return line.starts_with("Caused by: ") || line.starts_with("... ") || line.starts_with("goroutine ") ||
         line.starts_with("at ") || line.starts_with("During handling of the above exception") ||
         line.starts_with("The above exception was the direct cause");
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
    format_ = Format::learn(*sample);
  }
  auto more = lines_.next(record.line);
  if (!more || !*more) return more;
  record.number = ++number_;
  record.parts = format_->read(record.line.text);
  record.continues = goes_on(record.line.text, record.parts.head);
  any_ = true;
  return true;
}

}  // namespace daydream::logs
