#include "plugins/docs_update/history.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>

#include "daydream/kit/text.hpp"

namespace daydream::docs {
namespace {

using std::chrono::milliseconds;
constexpr std::size_t kMostPaths = 400;
constexpr int kMostRenames = 12;

// "<commit>\x1f<time>" heads of a log with "%x01%H%x1f%ct", then names parted by NUL.
struct LogEntry {
  Written commit;
  std::vector<std::string> names;
};

std::vector<LogEntry> read_log(std::string_view listing) {
  std::vector<LogEntry> entries;
  for (std::string_view token : text::split(listing, '\0')) {
    while (token.starts_with('\n')) token.remove_prefix(1);
    if (token.starts_with('\x01')) {
      token.remove_prefix(1);
      LogEntry entry;
      const auto part = token.find('\x1f');
      if (part == std::string_view::npos) continue;
      entry.commit.commit = token.substr(0, part);
      const std::string_view time = token.substr(part + 1);
      std::from_chars(time.data(), time.data() + time.size(), entry.commit.time);
      entries.push_back(std::move(entry));
    } else if (!token.empty() && !entries.empty()) {
      entries.back().names.emplace_back(token);
    }
  }
  return entries;
}

}  // namespace

History::History(std::vector<std::string> roots, milliseconds budget) : budget_(budget) {
  for (const std::string& root : roots) {
    if (root.empty()) continue;
    auto opened = git::Repository::open(root);
    if (!opened && opened.error().message().find("configuration files") != std::string::npos) {
      // The user's own configuration cannot be read from where a step runs; nothing asked here needs it.
      ::setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
      opened = git::Repository::open(root);
    }
    if (!opened) {
      if (trouble_.empty()) trouble_ = opened.error().message();
      continue;
    }
    auto address = opened->output({"config", "--get", "remote.origin.url"});
    if (address) remote_ = text::trim(*address);
    auto shallow = opened->output({"rev-parse", "--is-shallow-repository"});
    if (!shallow || text::trim(*shallow) != "false" || !opened->resolve("HEAD")) {
      trouble_ = shallow ? "the clone is shallow, or has no commit" : shallow.error().message();
      continue;
    }
    std::error_code failed;
    const auto inside = std::filesystem::relative(root, opened->root(), failed).generic_string();
    if (failed || inside.starts_with("..")) continue;
    below_ = inside == "." || inside.empty() ? "" : inside + "/";
    repository_ = std::move(*opened);
    trouble_.clear();
    return;
  }
}

std::optional<std::string> History::ask(const std::vector<std::string>& arguments, std::string input) {
  if (!repository_ || exhausted_) return std::nullopt;
  const auto begun = std::chrono::steady_clock::now();
  auto answer = repository_->run(arguments, std::move(input), std::max(budget_, milliseconds(1)));
  budget_ -= std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  if (budget_ <= milliseconds(0)) exhausted_ = true;
  // grep and check-ignore say "nothing" by 1.
  if (!answer || !(answer->good() || (answer->exit_code == 1 && answer->signal == 0 && !answer->timed_out))) {
    if (trouble_.empty()) {
      trouble_ =
          "git " + arguments.front() + ": " +
          (answer ? "exit " + std::to_string(answer->exit_code) + " " + answer->error : answer.error().message());
    }
    return std::nullopt;
  }
  return std::move(answer->output);
}

std::string History::head() {
  return ask({"rev-parse", "HEAD"}).value_or("");
}

std::map<std::string, Gone> History::gone(const std::vector<std::string>& paths, const Tree& tree) {
  std::map<std::string, Gone> known;
  for (std::size_t from = 0; from < paths.size(); from += kMostPaths) {
    std::vector<std::string> arguments{
        "log", "--no-renames", "--diff-filter=D", "--name-only", "-z", "--format=%x01%H%x1f%ct", "HEAD", "--"};
    const std::size_t end = std::min(paths.size(), from + kMostPaths);
    for (std::size_t i = from; i < end; ++i) {
      if (!paths[i].empty()) arguments.push_back(":(top,literal)" + below_ + paths[i]);
    }
    if (arguments.back() == "--") continue;
    const auto listing = ask(arguments);
    if (!listing) return known;
    std::set<std::string> wanted(paths.begin() + static_cast<std::ptrdiff_t>(from),
                                 paths.begin() + static_cast<std::ptrdiff_t>(end));
    for (const LogEntry& entry : read_log(*listing)) {
      for (const std::string& name : entry.names) {
        if (!name.starts_with(below_)) continue;
        // The path itself, or a folder above it that was asked for.
        for (std::string_view at = std::string_view(name).substr(below_.size()); !at.empty(); at = folder_of(at)) {
          const std::string path(at);
          if (!wanted.contains(path) || known.contains(path)) continue;
          Gone gone{entry.commit.commit, entry.commit.time, "", 100};
          const std::string whole = name.substr(below_.size());
          gone = follow(std::move(gone), whole, tree);
          if (path != whole) {  // a folder: what moved with it keeps its tail
            const std::string tail = whole.substr(path.size());
            gone.now = gone.now.size() > tail.size() && gone.now.ends_with(tail)
                           ? gone.now.substr(0, gone.now.size() - tail.size())
                           : "";
          }
          known.emplace(path, std::move(gone));
        }
      }
    }
  }
  return known;
}

std::optional<std::pair<std::string, int>> History::renamed_in(const std::string& commit, const std::string& path) {
  const auto [entry, added] = renames_.try_emplace(commit);
  if (added) {
    const auto listing =
        ask({"diff-tree", "-r", "-M50%", "-l2000", "--diff-filter=R", "--name-status", "-z", "--no-commit-id", commit});
    const auto tokens = text::split(listing ? std::string_view(*listing) : std::string_view(), '\0');
    for (std::size_t i = 0; i + 2 < tokens.size(); i += 3) {
      int alike = 0;
      if (!tokens[i].empty()) std::from_chars(tokens[i].data() + 1, tokens[i].data() + tokens[i].size(), alike);
      entry->second[std::string(tokens[i + 1])] = {std::string(tokens[i + 2]), alike};
    }
  }
  const auto found = entry->second.find(path);
  if (found == entry->second.end()) return std::nullopt;
  return found->second;
}

Gone History::follow(Gone gone, const std::string& path, const Tree& tree) {
  std::string at = path;
  std::string commit = gone.commit;
  for (int hop = 0; hop < kMostRenames; ++hop) {
    const auto renamed = renamed_in(commit, below_ + at);
    if (!renamed || !renamed->first.starts_with(below_)) return gone;
    at = renamed->first.substr(below_.size());
    gone.alike = std::min(gone.alike, renamed->second);
    if (tree.file(at) != nullptr) {
      gone.now = at;
      return gone;
    }
    const auto listing = ask({"log", "-1", "--no-renames", "--diff-filter=D", "--name-only", "-z",
                              "--format=%x01%H%x1f%ct", "HEAD", "--", ":(top,literal)" + below_ + at});
    const auto entries = read_log(listing ? std::string_view(*listing) : std::string_view());
    if (entries.empty()) return gone;
    commit = entries.front().commit.commit;
  }
  return gone;
}

const std::unordered_map<std::string, Written>& History::deleted() {
  if (knows_deleted_) return deleted_;
  knows_deleted_ = true;
  const auto listing = ask({"log", "--no-renames", "--diff-filter=D", "--name-only", "-z", "--format=%x01%H%x1f%ct",
                            "HEAD", "--", ":(top)" + (below_.empty() ? std::string("*") : below_)});
  for (const LogEntry& entry : read_log(listing ? std::string_view(*listing) : std::string_view())) {
    for (const std::string& name : entry.names) {
      if (name.starts_with(below_)) deleted_.emplace(name.substr(below_.size()), entry.commit);
    }
  }
  return deleted_;
}

std::set<std::string> History::ignored(const std::vector<std::string>& paths) {
  std::set<std::string> found;
  std::string input;
  for (const std::string& path : paths) {
    if (!path.empty()) input += below_ + path + '\0';
  }
  if (input.empty()) return found;
  const auto listing = ask({"check-ignore", "--no-index", "-z", "--stdin"}, input);
  for (const std::string_view path : text::split(listing ? std::string_view(*listing) : std::string_view(), '\0')) {
    if (path.size() > below_.size()) found.emplace(path.substr(below_.size()));
  }
  return found;
}

std::vector<std::string> History::former_paths(const std::string& path) {
  std::vector<std::string> former;
  const auto listing = ask({"log", "--follow", "--diff-filter=R", "--name-status", "-z", "--format=%x01%H%x1f%ct",
                            "-M50%", "HEAD", "--", below_ + path});
  for (const LogEntry& entry : read_log(listing ? std::string_view(*listing) : std::string_view())) {
    // R095, old, new
    if (entry.names.size() < 3 || !entry.names[1].starts_with(below_)) continue;
    former.push_back(entry.names[1].substr(below_.size()));
  }
  return former;
}

std::map<std::uint32_t, Written> History::written(const std::string& path, std::string_view content,
                                                  const std::vector<std::uint32_t>& lines) {
  std::map<std::uint32_t, Written> known;
  if (!repository_ || exhausted_ || lines.empty()) return known;
  auto committed = repository_->blob("HEAD:" + below_ + path);
  if (!committed) return known;
  // Where the line stands in what is committed: at its place, or at the only place that has it.
  const auto here = text::split(content, '\n');
  const auto there = text::split(*committed, '\n');
  std::map<int, std::uint32_t> asked;
  for (const std::uint32_t line : lines) {
    if (line == 0 || line > here.size()) continue;
    const std::string_view words = here[line - 1];
    if (line <= there.size() && there[line - 1] == words) {
      asked[static_cast<int>(line)] = line;
    } else if (std::count(there.begin(), there.end(), words) == 1) {
      asked[static_cast<int>(std::find(there.begin(), there.end(), words) - there.begin()) + 1] = line;
    }
  }
  std::vector<std::pair<int, int>> ranges;
  for (const auto& [number, line] : asked) ranges.emplace_back(number, number);
  if (ranges.empty()) return known;
  const auto begun = std::chrono::steady_clock::now();
  auto blamed = repository_->blame(below_ + path, "", ranges, std::max(budget_, milliseconds(1)));
  budget_ -= std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begun);
  if (budget_ <= milliseconds(0)) exhausted_ = true;
  if (!blamed) return known;
  for (const git::BlameLine& line : *blamed) {
    if (line.commit.find_first_not_of('0') == std::string::npos) continue;
    const auto found = asked.find(line.line);
    if (found != asked.end()) known[found->second] = {line.commit, line.author_time};
  }
  return known;
}

std::optional<std::vector<std::pair<std::string, std::string>>> History::lines_with(
    const std::string& commit, const std::vector<std::string>& words) {
  std::vector<std::string> arguments{"grep", "-I", "-F", "-w", "-z", "--full-name", "--no-color"};
  for (const std::string& word : words) {
    arguments.emplace_back("-e");
    arguments.push_back(word);
  }
  arguments.push_back(commit);
  arguments.emplace_back("--");
  arguments.push_back(":(top)" + (below_.empty() ? std::string("*") : below_));
  const auto listing = ask(arguments);
  if (!listing) return std::nullopt;
  std::vector<std::pair<std::string, std::string>> lines;
  // "commit:path\0line\n"
  std::string_view rest = *listing;
  while (!rest.empty()) {
    const auto name_end = rest.find('\0');
    if (name_end == std::string_view::npos) break;
    std::string_view name = rest.substr(0, name_end);
    rest.remove_prefix(name_end + 1);
    const auto line_end = std::min(rest.find('\n'), rest.size());
    const std::string_view line = rest.substr(0, line_end);
    rest.remove_prefix(std::min(line_end + 1, rest.size()));
    const auto colon = name.find(':');
    if (colon == std::string_view::npos) continue;
    name.remove_prefix(colon + 1);
    if (name.starts_with(below_)) lines.emplace_back(name.substr(below_.size()), line.substr(0, 500));
  }
  return lines;
}

std::vector<std::string> History::versions(const std::string& path, int most) {
  std::vector<std::string> contents;
  if (!repository_ || exhausted_) return contents;
  const auto listing = ask(
      {"log", "--max-count=" + std::to_string(most), "--format=%H", "HEAD", "--", ":(top,literal)" + below_ + path});
  for (const std::string_view commit : text::split(listing ? std::string_view(*listing) : std::string_view(), '\n')) {
    if (commit.empty()) continue;
    auto content = repository_->blob(std::string(commit) + ":" + below_ + path);
    if (content) contents.push_back(std::move(*content));
  }
  return contents;
}

std::optional<std::string> History::content_at(const std::string& commit, const std::string& path) {
  if (!repository_ || exhausted_) return std::nullopt;
  auto content = repository_->blob(commit + ":" + below_ + path);
  return content ? std::optional<std::string>(std::move(*content)) : std::nullopt;
}

}  // namespace daydream::docs
