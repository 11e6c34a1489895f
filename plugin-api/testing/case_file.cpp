#include <algorithm>
#include <map>

#include "case_text.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/testing/cases.hpp"

namespace daydream::testing {

namespace {

struct Kind {
  bool expectation = false;
  bool argument = false;  // must have one; else it must have none
};

const std::map<std::string, Kind, std::less<>>& kinds() {
  static const std::map<std::string, Kind, std::less<>> kKinds = {{"note", {false, false}},
                                                                  {"config", {false, false}},
                                                                  {"before", {false, true}},
                                                                  {"commit", {false, true}},
                                                                  {"file", {false, true}},
                                                                  {"gone", {false, true}},
                                                                  {"now", {false, true}},
                                                                  {"zone", {false, true}},
                                                                  {"mode", {false, true}},
                                                                  {"live", {false, true}},
                                                                  {"root", {false, true}},
                                                                  {"input", {false, true}},
                                                                  {"memory-before", {false, false}},
                                                                  {"memory-schema", {false, true}},
                                                                  {"output", {false, true}},
                                                                  {"earlier", {false, true}},
                                                                  {"previous", {false, true}},
                                                                  {"command", {false, true}},
                                                                  {"http", {false, true}},
                                                                  {"result", {true, true}},
                                                                  {"explain", {true, false}},
                                                                  {"findings", {true, false}},
                                                                  {"details", {true, false}},
                                                                  {"after", {true, true}},
                                                                  {"removed", {true, true}},
                                                                  {"proposed", {true, true}},
                                                                  {"proposed-removed", {true, true}},
                                                                  {"discarded", {true, true}},
                                                                  {"archived", {true, true}},
                                                                  {"memory", {true, false}},
                                                                  {"metrics", {true, false}},
                                                                  {"put-output", {true, true}},
                                                                  {"state-file", {true, true}},
                                                                  {"printed", {true, false}},
                                                                  {"log", {true, false}}};
  return kKinds;
}

const std::vector<std::string> kFlags = {"crlf", "no-newline", "escaped"};

Error at(const std::string& name, int line, const std::string& message) {
  return {ErrorKind::kInvalid, name + ":" + std::to_string(line) + ": " + message};
}

std::string known_kind(const std::string& word) {
  std::vector<std::string> words;
  for (const auto& [each, kind] : kinds()) words.push_back(each);
  const std::string near = text::nearest(word, words);
  return near.empty() ? "" : "; did you mean \"-- " + near + "\"?";
}

// Takes "[crlf escaped]" off the end.
Result<std::vector<std::string>> take_flags(std::string& header) {
  std::vector<std::string> flags;
  const std::size_t open = header.rfind(" [");
  if (open == std::string::npos || !header.ends_with(']')) return flags;
  const std::string inside = header.substr(open + 2, header.size() - open - 3);
  for (const auto& word : text::split(inside, ' ')) {
    if (std::find(kFlags.begin(), kFlags.end(), word) == kFlags.end()) {
      return Error(ErrorKind::kInvalid,
                   "unknown flag \"" + std::string(word) + "\"; expected crlf, no-newline, escaped");
    }
    flags.emplace_back(word);
  }
  header.resize(open);
  return flags;
}

// A path in quotes may hold any byte: "a\xff.py", "a [crlf]".
Result<std::string> unquote(const std::string& argument) {
  if (argument.size() < 2 || argument.front() != '"' || argument.back() != '"') return argument;
  return unescape(std::string_view(argument).substr(1, argument.size() - 2));
}

struct Lines {
  std::vector<std::string_view> all;
  std::size_t at = 0;
  [[nodiscard]] bool done() const { return at >= all.size(); }
  [[nodiscard]] std::string_view now() const { return all[at]; }
  [[nodiscard]] int number() const { return static_cast<int>(at) + 1; }
};

bool starts_case(std::string_view line) {
  return line.starts_with("== ");
}
bool starts_section(std::string_view line) {
  return line.starts_with("-- ");
}

Result<Section> parse_header(const std::string& name, int line, std::string_view written) {
  Section section;
  section.line = line;
  section.raw = std::string(written) + "\n";
  std::string header(text::trim(written.substr(3)));
  const std::size_t space = header.find(' ');
  section.kind = header.substr(0, space);
  section.argument = space == std::string::npos ? "" : std::string(text::trim(header.substr(space)));
  const auto kind = kinds().find(section.kind);
  if (kind == kinds().end()) {
    return at(name, line,
              "unknown section \"-- " + section.kind + "\"" + known_kind(section.kind) +
                  " (a line of content that starts so needs the flag [escaped] and \\x2d-)");
  }
  return section;
}

Result<Section> parse_section(const std::string& name, Lines& lines) {
  const int line = lines.number();
  auto section = parse_header(name, line, lines.now());
  if (!section) return section;
  std::string argument = " " + section->argument;
  auto flags = take_flags(argument);
  if (!flags) return at(name, line, flags.error().message());
  auto unquoted = unquote(std::string(text::trim(argument)));
  if (!unquoted) return at(name, line, unquoted.error().message());
  section->argument = std::move(*unquoted);
  if (kinds().find(section->kind)->second.argument == section->argument.empty()) {
    return at(name, line,
              "\"-- " + section->kind + (section->argument.empty() ? "\" needs an argument" : "\" takes no argument"));
  }
  std::string body;
  for (++lines.at; !lines.done() && !starts_case(lines.now()) && !starts_section(lines.now()); ++lines.at) {
    body += std::string(lines.now()) + "\n";
  }
  // One blank line before the next case, or at the end, parts them.
  const bool last = lines.done() || starts_case(lines.now());
  if (last && (body == "\n" || body.ends_with("\n\n"))) body.pop_back();
  section->raw += body;
  auto content = decode(body, *flags);
  if (!content) return at(name, line, content.error().message());
  section->content = std::move(*content);
  return section;
}

Result<Case> parse_case(const std::string& name, Lines& lines) {
  Case one;
  one.line = lines.number();
  one.name = text::trim(lines.now().substr(3));
  for (++lines.at; !lines.done() && !starts_case(lines.now());) {
    if (!starts_section(lines.now())) {
      if (!text::trim(lines.now()).empty()) return at(name, lines.number(), "expected a section (\"-- before PATH\")");
      ++lines.at;
      continue;
    }
    auto section = parse_section(name, lines);
    if (!section) return std::move(section.error());
    const bool again = std::any_of(one.sections.begin(), one.sections.end(), [&](const Section& each) {
      return each.kind == section->kind && each.argument == section->argument && is_expectation(each.kind);
    });
    if (again) return at(name, section->line, "\"-- " + section->kind + "\" a second time");
    one.sections.push_back(std::move(*section));
  }
  return one;
}

}  // namespace

bool is_expectation(std::string_view kind) {
  const auto found = kinds().find(kind);
  return found != kinds().end() && found->second.expectation;
}

Result<CaseFile> parse_cases(std::string_view text, const std::string& name) {
  CaseFile file;
  file.name = name;
  Lines lines;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t feed = rest.find('\n');
    lines.all.push_back(rest.substr(0, feed));
    rest.remove_prefix(feed == std::string_view::npos ? rest.size() : feed + 1);
  }
  for (; !lines.done() && !starts_case(lines.now()); ++lines.at) {
    if (starts_section(lines.now())) return at(name, lines.number(), "a section before the first case (\"== name\")");
    file.preamble += std::string(lines.now()) + "\n";
  }
  while (!lines.done()) {
    auto one = parse_case(name, lines);
    if (!one) return std::move(one.error());
    file.cases.push_back(std::move(*one));
  }
  if (file.cases.empty()) return Error(ErrorKind::kInvalid, name + ": no case (\"== name\")");
  return file;
}

std::string write_cases(const CaseFile& file) {
  std::string out = file.preamble;
  for (std::size_t index = 0; index < file.cases.size(); ++index) {
    const Case& one = file.cases[index];
    if (index > 0) out += "\n";
    out += "== " + one.name + "\n";
    for (const auto& section : one.sections) out += section.raw;
  }
  // A blank last line would be taken for the one that parts cases.
  if (out.ends_with("\n\n")) out += "\n";
  return out;
}

Section make_section(const std::string& kind, const std::string& argument, const std::string& content) {
  Section section;
  section.kind = kind;
  section.argument = argument;
  section.content = content;
  section.raw = "-- " + kind;
  if (!argument.empty()) {
    const bool plain = escape(argument) == argument && argument.find_first_of("\"[") == std::string::npos &&
                       text::trim(argument) == argument;
    section.raw += plain ? " " + argument : " \"" + escape(argument, "\"") + "\"";
  }
  const Encoded encoded = encode(content);
  if (!encoded.flags.empty()) section.raw += " [" + text::join(encoded.flags, " ") + "]";
  section.raw += "\n" + encoded.lines;
  return section;
}

}  // namespace daydream::testing
