#include "plugins/task_cleanup/command.hpp"

#include <algorithm>

#include "daydream/kit/git.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "plugins/task_cleanup/archive.hpp"
#include "plugins/task_cleanup/history.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/priority.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kMostBytes = std::size_t{64} << 20;

bool is_archive(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return false;
  const std::string_view folder = path.substr(0, slash);
  const std::string_view base = path.substr(slash + 1);
  return (folder == "archive" || folder.ends_with("/archive")) && base.starts_with("tasks-") && base.ends_with(".md");
}

void add_branches(const std::string& root, std::vector<Found>& all) {
  auto repository = git::Repository::open(root);
  if (!repository) return;
  auto listed = repository->output({"for-each-ref", "--format=%(refname)", "--sort=-refname", "refs/heads/daydream/"});
  if (!listed) return;
  for (const std::string_view branch : text::split(*listed, '\n')) {
    if (branch.empty()) continue;
    auto tree = repository->tree(std::string(branch));
    if (!tree) continue;
    for (const git::TreeEntry& entry : *tree) {
      if (!is_archive(entry.path)) continue;
      if (auto blob = repository->blob(entry.id)) all.push_back({entry.path, std::string(branch.substr(11)), *blob});
    }
  }
}

struct Match {
  Entry entry;
  const Found* found = nullptr;
};

Result<std::string> restore(const std::vector<Found>& all, const std::string& id) {
  std::vector<Match> matches;
  for (const Found& found : all) {
    for (Entry& entry : read_entries(found.content)) {
      if (entry.id != id && !(id.size() >= 6 && entry.id.starts_with(id))) continue;
      const bool twin = std::any_of(matches.begin(), matches.end(), [&](const Match& match) {
        return match.entry.id == entry.id && match.entry.bytes == entry.bytes;
      });
      if (!twin) matches.push_back({std::move(entry), &found});
    }
  }
  if (matches.empty()) {
    return Error(ErrorKind::kNotFound,
                 "no archived task \"" + text::escape_terminal(id) + "\"; daydream tasks archived lists them");
  }
  if (matches.size() > 1) {
    std::string words = "several archived tasks begin with \"" + text::escape_terminal(id) + "\":";
    for (const Match& match : matches) words += " " + match.entry.id + " (" + match.found->archive + ")";
    return Error(ErrorKind::kUsage, words);
  }
  return matches.front().entry.bytes;
}

// Every open task, the most urgent first, with the terms of its priority.
Result<std::string> open_tasks(const std::string& root, const Settings& settings, std::int64_t today) {
  auto listing = walk::list(root);
  if (!listing) return std::move(listing.error());
  History history({root}, settings.history_budget);
  struct Line {
    std::int64_t total;
    std::string id, words;
  };
  std::vector<Line> lines;
  for (const walk::File& file : listing->files) {
    const auto kind = list_kind(file.path, settings.lists);
    if (!kind || settings.excluded(file.path)) continue;
    auto content = walk::read_beneath(root, file.path, kMostBytes);
    if (!content) continue;
    auto list = read_list(file.path, *kind, std::move(*content), today);
    if (!list) continue;
    Surroundings around;
    around.today = today;
    around.heat = &history.heat(today * 86400);
    read_ids(*list, around);
    const auto& written = history.written(file.path, list->content);
    for (const Task& task : list->tasks) {
      if (task.state != State::kOpen && task.state != State::kActive) continue;
      std::optional<std::int64_t> day;
      if (task.line <= written.size() && !written[task.line - 1].id.empty()) day = written[task.line - 1].time / 86400;
      const Score score = score_of(task, day, around);
      lines.push_back({score.total, task.id,
                       text::show_path(file.path) + ":" + std::to_string(task.line) + "  " +
                           text::escape_terminal(text::shorten(text::mask(text::to_utf8(task.text)), 120)) + "\n    " +
                           score.words() + "\n"});
    }
  }
  std::sort(lines.begin(), lines.end(), [](const Line& left, const Line& right) {
    return left.total != right.total ? left.total > right.total : left.id < right.id;
  });
  std::string out;
  for (const Line& line : lines) out += line.words;
  return out.empty() ? "no open task\n" : out;
}

std::string listed(const std::vector<Found>& all) {
  std::string out;
  for (const Found& found : all) {
    for (const Entry& entry : read_entries(found.content)) {
      out += entry.id + "  " + entry.date + "  " + text::show_path(entry.path) + ":" + std::to_string(entry.line) +
             "  " + text::escape_terminal(text::mask(entry.title)) +
             (found.where.empty() ? "" : "  (branch " + found.where + ")") + "\n";
    }
  }
  return out.empty() ? "no task has been archived\n" : out;
}

}  // namespace

Result<std::vector<Found>> archives_of(const std::string& root) {
  std::vector<Found> all;
  auto listing = walk::list(root);
  if (!listing) return std::move(listing.error());
  for (const walk::File& file : listing->files) {
    if (!is_archive(file.path)) continue;
    if (auto content = walk::read_beneath(root, file.path, kMostBytes)) all.push_back({file.path, "", *content});
  }
  add_branches(root, all);
  return all;
}

Result<std::string> run_tasks_command(const std::string& root, const std::vector<std::string>& words,
                                      const Settings& settings, std::int64_t today) {
  const std::string usage = "daydream tasks list | archived | restore ID";
  if (words.empty()) return Error(ErrorKind::kUsage, "usage: " + usage);
  if (words[0] == "list" && words.size() == 1) return open_tasks(root, settings, today);
  auto all = archives_of(root);
  if (!all) return std::move(all.error());
  if (words[0] == "archived" && words.size() == 1) return listed(*all);
  if (words[0] == "restore" && words.size() == 2) return restore(*all, words[1]);
  return Error(ErrorKind::kUsage, "usage: " + usage);
}

}  // namespace daydream::tasks
