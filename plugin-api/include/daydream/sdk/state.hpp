// What is committed: checkpoint, memory, outputs and findings. Views live until the next call of the
// same function. [run thread]
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "daydream/sdk/run.hpp"
#include "daydream/state.h"

namespace daydream::sdk {

struct CheckpointBytes {
  std::uint32_t schema = 0;
  std::string_view bytes;
};

// A checkpoint as a type of the step:
//   struct Progress {
//     static constexpr std::uint32_t kSchema = 1;                       // as in descriptor.json
//     std::string to_bytes() const;
//     static Result<Progress> from_bytes(std::string_view);
//   };
template <class T>
concept CheckpointType = requires(const T& value, std::string_view bytes) {
  { T::kSchema } -> std::convertible_to<std::uint32_t>;
  { value.to_bytes() } -> std::convertible_to<std::string>;
  { T::from_bytes(bytes) } -> std::same_as<Result<T>>;
};

class State {
 public:
  explicit State(const Run& run) : run_(run.handle()), service_(run.host(), run_, DD_STATE_SERVICE) {}

  // The last committed one of this run and step, or none.
  [[nodiscard]] Result<std::optional<CheckpointBytes>> checkpoint() const {
    CheckpointBytes found;
    dd_bytes last{};
    auto present = ask(&dd_state_service::checkpoint, "checkpoint", &found.schema, &last);
    if (!present) return std::move(present.error());
    if (!*present) return std::optional<CheckpointBytes>();
    found.bytes = view_of(last);
    return std::optional<CheckpointBytes>(found);
  }
  // As above, read by T; one of another schema (see `migrate`) counts as none.
  template <CheckpointType T>
  [[nodiscard]] Result<std::optional<T>> checkpoint_as() const {
    auto found = checkpoint();
    if (!found) return std::move(found.error());
    if (!*found || (*found)->schema != T::kSchema) return std::optional<T>();
    auto read = T::from_bytes((*found)->bytes);
    if (!read) return std::move(read.error()).context("checkpoint");
    return std::optional<T>(std::move(*read));
  }

  [[nodiscard]] Result<std::optional<std::string_view>> memory(std::string_view key) const {
    dd_bytes value{};
    auto present = ask(&dd_state_service::memory, "memory", bytes_of(key), &value);
    if (!present) return std::move(present.error());
    return *present ? std::optional(view_of(value)) : std::optional<std::string_view>();
  }

  using EachMemory = std::function<Result<void>(std::string_view key, std::string_view value)>;
  // Every entry whose key starts with `prefix`, in byte order; the first error of `each` ends it.
  [[nodiscard]] Result<void> scan_memory(std::string_view prefix, const EachMemory& each) const {
    std::string after;
    for (;;) {
      dd_bytes key{};
      dd_bytes value{};
      auto present =
          ask(&dd_state_service::scan_memory, "scan_memory", bytes_of(prefix), bytes_of(after), &key, &value);
      if (!present) return std::move(present.error());
      if (!*present) return {};
      std::string next(view_of(key));
      if (auto seen = each(next, view_of(value)); !seen) return seen;
      after = std::move(next);
    }
  }

  // JSON that an earlier step of this run put; step "daydream" is the host.
  [[nodiscard]] Result<std::optional<std::string_view>> output(std::string_view step, std::string_view name) const {
    dd_text found{};
    auto present = ask(&dd_state_service::output, "output", text_of(step), text_of(name), &found);
    if (!present) return std::move(present.error());
    return *present ? std::optional(view_of(found)) : std::optional<std::string_view>();
  }

  // Findings of an earlier step of this run ("" = all earlier ones), one JSON object a line.
  [[nodiscard]] Result<std::string_view> finding_lines(std::string_view step = "") const {
    dd_text lines{};
    auto present = ask(&dd_state_service::findings, "findings", text_of(step), &lines);
    if (!present) return std::move(present.error());
    return *present ? view_of(lines) : std::string_view();
  }
  using EachFinding = std::function<Result<void>(const json::Value& finding)>;
  [[nodiscard]] Result<void> each_finding(std::string_view step, const EachFinding& each) const {
    auto lines = finding_lines(step);
    if (!lines) return std::move(lines.error());
    json::ParseOptions options;
    options.name = "finding";
    options.positions = false;
    for (std::string_view rest = *lines; !rest.empty();) {
      const std::string_view line = rest.substr(0, rest.find('\n'));
      rest.remove_prefix(std::min(rest.size(), line.size() + 1));
      if (line.empty()) continue;
      auto parsed = json::Text::parse(line, options);
      if (!parsed) return std::move(parsed.error());
      if (auto seen = each(parsed->root()); !seen) return seen;
    }
    return {};
  }

  [[nodiscard]] const Service<dd_state_service>& service() const { return service_; }

 private:
  // false: DD_NOT_FOUND.
  template <class... Parameters, class... Arguments>
  Result<bool> ask(dd_status (*dd_state_service::*member)(dd_run*, Parameters...) noexcept, std::string_view name,
                   Arguments... arguments) const {
    const auto function = service_.find(member);
    if (function == nullptr) return service_.missing(name);
    const dd_status status = function(run_, arguments...);
    if (status == DD_NOT_FOUND) return false;
    if (status != DD_OK) return error_of(status, name);
    return true;
  }

  dd_run* run_;
  Service<dd_state_service> service_;
};

inline State Run::state() const {
  return State(*this);
}

}  // namespace daydream::sdk
