#include "confine/landlock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/files.hpp"

// The kernel's interface by its numbers: Debian 12's headers end at ABI 2, running kernels do not.
// See the kernel's Documentation/userspace-api/landlock.rst.
namespace daydream::confine {
namespace {

constexpr std::uint64_t kExecute = 1U << 0, kWriteFile = 1U << 1, kReadFile = 1U << 2, kReadDirectory = 1U << 3;
constexpr std::uint64_t kMakeDevices = (1U << 6) | (1U << 11);  // character and block
constexpr std::uint64_t kTruncate = 1U << 14, kDeviceControl = 1U << 15;
constexpr std::uint64_t kAllOfAbi1 = (1U << 13) - 1, kRefer = 1U << 13;
constexpr std::uint64_t kBindTcp = 1U << 0, kConnectTcp = 1U << 1;
constexpr std::uint64_t kAbstractSockets = 1U << 0, kSignals = 1U << 1;
constexpr std::uint64_t kFileRights = kExecute | kWriteFile | kReadFile | kTruncate | kDeviceControl;

struct Ruleset {
  std::uint64_t files = 0, network = 0, scoped = 0;
};
struct __attribute__((packed)) PathRule {
  std::uint64_t allowed = 0;
  std::int32_t parent = -1;
};
constexpr int kRulePath = 1;

// 0 where there is no Landlock.
int abi_version() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, 1U);
  return version > 0 ? static_cast<int>(version) : 0;
}

Ruleset all_of(int abi) {
  Ruleset result;
  result.files = kAllOfAbi1;
  if (abi >= 2) result.files |= kRefer;
  if (abi >= 3) result.files |= kTruncate;
  if (abi >= 4) result.network = kBindTcp | kConnectTcp;
  if (abi >= 5) result.files |= kDeviceControl;
  if (abi >= 6) result.scoped = kAbstractSockets | kSignals;
  return result;
}

std::size_t size_of(int abi) {
  return abi < 4 ? 8 : abi < 6 ? 16 : 24;
}

// A path that is not there needs no rule.
bool allow(int ruleset, const std::string& path, std::uint64_t rights) {
  const files::Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (place.get() < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES;
  struct stat status {};
  if (::fstat(place.get(), &status) != 0) return false;
  PathRule rule;
  rule.allowed = S_ISDIR(status.st_mode) ? rights : rights & kFileRights;
  rule.parent = place.get();
  return ::syscall(SYS_landlock_add_rule, ruleset, kRulePath, &rule, 0U) == 0;
}

bool allow_all(int ruleset, const Reach& reach, const Ruleset& handled) {
  const std::uint64_t read = kReadFile | kReadDirectory | (reach.programs ? kExecute : 0);
  bool good = allow(ruleset, "/dev/null", handled.files & (kReadFile | kWriteFile | kTruncate));
  for (const std::string& path : reach.readable) good = allow(ruleset, path, read) && good;
  for (const std::string& path : reach.writable)
    good = allow(ruleset, path, handled.files & ~kMakeDevices & ~kDeviceControl) && good;
  return good;
}

std::vector<std::string> lacking(int abi, const std::string& whom) {
  std::vector<std::string> missing;
  if (abi < 2)
    missing.emplace_back("Landlock 2 (Linux 5.19): files cannot be moved between folders of the scratch space");
  if (abi < 3) missing.emplace_back("Landlock 3 (Linux 6.2): that a file is not cut short is held by seccomp alone");
  if (abi < 6)
    missing.emplace_back("Landlock 6 (Linux 6.12): " + whom +
                         " could send signals to other processes of the same user");
  return missing;
}

}  // namespace

const std::vector<std::string>& system_places() {
  static const std::vector<std::string> kPlaces{
      "/usr", "/lib", "/lib64", "/bin", "/sbin", "/etc", "/proc/self", "/dev/urandom", "/sys/devices/system/cpu"};
  return kPlaces;
}

std::vector<std::string> restrict_files(const Reach& reach, const std::string& whom) {
  const std::string all = ": " + whom + " could read and write whatever its user may";
  const int abi = abi_version();
  if (abi == 0) return {"Landlock (Linux 5.13 or newer, with landlock among its security modules)" + all};
  Ruleset handled = all_of(abi);
  if (reach.network) handled.network = 0;
  const files::Descriptor ruleset(static_cast<int>(::syscall(SYS_landlock_create_ruleset, &handled, size_of(abi), 0U)));
  if (ruleset.get() < 0 || !allow_all(ruleset.get(), reach, handled) ||
      ::syscall(SYS_landlock_restrict_self, ruleset.get(), 0U) != 0)
    return {std::string("Landlock: ") + std::strerror(errno) + all};
  return lacking(abi, whom);
}

}  // namespace daydream::confine
