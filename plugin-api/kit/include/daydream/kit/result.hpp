// Expected failures as values. Every boundary adds once what it was doing and to what:
//   if (!pipeline) return std::move(pipeline.error()).context("manifest " + path);
#pragma once

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace daydream {

// What a failure means to whoever must act on it. The host maps kinds to exit codes.
enum class ErrorKind {
  kInvalid,      // input that is wrong until somebody changes it (manifest, plugin, configuration)
  kUsage,        // wrong words on the command line
  kNotFound,     // the thing asked for is not there
  kConflict,     // the file or record is not what the caller saw
  kRetry,        // may succeed later (disk full, lock held, no network)
  kPermanent,    // will not succeed without a change outside
  kCancelled,    // asked to stop
  kUnsupported,  // this machine or this file cannot do it
  kDamaged,      // durable state is not what was written; a human is needed
  kInternal,     // a broken promise inside the program
};

class [[nodiscard]] Error {
 public:
  Error(ErrorKind kind, std::string message) : kind_(kind), message_(std::move(message)) {}

  // "what: strerror(number)"; EINTR, EAGAIN, ENOSPC, EDQUOT, EIO... are kRetry, ENOENT kNotFound.
  static Error from_errno(int number, std::string_view what);

  [[nodiscard]] ErrorKind kind() const { return kind_; }
  [[nodiscard]] const std::string& message() const { return message_; }

  Error context(std::string_view what) && {
    message_.insert(0, std::string(what) + ": ");
    return std::move(*this);
  }
  Error as(ErrorKind kind) && {
    kind_ = kind;
    return std::move(*this);
  }

 private:
  ErrorKind kind_;
  std::string message_;
};

// A broken promise inside the program: prints and ends with exit 70. On in release.
[[noreturn]] inline void broken_contract(const char* what) {
  std::fprintf(stderr, "daydream: internal error: %s\n", what);
  std::fflush(stderr);
  std::_Exit(70);
}
inline void contract(bool holds, const char* what) {
  if (!holds) broken_contract(what);
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  T& value() & {
    contract(ok(), "value of a failed Result");
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    contract(ok(), "value of a failed Result");
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    contract(ok(), "value of a failed Result");
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  T value_or(T other) && { return ok() ? std::move(*this).value() : std::move(other); }

  Error& error() {
    contract(!ok(), "error of a good Result");
    return *std::get_if<1>(&state_);
  }
  [[nodiscard]] const Error& error() const {
    contract(!ok(), "error of a good Result");
    return *std::get_if<1>(&state_);
  }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return !error_.has_value(); }
  explicit operator bool() const { return ok(); }

  Error& error() {
    contract(error_.has_value(), "error of a good Result");
    return *error_;
  }
  [[nodiscard]] const Error& error() const {
    contract(error_.has_value(), "error of a good Result");
    return *error_;
  }

 private:
  std::optional<Error> error_;
};

}  // namespace daydream
