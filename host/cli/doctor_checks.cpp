#include "cli/doctor_checks.hpp"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "base/files.hpp"
#include "checkpoint/lock.hpp"
#include "checkpoint/store.hpp"
#include "daydream/kit/git.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "manifest/load.hpp"
#include "pipeline/prepare.hpp"

namespace daydream::cli {
namespace {

constexpr std::uint64_t kLittleSpace = std::uint64_t{512} << 20;
constexpr std::uint64_t kNoSpace = std::uint64_t{4} << 20;  // less than a commit of a step may need
constexpr int kMostCounted = 100'000;

std::string shown(const Path& path) {
  return text::show_path(path.native());
}

Check check_git() {
  process::Command command;
  command.arguments = {"git", "--version"};
  auto git = process::run(command);
  if (!git) return {Health::kBad, git.error().message(), "install git"};
  if (!git->good()) return {Health::kBad, "git --version: " + git->describe(), "repair the installation of git"};
  return {Health::kGood, std::string(text::trim(git->output)), ""};
}

Check check_landlock() {
  const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version > 0)
    return {Health::kGood, "Landlock, version " + std::to_string(version) + ": steps cannot write files", ""};
  return {Health::kNote, "this kernel has no Landlock: steps are not kept from writing files",
          "Linux 5.13 or newer with landlock in its list of security modules"};
}

Check check_seccomp() {
  if (::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) >= 0) return {Health::kGood, "seccomp: steps get no network", ""};
  return {Health::kNote, "this kernel has no seccomp: steps are not kept from the network",
          "a kernel with CONFIG_SECCOMP_FILTER"};
}

void check_manifest(const Places& places, std::vector<Check>& checks) {
  auto loaded = manifest::load(places.manifest, load_options(places));
  if (!loaded) {
    const bool says_how = loaded.error().message().find("daydream trust --repo") != std::string::npos;
    checks.push_back({Health::kBad, loaded.error().message(), says_how ? "" : "mend the manifest"});
    return;
  }
  if (auto trusted = manifest::require_trust(*loaded, places.repository, places.manifest_given); !trusted) {
    checks.push_back({Health::kBad, trusted.error().message(), ""});
    return;
  }
  checks.push_back(
      {Health::kGood,
       "manifest " + shown(places.manifest) + ": " + std::to_string(loaded->pipeline.steps.size()) + " steps", ""});
  if (auto steps = pipeline::prepare(*loaded, places.work_directory); !steps) {
    checks.push_back({Health::kBad, steps.error().message(), "daydream validate says it again"});
  } else {
    checks.push_back({Health::kGood, "every plugin can be opened, every configuration is good", ""});
  }
}

// What has become of what was trusted: a repository's manifest as it is now.
std::string trust_state(const manifest::Trusted& trusted) {
  const Path repository = trusted.repository;
  const Path file = repository / ".daydream" / "pipeline.json";
  if (!files::exists(repository)) return "is not there any more";
  if (!files::exists(file)) return "has no manifest of its own any more";
  Places places;
  places.repository = repository;
  auto loaded = manifest::load(file, load_options(places));
  if (!loaded) return "has a manifest that is refused: daydream validate --repo " + shown(repository);
  return loaded->content_hash == trusted.hash ? "as it is now" : "has changed since; what it names is refused";
}

Check check_trust_list() {
  auto trusted = manifest::trusted_repositories();
  if (!trusted) return {Health::kNote, trusted.error().message(), ""};
  std::string names;
  for (const manifest::Trusted& each : *trusted) {
    names.append("\n  ").append(text::show_path(each.repository)).append(" (").append(each.hash.substr(0, 12));
    names.append("): ").append(trust_state(each));
  }
  return {Health::kGood, "repositories whose manifest is trusted: " + std::to_string(trusted->size()) + names,
          trusted->empty() ? "" : "daydream untrust --repo DIR takes one back"};
}

// The nearest folder upwards that is there.
Path existing(Path path) {
  while (!files::exists(path) && path.has_relative_path()) path = path.parent_path();
  return path;
}

std::uint64_t bytes_below(const Path& path) {
  std::uint64_t bytes = 0;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entry(path, std::filesystem::directory_options::skip_permission_denied,
                                                      error),
      end;
  for (int seen = 0; !error && entry != end && seen < kMostCounted; entry.increment(error), ++seen) {
    struct stat status {};
    if (::lstat(entry->path().c_str(), &status) == 0) bytes += static_cast<std::uint64_t>(status.st_blocks) * 512;
  }
  return bytes;
}

// Our own folders there, the largest first.
std::string what_takes_room(const Path& directory) {
  std::vector<std::pair<std::uint64_t, std::string>> sizes;
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::error_code ignored;
    if (!entry->is_directory(ignored) || entry->is_symlink(ignored)) continue;
    if (const std::uint64_t bytes = bytes_below(entry->path()); bytes >= std::uint64_t{1} << 20)
      sizes.emplace_back(bytes, text::show_path(entry->path().filename().native()));
  }
  std::sort(sizes.rbegin(), sizes.rend());
  std::string words;
  for (const auto& [bytes, folder] : sizes)
    words.append(words.empty() ? "" : ", ")
        .append(folder)
        .append(" ")
        .append(std::to_string(bytes >> 20))
        .append(" MiB");
  return words;
}

void check_folder(const char* name, const Path& path, std::vector<Check>& checks) {
  const Path there = existing(path);
  const std::string words = std::string(name) + " " + shown(path) + (there == path ? "" : " (not there yet)");
  if (::access(there.c_str(), W_OK | X_OK) != 0) {
    checks.push_back({Health::kBad, words + ": " + shown(there) + " cannot be written by this user",
                      "let this user write it, or choose another by --state-dir and --work-dir"});
    return;
  }
  struct stat status {};
  if (::stat(there.c_str(), &status) == 0 && (status.st_mode & S_IWOTH) != 0 && (status.st_mode & S_ISVTX) == 0) {
    checks.push_back({Health::kNote, words + ": everybody may write " + shown(there), "chmod o-w " + shown(there)});
  }
  struct statvfs space {};
  if (::statvfs(there.c_str(), &space) != 0) {
    checks.push_back({Health::kBad, words + ": " + Error::from_errno(errno, "statvfs").message(), ""});
    return;
  }
  const std::uint64_t free = std::uint64_t{space.f_bavail} * space.f_frsize;
  checks.push_back(check_space(words, free, free < kLittleSpace ? what_takes_room(there) : ""));
}

Check check_lock(const Places& places) {
  const auto holder = checkpoint::lock_holder(places.state_directory);
  if (!holder) return {Health::kGood, "no run is under way", ""};
  return {
      Health::kNote,
      "a run is under way: process " + std::to_string(holder->pid) + " on " + holder->host + " since " + holder->since,
      ""};
}

}  // namespace

Check check_space(const std::string& words, std::uint64_t free_bytes, const std::string& of_ours) {
  const std::string found = words + ", " + std::to_string(free_bytes >> 20) + " MiB free";
  const std::string ours = of_ours.empty() ? "" : "; of ours lie there: " + of_ours;
  if (free_bytes < kNoSpace)
    return {Health::kBad, found + ": the disk is full",
            "make room, then start again: nothing that was done is lost" + ours};
  if (free_bytes < kLittleSpace) return {Health::kNote, found, "a full disk stops a run (75); make room" + ours};
  return {Health::kGood, found, ""};
}

std::vector<Check> check_program(const Places& places) {
  std::vector<Check> checks{check_git(), check_landlock(), check_seccomp()};
  check_manifest(places, checks);
  checks.push_back(check_trust_list());
  return checks;
}

std::vector<Check> check_repository(const Places& places) {
  if (!places.under_git) {
    return {{Health::kNote, shown(places.repository) + ": no git; a run works on a full copy and leaves patches",
             "git init, for a night branch"}};
  }
  auto repository = git::Repository::open(places.repository.native());
  if (!repository) return {{Health::kBad, repository.error().message(), ""}};
  auto head = repository->resolve("HEAD");
  if (!head) return {{Health::kBad, head.error().message(), "commit something: a run starts from a commit"}};
  std::vector<Check> checks{
      {Health::kGood, "repository " + shown(places.repository) + " at " + head->substr(0, 12), ""}};
  const Path tree = places.work_directory / "tree";
  if (!files::exists(tree)) checks.push_back({Health::kGood, "no private tree yet; a run makes it", ""});
  return checks;
}

std::vector<Check> check_state(const Places& places) {
  std::vector<Check> checks;
  check_folder("state directory", places.state_directory, checks);
  check_folder("work directory", places.work_directory, checks);
  checks.push_back(check_lock(places));
  const checkpoint::Store::Options options{places.state_directory, places.work_directory, false, true};
  bool fatal = false;
  for (const checkpoint::Diagnosis& found : checkpoint::diagnose(options)) {
    fatal = fatal || found.fatal;
    checks.push_back({found.fatal ? Health::kDamage : Health::kNote, found.what, found.remedy});
  }
  if (!fatal) checks.push_back({Health::kGood, "store: nothing is damaged", ""});
  return checks;
}

}  // namespace daydream::cli
