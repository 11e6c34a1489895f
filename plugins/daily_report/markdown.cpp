#include "markdown.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "daydream/kit/text.hpp"

namespace daydream::daily_report {

namespace {

constexpr std::array<std::string_view, 5> kOrder{"Legacy Code Cleanup", "Log Analysis", "Sentry Review",
                                                 "Task Management", "Documentation"};
constexpr std::size_t kMessageBytes = 300;
constexpr std::size_t kCommitDigits = 10;

std::string safe(std::string_view words) {
  return text::escape_markdown(text::mask(words));
}
std::string code(std::string_view words) {
  return text::markdown_code(text::mask(words));
}

// Words in which `name` stands for code, as steps write their messages. A lone backtick is only a character.
std::string prose(std::string_view words) {
  const std::string masked = text::mask(words);
  const auto parts = text::split(masked, '`');
  if (parts.size() % 2 == 0) return text::escape_markdown(masked);
  std::string out;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (i % 2 == 1) {
      out += part.empty() ? "" : text::markdown_code(part);
      continue;
    }
    // The blanks beside a code span are inside the line: they need no escape.
    const std::string_view inner = text::trim(part);
    const bool before = i > 0 && !part.empty() && part.front() == ' ';
    const bool after = i + 1 < parts.size() && !inner.empty() && part.back() == ' ';
    out += (before ? " " : "") + text::escape_markdown(inner) + (after ? " " : "");
  }
  return out;
}

std::vector<const json::Value*> objects_of(const json::Value& object, const char* key) {
  std::vector<const json::Value*> list;
  const json::Value* found = json::find(object, key);
  if (found == nullptr || !found->IsArray()) return list;
  for (const json::Value& item : found->GetArray()) {
    if (item.IsObject()) list.push_back(&item);
  }
  return list;
}

class Page {
 public:
  Page(const json::Value& model, const MarkdownOptions& options) : model_(model), options_(options) {
    for (const json::Value* finding : objects_of(model, "findings")) {
      findings_.emplace(json::get_string(*finding, "id"), finding);
    }
  }

  std::string write() {
    out_ = "# Daydream Report - " + safe(json::get_string(model_, "run_id")) + "\n";
    summary();
    for (const json::Value* step : sections()) section(*step);
    action_required();
    return std::move(out_);
  }

 private:
  void heading(std::string_view title) { out_ += "\n## " + std::string(title) + "\n"; }
  void line(const std::string& words) { out_ += "- " + words + "\n"; }

  void summary() {
    heading("Summary");
    static const json::Value kNothing(rapidjson::kObjectType);
    const json::Value* found = json::find(model_, "summary");
    const json::Value& summary = found != nullptr && found->IsObject() ? *found : kNothing;
    line("Steps completed: " + std::to_string(json::get_int(summary, "completed")) + "/" +
         std::to_string(json::get_int(summary, "total")) + others(summary));
    line("Duration: " + safe(json::get_string(model_, "duration")));
    line("Issues found: " + std::to_string(json::get_int(summary, "issues")));
  }

  // " (skipped: sentry_review; failed: lint, docs)"
  static std::string others(const json::Value& summary) {
    std::vector<std::pair<std::string, std::vector<std::string>>> by_status;
    for (const json::Value* other : objects_of(summary, "others")) {
      std::string status = json::get_string(*other, "status");
      auto place =
          std::find_if(by_status.begin(), by_status.end(), [&](const auto& one) { return one.first == status; });
      if (place == by_status.end()) place = by_status.insert(place, {status, {}});
      place->second.push_back(safe(json::get_string(*other, "id")));
    }
    std::vector<std::string> parts;
    for (const auto& [status, ids] : by_status) {
      parts.push_back((status == "pending" ? "not run" : safe(status)) + ": " + text::join(ids, ", "));
    }
    return parts.empty() ? "" : " (" + text::join(parts, "; ") + ")";
  }

  // The known sections in their order, then those of further steps in the order of the pipeline.
  std::vector<const json::Value*> sections() {
    std::vector<const json::Value*> steps;
    for (const json::Value* step : objects_of(model_, "steps")) {
      if (!json::get_string(*step, "title").empty()) steps.push_back(step);
    }
    const auto rank = [](const json::Value* step) {
      return std::find(kOrder.begin(), kOrder.end(), json::get_string(*step, "title")) - kOrder.begin();
    };
    std::stable_sort(steps.begin(), steps.end(),
                     [&](const json::Value* left, const json::Value* right) { return rank(left) < rank(right); });
    return steps;
  }

  void section(const json::Value& step) {
    heading(safe(json::get_string(step, "title")));
    if (json::get_string(step, "status") != "completed") {
      line(why_not(step));
      return;
    }
    for (const json::Value* counted : objects_of(step, "lines")) {
      line(safe(json::get_string(*counted, "rendered")));
      items(json::get_strings(*counted, "items"));
    }
  }

  static std::string why_not(const json::Value& step) {
    std::string status = json::get_string(step, "status");
    std::string words = status == "skipped"       ? "Skipped"
                        : status == "failed"      ? "Failed"
                        : status == "quarantined" ? "Left out, quarantined"
                        : status == "pending"     ? "Not run"
                                                  : "Not finished";
    std::string why = json::get_string(step, "message");
    if (why.empty()) why = json::get_string(step, "code");
    return why.empty() ? words : words + ": " + safe(text::shorten(why, kMessageBytes));
  }

  void items(const std::vector<std::string>& ids) {
    std::size_t named = 0;
    for (const std::string& id : ids) {
      auto found = findings_.find(id);
      if (named == options_.items) break;
      ++named;
      out_ += "  - " + (found == findings_.end() ? safe(id) : item(*found->second)) + "\n";
    }
    if (ids.size() > named) out_ += "  - and " + std::to_string(ids.size() - named) + " more (" + show_all() + ")\n";
  }

  [[nodiscard]] std::string show_all() const {
    return code("daydream report --date " + json::get_string(model_, "run_id") + " --format json");
  }

  // path:line, what, action, commit
  static std::string item(const json::Value& finding) {
    std::string place = json::get_string(finding, "path");
    if (auto number = json::get_int(finding, "line"); number > 0 && !place.empty()) {
      place += ":" + std::to_string(number);
    }
    std::string words = place.empty() ? "" : code(place) + ": ";
    words += prose(text::shorten(json::get_string(finding, "message"), kMessageBytes));
    words += "; " + safe(json::get_string(finding, "action"));
    if (json::get_bool(finding, "would_apply")) words += ", would be applied";
    std::string note = json::get_string(finding, "note");
    if (!note.empty()) words += " (" + safe(text::shorten(note, kMessageBytes)) + ")";
    std::string commit = json::get_string(finding, "commit");
    if (!commit.empty()) words += "; " + code(commit.substr(0, kCommitDigits));
    return words;
  }

  void action_required() {
    heading("Action Required");
    auto matters = objects_of(model_, "action_required");
    for (const json::Value* matter : matters) {
      std::string command = json::get_string(*matter, "command");
      line(prose(json::get_string(*matter, "text")) + (command.empty() ? "" : ": " + code(command)));
    }
    if (matters.empty()) line("Nothing to do");
    for (const std::string& notice : json::get_strings(model_, "notices")) {
      line("Note: " + safe(text::shorten(notice, kMessageBytes)));
    }
  }

  const json::Value& model_;
  const MarkdownOptions& options_;
  std::map<std::string, const json::Value*> findings_;  // by id
  std::string out_;
};

}  // namespace

std::string to_markdown(const json::Value& model, const MarkdownOptions& options) {
  return Page(model, options).write();
}

}  // namespace daydream::daily_report
