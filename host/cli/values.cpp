#include "cli/values.hpp"

#include <algorithm>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

Error wrong(const char* flag, const std::string& words) {
  return {ErrorKind::kUsage, std::string("--") + flag + ": " + words};
}

// "a, b or c"
std::string alternatives(const std::vector<std::string>& known) {
  std::string shown;
  for (std::size_t i = 0; i < known.size(); ++i) {
    shown += (i == 0 ? "" : i + 1 == known.size() ? " or " : ", ") + known[i];
  }
  return shown;
}

Result<std::string> one_of(const std::string& given, const char* flag, const std::vector<std::string>& known) {
  if (std::find(known.begin(), known.end(), given) != known.end()) return given;
  const std::string near = text::nearest(given, known);
  return wrong(flag, "expected " + alternatives(known) + ", got \"" + given + "\"" +
                         (near.empty() ? "" : "; did you mean " + near + "?"));
}

}  // namespace

Result<std::optional<Milliseconds>> duration_of(const Arguments& arguments, const char* flag) {
  const auto given = arguments.text(flag);
  if (!given) return std::optional<Milliseconds>();
  const auto parsed = json::parse_duration_ms(*given);
  if (!parsed) return wrong(flag, parsed.error().message());
  if (*parsed <= 0) return wrong(flag, "expected more than nothing, as 90s, 20m or 3h");
  return std::optional(Milliseconds(*parsed));
}

Result<std::optional<Instant>> instant_of(const Arguments& arguments, const char* flag) {
  const auto given = arguments.text(flag);
  if (!given) return std::optional<Instant>();
  const auto parsed = parse_rfc3339(*given);
  if (!parsed) return wrong(flag, parsed.error().message());
  return std::optional(*parsed);
}

Result<std::optional<Mode>> mode_of(const Arguments& arguments, const char* flag) {
  const auto given = arguments.text(flag);
  if (!given) return std::optional<Mode>();
  const auto name = one_of(*given, flag, {"observe", "patch", "branch", "in-place"});
  if (!name) return name.error();
  return std::optional(daydream::mode_of(*name).value());
}

Result<std::optional<Severity>> severity_of(const Arguments& arguments, const char* flag) {
  const auto given = arguments.text(flag);
  if (!given) return std::optional<Severity>();
  const auto name = one_of(*given, flag, {"info", "warning", "error"});
  if (!name) return name.error();
  return std::optional(daydream::severity_of(*name).value());
}

Result<std::vector<std::string>> list_of(const Arguments& arguments, const char* flag) {
  std::vector<std::string> list;
  const auto given = arguments.text(flag);
  if (!given) return list;
  for (const std::string_view part : text::split(*given, ',')) {
    if (text::trim(part).empty())
      return wrong(flag, "expected names with a comma between them, got \"" + *given + "\"");
    list.emplace_back(text::trim(part));
  }
  return list;
}

Result<std::string> choice_of(const Arguments& arguments, const char* flag, const std::vector<std::string>& known) {
  const auto given = arguments.text(flag);
  if (!given) return known.front();
  return one_of(*given, flag, known);
}

}  // namespace daydream::cli
