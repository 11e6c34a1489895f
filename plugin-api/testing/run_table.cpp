#include "daydream/run.h"

#include <charconv>
#include <chrono>

#include "daydream/kit/json.hpp"
#include "session.hpp"

namespace daydream::testing {

namespace {

int digits(const std::string& text, std::size_t from, std::size_t count) {
  int value = 0;
  if (from + count <= text.size()) std::from_chars(text.data() + from, text.data() + from + count, value);
  return value;
}

// "2026-11-22", "2026-11-22T02:30:00Z", "2026-11-22T02:30:00+01:00".
std::int64_t unix_ms(const std::string& date) {
  using namespace std::chrono;
  const year_month_day day{year(digits(date, 0, 4)), month(static_cast<unsigned>(digits(date, 5, 2))),
                           std::chrono::day(static_cast<unsigned>(digits(date, 8, 2)))};
  std::int64_t seconds = sys_seconds(sys_days(day)).time_since_epoch().count();
  seconds += digits(date, 11, 2) * 3600 + digits(date, 14, 2) * 60 + digits(date, 17, 2);
  const std::size_t sign = date.find_first_of("+-", 19);
  if (sign != std::string::npos) {
    const int offset = digits(date, sign + 1, 2) * 3600 + digits(date, sign + 4, 2) * 60;
    seconds -= date[sign] == '+' ? offset : -offset;
  }
  return seconds * 1000;
}

std::string facts_json(const Session& session, int attempt, const std::string& command) {
  const Start& start = session.start();
  const std::string date = start.now.substr(0, 10);
  json::Writer out;
  out.begin_object().field("run_id", date).field("date", date).field("zone", start.zone).field("now", start.now);
  out.field("now_ms", unix_ms(start.now)).field("step_id", start.step_id).field("attempt", attempt);
  out.field("mode", start.mode).field("blob_format", "sha1").key("previous_run");
  if (start.previous_run) {
    out.begin_object().field("run_id", start.previous_run->first);
    out.field("now_ms", unix_ms(start.previous_run->second)).end_object();
  } else {
    out.null();
  }
  if (!command.empty()) {
    out.field("command", command).field("directory", session.workspace().root("repository").value_or(""));
  }
  out.end_object();
  return out.take();
}

dd_status run_facts(dd_run* run, dd_text* json) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("facts")) return DD_BAD_ARGUMENT;
  if (json == nullptr) return session.broken("facts: a null pointer"), DD_BAD_ARGUMENT;
  *json = text_of(session.keep("facts", facts_json(session, session.attempt, session.command)));
  return DD_OK;
}

dd_status run_root(dd_run* run, dd_text name, dd_bytes* path) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("root") || !session.readable(name.data, name.size, "root")) return DD_BAD_ARGUMENT;
  if (path == nullptr) return session.broken("root: a null pointer"), DD_BAD_ARGUMENT;
  const auto place = session.workspace().root(string_of(name));
  if (!place) return DD_NOT_FOUND;
  *path = bytes_of(session.keep("root", *place));
  return DD_OK;
}

dd_status run_print(dd_run* run, dd_bytes bytes) noexcept {
  Session& session = *Session::of(run);
  if (!session.on_run_thread("print") || !session.readable(bytes.data, bytes.size, "print")) return DD_BAD_ARGUMENT;
  if (!session.command.empty()) session.answer().printed += string_of(bytes);
  return DD_OK;
}

}  // namespace

const void* run_table() {
  static constexpr dd_run_service kTable{sizeof(dd_run_service), &run_facts, &run_root, &run_print};
  return &kTable;
}

}  // namespace daydream::testing
