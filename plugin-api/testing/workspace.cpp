#include "daydream/testing/workspace.hpp"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daydream/kit/process.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::testing {

namespace fs = std::filesystem;

namespace {

std::optional<std::string> content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<void> write_file(const fs::path& file, const std::string& bytes) {
  std::error_code failed;
  fs::create_directories(file.parent_path(), failed);
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out << bytes;
  out.close();
  if (!out) return Error::from_errno(errno, "writing " + file.string());
  return {};
}

void remove_others(const fs::path& folder, const FileMap& files) {
  std::error_code failed;
  std::vector<fs::path> gone;
  for (auto place = fs::recursive_directory_iterator(folder, failed); place != fs::recursive_directory_iterator();
       place.increment(failed)) {
    const std::string relative = place->path().lexically_relative(folder).string();
    if (relative == ".git") {
      place.disable_recursion_pending();
    } else if (!place->is_directory(failed) && files.count(relative) == 0) {
      gone.push_back(place->path());
    }
  }
  for (const auto& file : gone) {
    fs::remove(file, failed);
    // A folder that is empty now goes too; one that is not stays.
    for (fs::path parent = file.parent_path(); parent != folder; parent = parent.parent_path()) {
      if (!fs::is_empty(parent, failed) || !fs::remove(parent, failed)) break;
    }
  }
}

std::string full_date(const std::string& date) {
  return date.size() == 10 ? date + "T12:00:00Z" : date;
}

}  // namespace

Result<void> write_folder(const std::string& folder, const FileMap& files) {
  std::error_code failed;
  fs::create_directories(folder, failed);
  remove_others(folder, files);
  for (const auto& [path, bytes] : files) {
    if (!walk::clean_relative(path)) return Error(ErrorKind::kInvalid, "bad path \"" + path + "\"");
    const fs::path file = fs::path(folder) / path;
    if (content_of(file) != bytes) {
      if (auto written = write_file(file, bytes); !written) return written;
    }
  }
  return {};
}

bool Workspace::log_root(std::string_view name) {
  if (!name.starts_with("log:") || name.size() == 4 || name[4] == '0') return false;
  return name.find_first_not_of("0123456789", 4) == name.npos;
}

Result<std::unique_ptr<Workspace>> Workspace::create(const Start& start) {
  for (const auto& [name, files] : start.roots) {
    if (name != "repository" && !log_root(name))
      return Error(ErrorKind::kInvalid, "root \"" + name + R"(": expected "repository" or "log:<n>", n from 1)");
  }
  const char* base = std::getenv("TMPDIR");
  std::string name = std::string(base == nullptr || *base == '\0' ? "/tmp" : base) + "/daydream-test-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) return Error::from_errno(errno, "a temporary folder " + name);
  std::unique_ptr<Workspace> workspace(new Workspace(fs::canonical(name).string()));
  workspace->inputs_ = start.inputs;
  workspace->repository_ = start.files;
  if (auto inputs = write_folder(workspace->path("inputs"), start.inputs); !inputs) return std::move(inputs.error());
  if (!start.history.empty()) {
    if (auto made = workspace->make_history(start); !made) return std::move(made.error()).context("history");
  }
  return workspace;
}

Workspace::~Workspace() {
  std::error_code failed;
  fs::remove_all(folder_, failed);
}

Result<void> Workspace::git(const std::vector<std::string>& arguments, const std::string& date) {
  process::Command command;
  command.arguments = {"git",
                       "-C",
                       path("repository"),
                       "-c",
                       "core.autocrlf=false",
                       "-c",
                       "core.hooksPath=/dev/null",
                       "-c",
                       "commit.gpgSign=false"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.extra = {{"GIT_AUTHOR_DATE", date},          {"GIT_COMMITTER_DATE", date},
                   {"GIT_AUTHOR_NAME", "A Author"},    {"GIT_AUTHOR_EMAIL", "author@example.org"},
                   {"GIT_COMMITTER_NAME", "A Author"}, {"GIT_COMMITTER_EMAIL", "author@example.org"},
                   {"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_NOSYSTEM", "1"}};
  auto outcome = process::run(command);
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) {
    return Error(ErrorKind::kPermanent,
                 "git " + arguments.front() + ": " + outcome->describe() + ": " + outcome->error);
  }
  return {};
}

Result<void> Workspace::commit_all(const HistoryCommit& commit) {
  if (auto written = write_folder(path("repository"), commit.files); !written) return written;
  const std::string date = full_date(commit.date);
  if (auto added = git({"add", "--all", "--force"}, date); !added) return added;
  return git({"commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", commit.message}, date);
}

Result<void> Workspace::make_history(const Start& start) {
  std::error_code failed;
  fs::create_directories(path("repository"), failed);
  if (auto made = git({"init", "--quiet", "--initial-branch=main"}, start.now); !made) return made;
  FileMap files;
  for (HistoryCommit commit : start.history) {
    for (const auto& [name, bytes] : commit.files) files[name] = bytes;
    for (const auto& name : commit.removed) files.erase(name);
    commit.files = files;
    if (auto committed = commit_all(commit); !committed) return committed;
  }
  if (files != start.files) {
    if (auto committed = commit_all({"the tree before the run", start.now, start.files, {}}); !committed)
      return committed;
  }
  return git({"worktree", "add", "--quiet", "--detach", path("source"), "HEAD"}, start.now);
}

Result<void> Workspace::sync(const Ledger& ledger, const FileMap& source_files) {
  if (auto source = write_folder(path("source"), source_files); !source) return source;
  FileMap live = repository_;
  for (const auto& [name, files] : ledger.roots()) {
    if (name == "repository") {
      for (const auto& [file, bytes] : files) live[file] = bytes;
    } else if (auto other = write_folder(path("roots/" + name), files); !other) {
      return other;
    }
  }
  return write_folder(path("repository"), live);
}

std::optional<std::string> Workspace::root(const std::string& name) const {
  std::error_code failed;
  std::string place;
  if (name == "source" || name == "repository") {
    place = path(name);
  } else if (name.starts_with("input:") && inputs_.count(name.substr(6)) != 0) {
    place = path("inputs/" + name.substr(6));
  } else if (name.starts_with("log:")) {
    place = path("roots/" + name);
  }
  if (place.empty() || !fs::exists(place, failed)) return std::nullopt;
  return place;
}

}  // namespace daydream::testing
