// Blame and log.
#include <algorithm>
#include <map>

#include "daydream/kit/git.hpp"
#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::git {

namespace {

constexpr std::size_t kMostRanges = 2000;  // as arguments; more are taken out of the whole file's blame

constexpr std::string_view kLetters = "abtnvfr";  // from \a to \r

char unescaped(char letter) {
  const std::size_t at = kLetters.find(letter);
  return at == std::string_view::npos ? letter : static_cast<char>('\a' + static_cast<int>(at));
}

// A name as blame writes it: C-quoted when it holds a control character, a quote or a backslash.
std::string unquote(std::string_view name) {
  if (name.size() < 2 || name.front() != '"' || name.back() != '"') return std::string(name);
  name = name.substr(1, name.size() - 2);
  std::string bytes;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name[i] != '\\' || i + 1 == name.size()) {
      bytes += name[i];
      continue;
    }
    const char next = name[++i];
    if (next >= '0' && next <= '7' && i + 2 < name.size()) {
      bytes += static_cast<char>(number_in<unsigned>(name.substr(i, 3), 8));
      i += 2;
    } else {
      bytes += unescaped(next);
    }
  }
  return bytes;
}

// blame --incremental: groups of "<commit> <original line> <line> <count>", then headers (those of a commit
// only with its first group), ended by "filename <name>".
std::vector<BlameLine> parse_blame(std::string_view listing) {
  std::vector<BlameLine> lines;
  std::map<std::string, std::int64_t, std::less<>> times;
  BlameLine group;
  int count = 0;
  bool at_start = true;
  while (!listing.empty()) {
    std::string_view line = take_until(listing, '\n');
    const std::string_view word = take_until(line, ' ');
    if (at_start) {
      group.commit = word;
      group.original_line = number_in<int>(take_until(line, ' '));
      group.line = number_in<int>(take_until(line, ' '));
      count = number_in<int>(line);
      at_start = false;
    } else if (word == "author-time") {
      times[group.commit] = number_in<std::int64_t>(line);
    } else if (word == "filename") {
      group.original_path = unquote(line);
      const auto time = times.find(group.commit);
      group.author_time = time == times.end() ? 0 : time->second;
      for (int i = 0; i < count; ++i, ++group.line, ++group.original_line) lines.push_back(group);
      at_start = true;
    }
  }
  std::ranges::sort(lines, {}, &BlameLine::line);
  return lines;
}

bool within(const std::vector<std::pair<int, int>>& ranges, int line) {
  return std::ranges::any_of(ranges, [line](const auto& range) { return range.first <= line && line <= range.second; });
}

Commit parse_commit(std::string_view& rest) {
  Commit commit;
  commit.id = take_until(rest, '\0');
  for (std::string_view parents = take_until(rest, '\0'); !parents.empty();) {
    commit.parents.emplace_back(take_until(parents, ' '));
  }
  commit.author_time = number_in<std::int64_t>(take_until(rest, '\0'));
  commit.commit_time = number_in<std::int64_t>(take_until(rest, '\0'));
  commit.author_name = take_until(rest, '\0');
  commit.author_mail = take_until(rest, '\0');
  commit.message = take_until(rest, '\0');
  return commit;
}

}  // namespace

Result<std::vector<BlameLine>> Repository::blame(const std::string& path, const std::string& revision,
                                                 const std::vector<std::pair<int, int>>& ranges,
                                                 std::chrono::milliseconds timeout) const {
  const std::string at = revision.empty() ? std::string("HEAD") : revision;
  if (auto checked = check_revision(at); !checked) return std::move(checked.error());
  std::vector<std::string> arguments{"blame", "-w", "--incremental", "--no-textconv"};
  const bool filter = ranges.size() > kMostRanges;
  for (const auto& [first, last] : ranges) {
    if (first < 1 || last < first)
      return Error(ErrorKind::kInvalid, "blame: lines count from 1, the last not before the first");
    if (!filter) arguments.push_back("-L" + std::to_string(first) + "," + std::to_string(last));
  }
  arguments.insert(arguments.end(), {at, "--", path});
  auto listing = output(arguments, "", timeout);
  if (!listing) return std::move(listing.error()).context(text::show_path(path));
  auto lines = parse_blame(*listing);
  if (filter) std::erase_if(lines, [&](const BlameLine& line) { return !within(ranges, line.line); });
  return lines;
}

Result<std::vector<Commit>> Repository::log(const std::string& revision, const std::string& path, int most) const {
  const std::string from = revision.empty() ? std::string("HEAD") : revision;
  if (auto checked = check_revision(from); !checked) return std::move(checked.error());
  std::vector<std::string> arguments{"log",
                                     "-z",
                                     "--no-notes",
                                     "--no-color",
                                     "--no-mailmap",
                                     "--max-count=" + std::to_string(std::max(most, 0)),
                                     "--format=tformat:%H%x00%P%x00%at%x00%ct%x00%an%x00%ae%x00%B",
                                     from,
                                     "--"};
  if (!path.empty()) arguments.push_back(path);
  Execution how;
  how.literal_paths = true;
  how.max_output = std::size_t{1} << 30;
  auto outcome = execute(root_, arguments, how);
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return git_error("log", *outcome);
  std::vector<Commit> commits;
  for (std::string_view rest = outcome->output; !rest.empty();) commits.push_back(parse_commit(rest));
  return commits;
}

}  // namespace daydream::git
