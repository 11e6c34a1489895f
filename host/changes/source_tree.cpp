#include "changes/source_tree.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <optional>

#include "base/files.hpp"
#include "changes/attributes.hpp"
#include "changes/beneath.hpp"
#include "changes/durable.hpp"
#include "changes/git_writer.hpp"
#include "changes/snapshot.hpp"
#include "changes/tree_record.hpp"
#include "changes/worktree.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"

namespace daydream::changes {

namespace {

constexpr std::size_t kMaxFile = std::size_t{64} << 20;
constexpr std::uint32_t kRegular = 0100000;

struct IndexRow {
  std::string path, id;
};

// "100644 <id> 0\t<path>" of `ls-files --stage -z`; regular files without a conflict only.
std::vector<IndexRow> parse_index(const std::string& output) {
  std::vector<IndexRow> rows;
  std::string_view rest = output;
  while (!rest.empty()) {
    auto end = rest.find('\0');
    std::string_view record = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    auto tab = record.find('\t');
    auto space = record.find(' ');
    if (tab == std::string_view::npos || tab < 2 || space > tab) continue;
    if (record.substr(0, 3) != "100" || record.substr(tab - 2, 2) != " 0") continue;
    rows.push_back({std::string(record.substr(tab + 1)), std::string(record.substr(space + 1, tab - 2 - space - 1))});
  }
  return rows;
}

bool is_attribute_file(const std::string& path) {
  constexpr std::string_view kName = ".gitattributes";
  return path == kName || (path.size() > kName.size() && path.compare(path.size() - kName.size() - 1, 1, "/") == 0 &&
                           path.compare(path.size() - kName.size(), kName.size(), kName) == 0);
}

std::int64_t mtime_of(const struct stat& facts) {
  return facts.st_mtim.tv_sec * 1'000'000'000 + facts.st_mtim.tv_nsec;
}

}  // namespace

struct SourceTree::State {
  GitWriter git;        // in the private tree
  Path administration;  // HEAD, index of the private tree
  std::optional<ConversionSettings> settings;
  std::string index_commit;  // the index holds this commit's tree
  bool loaded = false;       // `record` holds the files of the tree
  bool disturbed = true;     // the tree may not be that of the commit
  TreeRecord record;
  std::vector<std::string> kept;

  Result<void> read_settings(const Path& common_directory) {
    if (settings) return {};
    auto read = read_conversion_settings(git, common_directory);
    if (!read) return std::move(read.error());
    git.neutralise(read->drivers);
    settings = std::move(*read);
    return {};
  }
};

SourceTree::SourceTree(Options options) : options_(std::move(options)), state_(std::make_unique<State>()) {}
SourceTree::~SourceTree() = default;

Result<std::unique_ptr<SourceTree>> SourceTree::open(const Options& options) {
  if (auto made = files::make_directories(options.work_directory); !made) return std::move(made.error());
  std::unique_ptr<SourceTree> tree(new SourceTree(options));
  std::error_code failed;
  Path work = std::filesystem::canonical(options.work_directory, failed);
  if (failed) return Error::from_errno(failed.value(), options.work_directory.string());
  tree->options_.work_directory = work;
  tree->path_ = work / "tree";
  Path own = work / "own.git";
  if (!options.under_git && !worktree::own_is_whole(own, tree->path_)) {
    if (auto made = worktree::create_own(own, tree->path_); !made) return std::move(made.error());
  }
  auto repository = options.opened && options.under_git
                        ? Result<git::Repository>(*options.opened)
                        : git::Repository::open(options.under_git ? options.live.string() : tree->path_.string());
  if (!repository) return std::move(repository.error());
  tree->repository_ = std::make_unique<git::Repository>(std::move(*repository));
  tree->state_->git = GitWriter(tree->path_);
  tree->state_->administration =
      options.under_git ? worktree::administration(tree->path_, tree->repository_->common_directory()) : own;
  if (auto kept = files::read(work / "kept"); kept) tree->state_->kept = split_records(*kept);
  return tree;
}

Result<std::string> SourceTree::resolve_base(const std::string& revision) {
  if (options_.under_git) return repository_->resolve(revision);
  auto base = snapshot::take({options_.live,
                              options_.work_directory / "own.git",
                              options_.work_directory / "live.index",
                              {options_.state_directory, options_.work_directory}});
  if (!base) return base;
  // The run is recorded with this commit next.
  auto synced = sync_file_systems({options_.work_directory});
  return synced ? std::move(base) : std::move(synced.error());
}

Result<void> SourceTree::reset(const std::string& commit) {
  if (!state_->disturbed && commit_ == commit) return {};
  Path record_file = options_.work_directory / "tree.state";
  if (commit_.empty() && !state_->administration.empty()) {
    auto record = read_record(record_file, path_);
    if (record && record->commit == commit) {
      state_->record = std::move(*record);
      state_->loaded = true;
      state_->disturbed = false;
      state_->index_commit = commit;
      commit_ = commit;
      return {};
    }
  }
  (void)files::remove_file(record_file);
  state_->disturbed = true;
  state_->loaded = false;
  auto done = state_->administration.empty() ? rebuild(commit) : check_out(commit);
  if (!done && done.error().kind() != ErrorKind::kRetry && options_.under_git) done = rebuild(commit);
  if (!done) return std::move(done.error()).context("private tree at " + commit.substr(0, 12));
  commit_ = commit;
  state_->index_commit = commit;
  state_->disturbed = false;
  return {};
}

Result<void> SourceTree::provide(const std::string& commit) {
  return state_->administration.empty() ? reset(commit) : Result<void>();
}

Result<void> SourceTree::rebuild(const std::string& commit) {
  if (options_.under_git) {
    auto made = worktree::create(Path(repository_->root()), repository_->common_directory(), path_, commit);
    if (!made) return made;
    state_->administration = worktree::administration(path_, repository_->common_directory());
    if (state_->administration.empty())
      return Error(ErrorKind::kPermanent, "git made no worktree at " + path_.string());
  }
  if (auto removed = files::remove_file(options_.work_directory / "kept"); !removed) return removed;
  state_->kept.clear();
  return check_out(commit);
}

Result<void> SourceTree::check_out(const std::string& commit) {
  if (auto unlocked = worktree::remove_locks(state_->administration); !unlocked) return unlocked;
  if (auto settings = state_->read_settings(repository_->common_directory()); !settings) return settings;
  // Neither index nor files were synced: after a restart of the machine all are written again.
  Path start_file = options_.work_directory / "machine_start";
  auto start = files::read(start_file, 256);
  if (!start || *start != machine_start()) {
    if (auto removed = files::remove_file(state_->administration / "index"); !removed) return removed;
  }
  auto reset = state_->git.output_of({"reset", "--hard", "--quiet", commit});
  if (!reset) return std::move(reset.error());
  GitWriter::Call clean{{"clean", "-ffdxq"}, "", {}};
  for (const auto& path : state_->kept) {
    clean.arguments.emplace_back("-e");
    std::string pattern = "/";
    for (char c : path) {
      if (std::string_view("\\*?[ ").find(c) != std::string_view::npos) pattern += '\\';
      pattern += c;
    }
    clean.arguments.push_back(std::move(pattern));
  }
  if (auto cleaned = state_->git.output(clean); !cleaned) return std::move(cleaned.error());
  return files::write_replace(start_file, machine_start(), files::Durability::kNone);
}

Result<void> SourceTree::load() {
  if (state_->loaded) return {};
  if (auto settings = state_->read_settings(repository_->common_directory()); !settings) return settings;
  auto output = state_->git.output_of({"ls-files", "--stage", "-z"});
  if (!output) return std::move(output.error()).context("listing the private tree");
  auto rows = parse_index(*output);
  TreeRecord record{commit_, state_->settings->global_attributes, {}};
  std::vector<std::string> paths;
  files::Descriptor root(::open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const auto& row : rows) {
    struct stat facts {};
    if (::fstatat(root.get(), row.path.c_str(), &facts, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISREG(facts.st_mode)) continue;
    record.files[row.path] = {hash::token_of_blob_id(row.id), static_cast<std::uint64_t>(facts.st_size),
                              mtime_of(facts), false};
    paths.push_back(row.path);
    if (is_attribute_file(row.path)) record.attributes = true;
  }
  auto conversions = find_conversions(state_->git, *state_->settings, paths, record.attributes);
  if (!conversions) return std::move(conversions.error());
  for (const auto& path : conversions->filtered) record.files[path].filtered = true;
  for (const auto& path : conversions->converted) {
    auto content = read(path);
    if (!content) return std::move(content.error());
    record.files[path].token = hash::token_of_blob_id(hash::git_blob_id(*content, repository_->format()));
  }
  state_->record = std::move(record);
  state_->loaded = true;
  if (!state_->disturbed) write_record(options_.work_directory / "tree.state", state_->record);
  return {};
}

Result<std::vector<Entry>> SourceTree::list() {
  if (auto loaded = load(); !loaded) return std::move(loaded.error());
  std::vector<Entry> entries;
  entries.reserve(state_->record.files.size());
  for (const auto& [path, file] : state_->record.files) entries.push_back({path, file.size, file.token});
  return entries;
}

bool SourceTree::tracked(const std::string& path) {
  return load().ok() && state_->record.files.count(path) != 0;
}

Result<void> SourceTree::editable(const std::string& path) {
  if (auto loaded = load(); !loaded) return loaded;
  auto found = state_->record.files.find(path);
  bool filtered = false;
  if (found != state_->record.files.end()) {
    filtered = found->second.filtered;
  } else if (state_->record.attributes) {
    auto conversions = find_conversions(state_->git, *state_->settings, {path}, true);
    if (!conversions) return std::move(conversions.error());
    filtered = conversions->filtered.count(path) != 0;
  }
  if (!filtered) return {};
  return Error(ErrorKind::kUnsupported,
               text::show_path(path) + ": a filter of the repository (LFS, encryption) stands before this file");
}

Result<void> SourceTree::free_place(const std::string& path) const {
  auto place = beneath::open_place(path_, path, beneath::Missing::kFail);
  if (!place) return place.error().kind() == ErrorKind::kNotFound ? Result<void>() : std::move(place.error());
  auto there = beneath::look(*place);
  if (!there) return std::move(there.error());
  if (there->has_value()) return Error(ErrorKind::kConflict, "the file exists");
  return {};
}

Result<std::string> SourceTree::read(const std::string& path) const {
  return walk::read_beneath(path_.string(), path, kMaxFile);
}

void SourceTree::learn(const std::string& path, std::string_view content) {
  Tracked& file = state_->record.files[path];
  file.token = hash::token_of_blob_id(hash::git_blob_id(content, repository_->format()));
  file.size = content.size();
}

Result<void> SourceTree::write(const std::string& path, std::string_view content) {
  if (auto loaded = load(); !loaded) return loaded;
  auto place = beneath::open_place(path_, path, beneath::Missing::kCreate);
  if (!place) return std::move(place.error());
  mark_disturbed();
  if (auto replaced = beneath::replace(*place, content, {}); !replaced) return replaced;
  learn(path, content);
  return {};
}

Result<void> SourceTree::remove(const std::string& path) {
  if (auto loaded = load(); !loaded) return loaded;
  mark_disturbed();
  state_->record.files.erase(path);
  auto place = beneath::open_place(path_, path, beneath::Missing::kFail);
  if (!place && place.error().kind() == ErrorKind::kNotFound) return {};
  if (!place) return std::move(place.error());
  if (auto removed = beneath::unlink(*place); !removed) return removed;
  // As git does: no empty folder stays behind.
  for (Path folder = Path(path).parent_path(); !folder.empty(); folder = folder.parent_path()) {
    if (::rmdir((path_ / folder).c_str()) != 0) break;
  }
  return {};
}

void SourceTree::mark_disturbed() const {
  if (state_->disturbed) return;
  state_->disturbed = true;
  (void)files::remove_file(options_.work_directory / "tree.state");
}

Result<void> SourceTree::keep(std::vector<std::string> paths) {
  std::sort(paths.begin(), paths.end());
  if (paths == state_->kept) return {};
  state_->kept = std::move(paths);
  return files::write_replace(options_.work_directory / "kept", join_records(state_->kept), files::Durability::kNone);
}

const std::vector<std::string>& SourceTree::kept() const {
  return state_->kept;
}
const GitWriter& SourceTree::writer() {
  return state_->git;
}

Result<std::string> SourceTree::commit_paths(const CommitSpec& spec) {
  if (auto settings = state_->read_settings(repository_->common_directory()); !settings)
    return std::move(settings.error());
  if (state_->index_commit != spec.parent) {
    auto read = state_->git.output_of({"read-tree", "--reset", spec.parent});
    if (!read) return read;
    state_->index_commit = spec.parent;
  }
  std::string parent = std::exchange(state_->index_commit, "");
  auto updated = state_->git.output(
      {{"update-index", "--add", "--remove", "--replace", "-z", "--stdin"}, join_records(spec.paths), {}});
  if (!updated) return updated;
  auto tree = state_->git.line_of({"write-tree"});
  if (!tree) return tree;
  auto commit = state_->git.line({{"commit-tree", *tree, "-p", parent, "-F", "-"}, spec.message, dated(spec.when)});
  if (commit) state_->index_commit = *commit;
  return commit;
}

}  // namespace daydream::changes
