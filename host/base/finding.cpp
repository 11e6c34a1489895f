// Findings as JSON, both ways: the form and its limits are told in model.hpp.
#include <algorithm>
#include <array>
#include <limits>

#include "base/masking.hpp"
#include "base/model.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream {

namespace {

Error wrong(std::string_view key, std::string_view expected) {
  return {ErrorKind::kInvalid, "\"" + std::string(key) + "\": expected " + std::string(expected)};
}

struct TextMember {
  std::string_view key;
  std::string Finding::*member;
  std::size_t most;
};
constexpr std::array<TextMember, 5> kTexts{{
    {"symbol", &Finding::symbol, kMaxFindingSymbol},
    {"context", &Finding::context, kMaxFindingText},
    {"message", &Finding::message, kMaxFindingText},
    {"evidence", &Finding::evidence, kMaxFindingText},
    {"suggestion", &Finding::suggestion, kMaxFindingText},
}};
struct NumberMember {
  std::string_view key;
  int Finding::*member;
};
constexpr std::array<NumberMember, 3> kNumbers{{
    {"line", &Finding::line},
    {"column", &Finding::column},
    {"end_line", &Finding::end_line},
}};
// What only the host may set.
constexpr std::array<TextMember, 5> kHostTexts{{
    {"id", &Finding::id, kMaxFindingText},
    {"step", &Finding::step, kMaxFindingText},
    {"commit", &Finding::commit, kMaxFindingText},
    {"since", &Finding::since, kMaxFindingText},
    {"note", &Finding::note, kMaxFindingText},
}};

// One vendor prefix at most, each part lower-case words with hyphens: "unused-import", "acme/no-todo".
bool is_rule(std::string_view rule) {
  if (rule.empty() || rule.size() > 200 || std::ranges::count(rule, '/') > 1) return false;
  for (std::string_view part : text::split(rule, '/')) {
    if (part.empty() || part.front() == '-' || part.back() == '-') return false;
    const bool clean = std::ranges::all_of(part, [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
    if (!clean) return false;
  }
  return true;
}

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

Result<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return wrong("path_hex", "lower-case hexadecimal digits in pairs");
  std::string bytes;
  bytes.reserve(hex.size() / 2);
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const int high = digit_of(hex[i]);
    const int low = digit_of(hex[i + 1]);
    if (high < 0 || low < 0) return wrong("path_hex", "lower-case hexadecimal digits in pairs");
    bytes += static_cast<char>(high * 16 + low);
  }
  return bytes;
}

constexpr std::string_view kDigits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
  std::string hex;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

Result<void> set_path(Finding& finding, std::string bytes) {
  if (bytes.size() > kMaxFindingText) return wrong("path", "at most 4096 bytes");
  if (bytes.find('\0') != std::string::npos) return wrong("path", "no NUL byte");
  finding.path = std::move(bytes);
  return {};
}

// nullopt: not a member that names a place.
std::optional<Result<void>> set_place(Finding& finding, std::string_view key, const json::Value& value) {
  if (key == "path") {
    if (!value.IsString()) return wrong(key, "a string");
    if (!finding.path.empty()) return Result<void>{};  // path_hex came first, and holds the truth
    return set_path(finding, json::string_of(value));
  }
  if (key == "path_hex") {
    if (!value.IsString()) return wrong(key, "a string");
    auto bytes = from_hex(json::string_of(value));
    if (!bytes) return std::move(bytes.error());
    return set_path(finding, *std::move(bytes));
  }
  for (const auto& [name, member] : kNumbers) {
    if (key != name) continue;
    if (!value.IsInt() || value.GetInt() < 0) return wrong(key, "a whole number from 0 to 2147483647");
    finding.*member = value.GetInt();
    return Result<void>{};
  }
  return std::nullopt;
}

template <class Enum>
Result<void> set_enum(Enum& to, std::string_view key, const json::Value& value,
                      Result<Enum> (*parse)(std::string_view)) {
  if (!value.IsString()) return wrong(key, "a string");
  auto parsed = parse(json::string_of(value));
  if (!parsed) return std::move(parsed.error()).context("\"" + std::string(key) + "\"");
  to = *parsed;
  return {};
}

template <std::size_t kCount>
std::optional<Result<void>> set_text(Finding& finding, const std::array<TextMember, kCount>& members,
                                     std::string_view key, const json::Value& value, bool mask) {
  for (const auto& [name, member, most] : members) {
    if (key != name) continue;
    if (!value.IsString()) return wrong(key, "a string");
    // Cut before masking too, so that a huge text costs little; and after, as masking may lengthen it.
    std::string content = text::to_utf8(json::string_of(value));
    if (mask) content = daydream::mask(text::shorten(content, 4 * most));
    finding.*member = text::shorten(content, most);
    return Result<void>{};
  }
  return std::nullopt;
}

std::optional<Result<void>> set_by_plugin(Finding& finding, std::string_view key, const json::Value& value, bool mask) {
  if (key == "rule") {
    if (!value.IsString() || !is_rule(json::string_of(value))) {
      return wrong(key, "a rule's name, as \"unused-import\" or \"vendor/rule\"");
    }
    finding.rule = json::string_of(value);
    return Result<void>{};
  }
  if (key == "severity") return set_enum(finding.severity, key, value, &severity_of);
  if (key == "safety") return set_enum(finding.safety, key, value, &safety_of);
  if (auto done = set_text(finding, kTexts, key, value, mask)) return done;
  return set_place(finding, key, value);
}

std::optional<Result<void>> set_by_host(Finding& finding, std::string_view key, const json::Value& value) {
  if (key == "number") {
    if (!value.IsUint64()) return wrong(key, "a whole number");
    finding.number = value.GetUint64();
    return Result<void>{};
  }
  if (key == "action") return set_enum(finding.action, key, value, &action_of);
  if (key == "would_apply") {
    if (!value.IsBool()) return wrong(key, "true or false");
    finding.would_apply = value.GetBool();
    return Result<void>{};
  }
  return set_text(finding, kHostTexts, key, value, false);
}

Error unknown_key(std::string_view key) {
  std::vector<std::string> known{"rule", "severity", "safety", "path", "path_hex"};
  for (const auto& member : kNumbers) known.emplace_back(member.key);
  for (const auto& member : kTexts) known.emplace_back(member.key);
  std::string message = "unknown key \"" + text::escape_terminal(text::shorten(key, 100)) + "\"";
  const std::string near = text::nearest(key, known);
  if (!near.empty()) message += "; did you mean \"" + near + "\"?";
  return {ErrorKind::kInvalid, std::move(message)};
}

Result<Finding> parse(std::string_view bytes, bool of_plugin) {
  json::ParseOptions options;
  options.name = "finding";
  options.max_depth = 4;
  options.max_bytes = std::size_t{1} << 20;
  options.positions = false;
  auto parsed = json::Text::parse(bytes, options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  if (!root.IsObject()) return Error(ErrorKind::kInvalid, "finding: expected an object");
  Finding finding;
  for (const auto& [name, value] : root.GetObject()) {
    const std::string key = json::string_of(name);
    auto done = set_by_plugin(finding, key, value, of_plugin);
    if (!done && !of_plugin) done = set_by_host(finding, key, value);
    if (!done) return unknown_key(key).context("finding");
    if (!*done) return std::move(done->error()).context("finding");
  }
  if (finding.rule.empty()) return Error(ErrorKind::kInvalid, "finding: \"rule\" is missing");
  return finding;
}

}  // namespace

std::string to_json(const Finding& finding) {
  json::Writer out;
  out.begin_object();
  out.field("number", finding.number).field("id", finding.id).field("step", finding.step).field("rule", finding.rule);
  out.field("severity", name_of(finding.severity)).field("safety", name_of(finding.safety));
  out.field("path", text::valid_utf8(finding.path) ? finding.path : text::show_path(finding.path));
  if (!text::valid_utf8(finding.path)) out.field("path_hex", to_hex(finding.path));
  for (const auto& [key, member] : kNumbers) out.field(key, finding.*member);
  for (const auto& member : kTexts) out.field(member.key, finding.*(member.member));
  out.field("commit", finding.commit).field("since", finding.since).field("action", name_of(finding.action));
  out.field("would_apply", finding.would_apply).field("note", finding.note);
  out.end_object();
  return out.take();
}

Result<Finding> parse_finding(std::string_view json) {
  return parse(json, true);
}

Result<Finding> read_finding(std::string_view json) {
  return parse(json, false);
}

}  // namespace daydream
