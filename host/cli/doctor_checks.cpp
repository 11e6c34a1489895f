#include "cli/doctor_checks.hpp"

#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

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
  auto loaded = manifest::load(places.manifest, places.repository);
  if (!loaded) {
    checks.push_back({Health::kBad, loaded.error().message(), "mend the manifest"});
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

Check check_trust_list() {
  auto trusted = manifest::trusted_repositories();
  if (!trusted) return {Health::kNote, trusted.error().message(), ""};
  std::string names;
  for (const std::string& repository : *trusted) names += "\n  " + text::show_path(repository);
  return {Health::kGood, "repositories whose manifest is trusted: " + std::to_string(trusted->size()) + names, ""};
}

// The nearest folder upwards that is there.
Path existing(Path path) {
  while (!files::exists(path) && path.has_relative_path()) path = path.parent_path();
  return path;
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
  const std::string room = ", " + std::to_string(free >> 20) + " MiB free";
  if (free < kLittleSpace) {
    checks.push_back({Health::kNote, words + room, "a full disk stops a run (75); make room"});
  } else {
    checks.push_back({Health::kGood, words + room, ""});
  }
}

Check check_lock(const Places& places) {
  const auto holder = checkpoint::lock_holder(places.state_directory);
  if (!holder) return {Health::kGood, "no run is under way", ""};
  return {
      Health::kNote,
      "a run is under way: process " + std::to_string(holder->pid) + " on " + holder->host + " since " + holder->since,
      ""};
}

Check check_private_tree(const Places& places) {
  const Path tree = places.work_directory / "tree";
  if (!files::exists(tree)) return {Health::kGood, "no private tree yet; a run makes it", ""};
  auto repository = git::Repository::open(tree.native());
  if (repository) return {Health::kGood, "private tree " + shown(tree), ""};
  return {Health::kNote, "private tree " + shown(tree) + ": " + repository.error().message(),
          "nothing: it is a cache and the next run builds it anew"};
}

}  // namespace

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
  return {{Health::kGood, "repository " + shown(places.repository) + " at " + head->substr(0, 12), ""},
          check_private_tree(places)};
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
