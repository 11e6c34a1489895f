#include "case_text.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "daydream/testing/cases.hpp"

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
  }
  return {};
}

}  // namespace

Result<Start> start_of(const Case& one) {
  Start start;
  for (const auto& section : one.sections) {
    if (is_expectation(section.kind)) continue;
    Result<void> added;
    if (section.kind == "commit") {
      auto commit = read_commit(section);
      if (!commit) return std::move(commit.error());
      start.history.push_back(std::move(*commit));
    } else if (section.kind == "before" || section.kind == "file" || section.kind == "gone") {
      added = add_tree(start, section);
    } else if (section.kind == "config" || section.kind == "now" || section.kind == "zone" || section.kind == "mode" ||
               section.kind == "memory-before") {
      added = add_setting(start, section);
    } else {
      added = add_elsewhere(start, section);
    }
    if (!added) return std::move(added.error());
  }
  return start;
}

}  // namespace daydream::testing
