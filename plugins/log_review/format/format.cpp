#include "plugins/log_review/format/format.hpp"

#include <algorithm>

#include "plugins/log_review/format/fields.hpp"
#include "plugins/log_review/format/pieces.hpp"

namespace daydream::logs {
namespace {

// "<34>", "<34>1 ": the length, and the number.
std::size_t take_priority(std::string_view line, int* number) {
  if (line.size() < 3 || line[0] != '<') return 0;
  std::size_t at = 1;
  int value = 0;
  while (at < line.size() && at < 4 && line[at] >= '0' && line[at] <= '9') value = value * 10 + (line[at++] - '0');
  if (at == 1 || at >= line.size() || line[at] != '>' || value > 191) return 0;
  *number = value;
  return at + 1;
}

// "2026-11-22T10:11:12.123456789Z stdout F ": the length of it.
std::size_t take_cri(std::string_view line, Stamp* stamp) {
  const std::size_t length = match_time(0, line, stamp);
  if (length == 0) return 0;
  const std::string_view rest = line.substr(length);
  if (!rest.starts_with(" stdout ") && !rest.starts_with(" stderr ")) return 0;
  if (rest.size() < 9 || (rest[8] != 'F' && rest[8] != 'P') || (rest.size() > 9 && rest[9] != ' ' && rest[9] != ':'))
    return 0;
  return std::min(length + 10, line.size());
}

bool wraps(Wrap wrap, std::string_view line, std::string& scratch) {
  int ignored = 0;
  switch (wrap) {
    case Wrap::kJson:
      return line[0] == '{' && read_json(line, scratch).good;
    case Wrap::kDocker:
      return line[0] == '{' && read_json(line, scratch).docker;
    case Wrap::kLogfmt: {
      const Fields fields = read_logfmt(line, scratch);
      return fields.good && (!fields.message.empty() || !fields.level.empty() || !fields.time.empty());
    }
    case Wrap::kCri:
      return take_cri(line, nullptr) > 0;
    case Wrap::kPriority:
      return take_priority(line, &ignored) > 0;
    case Wrap::kNone:
      break;
  }
  return false;
}

std::string_view unwrap(Wrap wrap, std::string_view line, std::string& scratch) {
  int ignored = 0;
  if (wrap == Wrap::kDocker) return read_json(line, scratch).message;
  if (wrap == Wrap::kCri) return line.substr(take_cri(line, nullptr));
  std::string_view rest = line.substr(take_priority(line, &ignored));
  if (rest.starts_with("1 ")) rest.remove_prefix(2);
  return rest;
}

}  // namespace

Format Format::learn(const std::vector<std::string_view>& lines) {
  Format format;
  std::vector<std::string_view> sample;
  for (const std::string_view line : lines) {
    if (!without_space(line).empty()) sample.push_back(line);
  }
  std::string scratch;
  for (const Wrap wrap : {Wrap::kDocker, Wrap::kJson, Wrap::kLogfmt, Wrap::kCri, Wrap::kPriority}) {
    const auto fitting =
        std::count_if(sample.begin(), sample.end(), [&](std::string_view line) { return wraps(wrap, line, scratch); });
    if (sample.empty() || static_cast<double>(fitting) < .8 * static_cast<double>(sample.size())) continue;
    format.wrap_ = wrap;
    break;
  }
  if (format.wrap_ == Wrap::kJson || format.wrap_ == Wrap::kLogfmt) return format;
  if (format.wrap_ == Wrap::kNone) {
    format.layout_ = Layout::learn(sample);
    return format;
  }
  std::vector<std::string> texts;
  for (const std::string_view line : sample) texts.emplace_back(unwrap(format.wrap_, line, scratch));
  format.layout_ = Layout::learn({texts.begin(), texts.end()});
  return format;
}

Parts Format::inside(std::string_view message, const Parts& outer) const {
  Parts parts = layout_.take_apart(message);
  if (!parts.timed && outer.timed) {
    parts.timed = true;
    parts.stamp = outer.stamp;
  }
  if (parts.severity == Severity::kUnknown) parts.severity = outer.severity;
  return parts;
}

Parts Format::read(std::string_view line) {
  switch (wrap_) {
    case Wrap::kNone:
      return layout_.take_apart(line);
    case Wrap::kJson:
    case Wrap::kLogfmt: {
      const Fields fields = wrap_ == Wrap::kJson ? read_json(line, scratch_) : read_logfmt(line, scratch_);
      if (!fields.good) break;
      Parts parts = parts_of(fields);
      if (parts.message.empty()) parts.message = line;
      return parts;
    }
    case Wrap::kDocker: {
      const Fields fields = read_json(line, scratch_);
      if (!fields.good) break;
      return inside(fields.message, parts_of(fields));
    }
    case Wrap::kCri: {
      Parts outer;
      const std::size_t length = take_cri(line, &outer.stamp);
      if (length == 0) break;
      outer.timed = true;
      return inside(line.substr(length), outer);
    }
    case Wrap::kPriority: {
      Parts outer;
      int number = 0;
      const std::size_t length = take_priority(line, &number);
      if (length == 0) break;
      outer.severity = severity_of_syslog(number % 8);
      std::string_view rest = line.substr(length);
      if (rest.starts_with("1 ")) rest.remove_prefix(2);
      return inside(rest, outer);
    }
  }
  Parts parts;
  parts.message = line;
  return parts;
}

bool Format::joins() const {
  return wrap_ == Wrap::kJson || wrap_ == Wrap::kLogfmt || layout_.joins();
}

std::string Format::describe() const {
  constexpr std::string_view kNames[] = {"text", "json lines",          "logfmt", "docker json-file",
                                         "cri",  "syslog with priority"};
  std::string words(kNames[static_cast<std::size_t>(wrap_)]);
  if (wrap_ != Wrap::kJson && wrap_ != Wrap::kLogfmt) words += layout_.timed() ? ", timed" : ", without times";
  return words;
}

std::string Format::to_text() const {
  return std::to_string(static_cast<int>(wrap_)) + " " + layout_.to_text();
}

Format Format::from_text(std::string_view text) {
  Format format;
  if (text.size() < 2 || text[0] < '0' || text[0] > '5') return format;
  format.wrap_ = static_cast<Wrap>(text[0] - '0');
  format.layout_ = Layout::from_text(without_space(text.substr(1)));
  return format;
}

}  // namespace daydream::logs
