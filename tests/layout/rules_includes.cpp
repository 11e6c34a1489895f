#include <algorithm>
#include <optional>

#include "daydream/kit/text.hpp"
#include "rules.hpp"

namespace daydream::layout {

namespace {

struct Room {
  std::string_view name;
  int level;
};
// A room sees those of lower levels; rooms of one level do not see each other.
constexpr Room kHostRooms[] = {{"base", 1},    {"confine", 2},    {"log", 2},      {"frames", 2},   {"manifest", 3},
                               {"loader", 3},  {"checkpoint", 3}, {"changes", 3},  {"broker", 3},   {"worker", 4},
                               {"session", 4}, {"report", 4},     {"pipeline", 5}, {"schedule", 6}, {"init", 6},
                               {"cli", 7},     {"main.cpp", 8}};

// Which part of the project a file belongs to.
struct Area {
  std::string_view kind;  // "host", "plugin-api", "common", "step", or "" for all else
  std::string_view name;  // of the room, kit or step
};

Area area_of(std::string_view path) {
  const auto parts = text::split(path, '/');
  if (parts.size() < 2) return {};
  if (parts[0] == "host" || parts[0] == "plugin-api") return {parts[0], parts[1]};
  if (parts[0] != "plugins" || parts.size() < 3) return {};
  if (parts[1] == "common") return {"common", parts[2]};
  return {"step", parts[1]};
}

int level_of(std::string_view room) {
  const auto* found = std::find_if(std::begin(kHostRooms), std::end(kHostRooms),
                                   [room](const Room& known) { return known.name == room; });
  return found == std::end(kHostRooms) ? 0 : found->level;
}

// Why `from` must not include `to`; empty when it may.
std::string objection(const Area& from, const Area& to) {
  if (from.kind.empty() || to.kind == "plugin-api") return "";
  if (to.kind.empty()) return from.kind == "host" ? "" : "tests are not for " + std::string(from.kind);
  if (from.kind == "plugin-api") return "plugin-api stands alone";
  if (from.kind == "host") {
    if (to.kind != "host") return "the host never includes plugins/";
    if (from.name == to.name || level_of(from.name) > level_of(to.name)) return "";
    return std::string(from.name) + " does not see " + std::string(to.name);
  }
  if (to.kind == "host") return "a plugin never includes the host";
  if (to.kind == "common" || (from.kind == "step" && from.name == to.name)) return "";
  return from.kind == "common" ? "common kits know no step" : "a step never includes another step";
}

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? "" : std::string(path.substr(0, slash + 1));
}

// "a/b/../c" -> "a/c"; nothing when it leads out of the project.
std::optional<std::string> normal(const std::string& path) {
  std::vector<std::string> parts;
  for (const std::string_view part : text::split(path, '/')) {
    if (part == "." || part.empty()) continue;
    if (part != "..") {
      parts.emplace_back(part);
    } else if (parts.empty()) {
      return std::nullopt;
    } else {
      parts.pop_back();
    }
  }
  return text::join(parts, "/");
}

// The file of the project that an include means, as a compiler with all our folders would find it.
std::optional<std::string> resolve(const Tree& tree, std::string_view includer, std::string_view name) {
  for (const std::string& folder :
       {folder_of(includer), std::string("host/"), std::string("plugin-api/include/"),
        std::string("plugin-api/kit/include/"), std::string("plugin-api/"), std::string("plugin-api/kit/"),
        std::string("plugins/common/"), std::string("plugins/"), std::string("tests/"), std::string()}) {
    const auto path = normal(folder + std::string(name));
    if (path && tree.contains(*path)) return path;
  }
  return std::nullopt;
}

// The name in `#include "name"` or `#include <name>`; empty for other lines.
std::string_view included(std::string_view line) {
  line = text::trim(line);
  if (!line.starts_with('#')) return {};
  line = text::trim(line.substr(1));
  if (!line.starts_with("include")) return {};
  line = text::trim(line.substr(7));
  if (line.size() < 2 || (line.front() != '"' && line.front() != '<')) return {};
  const std::size_t end = line.find(line.front() == '"' ? '"' : '>', 1);
  return end == std::string_view::npos ? std::string_view() : line.substr(1, end - 1);
}

}  // namespace

Complaints upward_includes(const Tree& tree) {
  Complaints complaints;
  for (const auto& [path, content] : tree) {
    const Area from = area_of(path);
    if (from.kind.empty() || !is_code(path)) continue;
    if (from.kind == "host" && level_of(from.name) == 0)
      complaints.push_back(path + ": the room \"" + std::string(from.name) + "\" has no place in the order of rooms");
    std::size_t number = 0;
    for (const std::string_view line : text::split(content, '\n')) {
      ++number;
      const std::string_view name = included(line);
      const auto target = name.empty() ? std::nullopt : resolve(tree, path, name);
      const std::string why = target ? objection(from, area_of(*target)) : "";
      if (!why.empty())
        complaints.push_back(path + ":" + std::to_string(number) + ": includes " + *target + ": " + why);
    }
  }
  return complaints;
}

Complaints names_out_of_place(const Tree& tree) {
  struct Rule {
    std::string_view word;
    std::vector<std::string_view> places;
  };
  const std::vector<Rule> rules = {{"spdlog", {"host/log/"}},
                                   {"boost/dll", {"host/loader/"}},
                                   {"boost::dll", {"host/loader/"}},
                                   {"fsync", {"host/base/files.cpp", "host/checkpoint/"}},
                                   {"fdatasync", {"host/base/files.cpp", "host/checkpoint/"}}};
  const auto word_char = [](char c) {
    return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  };
  const auto has_word = [&word_char](std::string_view line, std::string_view word) {
    for (std::size_t at = line.find(word); at != std::string_view::npos; at = line.find(word, at + 1)) {
      const std::size_t end = at + word.size();
      if ((at == 0 || !word_char(line[at - 1])) && (end == line.size() || !word_char(line[end]))) return true;
    }
    return false;
  };
  Complaints complaints;
  for (const auto& [path, content] : tree) {
    if (!is_code(path) || area_of(path).kind.empty()) continue;
    const std::string code = code_only(content);
    const auto raw_lines = text::split(content, '\n');
    const auto lines = text::split(code, '\n');
    for (const Rule& rule : rules) {
      if (std::any_of(rule.places.begin(), rule.places.end(), [&p = path](auto place) { return p.starts_with(place); }))
        continue;
      for (std::size_t i = 0; i < lines.size(); ++i) {
        if (has_word(lines[i], rule.word) || has_word(included(raw_lines[i]), rule.word))
          complaints.push_back(path + ":" + std::to_string(i + 1) + ": names " + std::string(rule.word));
      }
    }
  }
  return complaints;
}

}  // namespace daydream::layout
