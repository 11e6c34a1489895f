// One event, in the shape of the API (entries, camelCase) or as SDKs send it (exception, snake_case).
#include <algorithm>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/read/fields.hpp"
#include "plugins/sentry_review/read/payload.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kMostExceptions = 10;
constexpr std::size_t kMostFrames = 60;  // of one exception: the innermost
constexpr std::size_t kName = 200;
constexpr std::size_t kMessage = 500;
constexpr std::size_t kPath = 400;

std::string either(const json::Value& object, const char* one, const char* other, std::size_t max_bytes) {
  std::string found = words(object, one, max_bytes);
  return found.empty() ? words(object, other, max_bytes) : found;
}

std::string context_of(const json::Value& frame, int line) {
  if (std::string found = words(frame, "context_line", kName); !found.empty()) return found;
  const json::Value* context = array_member(frame, "context");
  if (context == nullptr) return "";
  for (const json::Value& pair : context->GetArray()) {
    if (!pair.IsArray() || pair.Size() < 2 || !pair[1].IsString()) continue;
    if (whole(&pair[0]).value_or(-1) == line) return clean({pair[1].GetString(), pair[1].GetStringLength()}, kName);
  }
  return "";
}

Frame read_frame(const json::Value& value) {
  Frame frame;
  frame.filename = words(value, "filename", kPath);
  frame.abs_path = either(value, "absPath", "abs_path", kPath);
  frame.module = words(value, "module", kName);
  frame.function = words(value, "function", kName);
  const json::Value* line = member(value, "lineNo");
  const std::int64_t number = whole(line != nullptr ? line : member(value, "lineno")).value_or(0);
  frame.line = number > 0 && number < 100'000'000 ? static_cast<int>(number) : 0;
  frame.in_app = flag(value, member(value, "inApp") != nullptr ? "inApp" : "in_app");
  frame.context_line = context_of(value, frame.line);
  return frame;
}

std::vector<Frame> read_frames(const json::Value& owner) {
  std::vector<Frame> frames;
  const json::Value* trace = object_member(owner, "stacktrace");
  const json::Value* list = array_member(trace != nullptr ? *trace : owner, "frames");
  if (list == nullptr) return frames;
  const std::size_t size = list->Size();
  for (std::size_t i = size > kMostFrames ? size - kMostFrames : 0; i < size; ++i) {
    const json::Value& item = (*list)[static_cast<rapidjson::SizeType>(i)];
    if (item.IsObject()) frames.push_back(read_frame(item));
  }
  return frames;
}

// A list under "values", or the list itself.
const json::Value* values_of(const json::Value& owner) {
  return owner.IsArray() ? &owner : array_member(owner, "values");
}

void read_exceptions(const json::Value& owner, Event& event) {
  const json::Value* values = values_of(owner);
  if (values == nullptr) return;
  const std::size_t size = values->Size();
  for (std::size_t i = size > kMostExceptions ? size - kMostExceptions : 0; i < size; ++i) {
    const json::Value& item = (*values)[static_cast<rapidjson::SizeType>(i)];
    if (!item.IsObject()) continue;
    Exception exception;
    exception.type = words(item, "type", kName);
    exception.value = words(item, "value", kMessage);
    exception.module = words(item, "module", kName);
    if (const json::Value* mechanism = object_member(item, "mechanism")) {
      exception.handled = flag(*mechanism, "handled");
      if (const json::Value* data = object_member(*mechanism, "data")) {
        event.signal_address = words(*data, "relevant_address", 40);
      }
    }
    exception.frames = read_frames(item);
    event.exceptions.push_back(std::move(exception));
  }
}

void read_threads(const json::Value& owner, Event& event) {
  const json::Value* values = values_of(owner);
  if (values == nullptr || !event.frames.empty()) return;
  for (const json::Value& item : values->GetArray()) {
    if (flag(item, "crashed").value_or(false) || flag(item, "current").value_or(false)) {
      event.frames = read_frames(item);
      if (!event.frames.empty()) return;
    }
  }
}

void read_entry(const json::Value& entry, Event& event) {
  const std::string type = words(entry, "type", 40);
  const json::Value* data = member(entry, "data");
  if (data == nullptr) return;
  if (type == "exception") read_exceptions(*data, event);
  if (type == "stacktrace" && event.frames.empty()) event.frames = read_frames(*data);
  if (type == "threads") read_threads(*data, event);
  if (type == "message" && event.message.empty()) event.message = either(*data, "formatted", "message", kMessage);
}

void read_tags(const json::Value& value, Event& event) {
  const auto take = [&](const std::string& key, const std::string& text) {
    if (key == "environment" && event.environment.empty()) event.environment = text;
    if ((key == "release" || key == "sentry:release") && event.release.empty()) event.release = text;
    if (key == "level" && event.level.empty()) event.level = text;
  };
  const json::Value* tags = member(value, "tags");
  if (tags == nullptr) return;
  if (tags->IsArray()) {
    for (const json::Value& tag : tags->GetArray()) {
      if (tag.IsObject()) take(words(tag, "key", kName), words(tag, "value", kName));
      if (tag.IsArray() && tag.Size() == 2 && tag[0].IsString() && tag[1].IsString()) {
        take(json::string_of(tag[0]), clean(json::string_of(tag[1]), kName));
      }
    }
  } else if (tags->IsObject()) {
    for (const char* key : {"environment", "release", "sentry:release", "level"}) take(key, words(*tags, key, kName));
  }
}

void read_release(const json::Value& value, Event& event) {
  const json::Value* release = member(value, "release");
  if (release == nullptr) return;
  if (!release->IsObject()) {
    event.release = words(value, "release", kName);
    return;
  }
  event.release = words(*release, "version", kName);
  if (const json::Value* commit = object_member(*release, "lastCommit")) {
    event.release_commit = words(*commit, "id", 80);
  }
}

}  // namespace

Event read_event(const json::Value& value) {
  Event event;
  event.id = either(value, "eventID", "event_id", 80);
  if (event.id.empty()) event.id = words(value, "id", 80);
  event.issue_id = either(value, "groupID", "groupId", 80);
  event.project_id = either(value, "projectID", "project_id", 80);
  event.platform = words(value, "platform", 40);
  event.level = words(value, "level", 40);
  event.title = words(value, "title", kMessage);
  event.message = words(value, "message", kMessage);
  event.culprit = either(value, "culprit", "transaction", kName);
  event.environment = words(value, "environment", kName);
  for (const char* key : {"dateCreated", "timestamp", "dateReceived", "received"}) {
    if (event.when == 0) event.when = instant(value, key);
  }
  read_release(value, event);
  read_tags(value, event);
  if (const json::Value* entries = array_member(value, "entries")) {
    for (const json::Value& entry : entries->GetArray()) read_entry(entry, event);
  }
  if (const json::Value* exception = member(value, "exception")) read_exceptions(*exception, event);
  if (const json::Value* threads = member(value, "threads")) read_threads(*threads, event);
  if (event.frames.empty() && object_member(value, "stacktrace") != nullptr) event.frames = read_frames(value);
  if (const json::Value* entry = object_member(value, "logentry"); entry != nullptr && event.message.empty()) {
    event.message = either(*entry, "formatted", "message", kMessage);
  }
  if (event.title.empty()) {
    if (const json::Value* metadata = object_member(value, "metadata"))
      event.title = words(*metadata, "title", kMessage);
  }
  return event;
}

}  // namespace daydream::sentry
