#include "changes/attributes.hpp"

#include <cstdlib>
#include <map>

#include "base/files.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::changes {

namespace {

using Values = std::map<std::string, std::string>;

std::string value_of(const Values& values, const char* name) {
  auto found = values.find(name);
  return found == values.end() ? "unspecified" : found->second;
}

bool has_value(const std::string& value) {
  return value != "unspecified" && value != "unset" && value != "set";
}

// git's convert.c, for what a check-out writes on this system (native line end: LF).
bool checkout_writes_crlf(const Values& values, const ConversionSettings& settings) {
  std::string text = value_of(values, "text");
  if (text == "unspecified") {  // the older name
    std::string older = value_of(values, "crlf");
    if (older == "input") return false;
    text = older;
  }
  if (text == "unset" || text == "input") return false;
  std::string eol = value_of(values, "eol");
  if (eol == "lf") return false;
  if (eol == "crlf") return true;
  if (text == "unspecified") return settings.autocrlf;
  return settings.autocrlf || settings.crlf_is_native;
}

bool converts(const Values& values, const ConversionSettings& settings) {
  return has_value(value_of(values, "working-tree-encoding")) || value_of(values, "ident") == "set" ||
         checkout_writes_crlf(values, settings);
}

bool attributes_outside_tree(const Path& common_directory) {
  if (files::exists(common_directory / "info/attributes") || files::exists("/etc/gitattributes")) return true;
  const char* configured = std::getenv("XDG_CONFIG_HOME");
  const char* home = std::getenv("HOME");
  if (configured != nullptr && *configured != '\0' && files::exists(Path(configured) / "git/attributes")) return true;
  return home != nullptr && files::exists(Path(home) / ".config/git/attributes");
}

void note_setting(const std::string& key, const std::string& value, ConversionSettings& settings) {
  std::string lower = text::to_lower_ascii(value);
  if (key == "core.autocrlf") settings.autocrlf = lower == "true" || lower == "yes" || lower == "on" || lower == "1";
  if (key == "core.eol") settings.crlf_is_native = lower == "crlf";
  if (key == "core.attributesfile") settings.global_attributes = true;
  constexpr std::string_view kFilter = "filter.";
  auto dot = key.rfind('.');
  if (key.compare(0, kFilter.size(), kFilter) == 0 && dot > kFilter.size()) {
    std::string driver = key.substr(kFilter.size(), dot - kFilter.size());
    if (settings.drivers.empty() || settings.drivers.back() != driver) settings.drivers.push_back(driver);
  }
}

}  // namespace

Result<ConversionSettings> read_conversion_settings(const GitWriter& git, const Path& common_directory) {
  auto outcome =
      git.run({{"config", "-z", "--get-regexp", "^(core\\.(autocrlf|eol|attributesfile)|filter\\..*)$"}, "", {}});
  if (!outcome) return std::move(outcome.error());
  ConversionSettings settings;
  settings.global_attributes = attributes_outside_tree(common_directory);
  for (const auto& record : split_records(outcome->output)) {
    auto end = record.find('\n');
    note_setting(record.substr(0, end), end == std::string::npos ? "true" : record.substr(end + 1), settings);
  }
  return settings;
}

Result<Conversions> find_conversions(const GitWriter& git, const ConversionSettings& settings,
                                     const std::vector<std::string>& paths, bool attribute_files_in_tree) {
  Conversions result;
  if (paths.empty()) return result;
  if (!attribute_files_in_tree && !settings.global_attributes) {
    if (settings.autocrlf) result.converted.insert(paths.begin(), paths.end());
    return result;
  }
  auto answer =
      git.output({{"check-attr", "-z", "--stdin", "filter", "text", "crlf", "eol", "ident", "working-tree-encoding"},
                  join_records(paths),
                  {}});
  if (!answer) return std::move(answer.error());
  auto records = split_records(*answer);
  Values values;
  for (std::size_t i = 0; i + 2 < records.size(); i += 3) {
    values[records[i + 1]] = records[i + 2];
    if (values.size() < 6) continue;
    if (has_value(values["filter"])) result.filtered.insert(records[i]);
    if (converts(values, settings)) result.converted.insert(records[i]);
    values.clear();
  }
  return result;
}

}  // namespace daydream::changes
