#include "append_only.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

namespace daydream::abi {
namespace {

// Handed over in arrays or by value.
const std::set<std::string> kFrozen = {"dd_text", "dd_bytes", "dd_entry", "dd_span"};
// A macro that a later minor may change: it may only rise.
constexpr const char* kMinor = "DD_ABI_MINOR";

bool is_space(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

// White space single, none at the ends.
std::string squeezed(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_space(c)) {
      out += c;
    } else if (!out.empty() && out.back() != ' ') {
      out += ' ';
    }
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

// Comments become blanks of the same length, so that places stay.
std::string without_comments(std::string_view header) {
  std::string text(header);
  for (std::size_t at = text.find("/*"); at != std::string::npos; at = text.find("/*", at)) {
    const std::size_t end = std::min(text.find("*/", at), text.size() - 2) + 2;
    std::fill(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end), ' ');
  }
  return text;
}

struct Place {
  std::string name;
  std::size_t begin = 0, end = 0;  // of what stands between the braces
};

std::vector<Place> struct_places(const std::string& text) {
  constexpr std::string_view kStart = "typedef struct ";
  std::vector<Place> places;
  for (std::size_t at = text.find(kStart); at != std::string::npos; at = text.find(kStart, at + 1)) {
    const std::size_t brace = text.find('{', at);
    const std::size_t semicolon = text.find(';', at);
    if (brace == std::string::npos || semicolon < brace) continue;  // opaque
    const std::size_t name = at + kStart.size();
    places.push_back({squeezed(text.substr(name, brace - name)), brace + 1, text.find('}', brace)});
  }
  return places;
}

void read_macros(const std::string& text, Declarations& result) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    constexpr std::string_view kDefine = "#define ";
    if (!line.starts_with(kDefine)) continue;
    const std::string rest = squeezed(std::string_view(line).substr(kDefine.size()));
    const std::size_t blank = rest.find(' ');
    if (blank == std::string::npos || rest.find('(') < blank) continue;  // a guard, or with arguments
    const std::string value = rest.substr(blank + 1);
    // What C and C++ say differently is a matter of the languages.
    if (value != "noexcept") result.values[rest.substr(0, blank)] = value;
  }
}

// "typedef int32_t dd_status;", "typedef struct dd_run dd_run;", "extern const dd_plugin daydream_plugin_v1;"
void read_names(const std::string& text, Declarations& result) {
  for (const std::string_view start : {"typedef ", "extern const "}) {
    for (std::size_t at = text.find(start); at != std::string::npos; at = text.find(start, at + 1)) {
      const std::string whole = squeezed(text.substr(at, text.find(';', at) - at));
      if (whole.find('{') != std::string::npos) continue;
      result.values[whole.substr(whole.rfind(' ') + 1)] = whole;
    }
  }
}

const Struct* find(const Declarations& all, const std::string& name) {
  const auto found =
      std::find_if(all.structs.begin(), all.structs.end(), [&](const Struct& each) { return each.name == name; });
  return found == all.structs.end() ? nullptr : &*found;
}

// "x: was "a", is "b""; an empty `is`: gone.
std::string changed(const std::string& name, const std::string& was, const std::string& is) {
  return name + ": was \"" + was + "\", is " + (is.empty() ? "gone" : "\"" + is + "\"");
}

void compare(const Struct& released, const Struct& now, std::vector<std::string>& problems) {
  for (std::size_t i = 0; i < released.members.size(); ++i) {
    const std::string& was = released.members[i];
    if (i < now.members.size() && now.members[i] == was) continue;
    problems.push_back(changed(released.name, was, i < now.members.size() ? now.members[i] : ""));
    return;  // what follows is displaced by it
  }
  if (kFrozen.count(released.name) != 0 && now.members.size() > released.members.size())
    problems.push_back(released.name + ": lies in arrays and must not grow, but has \"" +
                       now.members[released.members.size()] + "\"");
}

using Block = std::vector<std::string>;

// The first line of each block names it; values are blocks of one line.
std::map<std::string, Block> blocks_of(const std::string& layout) {
  std::map<std::string, Block> blocks;
  std::istringstream lines(layout);
  Block* open = nullptr;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    if (line.front() == ' ') {
      if (open != nullptr) open->push_back(line);
      continue;
    }
    open = &blocks[line.substr(0, line.find(' '))];
    open->push_back(line);
  }
  return blocks;
}

}  // namespace

Declarations read_declarations(std::string_view header) {
  Declarations result;
  const std::string text = without_comments(header);
  for (const Place& place : struct_places(text)) {
    Struct found{place.name, {}};
    for (std::size_t at = place.begin; at < place.end;) {
      const std::size_t end = std::min(text.find(';', at), place.end);
      std::string member = squeezed(text.substr(at, end - at));
      if (!member.empty()) found.members.push_back(std::move(member));
      at = end + 1;
    }
    result.structs.push_back(std::move(found));
  }
  read_macros(text, result);
  read_names(text, result);
  return result;
}

void merge(Declarations& into, Declarations more) {
  for (Struct& each : more.structs) into.structs.push_back(std::move(each));
  into.values.merge(more.values);
}

std::vector<std::string> breaks(const Declarations& released, const Declarations& now) {
  std::vector<std::string> problems;
  for (const Struct& was : released.structs) {
    const Struct* is = find(now, was.name);
    if (is == nullptr) {
      problems.push_back(changed(was.name, "a struct", ""));
    } else {
      compare(was, *is, problems);
    }
  }
  for (const auto& [name, was] : released.values) {
    const auto is = now.values.find(name);
    if (is == now.values.end()) {
      problems.push_back(changed(name, was, ""));
    } else if (name == kMinor ? std::stoi(is->second) < std::stoi(was) : is->second != was) {
      problems.push_back(changed(name, was, is->second));
    }
  }
  return problems;
}

std::vector<std::string> layout_breaks(const std::string& released, const std::string& now) {
  std::vector<std::string> problems;
  const auto present = blocks_of(now);
  for (const auto& [name, was] : blocks_of(released)) {
    const auto is = present.find(name);
    if (is == present.end()) {
      problems.push_back(changed(name, was.front(), ""));
      continue;
    }
    const bool grows = was.size() > 1 && kFrozen.count(name) == 0;
    for (std::size_t i = grows ? 1 : 0; i < was.size(); ++i) {
      if (i < is->second.size() && is->second[i] == was[i]) continue;
      problems.push_back(changed(name, was[i], i < is->second.size() ? is->second[i] : ""));
    }
  }
  return problems;
}

std::string cut_to(const Declarations& released, std::string_view header) {
  const std::string text = without_comments(header);
  std::string out;
  std::size_t copied = 0;
  for (const Place& place : struct_places(text)) {
    const Struct* was = find(released, place.name);
    if (was == nullptr || kFrozen.count(place.name) != 0) continue;
    std::size_t end = place.begin;
    for (std::size_t i = 0; i < was->members.size() && text.find(';', end) < place.end; ++i)
      end = text.find(';', end) + 1;
    out += text.substr(copied, end - copied);
    copied = place.end;
  }
  return out + text.substr(copied);
}

}  // namespace daydream::abi
