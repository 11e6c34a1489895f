// The probe child: the one place beside a worker where code of plugins runs.
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"

namespace daydream::loader {
namespace {

constexpr int kOutOfTheWay = 200;  // descriptors that a plugin's constructor will not take for its own
constexpr std::size_t kMaxDescriptor = std::size_t{1} << 20;
constexpr std::size_t kMaxPath = 64 << 10;

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

// The next NUL-terminated path; false at the end. `rest` keeps what was read beyond it.
bool next_path(int descriptor, std::string& rest, std::string& path) {
  std::array<char, 4096> chunk{};
  while (true) {
    if (const std::size_t end = rest.find('\0'); end != std::string::npos) {
      path = rest.substr(0, end);
      rest.erase(0, end + 1);
      return true;
    }
    if (rest.size() > kMaxPath) return false;
    const ssize_t got = ::read(descriptor, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return false;
    rest.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

std::string answer(const std::string& file) {
  auto table = open(file);
  if (!table) return json::Writer().begin_object().field("error", table.error().message()).end_object().take();
  const char* const descriptor = (*table)->descriptor;
  const std::size_t size = ::strnlen(descriptor, kMaxDescriptor + 1);
  std::string error;
  if (size > kMaxDescriptor) error = "its descriptor is larger than 1 MiB, or has no end";
  if (error.empty() && !text::valid_utf8({descriptor, size})) error = "its descriptor is not UTF-8";
  if (!error.empty())
    return json::Writer()
        .begin_object()
        .field("error", "plugin " + text::show_path(file) + ": " + error)
        .end_object()
        .take();
  return json::Writer().begin_object().field("descriptor", std::string_view(descriptor, size)).end_object().take();
}

void set_limit(int resource, rlim_t value) {
  const rlimit limit{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
}

}  // namespace

int probe_main() {
  const int paths = ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, kOutOfTheWay);
  const int answers = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, kOutOfTheWay);
  const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (paths < 0 || answers < 0 || nothing < 0) return 70;
  ::dup2(nothing, STDIN_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
  ::close(nothing);
  set_limit(RLIMIT_CORE, 0);
  set_limit(RLIMIT_FSIZE, rlim_t{16} << 20);  // a constructor that prints without end ends
  std::string rest;
  std::string path;
  while (next_path(paths, rest, path)) {
    if (!write_all(answers, answer(path) + "\n")) break;
  }
  ::_exit(0);  // no destructor of a plugin runs
}

}  // namespace daydream::loader
