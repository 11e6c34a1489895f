#include "plugins/docs_update/formats/keys.hpp"

#include <yaml.h>

#include <algorithm>
#include <cctype>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/tree.hpp"

namespace daydream::docs {
namespace {

constexpr std::size_t kLargest = std::size_t{4} << 20;
constexpr std::size_t kMostKeys = 200000;
constexpr std::size_t kDeepest = 64;

// Events of libyaml turned into keys, without a tree.
class YamlReader {
 public:
  explicit YamlReader(std::string_view content) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(content.data()), content.size());
  }
  ~YamlReader() { yaml_parser_delete(&parser_); }
  YamlReader(const YamlReader&) = delete;
  YamlReader& operator=(const YamlReader&) = delete;

  std::optional<std::vector<Key>> read() {
    for (;;) {
      yaml_event_t event;
      if (yaml_parser_parse(&parser_, &event) == 0) return std::nullopt;
      const bool goes_on = take(event);
      const bool ended = event.type == YAML_STREAM_END_EVENT;
      yaml_event_delete(&event);
      if (ended) return std::move(keys_);
      if (!goes_on || keys_.size() > kMostKeys || levels_.size() > kDeepest) return std::nullopt;
    }
  }

 private:
  struct Level {
    bool mapping = false;
    bool named = false;  // a key was read, its value comes
  };

  bool take(const yaml_event_t& event) {
    const auto line = static_cast<std::uint32_t>(event.start_mark.line) + 1;
    switch (event.type) {
      case YAML_SCALAR_EVENT:
        scalar({reinterpret_cast<const char*>(event.data.scalar.value), event.data.scalar.length}, line);
        return true;
      case YAML_ALIAS_EVENT:
        ended();
        return true;
      case YAML_MAPPING_START_EVENT:
        levels_.push_back({true, false});
        return true;
      case YAML_SEQUENCE_START_EVENT:
        levels_.push_back({false, false});
        ++lists_;
        return true;
      case YAML_MAPPING_END_EVENT:
      case YAML_SEQUENCE_END_EVENT:
        if (levels_.empty()) return false;
        if (!levels_.back().mapping) --lists_;
        levels_.pop_back();
        ended();
        return true;
      case YAML_DOCUMENT_END_EVENT:
        ++documents_;
        return true;
      default:
        return documents_ == 0 || event.type == YAML_STREAM_END_EVENT || event.type == YAML_DOCUMENT_START_EVENT;
    }
  }

  void scalar(std::string_view text, std::uint32_t line) {
    if (!levels_.empty() && levels_.back().mapping && !levels_.back().named) {
      path_.emplace_back(text.substr(0, 500));
      levels_.back().named = true;
      keys_.push_back({path_, line, "", false, lists_ > 0});
      return;
    }
    if (!keys_.empty() && !levels_.empty() && levels_.back().mapping) {
      keys_.back().value = text.substr(0, 2000);
      keys_.back().scalar = true;
    }
    ended();
  }

  // The value of the innermost key is complete.
  void ended() {
    if (levels_.empty() || !levels_.back().mapping || !levels_.back().named) return;
    levels_.back().named = false;
    path_.pop_back();
  }

  yaml_parser_t parser_{};
  std::vector<Level> levels_;
  std::vector<std::string> path_;
  std::vector<Key> keys_;
  std::size_t lists_ = 0, documents_ = 0;
};

bool bare_key(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

// "a.b", "'a'.\"b c\"": its parts, and where it ends.
std::optional<std::vector<std::string>> toml_path(std::string_view text, std::size_t& at) {
  std::vector<std::string> parts;
  for (;;) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at >= text.size()) return std::nullopt;
    const std::size_t begin = at;
    if (text[at] == '"' || text[at] == '\'') {
      const auto close = text.find(text[at], at + 1);
      if (close == std::string_view::npos) return std::nullopt;
      parts.emplace_back(text.substr(at + 1, close - at - 1));
      at = close + 1;
    } else {
      while (at < text.size() && bare_key(text[at])) ++at;
      if (at == begin) return std::nullopt;
      parts.emplace_back(text.substr(begin, at - begin));
    }
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t')) ++at;
    if (at >= text.size() || text[at] != '.') return parts;
    ++at;
  }
}

// Reads on until brackets and long strings of a value are closed.
class TomlValue {
 public:
  void take(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
      if (!long_quote_.empty()) {
        const auto close = line.find(long_quote_, at);
        if (close == std::string_view::npos) return;
        at = close + 3;
        long_quote_.clear();
      } else if (line.substr(at).starts_with("\"\"\"") || line.substr(at).starts_with("'''")) {
        long_quote_ = line.substr(at, 3);
        at += 3;
      } else if (line[at] == '"' || line[at] == '\'') {
        at = string_end(line, at);
      } else if (line[at] == '#') {
        return;
      } else {
        if (line[at] == '[' || line[at] == '{') ++open_;
        if ((line[at] == ']' || line[at] == '}') && open_ > 0) --open_;
        ++at;
      }
    }
  }
  [[nodiscard]] bool done() const { return open_ == 0 && long_quote_.empty(); }

 private:
  static std::size_t string_end(std::string_view line, std::size_t at) {
    const char quote = line[at++];
    while (at < line.size() && line[at] != quote) at += line[at] == '\\' && quote == '"' ? 2 : 1;
    return std::min(at + 1, line.size());
  }
  std::size_t open_ = 0;
  std::string long_quote_;
};

}  // namespace

std::optional<std::vector<Key>> yaml_keys(std::string_view content) {
  if (content.size() > kLargest) return std::nullopt;
  return YamlReader(content).read();
}

std::optional<std::vector<Key>> toml_keys(std::string_view content) {
  if (content.size() > kLargest) return std::nullopt;
  std::vector<Key> keys;
  std::vector<std::string> table;
  bool in_list = false;
  TomlValue value;
  std::uint32_t number = 0;
  for (std::string_view line : text::split(content, '\n')) {
    ++number;
    if (!value.done()) {
      value.take(line);
      continue;
    }
    line = text::trim(line);
    if (line.empty() || line[0] == '#') continue;
    if (keys.size() > kMostKeys) return std::nullopt;
    std::size_t at = 0;
    if (line[0] == '[') {
      in_list = line.starts_with("[[");
      at = in_list ? 2 : 1;
      auto path = toml_path(line, at);
      if (!path || at >= line.size() || line[at] != ']' || path->size() > kDeepest) return std::nullopt;
      table = std::move(*path);
      keys.push_back({table, number, "", false, in_list});
      continue;
    }
    const auto path = toml_path(line, at);
    if (!path || at >= line.size() || line[at] != '=' || path->size() > kDeepest) return std::nullopt;
    std::vector<std::string> whole = table;
    whole.insert(whole.end(), path->begin(), path->end());
    const std::string_view rest = text::trim(line.substr(at + 1));
    keys.push_back({std::move(whole), number, std::string(rest.substr(0, 2000)), true, in_list});
    value = TomlValue();
    value.take(rest);
  }
  return keys;
}

std::optional<std::vector<Key>> read_keys(std::string_view path, std::string_view content) {
  std::string name = text::to_lower_ascii(name_of(path));
  for (const char* ending : {".example", ".sample", ".dist", ".template", ".tmpl", ".default"}) {
    if (name.ends_with(ending)) name.resize(name.size() - std::string_view(ending).size());
  }
  if (name.ends_with(".toml")) return toml_keys(content);
  // JSON is YAML but for tabs and comments, of which only the former occur in files that are meant as such.
  if (name.ends_with(".json")) {
    std::string spaced(content);
    std::replace(spaced.begin(), spaced.end(), '\t', ' ');
    return yaml_keys(spaced);
  }
  if (name.ends_with(".yml") || name.ends_with(".yaml")) return yaml_keys(content);
  return std::nullopt;
}

std::vector<EnvKey> env_keys(std::string_view content) {
  std::vector<EnvKey> keys;
  std::uint32_t number = 0, begin = 0;
  for (const std::string_view line : text::split(content.substr(0, kLargest), '\n')) {
    ++number;
    const std::uint32_t at = begin;
    begin += static_cast<std::uint32_t>(line.size()) + 1;
    std::string_view rest = text::trim(line);
    const bool optional = rest.starts_with('#');
    while (rest.starts_with('#')) rest = text::trim(rest.substr(1));
    if (rest.starts_with("export ")) rest = text::trim(rest.substr(7));
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos || equals == 0 || keys.size() > kMostKeys) continue;
    const std::string_view name = text::trim(rest.substr(0, equals));
    const bool good = std::all_of(name.begin(), name.end(), [](char c) {
      return std::isupper(static_cast<unsigned char>(c)) != 0 || std::isdigit(static_cast<unsigned char>(c)) != 0 ||
             c == '_';
    });
    if (!good || name.size() < 2 || std::isdigit(static_cast<unsigned char>(name[0])) != 0) continue;
    const auto end = std::min<std::uint32_t>(begin, static_cast<std::uint32_t>(content.size()));
    keys.push_back({std::string(name), number, optional, at, end});
  }
  return keys;
}

}  // namespace daydream::docs
