#include <algorithm>
#include <cstdlib>
#include <map>

#include "case_text.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "daydream/testing/cases.hpp"
#include "daydream/testing/workspace.hpp"

namespace daydream::testing {

namespace {

Error at(const Section& section, const std::string& message) {
  return {ErrorKind::kInvalid, "line " + std::to_string(section.line) + ": -- " + section.kind + ": " + message};
}

// "first rest of it" -> both; empty where there is only one word.
std::pair<std::string, std::string> two_words(const std::string& argument) {
  const std::size_t space = argument.find(' ');
  if (space == std::string::npos) return {argument, ""};
  return {argument.substr(0, space), std::string(text::trim(argument.substr(space)))};
}

// `"message of it" 2024-01-31`, or `message 2024-01-31`.
Result<HistoryCommit> read_commit(const Section& section) {
  const std::size_t space = section.argument.rfind(' ');
  if (space == std::string::npos) return at(section, "expected a message and a date");
  HistoryCommit commit;
  commit.date = section.argument.substr(space + 1);
  commit.message = text::trim(section.argument.substr(0, space));
  if (commit.message.size() >= 2 && commit.message.front() == '"' && commit.message.back() == '"') {
    auto plain = unescape(std::string_view(commit.message).substr(1, commit.message.size() - 2));
    if (!plain) return at(section, plain.error().message());
    commit.message = std::move(*plain);
  }
  if (commit.date.size() < 10 || commit.date[4] != '-' || commit.date[7] != '-') {
    return at(section, "\"" + commit.date + "\" is no date (2024-01-31)");
  }
  if (!section.content.empty()) commit.message += "\n\n" + section.content;
  return commit;
}

Result<void> check_path(const Section& section, const std::string& path) {
  if (walk::clean_relative(path)) return {};
  return at(section, "\"" + path + "\" is no clean relative path");
}

Result<void> add_tree(Start& start, const Section& section) {
  if (auto good = check_path(section, section.argument); !good) return good;
  if (section.kind == "before") {
    start.files[section.argument] = section.content;
    return {};
  }
  if (start.history.empty()) return at(section, "belongs below a \"-- commit\"");
  if (section.kind == "file") {
    start.files[section.argument] = section.content;
    start.history.back().files[section.argument] = section.content;
  } else {
    start.files.erase(section.argument);
    start.history.back().removed.push_back(section.argument);
  }
  return {};
}

Result<void> add_elsewhere(Start& start, const Section& section) {
  const auto [first, second] = two_words(section.argument);
  if (section.kind == "live") {
    start.roots["repository"][section.argument] = section.content;
    return check_path(section, section.argument);
  }
  if (section.kind == "root") {
    if (!Workspace::log_root(first)) return at(section, "expected \"log:<n>\", n from 1, and a path");
    start.roots[first][second] = section.content;
    return check_path(section, second);
  }
  if (section.kind == "input") {
    start.inputs[section.argument] = section.content;
    return check_path(section, section.argument);
  }
  if (section.kind == "output") {
    if (second.empty()) return at(section, "expected a step and a name");
    start.outputs[{first, second}] = std::string(text::trim(section.content));
  } else if (section.kind == "earlier") {
    for (const auto& line : text::split(section.content, '\n')) {
      if (!text::trim(line).empty()) start.findings.emplace_back(section.argument, std::string(line));
    }
  } else if (section.kind == "previous") {
    if (second.empty()) return at(section, "expected a run id and a date");
    start.previous_run = {first, second};
  }
  return {};
}

Result<void> add_setting(Start& start, const Section& section) {
  if (section.kind == "config") {
    json::ParseOptions options;
    options.name = "config";
    options.comments = true;
    auto parsed = json::Text::parse(section.content, options);
    if (!parsed) return at(section, parsed.error().message());
    start.config = json::write(parsed->root());
  } else if (section.kind == "now") {
    start.now = section.argument.size() == 10 ? section.argument + "T02:30:00Z" : section.argument;
  } else if (section.kind == "zone") {
    start.zone = section.argument;
  } else if (section.kind == "mode") {
    start.mode = section.argument;
  } else if (section.kind == "memory-before") {
    auto pairs = read_pairs(section.content);
    if (!pairs) return at(section, pairs.error().message());
    for (auto& [key, value] : *pairs) start.memory[key] = value;
  } else if (section.kind == "memory-schema") {
    start.memory_schema = static_cast<std::uint32_t>(std::strtoul(section.argument.c_str(), nullptr, 10));
    if (start.memory_schema == 0) return at(section, "expected a schema number, from 1");
  }
  return {};
}

// "Name: value" lines, an empty line, the body.
HttpReply read_reply(std::string_view content) {
  HttpReply reply;
  while (!content.empty() && content.front() != '\n') {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = content.substr(0, end);
    const std::size_t colon = std::min(line.find(':'), line.size());
    reply.headers[text::to_lower_ascii(line.substr(0, colon))] =
        std::string(text::trim(line.substr(std::min(colon + 1, line.size()))));
    content.remove_prefix(std::min(end + 1, content.size()));
  }
  if (!content.empty()) reply.body = content.substr(1);
  return reply;
}

// "GET https://sentry.io/x 200", "GET https://sentry.io/x error:timeout".
Result<void> add_http(std::map<std::string, HttpReply>& script, const Section& section) {
  const std::size_t space = section.argument.rfind(' ');
  const std::string request = section.argument.substr(0, space);
  const std::string outcome = space == std::string::npos ? "" : section.argument.substr(space + 1);
  if (request.find(' ') == std::string::npos || outcome.empty())
    return at(section, "expected a method, a URL and a status or error:CODE");
  HttpReply reply = read_reply(section.content);
  if (outcome.starts_with("error:")) {
    reply.error = outcome.substr(6);
  } else if (outcome.size() == 3 && outcome.find_first_not_of("0123456789") == std::string::npos) {
    reply.status = std::atoi(outcome.c_str());
  } else {
    return at(section, "\"" + outcome + "\" is no status and no error:CODE");
  }
  script[request] = std::move(reply);
  return {};
}

// The same answer whenever it is asked for: a case is tried more than once.
std::function<HttpReply(const HttpRequest&)> play(std::map<std::string, HttpReply> script) {
  return [script = std::move(script)](const HttpRequest& request) {
    const auto found = script.find(request.method + " " + request.url);
    if (found != script.end()) return found->second;
    HttpReply missing;
    missing.error = "connect";
    missing.message = "the case has no -- http " + request.method + " " + request.url;
    return missing;
  };
}

}  // namespace

Result<Start> start_of(const Case& one) {
  Start start;
  std::map<std::string, HttpReply> script;
  for (const auto& section : one.sections) {
    if (is_expectation(section.kind)) continue;
    Result<void> added;
    if (section.kind == "commit") {
      auto commit = read_commit(section);
      if (!commit) return std::move(commit.error());
      start.history.push_back(std::move(*commit));
    } else if (section.kind == "http") {
      added = add_http(script, section);
    } else if (section.kind == "before" || section.kind == "file" || section.kind == "gone") {
      added = add_tree(start, section);
    } else if (section.kind == "config" || section.kind == "now" || section.kind == "zone" || section.kind == "mode" ||
               section.kind == "memory-before" || section.kind == "memory-schema") {
      added = add_setting(start, section);
    } else {
      added = add_elsewhere(start, section);
    }
    if (!added) return std::move(added.error());
  }
  if (!script.empty()) start.http = play(std::move(script));
  return start;
}

}  // namespace daydream::testing
