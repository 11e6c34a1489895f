#include "plugins/sentry_review/read/payload.hpp"

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/read/fields.hpp"
#include "plugins/sentry_review/read/repair.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kName = 200;
constexpr std::size_t kMessage = 500;
constexpr int kMaxDepth = 256;

Status read_status(const json::Value& value) {
  const std::string status = words(value, "status", 40);
  if (status == "resolved" || status == "resolvedInNextRelease") return Status::kResolved;
  if (status == "ignored" || status == "archived" || status == "muted") return Status::kIgnored;
  return Status::kUnresolved;
}

// "2.0" of "2.0", of {"version": "2.0"}.
std::string version_of(const json::Value& object, const char* key) {
  const json::Value* found = member(object, key);
  if (found == nullptr) return "";
  return found->IsObject() ? words(*found, "version", kName) : words(object, key, kName);
}

std::string commit_of(const json::Value& object, const char* key) {
  const json::Value* found = member(object, key);
  if (found == nullptr) return "";
  return found->IsObject() ? words(*found, "id", 80) : words(object, key, 80);
}

// One entry of an issue's history; the last word on a resolution wins.
void read_activity(const json::Value& entry, Fix& fix) {
  const std::string type = words(entry, "type", 60);
  if (!type.starts_with("set_resolved")) return;
  const Millis when = instant(entry, "dateCreated");
  if (when < fix.when) return;
  const json::Value* data = object_member(entry, "data");
  fix = Fix{};
  fix.when = when;
  if (data == nullptr) return;
  if (type == "set_resolved_in_release") {
    fix.release = words(*data, "version", kName);
    fix.after_release = words(*data, "current_release_version", kName);
    if (!fix.release.empty()) fix.after_release.clear();
  }
  if (type == "set_resolved_in_commit") fix.commit = commit_of(*data, "commit");
  if (type == "set_resolved_in_pull_request") {
    if (const json::Value* pull = object_member(*data, "pullRequest")) fix.commit = commit_of(*pull, "mergeCommit");
  }
}

Fix read_fix(const json::Value& value) {
  Fix fix;
  if (const json::Value* activity = array_member(value, "activity")) {
    for (const json::Value& entry : activity->GetArray()) read_activity(entry, fix);
  }
  const json::Value* details = object_member(value, "statusDetails");
  if (details == nullptr) return fix;
  const std::string release = version_of(*details, "inRelease");
  const std::string commit = commit_of(*details, "inCommit");
  if (!release.empty()) fix.release = release;
  if (!commit.empty()) fix.commit = commit;
  return fix;
}

void read_counts(const json::Value& value, Issue& issue) {
  const auto count = whole(member(value, "count"));
  issue.count_known = count.has_value();
  issue.count = std::max<std::int64_t>(0, count.value_or(0));
  issue.users = std::max<std::int64_t>(0, whole(member(value, "userCount")).value_or(0));
  issue.first_seen = instant(value, "firstSeen");
  issue.last_seen = instant(value, "lastSeen");
  // With a window the counts above are the window's and those of the whole life stand apart.
  const json::Value* lifetime = object_member(value, "lifetime");
  if (lifetime == nullptr) return;
  issue.lifetime_count = std::max<std::int64_t>(0, whole(member(*lifetime, "count")).value_or(0));
  if (const Millis first = instant(*lifetime, "firstSeen"); first != 0) issue.first_seen = first;
  if (const Millis last = instant(*lifetime, "lastSeen"); last > issue.last_seen) issue.last_seen = last;
}

Release read_release(const json::Value& value) {
  Release release{words(value, "version", kName), ""};
  if (const json::Value* commit = object_member(value, "lastCommit")) release.commit = words(*commit, "id", 80);
  return release;
}

bool looks_like_release(const json::Value& value) {
  return member(value, "version") != nullptr &&
         (json::find(value, "lastCommit") != nullptr || member(value, "versionInfo") != nullptr ||
          member(value, "shortVersion") != nullptr);
}

void take(const json::Value& value, Payload& payload) {
  if (looks_like_event(value)) {
    payload.events.push_back(read_event(value));
  } else if (looks_like_issue(value)) {
    for (const char* key : {"substatus", "lifetime", "isUnhandled", "issueCategory", "filtered"}) {
      payload.names_substatus = payload.names_substatus || json::find(value, key) != nullptr;
    }
    payload.issues.push_back(read_issue(value));
  } else if (looks_like_release(value)) {
    payload.releases.push_back(read_release(value));
  } else {
    ++payload.unreadable;
  }
}

}  // namespace

bool looks_like_issue(const json::Value& value) {
  if (!value.IsObject() || words(value, "id", 80).empty()) return false;
  int signs = 0;
  for (const char* key : {"shortId", "lastSeen", "firstSeen", "count", "culprit", "title", "metadata", "status"}) {
    signs += member(value, key) != nullptr ? 1 : 0;
  }
  return signs >= 2;
}

bool looks_like_event(const json::Value& value) {
  if (!value.IsObject()) return false;
  if (member(value, "shortId") != nullptr) return false;
  if (member(value, "eventID") != nullptr || member(value, "event_id") != nullptr) return true;
  return array_member(value, "entries") != nullptr || (member(value, "exception") != nullptr);
}

Issue read_issue(const json::Value& value) {
  Issue issue;
  issue.id = words(value, "id", 80);
  issue.short_id = words(value, "shortId", 100);
  issue.title = words(value, "title", kMessage);
  issue.culprit = words(value, "culprit", kName);
  issue.level = text::to_lower_ascii(words(value, "level", 40));
  issue.substatus = words(value, "substatus", 60);
  issue.priority = words(value, "priority", 20);
  issue.permalink = words(value, "permalink", 300);
  issue.platform = words(value, "platform", 60);
  issue.category = words(value, "issueCategory", 60);
  if (const json::Value* metadata = object_member(value, "metadata")) {
    issue.type = words(*metadata, "type", kName);
    issue.value = words(*metadata, "value", kMessage);
    issue.filename = words(*metadata, "filename", 400);
    issue.function = words(*metadata, "function", kName);
    if (issue.title.empty()) issue.title = words(*metadata, "title", kMessage);
  }
  if (const json::Value* project = object_member(value, "project")) {
    issue.project_id = words(*project, "id", 80);
    issue.project = words(*project, "slug", 100);
    if (issue.platform.empty()) issue.platform = words(*project, "platform", 60);
  }
  issue.status = read_status(value);
  issue.unhandled = flag(value, "isUnhandled");
  read_counts(value, issue);
  issue.fix = read_fix(value);
  issue.first_release = version_of(value, "firstRelease");
  issue.last_release = version_of(value, "lastRelease");
  return issue;
}

Result<Payload> read_payload(std::string_view body) {
  const std::string_view start = text::trim(body.substr(0, 200));
  if (text::trim(body).empty()) return Error(ErrorKind::kInvalid, "an empty answer");
  if (start.starts_with("<")) return Error(ErrorKind::kInvalid, "a page of HTML in place of JSON");
  json::ParseOptions options;
  options.name = "answer";
  options.positions = false;
  options.max_depth = kMaxDepth;
  options.max_bytes = std::size_t{16} << 20;
  auto parsed = json::Text::parse(repair_json(body), options);
  if (!parsed) return Error(ErrorKind::kInvalid, "no JSON that can be read: " + clean(parsed.error().message(), 200));
  const json::Value* root = &parsed->root();
  // Proxies and those who save pages wrap the list.
  if (root->IsObject() && !looks_like_event(*root) && !looks_like_issue(*root)) {
    for (const char* key : {"data", "issues", "events", "results"}) {
      if (const json::Value* wrapped = array_member(parsed->root(), key)) root = wrapped;
    }
  }
  Payload payload;
  if (root->IsArray()) {
    payload.list = true;
    for (const json::Value& item : root->GetArray()) take(item, payload);
  } else if (root->IsObject()) {
    take(*root, payload);
  } else {
    return Error(ErrorKind::kInvalid, "JSON that is neither a list nor an object");
  }
  return payload;
}

std::string error_detail(std::string_view body) {
  if (body.size() > 64 * 1024) return "";
  json::ParseOptions options;
  options.positions = false;
  auto parsed = json::Text::parse(repair_json(body), options);
  if (!parsed || !parsed->root().IsObject()) return "";
  const json::Value& root = parsed->root();
  if (const json::Value* detail = object_member(root, "detail")) return words(*detail, "message", 200);
  if (std::string detail = words(root, "detail", 200); !detail.empty()) return detail;
  for (const auto& field : root.GetObject()) {
    if (!field.value.IsArray() || field.value.Empty() || !field.value[0].IsString()) continue;
    return clean(json::string_of(field.name) + ": " + json::string_of(field.value[0]), 200);
  }
  return "";
}

}  // namespace daydream::sentry
