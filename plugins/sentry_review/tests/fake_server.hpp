// A small Sentry (or GlitchTip) for tests: issues, their events, lists in pages with a Link header. Pure: a
// target in, an answer out; faults are put in front of it by the test.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::sentry::fake {

struct Issue {
  std::string id, short_id;
  std::string title = "KeyError: 'amount'";
  std::string status = "unresolved", substatus = "ongoing", level = "error";
  std::string first_seen = "2026-01-01T00:00:00Z", last_seen = "2026-11-22T01:00:00Z";
  int count = 12, users = 3;
  std::string release = "app@1.0.0";
  std::string activity = "[]";
};

struct Reply {
  int status = 200;
  std::string link, body;
};

inline std::string decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += text[i];
    }
  }
  return out;
}

struct Target {
  std::string path;
  std::multimap<std::string, std::string> query;
  explicit Target(std::string_view target) {
    const std::size_t mark = target.find('?');
    path = std::string(target.substr(0, mark));
    if (mark == std::string_view::npos) return;
    for (const std::string_view part : text::split(target.substr(mark + 1), '&')) {
      const std::size_t equals = part.find('=');
      if (equals != std::string_view::npos) query.emplace(part.substr(0, equals), decoded(part.substr(equals + 1)));
    }
  }
  [[nodiscard]] std::string get(const std::string& name) const {
    const auto found = query.find(name);
    return found == query.end() ? "" : found->second;
  }
  [[nodiscard]] bool has(const std::string& name) const { return query.contains(name); }
};

class Server {
 public:
  std::vector<Issue> issues;
  bool glitchtip = false;
  bool knows_recommended = true, knows_substatus = true, knows_window = true;
  std::size_t page_size = 100;
  std::string prefix = "/api/0";

  [[nodiscard]] Reply answer(std::string_view asked) const {
    const Target target(asked);
    if (!target.path.starts_with(prefix)) return {404, "", R"({"detail": "Not found"})"};
    const std::string path = target.path.substr(prefix.size());
    const std::string organized = "/organizations/acme/issues/";
    if (path == organized) return list(target);
    if (path.starts_with(organized) && !glitchtip) return one(path.substr(organized.size()));
    if (path.starts_with("/issues/")) return one(path.substr(8));
    return {404, "", R"({"detail": "The requested resource does not exist"})"};
  }

  [[nodiscard]] std::string issue_json(const Issue& issue) const {
    json::Writer out;
    out.begin_object().field("id", issue.id).field("shortId", issue.short_id).field("title", issue.title);
    out.field("culprit", "pay.views in charge").field("level", issue.level).field("status", issue.status);
    out.field("count", std::to_string(issue.count)).field("userCount", issue.users).field("platform", "python");
    out.field("firstSeen", issue.first_seen).field("lastSeen", issue.last_seen);
    out.key("project").begin_object().field("id", "1").field("slug", "pay").end_object();
    out.key("metadata")
        .begin_object()
        .field("type", "KeyError")
        .field("value", "'amount " + issue.id + "'")
        .end_object();
    if (!glitchtip) {
      out.field("substatus", issue.substatus).field("isUnhandled", true).field("issueCategory", "error");
      out.key("lifetime")
          .begin_object()
          .field("count", std::to_string(issue.count + 1000))
          .field("firstSeen", issue.first_seen);
      out.field("lastSeen", issue.last_seen).end_object();
    }
    out.key("activity").raw(issue.activity).end_object();
    return out.take();
  }

 private:
  [[nodiscard]] bool asked_for(const Issue& issue, const Target& target) const {
    if (target.has("group")) {
      const auto [begin, end] = target.query.equal_range("group");
      return std::any_of(begin, end, [&](const auto& group) { return group.second == issue.id; });
    }
    const std::string query = target.get("query");
    if (query.find("is:unresolved") != std::string::npos && issue.status != "unresolved") return false;
    if (query.find("is:resolved") != std::string::npos && issue.status != "resolved") return false;
    if (knows_substatus && query.find("is:regressed") != std::string::npos && issue.substatus != "regressed")
      return false;
    if (knows_substatus && query.find("is:escalating") != std::string::npos && issue.substatus != "escalating")
      return false;
    const std::size_t first = query.find("firstSeen:>=");
    if (knows_substatus && first != std::string::npos && issue.first_seen < query.substr(first + 12)) return false;
    return glitchtip || !knows_window || !target.has("start") || issue.last_seen >= target.get("start");
  }

  [[nodiscard]] Reply list(const Target& target) const {
    std::vector<const Issue*> found;
    for (const Issue& issue : issues) {
      if (asked_for(issue, target)) found.push_back(&issue);
    }
    if (target.get("sort") == "-last_seen") {
      std::stable_sort(found.begin(), found.end(),
                       [](const auto* a, const auto* b) { return a->last_seen > b->last_seen; });
    } else if (glitchtip && target.has("sort")) {
      return {400, "", R"({"detail": "bad sort"})"};
    }
    std::size_t at = 0;
    if (const std::string cursor = target.get("cursor"); !cursor.empty()) at = std::stoul(cursor.substr(2));
    std::string body = "[";
    const std::size_t limit = target.has("limit") ? std::min(page_size, std::stoul(target.get("limit"))) : page_size;
    const std::size_t end = std::min(found.size(), at + limit);
    for (std::size_t i = at; i < end; ++i) body += (i == at ? "" : ",") + issue_json(*found[i]);
    const std::string base = "<https://elsewhere.example/api/0/x/?cursor=0:" + std::to_string(end) + ":0>; rel=\"";
    const std::string link = base + "previous\"; results=\"false\"; cursor=\"0:0:1\", " + base + "next\"; results=\"" +
                             (end < found.size() ? "true" : "false") + "\"; cursor=\"0:" + std::to_string(end) + ":0\"";
    return {200, link, body + "]"};
  }

  [[nodiscard]] Reply one(const std::string& rest) const {
    const std::string id = rest.substr(0, rest.find('/'));
    const auto issue = std::find_if(issues.begin(), issues.end(), [&](const Issue& item) { return item.id == id; });
    if (issue == issues.end()) return {404, "", R"({"detail": "The requested resource does not exist"})"};
    if (rest == id + "/") return {200, "", issue_json(*issue)};
    const bool known =
        rest == id + "/events/latest/" || (knows_recommended && !glitchtip && rest == id + "/events/recommended/");
    if (!known) return {404, "", R"({"detail": "Event not found"})"};
    return {200, "", event_json(*issue)};
  }

  [[nodiscard]] static std::string event_json(const Issue& issue) {
    json::Writer out;
    out.begin_object().field("eventID", "e" + issue.id).field("groupID", issue.id).field("platform", "python");
    out.field("dateCreated", issue.last_seen).key("release");
    if (issue.release.empty()) {
      out.null();
    } else {
      out.begin_object().field("version", issue.release).end_object();
    }
    out.key("user")
        .begin_object()
        .field("email", "jane.canary@example.com")
        .field("ip_address", "203.0.113.77")
        .end_object();
    out.key("entries").begin_array().begin_object().field("type", "exception").key("data").begin_object().key("values");
    out.begin_array().begin_object().field("type", "KeyError").field("value", "'amount " + issue.id + "'");
    out.key("stacktrace").begin_object().key("frames").begin_array().begin_object();
    out.field("filename", "pay/views.py").field("absPath", "/srv/pay/views.py").field("function", "charge" + issue.id);
    out.field("lineNo", 2).field("inApp", true).end_object().end_array().end_object();
    out.end_object().end_array().end_object().end_object().end_array().end_object();
    return out.take();
  }
};

// The path and query of an address.
inline std::string target_of(const std::string& url) {
  const std::size_t slash = url.find('/', url.find("://") + 3);
  return slash == std::string::npos ? "/" : url.substr(slash);
}

}  // namespace daydream::sentry::fake
