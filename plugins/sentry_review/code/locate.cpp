#include "plugins/sentry_review/code/locate.hpp"

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/code/candidates.hpp"
#include "plugins/sentry_review/read/clean.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kFramesTried = 20;
constexpr std::size_t kFilesProven = 20;  // more candidates than this are not looked into
constexpr std::size_t kContextBytes = 200;

bool is_foreign_path(const Frame& frame) {
  constexpr std::array<std::string_view, 9> kFolders{"node_modules/",         "site-packages/", "dist-packages/",
                                                     "vendor/bundle/",        "go/pkg/mod/",    "/usr/lib/python",
                                                     "/usr/local/lib/python", "/gems/",         "node:internal"};
  return std::any_of(kFolders.begin(), kFolders.end(), [&](std::string_view folder) {
    return frame.abs_path.find(folder) != std::string::npos || frame.filename.find(folder) != std::string::npos;
  });
}

// The frames that may be ours, innermost first.
std::vector<const Frame*> own_frames(const std::vector<Frame>& frames) {
  const bool marked =
      std::any_of(frames.begin(), frames.end(), [](const Frame& f) { return f.in_app.value_or(false); });
  const bool known = std::any_of(frames.begin(), frames.end(), [](const Frame& f) { return f.in_app.has_value(); });
  std::vector<const Frame*> own;
  if (known && !marked) return own;
  for (auto frame = frames.rbegin(); frame != frames.rend() && own.size() < kFramesTried; ++frame) {
    if (marked ? frame->in_app.value_or(false) : !is_foreign_path(*frame)) own.push_back(&*frame);
  }
  return own;
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

// "Foo.Bar::baz<int>(int)" -> "baz"; "" for what names nothing ("<anonymous>", "<module>").
std::string simple_name(std::string_view function) {
  function = function.substr(0, function.find('('));
  function = function.substr(0, function.find(" [as "));
  if (function.ends_with('>') && function.size() > 1 && function.front() != '<')
    function = function.substr(0, function.find('<'));
  std::size_t end = function.size();
  while (end > 0 && !is_word(function[end - 1])) --end;
  if (end != function.size()) return "";
  std::size_t begin = end;
  while (begin > 0 && is_word(function[begin - 1])) --begin;
  const std::string_view name = function.substr(begin, end - begin);
  return name.size() < 3 || name == "anonymous" || name == "main" || name == "lambda" ? "" : std::string(name);
}

bool has_word(std::string_view line, std::string_view word) {
  for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
    const bool before = at == 0 || !is_word(line[at - 1]);
    const std::size_t end = at + word.size();
    if (before && (end == line.size() || !is_word(line[end]))) return true;
  }
  return false;
}

bool tells_something(std::string_view context) {
  const auto letters = std::count_if(context.begin(), context.end(), is_word);
  return letters >= 4 && context.find("{snip}") == std::string_view::npos;
}

// Whether a line of a file is the one that the event quotes.
bool same_line(std::string_view line, const std::string& context) {
  if (line.size() > 4 * kContextBytes) return false;
  const std::string collapsed = text::collapse_space(line);
  if (collapsed == context) return true;
  const bool altered = context.find("[masked") != std::string::npos || context.ends_with("…");
  return altered && clean(line, kContextBytes) == context;
}

std::vector<int> lines_like(const std::vector<std::string_view>& lines, const std::string& context) {
  std::vector<int> found;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (same_line(lines[i], context)) found.push_back(static_cast<int>(i) + 1);
  }
  return found;
}

}  // namespace

Locator::Hit Locator::by_mapping(const Frame& frame) const {
  for (const CodeMapping& mapping : mappings_) {
    for (const std::string* path : {&frame.filename, &frame.abs_path}) {
      if (mapping.from.empty() || !path->starts_with(mapping.from)) continue;
      const std::string mapped = mapping.to + path->substr(mapping.from.size());
      const std::size_t slash = mapped.rfind('/');
      for (const std::uint32_t file : tree_.named(slash == std::string::npos ? mapped : mapped.substr(slash + 1))) {
        if (tree_.path(file) == mapped) return {{file}, "mapped from " + mapping.from, false};
      }
    }
  }
  return {};
}

Locator::Hit Locator::by_path(const Frame& frame) const {
  Hit best;
  for (const std::string* path : {&frame.filename, &frame.abs_path}) {
    bool rooted = false;
    const auto parts = path_parts(*path, rooted);
    Match match = match_suffix(tree_, parts, rooted);
    if (match.files.empty()) continue;
    Hit hit{std::move(match.files), "path suffix " + match.suffix, match.needs_proof};
    if (hit.files.size() == 1 && !hit.needs_proof) return hit;
    // An absolute path may tell apart what the relative one leaves open.
    if (best.files.empty() || hit.files.size() < best.files.size()) best = std::move(hit);
  }
  return best;
}

Locator::Hit Locator::by_module(const Frame& frame, std::string_view platform) const {
  for (const Alternative& one : module_paths(frame, platform)) {
    Match match = match_suffix(tree_, one.parts, one.rooted);
    if (match.files.empty()) continue;
    return {std::move(match.files), "module " + frame.module, match.needs_proof || one.needs_proof};
  }
  return {};
}

// Leaves the one file that the quoted line or the function's name proves; none where that is not one.
void Locator::prove(const Frame& frame, Hit& hit) const {
  if (hit.files.size() == 1 && !hit.needs_proof) return;
  if (hit.files.size() > kFilesProven) return;
  const std::string name = simple_name(frame.function);
  std::vector<std::uint32_t> by_line, by_name;
  for (const std::uint32_t file : hit.files) {
    const auto* lines = tree_.lines(file);
    if (lines == nullptr) continue;
    if (tells_something(frame.context_line) && !lines_like(*lines, frame.context_line).empty()) by_line.push_back(file);
    if (!name.empty() && std::any_of(lines->begin(), lines->end(), [&](auto line) { return has_word(line, name); })) {
      by_name.push_back(file);
    }
  }
  if (by_line.size() == 1) {
    hit = {by_line, hit.reason + ", proven by the quoted line", false};
  } else if (by_line.empty() && by_name.size() == 1) {
    hit = {by_name, hit.reason + ", proven by the function " + name, false};
  } else {
    hit.needs_proof = true;
  }
}

Place Locator::settle(const Frame& frame, std::uint32_t file, const std::string& reason) const {
  Place place{tree_.path(file), frame.line, frame.function, reason, {}};
  const auto* lines = tree_.lines(file);
  if (lines == nullptr || frame.line == 0) {
    place.line = 0;
    return place;
  }
  const auto line = static_cast<std::size_t>(frame.line);
  if (!tells_something(frame.context_line)) {
    if (line > lines->size()) place.line = 0;
    place.evidence += place.line == 0 ? ", the file is shorter now" : ", line as the release had it";
    return place;
  }
  if (line <= lines->size() && same_line((*lines)[line - 1], frame.context_line)) {
    place.evidence += ", line confirmed by its text";
    return place;
  }
  const auto moved = lines_like(*lines, frame.context_line);
  place.line = moved.size() == 1 ? moved.front() : 0;
  place.evidence += place.line != 0 ? ", line found by its text (was " + std::to_string(frame.line) + ")"
                                    : ", its line " + std::to_string(frame.line) + " has changed since";
  return place;
}

Place Locator::locate(const Frame& frame, std::string_view platform) const {
  Place none;
  Hit open;
  for (int way = 0; way < 3; ++way) {
    Hit hit = way == 0 ? by_mapping(frame) : way == 1 ? by_path(frame) : by_module(frame, platform);
    if (hit.files.empty()) continue;
    prove(frame, hit);
    if (hit.files.size() == 1 && !hit.needs_proof) return settle(frame, hit.files.front(), hit.reason);
    if (open.files.empty()) open = std::move(hit);
  }
  for (std::size_t i = 0; i < open.files.size() && i < 3; ++i) none.candidates.push_back(tree_.path(open.files[i]));
  return none;
}

Place Locator::locate(const Event& event) const {
  Place open;
  const auto look = [&](const std::vector<Frame>& frames) -> std::optional<Place> {
    for (const Frame* frame : own_frames(frames)) {
      Place place = locate(*frame, event.platform);
      if (!place.path.empty()) return place;
      if (open.candidates.empty()) open = std::move(place);
    }
    return std::nullopt;
  };
  for (auto exception = event.exceptions.rbegin(); exception != event.exceptions.rend(); ++exception) {
    if (auto place = look(exception->frames)) return *place;
  }
  if (auto place = look(event.frames)) return *place;
  return open;
}

}  // namespace daydream::sentry
