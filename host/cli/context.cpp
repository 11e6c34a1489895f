#include "cli/context.hpp"

#include <sys/stat.h>

#include <cstdlib>
#include <system_error>

#include "base/files.hpp"
#include "base/masking.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

Error invalid(const std::string& message) {
  return {ErrorKind::kInvalid, message};
}

std::string absolute_variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value == '/' ? value : "";
}

Result<Path> absolute(const std::string& path, const char* flag) {
  if (path.empty()) return Error(ErrorKind::kUsage, std::string("--") + flag + ": expected a path, got nothing");
  std::error_code failed;
  const Path full = std::filesystem::absolute(path, failed).lexically_normal();
  if (failed) return Error::from_errno(failed.value(), text::show_path(path)).as(ErrorKind::kInvalid);
  return full;
}

// An existing folder by its real path, so that one folder has one name in locks, hashes and messages.
Result<Path> real_directory(const std::string& given) {
  struct stat status {};
  const std::string shown = text::show_path(given);
  if (::stat(given.c_str(), &status) != 0)
    return Error::from_errno(errno, "repository " + shown).as(ErrorKind::kInvalid);
  if (!S_ISDIR(status.st_mode)) return invalid("repository " + shown + ": not a directory");
  std::error_code failed;
  const Path real = std::filesystem::canonical(given, failed);
  if (failed) return Error::from_errno(failed.value(), "repository " + shown).as(ErrorKind::kInvalid);
  return real;
}

Result<void> find_repository(const Arguments& arguments, Places& places) {
  const auto given = arguments.text("repo");
  auto directory = real_directory(given.value_or("."));
  if (!directory) return std::move(directory.error());
  auto repository = git::Repository::open(directory->native());
  if (repository) {
    places.repository = repository->root();
    places.under_git = true;
    places.git = std::move(*repository);
    return {};
  }
  if (repository.error().kind() != ErrorKind::kNotFound) return std::move(repository.error()).as(ErrorKind::kInvalid);
  // Without git all of the folder is copied: nobody means that of a home directory by typing `run` in it.
  if (!given && (*directory == "/" || directory->native() == absolute_variable("HOME"))) {
    return Error(ErrorKind::kUsage, text::show_path(directory->native()) +
                                        " is not in a git work tree; if all of it is meant, say so by --repo");
  }
  places.repository = *directory;
  return {};
}

Result<void> find_state(const Arguments& arguments, Places& places) {
  places.state_directory = places.repository / "logs" / "daydream";
  if (const auto given = arguments.text("state-dir")) {
    auto path = absolute(*given, "state-dir");
    if (!path) return std::move(path.error());
    places.state_directory = *path;
  }
  return {};
}

Result<void> find_work(const Arguments& arguments, Places& places) {
  if (const auto given = arguments.text("work-dir")) {
    auto path = absolute(*given, "work-dir");
    if (!path) return std::move(path.error());
    places.work_directory = *path;
    return {};
  }
  Path cache = absolute_variable("XDG_CACHE_HOME");
  if (cache.empty()) {
    const Path home = absolute_variable("HOME");
    if (home.empty()) return invalid("neither XDG_CACHE_HOME nor HOME is set: say by --work-dir where a cache may lie");
    cache = home / ".cache";
  }
  std::error_code failed;
  const Path real = std::filesystem::weakly_canonical(places.state_directory, failed);
  if (failed)
    return Error::from_errno(failed.value(), text::show_path(places.state_directory.native())).as(ErrorKind::kInvalid);
  places.work_directory = cache / "daydream" / hash::sha256_hex(real.native()).substr(0, 16);
  return {};
}

Result<void> find_manifest(const Arguments& arguments, Places& places) {
  if (const auto given = arguments.text("manifest")) {
    auto path = absolute(*given, "manifest");
    if (!path) return std::move(path.error());
    places.manifest = *path;
    places.manifest_given = true;
    return {};
  }
  places.manifest = places.repository / ".daydream" / "pipeline.json";
  struct stat status {};
  if (::lstat(places.manifest.c_str(), &status) == 0) return {};
  if (errno != ENOENT && errno != ENOTDIR) {
    return Error::from_errno(errno, text::show_path(places.manifest.native())).as(ErrorKind::kInvalid);
  }
  const Path shipped = data_directory() / "daydream.json";
  if (!files::exists(shipped)) {
    return invalid("no manifest: neither " + text::show_path(places.manifest.native()) + " nor " +
                   text::show_path(shipped.native()) + " is there; reinstall, or name one by --manifest");
  }
  places.manifest = shipped;
  places.manifest_shipped = true;
  return {};
}

// Whoever needs a secret reads it himself, and says so where it is not there.
void hide_declared(const manifest::Pipeline& pipeline) {
  constexpr std::size_t kMostBytes = 64 << 10;
  std::vector<std::string> values;
  for (const auto& [name, secret] : pipeline.secrets) {
    if (const char* value = secret.environment.empty() ? nullptr : std::getenv(secret.environment.c_str()))
      values.emplace_back(text::trim(value));
    if (secret.file.empty()) continue;
    if (auto content = files::read(secret.file, kMostBytes)) values.emplace_back(text::trim(*content));
  }
  hide_secrets(values);
}

}  // namespace

std::vector<Flag> with_places(std::vector<Flag> own) {
  std::vector<Flag> flags{
      {"repo", "DIR",
       "the repository, or any folder in it; default: the git work tree around the current folder, else "
       "the current folder"},
      {"manifest", "FILE",
       "default: .daydream/pipeline.json of the repository, else the shipped pipeline. A manifest "
       "given here is trusted"},
      {"state-dir", "DIR", "store, reports and log; default: logs/daydream of the repository"},
      {"work-dir", "DIR", "private tree and caches; default: $XDG_CACHE_HOME/daydream/<hash of the state directory>"}};
  flags.insert(flags.begin(), own.begin(), own.end());
  flags.push_back({"help", nullptr, "shows this"});
  return flags;
}

Result<Places> locate(const Arguments& arguments) {
  Places places;
  for (const auto find : {find_repository, find_state, find_work, find_manifest}) {
    if (auto found = find(arguments, places); !found) return std::move(found.error());
  }
  return places;
}

Result<Path> locate_state(const Arguments& arguments) {
  Places places;
  if (!arguments.has("state-dir")) {
    if (auto found = find_repository(arguments, places); !found) return std::move(found.error());
  }
  if (auto found = find_state(arguments, places); !found) return std::move(found.error());
  return places.state_directory;
}

Path data_directory() {
  std::error_code failed;
  const Path program = std::filesystem::canonical(process::self_path(), failed);
  const Path folder = program.parent_path();
  if (folder == Path(DAYDREAM_BUILD_DIRECTORY)) return DAYDREAM_CONFIG_DIRECTORY;
  return folder.parent_path() / DAYDREAM_DATA_DIRECTORY;
}

manifest::LoadOptions load_options(const Places& places, bool look) {
  return {places.repository,
          places.manifest_given,
          look,
          places.manifest_shipped,
          {manifest::Shelves::machine_folder(), data_directory()}};
}

Result<manifest::Loaded> load_manifest(const Places& places) {
  auto loaded = manifest::load(places.manifest, load_options(places));
  if (!loaded) return std::move(loaded.error());
  auto trusted = manifest::require_trust(*loaded, places.repository, places.manifest_given);
  if (!trusted) return std::move(trusted.error());
  hide_declared(loaded->pipeline);
  return loaded;
}

}  // namespace daydream::cli
