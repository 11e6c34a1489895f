#include "base/model.hpp"

#include <array>
#include <span>

#include "daydream/kit/text.hpp"

namespace daydream {

namespace {

constexpr std::array<std::string_view, 4> kModes{"observe", "patch", "branch", "in-place"};
constexpr std::array<std::string_view, 3> kSeverities{"info", "warning", "error"};
constexpr std::array<std::string_view, 3> kSafeties{"safe", "review", "info"};
constexpr std::array<std::string_view, 6> kActions{"reported", "applied",  "proposed",
                                                   "conflict", "rejected", "declined"};

std::string_view name_at(std::span<const std::string_view> names, int value) {
  contract(value >= 0 && static_cast<std::size_t>(value) < names.size(), "an enum value without a name");
  return names[static_cast<std::size_t>(value)];
}

Result<int> value_of(std::span<const std::string_view> names, std::string_view what, std::string_view name) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<int>(i);
  }
  std::vector<std::string> known(names.begin(), names.end());
  std::string message = "no " + std::string(what) + " \"" + text::escape_terminal(text::shorten(name, 100)) + "\"";
  const std::string near = text::nearest(name, known);
  message += near.empty() ? " (known: " + text::join(known, ", ") + ")" : "; did you mean \"" + near + "\"?";
  return Error(ErrorKind::kInvalid, std::move(message));
}

template <class Enum>
Result<Enum> enum_of(std::span<const std::string_view> names, std::string_view what, std::string_view name) {
  auto value = value_of(names, what, name);
  if (!value) return std::move(value.error());
  return static_cast<Enum>(*value);
}

}  // namespace

std::string_view name_of(Mode mode) {
  return name_at(kModes, static_cast<int>(mode));
}
Result<Mode> mode_of(std::string_view name) {
  return enum_of<Mode>(kModes, "mode", name);
}

std::string_view name_of(Severity severity) {
  return name_at(kSeverities, static_cast<int>(severity));
}
Result<Severity> severity_of(std::string_view name) {
  return enum_of<Severity>(kSeverities, "severity", name);
}

std::string_view name_of(Safety safety) {
  return name_at(kSafeties, static_cast<int>(safety));
}
Result<Safety> safety_of(std::string_view name) {
  return enum_of<Safety>(kSafeties, "safety", name);
}

std::string_view name_of(Action action) {
  return name_at(kActions, static_cast<int>(action));
}
Result<Action> action_of(std::string_view name) {
  return enum_of<Action>(kActions, "action", name);
}

}  // namespace daydream
