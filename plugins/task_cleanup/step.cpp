// The step, in the order in which it happens: find the lists, read the comments of the source, then folder by
// folder (they share an archive) say what the rules say, with memory and checkpoint in the same commit.
#include <algorithm>
#include <map>
#include <set>

#include <daydream/sdk.hpp>

#include "daydream/kit/hash.hpp"
#include "daydream_descriptor.hpp"
#include "plugins/task_cleanup/command.hpp"
#include "plugins/task_cleanup/comments/closing.hpp"
#include "plugins/task_cleanup/comments/phase.hpp"
#include "plugins/task_cleanup/emit.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {
namespace {

// Where the work stands. Values live in checkpoints: never renumber.
enum class Stage : char {
  kBegun = '0',
  kLists = '1',  // of the folders up to `after` everything is committed
  kDone = '2',
};
struct Progress {
  static constexpr std::uint32_t kSchema = 1;
  Stage stage = Stage::kBegun;
  std::string after;
  int changes = 0;  // made so far this night
  [[nodiscard]] std::string to_bytes() const {
    return static_cast<char>(stage) + std::to_string(changes) + ":" + after;
  }
  static Result<Progress> from_bytes(std::string_view bytes) {
    const std::size_t colon = bytes.find(':');
    if (colon == std::string_view::npos || bytes[0] < '0' || bytes[0] > '2') {
      return Error(ErrorKind::kDamaged, "no such stage");
    }
    const int changes = std::atoi(std::string(bytes.substr(1, colon - 1)).c_str());
    return Progress{static_cast<Stage>(bytes[0]), std::string(bytes.substr(colon + 1)), changes};
  }
};

struct Place {
  std::string path;
  Kind kind = Kind::kMarkdown;
  std::uint64_t token = 0;
};

class TaskCleanup {
 public:
  TaskCleanup(sdk::Run& run, const json::Value& configuration) : run_(run), settings_(Settings::read(configuration)) {}

  Result<sdk::Outcome> run() {
    if (auto begun = begin(); !begun) return std::move(begun.error());
    if (progress_.stage == Stage::kDone) return sdk::Outcome::ok();
    if (auto read = read_severities(); !read) return std::move(read.error());
    auto folders = find_lists();
    if (!folders) return std::move(folders.error());
    if (folders->empty() && comments_->empty()) {
      return sdk::Outcome::skipped("no task list (TODO*, PLAN*, ROADMAP*, docs/plans, todo.txt) and no source here",
                                   "nothing-to-do");
    }
    if (auto read = read_plans(*folders); !read) return std::move(read.error());
    if (auto surveyed = comments_->survey(); !surveyed) return stopped_or(surveyed.error());
    add_sources(*folders);
    for (const auto& [folder, places] : *folders) {
      if (progress_.stage == Stage::kLists && folder <= progress_.after) continue;
      if (run_.cancelled()) return sdk::Outcome::cancelled();
      if (auto spoken = speak_of_folder(folder, places); !spoken) return stopped_or(spoken.error());
    }
    if (auto ended = end(); !ended) return std::move(ended.error());
    return sdk::Outcome::ok();
  }

  Result<sdk::Outcome> command(std::string_view, const json::Value& arguments) {
    std::vector<std::string> words;
    if (arguments.IsArray()) {
      for (const auto& word : arguments.GetArray()) words.push_back(json::string_of(word));
    }
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    auto root = run_.root("repository");
    if (!root) return std::move(root.error());
    auto printed = run_tasks_command(*root, words, settings_, facts->now_ms / 86400000);
    if (!printed) {
      if (printed.error().kind() == ErrorKind::kUsage) return sdk::Outcome::usage(printed.error().message());
      return std::move(printed.error());
    }
    if (auto out = run_.print(*printed); !out) return std::move(out.error());
    return sdk::Outcome::ok();
  }

 private:
  using Folders = std::map<std::string, std::vector<Place>>;

  static Result<sdk::Outcome> stopped_or(Error& error) {
    if (error.kind() == ErrorKind::kCancelled) return sdk::Outcome::cancelled();
    return std::move(error);
  }

  Result<void> begin() {
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    date_ = facts->date;
    run_id_ = facts->run_id;
    today_ = day_of(date_).value_or(0);
    edits_last_ =
        (facts->mode == "branch" || facts->mode == "in-place") && settings_.mode("task-suspect") == RuleMode::kFix;
    std::vector<std::string> roots;
    for (const char* name : {"source", "repository"}) {
      if (auto root = run_.root(name)) roots.push_back(*root);
    }
    history_ = std::make_unique<History>(std::move(roots), settings_.history_budget);
    auto progress = run_.state().checkpoint_as<Progress>();
    if (!progress) return std::move(progress.error());
    if (progress->has_value()) progress_ = **progress;
    auto written =
        run_.state().scan_memory(History::kPrefix, [&](std::string_view key, std::string_view value) -> Result<void> {
          history_->remember(key, value);
          return {};
        });
    if (!written) return written;
    return run_.state().scan_memory(Notes::kPrefix, [&](std::string_view key, std::string_view value) -> Result<void> {
      notes_.remember(key, value);
      return {};
    });
  }

  // What earlier steps of this run found wrong in a file.
  Result<void> read_severities() {
    return run_.state().each_finding("", [&](const json::Value& finding) -> Result<void> {
      const std::string rule = json::get_string(finding, "rule");
      const std::string path = json::get_string(finding, "path");
      if (path.empty() || (!rule.starts_with("log-") && !rule.starts_with("error-"))) return {};
      const std::string severity = json::get_string(finding, "severity");
      const int value = severity == "error" ? 1000 : severity == "warning" ? 500 : 0;
      if (int& most = severities_[path]; value > most) most = value;
      return {};
    });
  }

  Result<Folders> find_lists() {
    Folders folders;
    comments_ = std::make_unique<CommentPhase>(run_, settings_, *history_);
    auto listed = run_.files().each({}, "", [&](sdk::Entry entry) -> Result<void> {
      if (settings_.excluded(entry.path)) return {};
      const auto kind = list_kind(entry.path, settings_.lists);
      if (!kind) {
        comments_->consider(entry);
        return {};
      }
      const std::size_t slash = entry.path.rfind('/');
      paths_.push_back(entry.path);
      folders[slash == std::string::npos ? "" : entry.path.substr(0, slash)].push_back(
          {entry.path, *kind, entry.token});
      return {};
    });
    if (!listed) return std::move(listed.error());
    return folders;
  }

  // What plans say of one another, before anything is said of one of them.
  Result<void> read_plans(const Folders& folders) {
    for (const auto& [folder, places] : folders) {
      for (const Place& place : places) {
        if (place.kind != Kind::kMarkdown) continue;
        auto content = run_.files().read(place.path);
        if (!content) return std::move(content.error());
        if (text::to_lower_ascii(content->bytes).find("supersedes") == std::string::npos) continue;
        List list;
        list.path = place.path;
        list.content = content->bytes;
        read_successors(list, successors_);
      }
    }
    return {};
  }

  // Comments are archived beside the nearest list on their way up, else beside the root.
  void add_sources(Folders& folders) {
    std::set<std::string> lists;
    for (const auto& [folder, places] : folders) lists.insert(folder);
    for (const CommentPhase::Source* source : comments_->worth_reading()) {
      std::string_view folder = source->path;
      do {
        const std::size_t slash = folder.rfind('/');
        folder = slash == std::string_view::npos ? std::string_view() : folder.substr(0, slash);
      } while (!folder.empty() && !lists.contains(std::string(folder)));
      folders.try_emplace(std::string(folder));
      sources_[std::string(folder)].push_back(source);
    }
  }

  // A folder asked to stop is begun again by the next try: what it has learned of git until then is kept.
  Result<void> speak_of_folder(const std::string& folder, const std::vector<Place>& places) {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    std::vector<Spoken> all;
    for (const Place& place : places) {
      run_.progress(0, 0, place.path);
      if (auto spoken = speak_of_list(place, *txn, all); !spoken) return spoken;
    }
    for (const CommentPhase::Source* source : sources_[folder]) {
      run_.progress(0, 0, source->path);
      if (run_.cancelled()) {
        txn->rollback();
        return keep_answers();
      }
      if (auto spoken = speak_of_comments(*source, all); !spoken) return spoken;
    }
    Emitter emitter(run_, settings_, date_, progress_.changes);
    if (auto emitted = emitter.emit(folder, all, *txn); !emitted) return emitted;
    for (const Spoken& spoken : all) remember(spoken, *txn);
    for (const auto& [key, value] : history_->take_fresh()) txn->put_memory(key, value);
    progress_ = {Stage::kLists, folder, progress_.changes};
    txn->put_checkpoint(progress_);
    return txn->commit();
  }

  // kCancelled, with git's answers committed.
  Result<void> keep_answers() {
    const auto answers = history_->take_fresh();
    if (!answers.empty()) {
      auto txn = run_.begin();
      if (!txn) return std::move(txn.error());
      for (const auto& [key, value] : answers) txn->put_memory(key, value);
      if (auto committed = txn->commit(); !committed) return committed;
    }
    return Error(ErrorKind::kCancelled, "asked to stop");
  }

  void remember(const Spoken& spoken, sdk::Transaction& txn) {
    for (const Proposal& proposal : spoken.proposals) {
      if (!proposal.archive || proposal.rule == "task-stale") continue;
      Task offered;
      offered.id = proposal.symbol;
      notes_.now(spoken.list.path, offered).suspect = "offered " + run_id_;
    }
    for (const auto& [key, value] : notes_.changes(spoken.list)) {
      value ? txn.put_memory(key, *value) : txn.drop_memory(key);
    }
  }

  Result<void> speak_of_list(const Place& place, sdk::Transaction& txn, std::vector<Spoken>& all) {
    auto content = run_.files().read(place.path);
    if (!content) return std::move(content.error());
    const std::uint64_t token = content->token;
    auto list = read_list(place.path, place.kind, std::string(content->bytes), today_);
    if (!list) {
      txn.put_finding(
          {.rule = "not-examined", .path = place.path, .message = "not examined: " + list.error().message()});
      return {};
    }
    list->token = token;
    Spoken spoken{std::move(*list), {}};
    const Subject subject{spoken.list, settings_, *history_,    notes_,       today_,
                          date_,       run_id_,   &severities_, &successors_, edits_last_};
    find_completed(subject, spoken.proposals);
    find_outdated_plans(subject, spoken.proposals);
    find_stale(subject, spoken.proposals);
    find_priorities(subject, spoken.proposals);
    all.push_back(std::move(spoken));
    return {};
  }

  Result<void> speak_of_comments(const CommentPhase::Source& source, std::vector<Spoken>& all) {
    auto content = run_.files().read(source.path);
    if (!content) return std::move(content.error());
    const auto& comments = comments_->comments_of(source);
    if (content->token != source.token) return {};
    const auto language = source::detect(source.path, content->bytes.substr(0, 256));
    Spoken spoken{list_of_comments(source.path, source.token, std::string(content->bytes), comments), {}};
    const Subject subject{spoken.list, settings_, *history_,    notes_,       today_,
                          date_,       run_id_,   &severities_, &successors_, edits_last_};
    find_closed_comments(subject, language, comments, spoken.proposals);
    all.push_back(std::move(spoken));
    return {};
  }

  Result<void> end() {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    std::size_t comments = 0;
    if (auto spoken = comments_->speak(*txn, comments); !spoken) return spoken;
    for (const auto& [key, value] : history_->take_fresh()) txn->put_memory(key, value);
    std::sort(paths_.begin(), paths_.end());
    const auto there = [&](const std::string& path) {
      return std::binary_search(paths_.begin(), paths_.end(), path) || comments_->knows(path);
    };
    for (const std::string& key : notes_.orphans(there)) txn->drop_memory(key);
    for (const std::string& key : history_->orphans(there)) txn->drop_memory(key);
    txn->put_metric("lists", static_cast<double>(paths_.size()));
    txn->put_metric("comments", static_cast<double>(comments));
    progress_ = {Stage::kDone, "", progress_.changes};
    txn->put_checkpoint(progress_);
    return txn->commit();
  }

  sdk::Run& run_;
  Settings settings_;
  Progress progress_;
  std::string date_, run_id_;
  std::int64_t today_ = 0;
  bool edits_last_ = true;
  std::unique_ptr<History> history_;
  Notes notes_;
  std::map<std::string, int, std::less<>> severities_;
  Successors successors_;
  std::vector<std::string> paths_;
  std::unique_ptr<CommentPhase> comments_;
  std::map<std::string, std::vector<const CommentPhase::Source*>> sources_;  // by the folder of their archive
};

}  // namespace
}  // namespace daydream::tasks

DAYDREAM_PLUGIN(daydream::tasks::TaskCleanup, daydream::kStepDescriptor);
