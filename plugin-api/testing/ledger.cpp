#include "daydream/testing/ledger.hpp"

#include <algorithm>
#include <sstream>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::testing {

namespace {

const std::vector<std::string> kFindingKeys = {"rule",    "severity", "safety",    "path",   "path_hex",
                                               "line",    "column",   "end_line",  "symbol", "context",
                                               "message", "evidence", "suggestion"};

Result<std::string> from_hex(const std::string& digits) {
  std::string bytes;
  if (digits.size() % 2 != 0) return Error(ErrorKind::kInvalid, "path_hex: not hexadecimal");
  for (std::size_t index = 0; index < digits.size(); index += 2) {
    int value = 0;
    for (const char digit : {digits[index], digits[index + 1]}) {
      value *= 16;
      if (digit >= '0' && digit <= '9') {
        value += digit - '0';
      } else if (digit >= 'a' && digit <= 'f') {
        value += digit - 'a' + 10;
      } else {
        return Error(ErrorKind::kInvalid, "path_hex: not hexadecimal");
      }
    }
    bytes += static_cast<char>(value);
  }
  return bytes;
}

bool one_of(const std::string& word, std::initializer_list<const char*> known) {
  return std::any_of(known.begin(), known.end(), [&](const char* each) { return word == each; });
}

Result<void> check_members(const json::Value& object) {
  for (const auto& member : object.GetObject()) {
    const std::string key = json::string_of(member.name);
    if (std::find(kFindingKeys.begin(), kFindingKeys.end(), key) == kFindingKeys.end()) {
      return Error(ErrorKind::kInvalid,
                   "unknown key \"" + key + "\"; did you mean \"" + text::nearest(key, kFindingKeys) + "\"?");
    }
    const bool number = one_of(key, {"line", "column", "end_line"});
    if (number && (!member.value.IsInt() || member.value.GetInt() < 0)) {
      return Error(ErrorKind::kInvalid, key + ": expected a whole number from 0");
    }
    if (!number && !member.value.IsString()) return Error(ErrorKind::kInvalid, key + ": expected a string");
  }
  return {};
}

}  // namespace

Result<StoredFinding> read_finding(std::uint64_t number, std::string_view json) {
  json::ParseOptions options;
  options.name = "finding";
  auto parsed = json::Text::parse(json, options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return Error(ErrorKind::kInvalid, "not an object");
  if (auto checked = check_members(root); !checked) return std::move(checked.error());
  StoredFinding finding;
  finding.number = number;
  finding.rule = json::get_string(root, "rule");
  finding.severity = json::get_string(root, "severity", "info");
  finding.safety = json::get_string(root, "safety", "info");
  if (finding.rule.empty()) return Error(ErrorKind::kInvalid, "no rule");
  if (!one_of(finding.severity, {"info", "warning", "error"})) {
    return Error(ErrorKind::kInvalid, "severity: expected info, warning or error");
  }
  if (!one_of(finding.safety, {"safe", "review", "info"})) {
    return Error(ErrorKind::kInvalid, "safety: expected safe, review or info");
  }
  finding.path = json::get_string(root, "path");
  if (json::find(root, "path_hex") != nullptr) {
    auto bytes = from_hex(json::get_string(root, "path_hex"));
    if (!bytes) return std::move(bytes.error());
    finding.path = std::move(*bytes);
  }
  if (!finding.path.empty() && !walk::clean_relative(finding.path)) {
    return Error(ErrorKind::kInvalid, "path: expected one relative to the source tree, without . and ..");
  }
  finding.symbol = json::get_string(root, "symbol");
  finding.context = json::get_string(root, "context");
  finding.message = json::get_string(root, "message");
  finding.evidence = json::get_string(root, "evidence");
  finding.suggestion = json::get_string(root, "suggestion");
  finding.line = static_cast<int>(json::get_int(root, "line"));
  finding.column = static_cast<int>(json::get_int(root, "column"));
  finding.end_line = static_cast<int>(json::get_int(root, "end_line"));
  return finding;
}

std::string finding_line(const StoredFinding& finding) {
  std::string line = finding.path.empty() ? "-" : text::show_path(finding.path);
  if (finding.line != 0) line += ":" + std::to_string(finding.line);
  line += " " + finding.rule + " " + finding.safety;
  if (!finding.symbol.empty()) line += " " + text::escape_terminal(finding.symbol);
  if (finding.conflict) line += " conflict";
  return line;
}

Ledger::Ledger(const Start& start) : draft_(start.files), memory_(start.memory), roots_(start.roots) {}

std::uint64_t Ledger::next_finding() const {
  return findings_.empty() ? 1 : findings_.rbegin()->first + 1;
}

void Ledger::apply(const Commit& commit) {
  if (commit.checkpoint) checkpoint_ = commit.checkpoint;
  for (const auto& [key, value] : commit.put_memory) memory_[key] = value;
  for (const auto& key : commit.drop_memory) memory_.erase(key);
  for (const auto& [name, json] : commit.outputs) outputs_[name] = json;
  for (const auto& [name, value] : commit.metrics) metrics_[name] = value;
  for (const auto& [name, bytes] : commit.files) state_files_[name] = bytes;
  for (const auto& [number, json] : commit.findings) {
    auto read = read_finding(number, json);
    if (read) findings_[number] = std::move(*read);
  }
  for (const auto& effect : commit.effects) apply_effect(effect);
}

void Ledger::apply_effect(const Effect& effect) {
  const auto found = findings_.find(effect.finding);
  if (found == findings_.end()) return;
  StoredFinding& finding = found->second;
  finding.changed = true;
  if (effect.kind == EffectKind::kHttp) {
    remote_.emplace_back(effect.key, effect.request);
    return;
  }
  if (effect.kind == EffectKind::kDiscard) return discard(effect);
  if (effect.kind == EffectKind::kArchive) return archive(effect);
  if (draft_.add(effect) != Draft::Taken::kTaken) finding.conflict = true;
}

bool Ledger::change_is(const std::set<std::uint64_t>& change, bool safe) const {
  return std::all_of(change.begin(), change.end(), [&](std::uint64_t number) {
    const auto found = findings_.find(number);
    if (found == findings_.end() || found->second.conflict) return false;
    return found->second.safety == "safe" || (!safe && found->second.safety == "review");
  });
}

FileMap Ledger::applied() const {
  return draft_.with([this](const auto& change) { return change_is(change, true); });
}
FileMap Ledger::proposed() const {
  return draft_.with([this](const auto& change) { return change_is(change, false); });
}

void Ledger::discard(const Effect& effect) {
  discarded_.insert(effect.root + "/" + effect.path);
  FileMap& files = roots_[effect.root];
  std::erase_if(
      files, [&](const auto& file) { return file.first == effect.path || file.first.starts_with(effect.path + "/"); });
}

void Ledger::archive(const Effect& effect) {
  FileMap& files = roots_[effect.root];
  const auto live = files.find(effect.path);
  if (live == files.end()) return;
  archived_[effect.archive_path] = live->second;
  auto options = json::Text::parse(effect.options);
  if (options && json::get_bool(options->root(), "unlink")) files.erase(live);
}

namespace {

void add_files(std::ostringstream& out, const char* kind, const FileMap& files) {
  for (const auto& [path, bytes] : files) out << kind << " " << path << " " << bytes.size() << "\n" << bytes << "\n";
}

}  // namespace

std::string Ledger::summary() const {
  std::ostringstream out;
  std::vector<std::string> lines;
  for (const auto& [number, finding] : findings_) {
    lines.push_back(finding_line(finding) + " | " + finding.severity + " | " + std::to_string(finding.column) + "-" +
                    std::to_string(finding.end_line) + " | " + finding.context + " | " + finding.message + " | " +
                    finding.evidence + " | " + finding.suggestion);
  }
  std::sort(lines.begin(), lines.end());
  for (const auto& line : lines) out << "finding " << line << "\n";
  add_files(out, "file", applied());
  add_files(out, "proposed", proposed());
  for (const auto& [key, request] : remote_) out << "remote " << key << " " << request << "\n";
  for (const auto& path : discarded_) out << "discarded " << path << "\n";
  add_files(out, "archived", archived_);
  add_files(out, "memory", memory_);
  add_files(out, "output", outputs_);
  add_files(out, "state file", state_files_);
  for (const auto& [name, value] : metrics_) out << "metric " << name << " " << value << "\n";
  return out.str();
}

}  // namespace daydream::testing
