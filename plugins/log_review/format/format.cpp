#include "plugins/log_review/format/format.hpp"

#include <algorithm>

#include "plugins/log_review/format/access.hpp"
#include "plugins/log_review/format/colour.hpp"
#include "plugins/log_review/format/fields.hpp"
#include "plugins/log_review/format/pieces.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kEnough = 300;  // lines, to know how messages look

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

namespace {

// RFC 5424 behind "<34>1 ": time, host, app, process, message id, structured data, message. False where it is not.
bool read_5424(std::string_view rest, Parts& parts) {
  const std::size_t length = match_time(0, rest, &parts.stamp);
  parts.timed = length > 0;
  if (length == 0 && !rest.starts_with("- ")) return false;
  rest = without_space(rest.substr(length == 0 ? 1 : length));
  for (int field = 0; field < 4; ++field) {
    const std::string_view word = first_word(rest);
    if (word.empty()) return false;
    if (field == 1 && word != "-") parts.component = word;
    rest = without_space(rest.substr(word.size()));
  }
  if (rest.starts_with("-")) {
    rest.remove_prefix(1);
  } else {
    for (Parts ignored; !rest.empty() && rest[0] == '[';) {
      const std::size_t taken = take_piece({Piece::kBracket, 0}, rest, ignored);
      if (taken == 0) return false;
      rest.remove_prefix(taken);
    }
  }
  rest = without_space(rest);
  if (rest.starts_with("\xEF\xBB\xBF")) rest.remove_prefix(3);
  parts.message = rest;
  parts.head = true;
  return true;
}

}  // namespace

namespace {

// The first of `wraps` that four in five lines have.
Wrap wrap_of(const std::vector<std::string_view>& lines, std::initializer_list<Wrap> known) {
  std::string scratch;
  for (const Wrap wrap : known) {
    const auto fitting = std::count_if(
        lines.begin(), lines.end(), [&](std::string_view line) { return !line.empty() && wraps(wrap, line, scratch); });
    if (!lines.empty() && static_cast<double>(fitting) >= .8 * static_cast<double>(lines.size())) return wrap;
  }
  return Wrap::kNone;
}

}  // namespace

void Format::learn_messages(const std::vector<std::string_view>& lines) {
  std::size_t heads = 0, within = 0, followed = 0, titles = 0;
  std::string scratch;
  for (std::size_t i = 0; i < lines.size() && i < kEnough; ++i) {
    Parts parts = layout_.take_apart(lines[i]);
    if (!parts.head) continue;
    ++heads;
    const std::string_view behind = without_space(parts.message.substr(first_word(parts.message).size()));
    titles += without_space(behind.substr(first_word(behind).size())).empty() ? 1 : 0;
    const std::string_view next = i + 1 < lines.size() ? without_space(lines[i + 1]) : "";
    followed += !next.empty() && !next.starts_with("at ") && !layout_.take_apart(lines[i + 1]).head ? 1 : 0;
    if (parts.message.empty() || parts.message[0] != '"') within += read_access_within(parts, scratch) ? 1 : 0;
  }
  const auto nearly_all = [heads](std::size_t count) { return count * 20 + 20 >= heads * 19; };
  titled_ = layout_.joins() && heads >= 5 && nearly_all(followed) && nearly_all(titles);
  access_within_ = within * 2 > heads;
}

Format Format::learn(const std::vector<std::string_view>& lines) {
  Format format;
  format.coloured_ = std::any_of(lines.begin(), lines.end(), has_colour);
  std::vector<std::string> shown;  // what the colours were taken from
  std::vector<std::string_view> sample;
  std::string scratch;
  shown.reserve(lines.size());
  for (std::string_view line : lines) {
    if (format.coloured_) line = shown.emplace_back(without_colour(line, scratch));
    if (!without_space(line).empty()) sample.push_back(line);
  }
  format.wrap_ = wrap_of(sample, {Wrap::kDocker, Wrap::kJson, Wrap::kLogfmt, Wrap::kCri, Wrap::kPriority});
  if (format.wrap_ == Wrap::kJson || format.wrap_ == Wrap::kLogfmt) return format;
  if (format.wrap_ == Wrap::kNone) {
    format.layout_ = Layout::learn(sample);
    format.learn_messages(sample);
    return format;
  }
  std::vector<std::string> texts;
  texts.reserve(sample.size());
  for (const std::string_view line : sample) {
    const std::string_view text = unwrap(format.wrap_, line, scratch);
    format.coloured_ = format.coloured_ || has_colour(text);
    std::string plain;
    texts.emplace_back(without_colour(text, plain));
  }
  const std::vector<std::string_view> inner(texts.begin(), texts.end());
  if (format.wrap_ != Wrap::kPriority) format.inner_ = wrap_of(inner, {Wrap::kJson, Wrap::kLogfmt});
  if (format.inner_ == Wrap::kNone) {
    format.layout_ = Layout::learn(inner);
    format.learn_messages(inner);
  }
  // A record of two lines is two events of a container's runtime, which may come apart.
  format.titled_ = false;
  return format;
}

// Of a line that names its fields; one that does not is its own message, without a head.
Parts Format::fields_of(Wrap wrap, std::string_view line, std::string& scratch) {
  const Fields fields = wrap == Wrap::kJson ? read_json(line, scratch) : read_logfmt(line, scratch);
  Parts parts;
  if (fields.good) parts = parts_of(fields);
  if (parts.message.empty()) parts.message = line;
  return parts;
}

Parts Format::inside(std::string_view message, const Parts& outer) {
  if (coloured_) message = without_colour(message, plain_);
  Parts parts = inner_ == Wrap::kNone ? layout_.take_apart(message) : fields_of(inner_, message, inner_scratch_);
  if (!parts.timed && outer.timed) {
    parts.timed = true;
    parts.stamp = outer.stamp;
  }
  const Severity own = parts.severity;
  if (access_within_ && parts.head) (void)read_access_within(parts, inner_scratch_);
  if (own == Severity::kUnknown && (parts.severity == Severity::kUnknown || parts.severity == Severity::kInfo))
    parts.severity = outer.severity == Severity::kUnknown ? parts.severity : outer.severity;
  return parts;
}

Parts Format::read(std::string_view line) {
  switch (wrap_) {
    case Wrap::kNone: {
      if (coloured_) line = without_colour(line, plain_);
      Parts parts = layout_.take_apart(line);
      if (!parts.head || parts.message.empty()) return parts;
      if (parts.message[0] == '"' && read_access(parts, scratch_)) return parts;
      if (access_within_) (void)read_access_within(parts, scratch_);
      return parts;
    }
    case Wrap::kJson:
    case Wrap::kLogfmt:
      return fields_of(wrap_, line, scratch_);
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
      if (rest.starts_with("1 ")) {
        rest.remove_prefix(2);
        Parts parts = outer;
        if (read_5424(rest, parts)) return parts;
      }
      return inside(rest, outer);
    }
  }
  Parts parts;
  parts.message = line;
  return parts;
}

bool Format::joins() const {
  return wrap_ == Wrap::kJson || wrap_ == Wrap::kLogfmt || inner_ != Wrap::kNone || layout_.joins();
}

std::string Format::describe() const {
  constexpr std::string_view kNames[] = {"text", "json lines",          "logfmt", "docker json-file",
                                         "cri",  "syslog with priority"};
  std::string words(kNames[static_cast<std::size_t>(wrap_)]);
  if (inner_ != Wrap::kNone) return words + (inner_ == Wrap::kJson ? " of json lines" : " of logfmt");
  const bool times = layout_.timed() || wrap_ == Wrap::kDocker || wrap_ == Wrap::kCri;
  if (wrap_ != Wrap::kJson && wrap_ != Wrap::kLogfmt) words += times ? ", timed" : ", without times";
  return words;
}

std::string Format::to_text() const {
  std::string text = std::to_string(static_cast<int>(wrap_));
  if (inner_ != Wrap::kNone) text += std::to_string(static_cast<int>(inner_));
  for (const auto& [letter, member] : kMarks) {
    if (this->*member) text += letter;
  }
  return text + " " + layout_.to_text();
}

Format Format::from_text(std::string_view text) {
  Format format;
  if (text.size() < 2 || text[0] < '0' || text[0] > '5') return format;
  format.wrap_ = static_cast<Wrap>(text[0] - '0');
  text.remove_prefix(1);
  const bool wraps = format.wrap_ == Wrap::kDocker || format.wrap_ == Wrap::kCri;
  if (wraps && (text[0] == '1' || text[0] == '2')) {
    format.inner_ = static_cast<Wrap>(text[0] - '0');
    text.remove_prefix(1);
  }
  for (const auto& [letter, member] : kMarks) {
    if (text.empty() || text[0] != letter) continue;
    format.*member = true;
    text.remove_prefix(1);
  }
  format.layout_ = Layout::from_text(without_space(text));
  return format;
}

}  // namespace daydream::logs
