// The trust file: one line a repository, "<content hash> <real path, percent-encoded> <inner hash>"; the last
// is not there in lines of older programs.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <map>

#include "base/files.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "manifest/build.hpp"
#include "manifest/trust.hpp"

namespace daydream::manifest {
namespace {

struct Hashes {
  std::string content, inner;
};
using Records = std::map<std::string, Hashes>;  // by encoded path
constexpr std::size_t kMaxTrustBytes = std::size_t{16} << 20;

std::string encoded(const std::string& path) {
  std::string result;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte > ' ' && byte < 0x7f && c != '%') {
      result += c;
    } else {
      result += "%" + hash::hex({&c, 1});
    }
  }
  return result;
}

std::string decoded(std::string_view text) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
  std::string path;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%' || i + 2 >= text.size()) {
      path += text[i];
    } else {
      path += static_cast<char>(digit(text[i + 1]) * 16 + digit(text[i + 2]));
      i += 2;
    }
  }
  return path;
}

Result<std::string> key_of(const Path& repository) {
  std::error_code failed;
  const Path real = std::filesystem::canonical(repository, failed);
  if (failed) return Error::from_errno(failed.value(), shown_path(repository));
  return encoded(real.native());
}

// Anybody who can write the file could have trusted anything: what others may write does not count.
Result<Records> read_trusted(const Path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) {
    if (errno == ENOENT || errno == ENOTDIR) return Records{};
    return Error::from_errno(errno, shown_path(file));
  }
  if ((status.st_mode & 022) != 0 || status.st_uid != ::geteuid()) {
    return Error(ErrorKind::kInvalid, shown_path(file) + ": others may write it, so it does not count; remove it");
  }
  auto bytes = files::read(file, kMaxTrustBytes);
  if (!bytes) return std::move(bytes.error());
  Records records;
  for (const std::string_view line : text::split(*bytes, '\n')) {
    const auto parts = text::split(line, ' ');
    if (parts.size() < 2 || parts[0].size() != 64) continue;
    records[std::string(parts[1])] = {std::string(parts[0]), parts.size() > 2 ? std::string(parts[2]) : ""};
  }
  return records;
}

Result<void> write_trusted(const Path& file, const Records& records) {
  std::string bytes;
  for (const auto& [path, hashes] : records) {
    bytes.append(hashes.content).append(" ").append(path).append(" ").append(hashes.inner).append("\n");
  }
  return files::write_replace(file, bytes, files::Durability::kSynced, 0600);
}

// Two calls at once must not lose the line of one of them.
Result<files::Descriptor> lock(const Path& file) {
  if (auto made = files::make_directories(file.parent_path(), 0700); !made) return std::move(made.error());
  const Path path = file.native() + ".lock";
  files::Descriptor held(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (held.get() < 0 || ::flock(held.get(), LOCK_EX) != 0) return Error::from_errno(errno, shown_path(path));
  return held;
}

// What is recorded for the repository; empty hashes when nothing is.
Result<Hashes> recorded(const Path& repository) {
  auto file = trust_file();
  if (!file) return std::move(file.error());
  auto key = key_of(repository);
  if (!key) return std::move(key.error());
  auto trusted = read_trusted(*file);
  if (!trusted) return std::move(trusted.error());
  const auto found = trusted->find(*key);
  return found == trusted->end() ? Hashes{} : found->second;
}

}  // namespace

Result<Path> trust_file() {
  const char* config = std::getenv("XDG_CONFIG_HOME");
  if (config != nullptr && *config == '/') return Path(config) / "daydream" / "trusted";
  const char* home = std::getenv("HOME");
  if (home != nullptr && *home == '/') return Path(home) / ".config" / "daydream" / "trusted";
  return Error(ErrorKind::kInvalid, "trust cannot be recorded or read: neither XDG_CONFIG_HOME nor HOME is set");
}

Result<std::vector<Trusted>> trusted_repositories() {
  auto file = trust_file();
  if (!file) return std::move(file.error());
  auto trusted = read_trusted(*file);
  if (!trusted) return std::move(trusted.error());
  std::vector<Trusted> repositories;
  repositories.reserve(trusted->size());
  for (const auto& [path, hashes] : *trusted) repositories.push_back({decoded(path), hashes.content});
  return repositories;
}

bool is_trusted(const Loaded& loaded, const Path& repository) {
  const auto hashes = recorded(repository);
  return hashes.ok() && hashes->content == loaded.content_hash;
}

Result<void> trust(const Loaded& loaded, const Path& repository) {
  auto file = trust_file();
  if (!file) return std::move(file.error());
  auto key = key_of(repository);
  if (!key) return std::move(key.error());
  auto held = lock(*file);
  if (!held) return std::move(held.error());
  auto trusted = read_trusted(*file);
  if (!trusted) return std::move(trusted.error());
  (*trusted)[*key] = {loaded.content_hash, loaded.inner_hash};
  return write_trusted(*file, *trusted);
}

Result<bool> untrust(const Path& repository) {
  auto file = trust_file();
  if (!file) return std::move(file.error());
  auto key = key_of(repository);
  if (!key) return std::move(key.error());
  if (!files::exists(*file)) return false;
  auto held = lock(*file);
  if (!held) return std::move(held.error());
  auto trusted = read_trusted(*file);
  if (!trusted) return std::move(trusted.error());
  if (trusted->erase(*key) == 0) return false;
  if (auto written = write_trusted(*file, *trusted); !written) return std::move(written.error());
  return true;
}

bool is_inner_trusted(const std::string& inner_hash, const Path& repository) {
  const auto hashes = recorded(repository);
  return hashes.ok() && hashes->inner == inner_hash;
}

Error needs_trust(const std::string& what, bool changed, const std::vector<std::string>& keys, const Path& repository) {
  std::string message = what + (changed ? " has changed since it was trusted, and it names what needs trust:"
                                        : " lies in the repository and names what needs your trust:");
  for (const std::string& key : keys) message.append("\n  ").append(key);
  message += "\nread it; if all of that may run on this machine: daydream trust --repo " +
             text::show_path(repository.native());
  return {ErrorKind::kInvalid, message};
}

Result<void> require_trust(const Loaded& loaded, const Path& repository, bool given) {
  if (given || loaded.needs_trust.empty()) return {};
  const auto hashes = recorded(repository);
  if (hashes.ok() && hashes->content == loaded.content_hash) return {};
  std::vector<std::string> keys = loaded.needs_trust;
  if (!hashes) keys.push_back(hashes.error().message());
  return needs_trust(shown_path(loaded.main_file), hashes.ok() && !hashes->content.empty(), keys, repository);
}

}  // namespace daydream::manifest
