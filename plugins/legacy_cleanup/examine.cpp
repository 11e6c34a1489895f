#include "plugins/legacy_cleanup/examine.hpp"

#include <algorithm>
#include <array>

#include "daydream/source/javascript_kinds.hpp"
#include "plugins/legacy_cleanup/edits.hpp"
#include "plugins/legacy_cleanup/remarks.hpp"
#include "plugins/legacy_cleanup/rules/javascript/facts.hpp"
#include "plugins/legacy_cleanup/rules/migration_table.hpp"
#include "plugins/legacy_cleanup/rules/registry.hpp"

namespace daydream::legacy {
namespace {

using source::Language;

constexpr std::size_t kLongestSource = std::size_t{2} << 20;  // examined
constexpr std::size_t kLongestLexed = std::size_t{8} << 20;   // its imports are read
constexpr std::size_t kLongestText = std::size_t{256} << 10;

std::string_view extension_of(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const auto dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot + 1);
}

bool any_rule_reads(Language language) {
  const auto& rules = file_rules();
  return std::any_of(rules.begin(), rules.end(), [&](const auto& rule) { return rule->reads(language); });
}

Record record_of_source(std::string_view content, Language language, const Settings& settings) {
  Record record;
  if (content.find('\0') != std::string_view::npos) {
    record.skipped = "binary";
    return record;
  }
  const bool python = language == Language::kPython;
  if (!python && minified(content)) return record;  // no person's text
  if (content.size() > kLongestSource) {
    record.skipped = "larger than " + std::to_string(kLongestSource >> 20) + " MiB";
    // A giant without an import (generated tables) takes nothing from any file.
    const bool giant = content.size() > kLongestLexed;
    record.blind = python && giant && content.find("import") != std::string_view::npos;
    if (python && !giant) record.facts = facts_of(source::python::lex(content));
    return record;
  }
  const Subject subject("", content, language);
  if (python) record.facts = facts_of(subject.lexed());
  if (source::javascript::is_script(language)) record.facts.script = script::facts_of(subject);
  if (language == Language::kC || language == Language::kCpp) record.facts.apis = apis_in(content);
  std::vector<Finding> found;
  for (const auto& rule : file_rules()) {
    if (!rule->reads(language) || settings.mode(rule->name()) == RuleMode::kOff) continue;
    rule->examine(subject, nullptr, found);
  }
  record.candidates = !found.empty();
  record.parsed = record.candidates && subject.asked();
  record.skipped = subject.skipped();
  return record;
}

}  // namespace

Part part_of(std::string_view path, std::uint64_t size) {
  const Language language = source::detect(path);
  if (language != Language::kNone) {
    // C that others wrote: nothing is said of it, and nothing of ours asks what is in it.
    const bool foreign = (language == Language::kC || language == Language::kCpp) && foreign_place(path);
    return any_rule_reads(language) && !foreign ? Part::kSource : Part::kNone;
  }
  const std::string_view extension = extension_of(path);
  if (size > kLongestText) return Part::kNone;
  static constexpr std::array<std::string_view, 9> kTexts{"cfg",  "ini",  "toml",    "yaml", "yml",
                                                          "json", "conf", "service", "in"};
  if (std::find(kTexts.begin(), kTexts.end(), extension) != kTexts.end()) return Part::kText;
  return extension.empty() && path.find('.') == std::string_view::npos ? Part::kMaybe : Part::kNone;
}

Record record_of(std::string_view path, std::string_view content, const Settings& settings) {
  const Language language = source::detect(path, content.substr(0, 256));
  if (language != Language::kNone && any_rule_reads(language)) return record_of_source(content, language, settings);
  Record record;
  if (content.size() <= kLongestText) record.facts = facts_of_text(content);
  return record;
}

std::vector<Finding> findings_of(const std::string& path, std::string_view content, const Repository& repository) {
  return findings_of(Subject(path, content, source::detect(path, content.substr(0, 256))), repository);
}

std::vector<Finding> findings_of(const Subject& subject, const Repository& repository) {
  const Language language = subject.language();
  std::vector<Finding> found;
  for (const auto& rule : file_rules()) {
    const RuleMode mode = repository.settings.mode(rule->name());
    if (mode == RuleMode::kOff || !rule->reads(language)) continue;
    const std::size_t before = found.size();
    rule->examine(subject, &repository, found);
    if (mode == RuleMode::kFix) continue;
    for (std::size_t i = before; i < found.size(); ++i) {
      found[i].edits.clear();
      found[i].safety = Safety::kInfo;
    }
  }
  settle(subject, found);
  return found;
}

std::string Record::encode() const {
  std::string out;
  out += static_cast<char>((candidates ? 1 : 0) | (blind ? 2 : 0) | (parsed ? 4 : 0));
  out += static_cast<char>(std::min<std::size_t>(skipped.size(), 120));
  out += skipped.substr(0, 120);
  return out + facts.encode();
}

Result<Record> Record::decode(std::string_view bytes) {
  if (bytes.size() < 2 || bytes.size() < 2 + static_cast<std::size_t>(static_cast<unsigned char>(bytes[1]))) {
    return Error(ErrorKind::kDamaged, "a remembered record is cut short");
  }
  Record record;
  record.candidates = (bytes[0] & 1) != 0;
  record.blind = (bytes[0] & 2) != 0;
  record.parsed = (bytes[0] & 4) != 0;
  const auto size = static_cast<std::size_t>(static_cast<unsigned char>(bytes[1]));
  record.skipped = bytes.substr(2, size);
  auto facts = Facts::decode(bytes.substr(2 + size));
  if (!facts) return std::move(facts.error());
  record.facts = std::move(*facts);
  return record;
}

}  // namespace daydream::legacy
