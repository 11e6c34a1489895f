#include "plugins/log_review/format/fields.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace daydream::logs {
namespace {

constexpr std::size_t kMostFields = 256;
constexpr int kDeepest = 64;
constexpr int kMostNested = 3;

// Names of a kind, best first.
template <std::size_t N>
int rank(const std::array<std::string_view, N>& names, std::string_view key) {
  const auto found = std::find(names.begin(), names.end(), key);
  return found == names.end() ? -1 : static_cast<int>(found - names.begin());
}
constexpr std::array<std::string_view, 13> kMessages = {"message",       "msg",      "MESSAGE",    "@m",  "@mt",
                                                        "Message",       "event",    "body",       "log", "text",
                                                        "short_message", "@message", "textPayload"};
constexpr std::array<std::string_view, 14> kLevels = {
    "level", "severity", "lvl",          "log.level",     "levelname", "loglevel",       "log_level",
    "Level", "@l",       "severityText", "severity_text", "PRIORITY",  "severityNumber", "s"};
constexpr std::array<std::string_view, 14> kTimes = {"@timestamp",
                                                     "timestamp",
                                                     "time",
                                                     "ts",
                                                     "@t",
                                                     "asctime",
                                                     "datetime",
                                                     "Timestamp",
                                                     "t",
                                                     "date",
                                                     "time_unix_nano",
                                                     "_SOURCE_REALTIME_TIMESTAMP",
                                                     "__REALTIME_TIMESTAMP",
                                                     "timeUnixNano"};
constexpr std::array<std::string_view, 9> kComponents = {
    "logger", "SYSLOG_IDENTIFIER", "log.logger", "logger_name", "component", "name", "service", "_COMM", "module"};

// Keeps the field whose name stands nearest to the front of its list.
class Keeper {
 public:
  void take(std::string_view key, std::string_view value, bool text) {
    if (++count_ > kMostFields) return;
    if (text) keep(rank(kMessages, key), message_, fields.message, value);
    keep(rank(kLevels, key), level_, fields.level, value);
    keep(rank(kTimes, key), time_, fields.time, value);
    if (text) keep(rank(kComponents, key), component_, fields.component, value);
    log_ = log_ || (text && key == "log");
    stream_ = stream_ || key == "stream";
  }
  Fields finish() {
    fields.docker = log_ && stream_;
    fields.good = true;
    return fields;
  }
  Fields fields;

 private:
  static void keep(int rank, int& best, std::string_view& kept, std::string_view value) {
    if (rank < 0 || (best >= 0 && best <= rank)) return;
    best = rank;
    kept = value;
  }
  int message_ = -1, level_ = -1, time_ = -1, component_ = -1;
  std::size_t count_ = 0;
  bool log_ = false, stream_ = false;
};

bool is_space(char c) {
  return c == ' ' || c == '\t';
}

void put_point(unsigned point, std::string& out) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0U | point >> 6U);
    out += static_cast<char>(0x80U | (point & 0x3FU));
  } else {
    out += static_cast<char>(0xE0U | point >> 12U);
    out += static_cast<char>(0x80U | (point >> 6U & 0x3FU));
    out += static_cast<char>(0x80U | (point & 0x3FU));
  }
}

// The content of a JSON string, unescaped into `scratch` where it must be.
std::string_view unescape(std::string_view raw, std::string& scratch) {
  if (raw.find('\\') == std::string_view::npos) return raw;
  scratch.clear();
  for (std::size_t at = 0; at < raw.size(); ++at) {
    if (raw[at] != '\\' || at + 1 == raw.size()) {
      scratch += raw[at];
      continue;
    }
    const char c = raw[++at];
    if (c == 'u' && at + 4 < raw.size()) {
      unsigned point = 0;
      const auto [end, failed] = std::from_chars(raw.data() + at + 1, raw.data() + at + 5, point, 16);
      if (failed == std::errc() && end == raw.data() + at + 5) {
        put_point(point >= 0xD800 && point < 0xE000 ? 0xFFFD : point, scratch);
        at += 4;
        continue;
      }
    }
    scratch += c == 'n' ? '\n' : c == 't' ? '\t' : c == 'r' ? '\r' : c == 'b' || c == 'f' ? ' ' : c;
  }
  return scratch;
}

class Json {
 public:
  explicit Json(std::string_view line, int depth = 0) : line_(line), depth_(depth) {}

  bool read(Keeper& keeper) {
    skip_space();
    if (!eat('{')) return false;
    skip_space();
    if (eat('}')) return at_end();
    for (;;) {
      std::string_view key, value;
      bool text = false;
      skip_space();
      if (!string(key)) return false;
      skip_space();
      if (!eat(':')) return false;
      skip_space();
      if (!this->value(value, text)) return false;
      if (!value.empty() && value[0] == '{' && !text)
        nested(key, value, keeper);
      else
        keeper.take(key, value, text);
      skip_space();
      if (eat('}')) return at_end();
      if (!eat(',')) return false;
    }
  }

 private:
  // Objects that hold what others write beside them: {"log": {"level": "info"}} (ECS), {"fields": {"message": "..."}}
  // (tracing), {"jsonPayload": {...}} (Google), {"t": {"$date": "..."}} (MongoDB), {"body": {"stringValue": "..."}}
  // (OpenTelemetry), {"record": {"level": {"name": "INFO"}}} (loguru).
  void nested(std::string_view key, std::string_view object, Keeper& keeper) const {
    if (depth_ >= kMostNested) return;
    constexpr std::array<std::string_view, 4> kHolders = {"log", "fields", "jsonPayload", "record"};
    const bool holder = rank(kHolders, key) >= 0;
    const bool named = rank(kMessages, key) >= 0 || rank(kLevels, key) >= 0 || rank(kTimes, key) >= 0;
    if (!holder && !named) return;
    Json inner(object, depth_ + 1);
    inner.outer_ = holder ? std::string_view() : key;
    inner.members(keeper, key == "log");
  }
  // What stands for the whole of an object that is a message, a level or a time.
  static bool is_essence(std::string_view key) {
    constexpr std::array<std::string_view, 6> kNames = {"$date", "stringValue", "repr", "name", "value", "text"};
    return rank(kNames, key) >= 0;
  }
  // Those of a nested object; what is no JSON ends it.
  void members(Keeper& keeper, bool log) {
    if (!eat('{')) return;
    std::string_view key, value;
    for (bool text = false;; text = false) {
      skip_space();
      if (!string(key)) return;
      skip_space();
      if (!eat(':')) return;
      skip_space();
      if (!this->value(value, text)) return;
      if (!outer_.empty()) {
        if (text && is_essence(key)) keeper.take(outer_, value, true);
      } else if (!value.empty() && value[0] == '{' && !text) {
        nested(key, value, keeper);
      } else if (log && key == "level") {
        keeper.take("log.level", value, text);
      } else {
        keeper.take(key, value, text);
      }
      skip_space();
      if (!eat(',')) return;
    }
  }
  [[nodiscard]] char peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }
  bool eat(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void skip_space() {
    while (is_space(peek())) ++at_;
  }
  bool at_end() {
    skip_space();
    return at_ == line_.size();
  }
  bool string(std::string_view& out) {
    if (!eat('"')) return false;
    const std::size_t begin = at_;
    while (at_ < line_.size()) {
      const std::size_t stop = line_.find_first_of("\"\\", at_);
      if (stop == std::string_view::npos) return false;
      if (line_[stop] == '"') {
        out = line_.substr(begin, stop - begin);
        at_ = stop + 1;
        return true;
      }
      at_ = stop + 2;
    }
    return false;
  }
  bool value(std::string_view& out, bool& text) {
    const std::size_t begin = at_;
    if (peek() == '"') {
      text = true;
      return string(out);
    }
    if (peek() == '{' || peek() == '[') {
      if (!skip_nested()) return false;
      out = line_.substr(begin, at_ - begin);
      return true;
    }
    while (at_ < line_.size() && std::string_view(",}] \t").find(line_[at_]) == std::string_view::npos) ++at_;
    out = line_.substr(begin, at_ - begin);
    return !out.empty();
  }
  bool skip_nested() {
    int depth = 0;
    while (at_ < line_.size()) {
      const char c = line_[at_];
      std::string_view ignored;
      if (c == '"') {
        if (!string(ignored)) return false;
        continue;
      }
      ++at_;
      if ((c == '{' || c == '[') && ++depth > kDeepest) return false;
      if ((c == '}' || c == ']') && --depth == 0) return true;
    }
    return false;
  }
  std::string_view line_;
  std::string_view outer_{};  // the name of a message, level or time that is an object
  std::size_t at_ = 0;
  int depth_;
};

bool is_key(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '-' || c == '@';
}

Severity severity_of_number(std::string_view digits, std::string_view time) {
  std::int64_t number = -1;
  const auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (failed != std::errc() || end != digits.data() + digits.size()) return Severity::kUnknown;
  if (number <= 7) return severity_of_syslog(number);
  (void)time;
  return number <= 60 && number % 10 == 0 ? severity_of_pino(number) : severity_of_otel(number);
}

}  // namespace

Fields read_json(std::string_view line, std::string& scratch) {
  Keeper keeper;
  if (!Json(line).read(keeper)) return {};
  Fields fields = keeper.finish();
  fields.message = unescape(fields.message, scratch);
  while (fields.docker && !fields.message.empty() && (fields.message.back() == '\n' || fields.message.back() == '\r')) {
    fields.message.remove_suffix(1);
  }
  return fields;
}

Fields read_logfmt(std::string_view line, std::string& scratch) {
  Keeper keeper;
  std::size_t at = 0, count = 0;
  while (at < line.size()) {
    while (at < line.size() && is_space(line[at])) ++at;
    if (at == line.size()) break;
    const std::size_t key = at;
    while (at < line.size() && is_key(line[at])) ++at;
    if (at == key || at == line.size() || line[at] != '=') return {};
    const std::string_view name = line.substr(key, at - key);
    std::size_t begin = ++at;
    std::string_view value;
    if (begin < line.size() && (line[begin] == '"' || line[begin] == '\'')) {  // Python's repr() takes the other mark
      const char mark = line[begin];
      ++begin;
      at = begin;
      while (at < line.size() && line[at] != mark) at += line[at] == '\\' ? 2 : 1;
      if (at >= line.size()) return {};
      value = line.substr(begin, at - begin);
      ++at;
    } else {
      while (at < line.size() && !is_space(line[at])) ++at;
      value = line.substr(begin, at - begin);
    }
    keeper.take(name, value, true);
    ++count;
  }
  if (count < 2) return {};
  Fields fields = keeper.finish();
  fields.message = unescape(fields.message, scratch);
  return fields;
}

Parts parts_of(const Fields& fields) {
  Parts parts;
  parts.head = fields.good;
  parts.message = fields.message;
  parts.component = fields.component;
  // slog: "WARN+2"
  parts.severity = severity_of_word(fields.level.substr(0, fields.level.find_first_of("+-", 1)), true);
  if (parts.severity == Severity::kUnknown && !fields.level.empty() && fields.level[0] >= '0' &&
      fields.level[0] <= '9') {
    parts.severity = severity_of_number(fields.level, fields.time);
  }
  if (!fields.time.empty()) {
    std::size_t length = 0;
    parts.timed = find_time(fields.time, &length, &parts.stamp) < time_patterns() && length + 1 >= fields.time.size();
  }
  return parts;
}

}  // namespace daydream::logs
