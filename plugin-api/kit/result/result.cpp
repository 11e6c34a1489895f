#include "daydream/kit/result.hpp"

#include <cerrno>
#include <cstring>

namespace daydream {

namespace {

ErrorKind kind_of(int number) {
  switch (number) {
    case ENOENT:
    case ENOTDIR:
      return ErrorKind::kNotFound;
    case EINVAL:
    case ENAMETOOLONG:
      return ErrorKind::kInvalid;
    case EACCES:
    case EPERM:
    case EROFS:
    case ELOOP:
      return ErrorKind::kPermanent;
    case ENOSYS:
    case EOPNOTSUPP:
      return ErrorKind::kUnsupported;
    default:
      return ErrorKind::kRetry;
  }
}

}  // namespace

Error Error::from_errno(int number, std::string_view what) {
  char buffer[128];
  return {kind_of(number), std::string(what) + ": " + strerror_r(number, buffer, sizeof buffer)};
}

}  // namespace daydream
