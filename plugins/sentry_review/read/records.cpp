// Records as they are kept in memory between pages: short keys, absent where empty.
#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {
namespace {

void put(json::Writer& out, const char* key, const std::string& text) {
  if (!text.empty()) out.field(key, text);
}
void put(json::Writer& out, const char* key, std::int64_t number) {
  if (number != 0) out.field(key, number);
}
void put(json::Writer& out, const char* key, const std::optional<bool>& flag) {
  if (flag) out.field(key, *flag);
}

std::optional<bool> flag_of(const json::Value& object, const char* key) {
  const json::Value* found = json::find(object, key);
  if (found == nullptr || !found->IsBool()) return std::nullopt;
  return found->GetBool();
}

void put_frames(json::Writer& out, const std::vector<Frame>& frames) {
  if (frames.empty()) return;
  out.key("fr").begin_array();
  for (const Frame& frame : frames) {
    out.begin_object();
    put(out, "f", frame.filename);
    put(out, "a", frame.abs_path);
    put(out, "m", frame.module);
    put(out, "n", frame.function);
    put(out, "c", frame.context_line);
    put(out, "l", std::int64_t{frame.line});
    put(out, "i", frame.in_app);
    out.end_object();
  }
  out.end_array();
}

std::vector<Frame> frames_of(const json::Value& object) {
  std::vector<Frame> frames;
  const json::Value* list = json::find(object, "fr");
  if (list == nullptr || !list->IsArray()) return frames;
  for (const json::Value& item : list->GetArray()) {
    Frame frame;
    frame.filename = json::get_string(item, "f");
    frame.abs_path = json::get_string(item, "a");
    frame.module = json::get_string(item, "m");
    frame.function = json::get_string(item, "n");
    frame.context_line = json::get_string(item, "c");
    frame.line = static_cast<int>(json::get_int(item, "l"));
    frame.in_app = flag_of(item, "i");
    frames.push_back(std::move(frame));
  }
  return frames;
}

void put_fix(json::Writer& out, const Fix& fix) {
  put(out, "fr", fix.release);
  put(out, "fa", fix.after_release);
  put(out, "fc", fix.commit);
  put(out, "fw", fix.when);
}

Fix fix_of(const json::Value& object) {
  return {json::get_string(object, "fr"), json::get_string(object, "fa"), json::get_string(object, "fc"),
          json::get_int(object, "fw")};
}

}  // namespace

std::string Issue::to_json() const {
  json::Writer out;
  out.begin_object().field("id", id);
  put(out, "sid", short_id);
  put(out, "t", title);
  put(out, "cu", culprit);
  put(out, "l", level);
  put(out, "su", substatus);
  put(out, "pr", priority);
  put(out, "pl", permalink);
  put(out, "pf", platform);
  put(out, "ty", type);
  put(out, "va", value);
  put(out, "fi", filename);
  put(out, "fu", function);
  put(out, "ca", category);
  put(out, "pi", project_id);
  put(out, "p", project);
  put(out, "st", static_cast<std::int64_t>(status));
  put(out, "uh", unhandled);
  put(out, "n", count);
  put(out, "ln", lifetime_count);
  put(out, "us", users);
  if (count_known) out.field("nk", true);
  put(out, "fs", first_seen);
  put(out, "ls", last_seen);
  put_fix(out, fix);
  put(out, "r1", first_release);
  put(out, "r2", last_release);
  out.end_object();
  return out.take();
}

Issue Issue::from_json(const json::Value& value) {
  Issue issue;
  const auto text = [&](const char* key) { return json::get_string(value, key); };
  issue.id = text("id");
  issue.short_id = text("sid");
  issue.title = text("t");
  issue.culprit = text("cu");
  issue.level = text("l");
  issue.substatus = text("su");
  issue.priority = text("pr");
  issue.permalink = text("pl");
  issue.platform = text("pf");
  issue.type = text("ty");
  issue.value = text("va");
  issue.filename = text("fi");
  issue.function = text("fu");
  issue.category = text("ca");
  issue.project_id = text("pi");
  issue.project = text("p");
  issue.status = static_cast<Status>(json::get_int(value, "st"));
  issue.unhandled = flag_of(value, "uh");
  issue.count = json::get_int(value, "n");
  issue.lifetime_count = json::get_int(value, "ln");
  issue.users = json::get_int(value, "us");
  issue.count_known = json::get_bool(value, "nk");
  issue.first_seen = json::get_int(value, "fs");
  issue.last_seen = json::get_int(value, "ls");
  issue.fix = fix_of(value);
  issue.first_release = text("r1");
  issue.last_release = text("r2");
  return issue;
}

const std::vector<Frame>& Event::main_frames() const {
  for (auto exception = exceptions.rbegin(); exception != exceptions.rend(); ++exception) {
    if (!exception->frames.empty()) return exception->frames;
  }
  return frames;
}

std::string Event::to_json() const {
  json::Writer out;
  out.begin_object().field("id", id);
  put(out, "is", issue_id);
  put(out, "pi", project_id);
  put(out, "pf", platform);
  put(out, "l", level);
  put(out, "t", title);
  put(out, "m", message);
  put(out, "cu", culprit);
  put(out, "r", release);
  put(out, "rc", release_commit);
  put(out, "en", environment);
  put(out, "w", when);
  put(out, "sa", signal_address);
  out.key("ex").begin_array();
  for (const Exception& exception : exceptions) {
    out.begin_object();
    put(out, "ty", exception.type);
    put(out, "va", exception.value);
    put(out, "mo", exception.module);
    put(out, "ha", exception.handled);
    put_frames(out, exception.frames);
    out.end_object();
  }
  out.end_array();
  put_frames(out, frames);
  out.end_object();
  return out.take();
}

Event Event::from_json(const json::Value& value) {
  Event event;
  const auto text = [&](const char* key) { return json::get_string(value, key); };
  event.id = text("id");
  event.issue_id = text("is");
  event.project_id = text("pi");
  event.platform = text("pf");
  event.level = text("l");
  event.title = text("t");
  event.message = text("m");
  event.culprit = text("cu");
  event.release = text("r");
  event.release_commit = text("rc");
  event.environment = text("en");
  event.when = json::get_int(value, "w");
  event.signal_address = text("sa");
  if (const json::Value* list = json::find(value, "ex"); list != nullptr && list->IsArray()) {
    for (const json::Value& item : list->GetArray()) {
      Exception exception;
      exception.type = json::get_string(item, "ty");
      exception.value = json::get_string(item, "va");
      exception.module = json::get_string(item, "mo");
      exception.handled = flag_of(item, "ha");
      exception.frames = frames_of(item);
      event.exceptions.push_back(std::move(exception));
    }
  }
  event.frames = frames_of(value);
  return event;
}

}  // namespace daydream::sentry
