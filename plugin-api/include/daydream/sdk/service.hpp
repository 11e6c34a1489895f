// C tables as callable services. A service, or a function of it, that the host lacks is an error
// with words a person can act on, never a null call.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "daydream/abi.h"
#include "daydream/kit/result.hpp"

namespace daydream::sdk {

inline dd_text text_of(std::string_view view) {
  return {view.data(), view.size()};
}
inline dd_bytes bytes_of(std::string_view view) {
  return {reinterpret_cast<const std::uint8_t*>(view.data()), view.size()};
}
inline std::string_view view_of(dd_text text) {
  return {text.data == nullptr ? "" : text.data, text.size};
}
inline std::string_view view_of(dd_bytes bytes) {
  return {bytes.data == nullptr ? "" : reinterpret_cast<const char*>(bytes.data), bytes.size};
}

// What the host answered, as an error; REQUIRES: status is not DD_OK.
inline Error error_of(dd_status status, std::string_view what) {
  const std::string subject(what);
  switch (status) {
    case DD_RETRY:
      return {ErrorKind::kRetry, subject + ": the host could not do it now"};
    case DD_CANCELLED:
      return {ErrorKind::kCancelled, subject + ": the run is stopping"};
    case DD_CONFLICT:
      return {ErrorKind::kConflict, subject + ": it is not what the step saw"};
    case DD_UNSUPPORTED:
      return {ErrorKind::kUnsupported, subject + ": not possible on this host or for this file"};
    case DD_BAD_ARGUMENT:
      return {ErrorKind::kInvalid, subject + ": the host refused the arguments"};
    case DD_NOT_FOUND:
      return {ErrorKind::kNotFound, subject + ": not found"};
    case DD_PERMANENT:
      return {ErrorKind::kPermanent, subject + ": refused by the host"};
    default:
      return {ErrorKind::kPermanent, subject + ": unknown status " + std::to_string(status)};
  }
}

inline Result<void> check(dd_status status, std::string_view what) {
  if (status == DD_OK) return {};
  return error_of(status, what);
}

// What a step's function answers to the host for an error that reached its end.
inline dd_status status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kRetry:
    case ErrorKind::kConflict:
      return DD_RETRY;  // the next try sees the file as it is then
    case ErrorKind::kCancelled:
      return DD_CANCELLED;
    case ErrorKind::kUsage:
      return DD_BAD_ARGUMENT;
    default:
      return DD_PERMANENT;
  }
}

// The stable word for `explain`.
inline std::string_view code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalid:
      return "invalid";
    case ErrorKind::kUsage:
      return "usage";
    case ErrorKind::kNotFound:
      return "not-found";
    case ErrorKind::kConflict:
      return "conflict";
    case ErrorKind::kRetry:
      return "retry";
    case ErrorKind::kCancelled:
      return "cancelled";
    case ErrorKind::kUnsupported:
      return "unsupported";
    case ErrorKind::kDamaged:
      return "damaged";
    case ErrorKind::kInternal:
      return "internal";
    default:
      return "permanent";
  }
}

// One service table, which may be missing (older host) or shorter than ours (older minor).
template <class Table>
class Service {
 public:
  Service(const dd_host* host, dd_run* run, const char* id)
      : table_(static_cast<const Table*>(host->service(run, id))), id_(id) {}

  [[nodiscard]] bool present() const { return table_ != nullptr; }

  // nullptr when the host lacks it.
  template <class Function>
  [[nodiscard]] Function find(Function Table::*member) const {
    if (table_ == nullptr) return nullptr;
    const auto* begin = reinterpret_cast<const char*>(table_);
    const auto* end = reinterpret_cast<const char*>(&(table_->*member) + 1);
    return static_cast<std::size_t>(end - begin) > table_->struct_size ? nullptr : table_->*member;
  }

  // Calls a function that answers a status; any but DD_OK is an error that names the call.
  template <class... Parameters, class... Arguments>
  Result<void> call(dd_status (*Table::*member)(Parameters...) noexcept, std::string_view name,
                    Arguments... arguments) const {
    const auto function = find(member);
    if (function == nullptr) return missing(name);
    return check(function(arguments...), name);
  }

  // kUnsupported: what is missing and what to do.
  [[nodiscard]] Error missing(std::string_view name) const {
    std::string what = "this daydream has no service \"" + std::string(id_) + "\"";
    if (table_ != nullptr) what = "this daydream's service \"" + std::string(id_) + "\" lacks a function";
    return {ErrorKind::kUnsupported, std::string(name) + ": " + what + "; the step was built for plugin ABI " +
                                         std::to_string(DD_ABI_MAJOR) + "." + std::to_string(DD_ABI_MINOR) +
                                         ": update daydream, or build the step against its plugin-api"};
  }

 private:
  const Table* table_;
  const char* id_;
};

}  // namespace daydream::sdk
