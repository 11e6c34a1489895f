#include "daydream/kit/result.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <memory>
#include <string>

using namespace daydream;

namespace {

Result<int> half(int number) {
  if (number % 2 != 0) return Error(ErrorKind::kInvalid, "odd");
  return number / 2;
}

// The exit status of a child that does `action`.
template <class Action>
int status_of(Action action) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::close(STDERR_FILENO);
    action();
    std::_Exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("a result is a value or an error, never both") {
  CHECK(half(4).ok());
  CHECK(*half(4) == 2);
  CHECK_FALSE(half(3));
  CHECK(half(3).error().message() == "odd");
  CHECK(half(3).value_or(7) == 7);
}

TEST_CASE("each boundary puts its words before the message and keeps the kind") {
  const Error error = Error(ErrorKind::kDamaged, "row 3").context("store").context("run 7");
  CHECK(error.message() == "run 7: store: row 3");
  CHECK(error.kind() == ErrorKind::kDamaged);
  CHECK(Error(ErrorKind::kRetry, "x").as(ErrorKind::kPermanent).kind() == ErrorKind::kPermanent);
}

TEST_CASE("an errno becomes the kind that says what to do about it") {
  CHECK(Error::from_errno(ENOENT, "open").kind() == ErrorKind::kNotFound);
  CHECK(Error::from_errno(ENOSPC, "write").kind() == ErrorKind::kRetry);
  CHECK(Error::from_errno(EIO, "fsync").kind() == ErrorKind::kRetry);
  CHECK(Error::from_errno(EACCES, "open").kind() == ErrorKind::kPermanent);
  CHECK(Error::from_errno(ENOSYS, "openat2").kind() == ErrorKind::kUnsupported);
  CHECK(Error::from_errno(ENOENT, "open a.txt").message() == "open a.txt: No such file or directory");
}

TEST_CASE("a result of nothing is good until it holds an error") {
  Result<void> good;
  CHECK(good.ok());
  const Result<void> bad = Error(ErrorKind::kUsage, "no such flag");
  CHECK_FALSE(bad.ok());
  CHECK(bad.error().message() == "no such flag");
}

TEST_CASE("values that can only be moved come out of a result") {
  Result<std::unique_ptr<int>> result = std::make_unique<int>(5);
  const std::unique_ptr<int> taken = std::move(result).value();
  CHECK(*taken == 5);
}

TEST_CASE("a broken promise ends the program with exit 70") {
  CHECK(status_of([] { contract(false, "asked for in a test"); }) == 70);
  CHECK(status_of([] { (void)half(3).value(); }) == 70);
  CHECK(status_of([] { (void)half(4).error(); }) == 70);
  CHECK(status_of([] { contract(true, "holds"); }) == 0);
}
