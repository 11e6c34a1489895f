#include "plugins/legacy_cleanup/history.hpp"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::legacy {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t kLargestDiff = std::size_t{4} << 20;

std::string key_of(const std::string& path, std::string_view content) {
  std::string bytes = path;
  bytes += '\0';
  bytes += content;
  return std::string(History::kPrefix) + hash::sha256_hex(bytes).substr(0, 24);
}

std::string date_of(std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  ::gmtime_r(&time, &parts);
  std::string date(16, '\0');
  date.resize(std::strftime(date.data(), date.size(), "%Y-%m-%d", &parts));
  return date;
}

// Days since some epoch of "2026-11-22", good for differences up to a day or two; 0 for anything else.
int rough_day(std::string_view date) {
  if (date.size() < 10) return 0;
  const auto number = [&](std::size_t at, std::size_t size) {
    int value = 0;
    for (const char c : date.substr(at, size)) value = value * 10 + (c - '0');
    return value;
  };
  return number(0, 4) * 365 + number(5, 2) * 30 + number(8, 2);
}

// REQUIRES: ten characters, "2026-11-22".
std::string days_before(const std::string& date, int days) {
  const std::chrono::year_month_day day{std::chrono::year(std::atoi(date.c_str())),
                                        std::chrono::month(static_cast<unsigned>(std::atoi(date.c_str() + 5))),
                                        std::chrono::day(static_cast<unsigned>(std::atoi(date.c_str() + 8)))};
  const auto then = std::chrono::sys_days(day) - std::chrono::days(days);
  return date_of(std::chrono::duration_cast<std::chrono::seconds>(then.time_since_epoch()).count());
}

std::vector<std::string> trimmed_lines(std::string_view content) {
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(content, '\n')) lines.emplace_back(text::trim(line));
  return lines;
}

// Lines that stand in every file: that one of them came or went says nothing.
bool says_little(std::string_view line) {
  const bool word = std::any_of(line.begin(), line.end(), [](unsigned char c) { return std::isalnum(c) != 0; });
  return !word || line.size() < 5 || line == "else:" || line == "return" || line == "finally:" || line == "break";
}

// Where the block stands in these lines: at its own place, else at the only place that has it.
std::optional<std::size_t> find_block(const std::vector<std::string>& lines, const History::Block& block) {
  const auto stands = [&](std::size_t at) {
    return at + block.comment.size() <= lines.size() &&
           std::equal(block.comment.begin(), block.comment.end(), lines.begin() + static_cast<std::ptrdiff_t>(at));
  };
  if (stands(block.line - 1)) return block.line - 1;
  std::optional<std::size_t> found;
  for (std::size_t at = 0; at + block.comment.size() <= lines.size(); ++at) {
    if (!stands(at)) continue;
    if (found) return std::nullopt;
    found = at;
  }
  return found;
}

}  // namespace

bool History::open() {
  if (opened_) return repository_.has_value();
  opened_ = true;
  for (const std::string& root : roots_) {
    if (root.empty()) continue;
    auto opened = git::Repository::open(root);
    if (!opened) continue;
    auto shallow = opened->output({"rev-parse", "--is-shallow-repository"});
    if (!shallow || text::trim(*shallow) != "false") continue;
    std::error_code failed;
    const auto inside = std::filesystem::relative(root, opened->root(), failed).generic_string();
    if (failed || inside.starts_with("..")) continue;
    below_ = inside == "." || inside.empty() ? "" : inside + "/";
    repository_ = std::move(*opened);
    return true;
  }
  return false;
}

milliseconds History::left() const {
  const auto now = std::chrono::duration_cast<milliseconds>(Clock::now() - asked_);
  return budget_ - spent_ - now;
}

std::vector<std::optional<History::Proof>> History::proofs(const std::string& path, std::string_view content,
                                                           const std::vector<Block>& blocks) {
  Answers answers = look_up_or_ask(path, content, blocks);
  for (const std::optional<Proof>& proof : answers) name(proof);
  return answers;
}

void History::name(const std::optional<Proof>& proof) {
  if (proof && named_.insert(proof->commit).second) newly_named_.insert(proof->commit);
}

// False: the answer is "no" for now; where history is switched off, for good.
bool History::may_ask() {
  const bool off = budget_ <= milliseconds(0), asks = !off && open() && spent_ < budget_;
  answered_ &= off || asks;
  return asks;
}

bool History::still_there(const std::set<std::string>& commits) {
  if (commits.empty()) return true;
  if (!open()) return false;
  std::string input;
  for (const std::string& commit : commits) input.append(commit).append("^{commit}\n");
  const auto outcome = repository_->run({"cat-file", "--batch-check"}, input);
  return outcome && outcome->good() && outcome->output.find(" missing") == std::string::npos;
}

History::Answers History::look_up_or_ask(const std::string& path, std::string_view content,
                                         const std::vector<Block>& blocks) {
  const Answers none(blocks.size());
  if (blocks.empty()) return none;
  if (!open()) return may_ask(), none;
  const std::string key = key_of(path, content);
  if (auto answers = remembered(key, blocks)) return std::move(*answers);
  if (!may_ask()) return none;
  // A file that alone takes a whole night's budget would take the next one's too: it is left unproven.
  // One that merely came late is asked again.
  const bool had_time = spent_ <= budget_ / 10;
  asked_ = Clock::now();
  auto answers = ask(path, content, blocks);
  spent_ += std::chrono::duration_cast<milliseconds>(Clock::now() - asked_);
  if (!answers) {
    answered_ &= had_time;
    if (had_time) keep(key, blocks, none);
    return none;
  }
  keep(key, blocks, *answers);
  return std::move(*answers);
}

std::optional<History::Answers> History::ask(const std::string& path, std::string_view content,
                                             const std::vector<Block>& blocks) {
  Answers answers(blocks.size());
  auto committed = repository_->blob("HEAD:" + below_ + path);
  if (!committed) return answers;
  const std::vector<std::string> lines = trimmed_lines(*committed == content ? content : *committed);
  std::vector<std::optional<std::size_t>> places;
  std::vector<std::pair<int, int>> ranges;
  for (const Block& block : blocks) {
    places.push_back(find_block(lines, block));
    if (!places.back()) continue;
    const int first = static_cast<int>(*places.back()) + 1;
    ranges.emplace_back(first, first + static_cast<int>(block.comment.size()) - 1);
  }
  if (ranges.empty()) return answers;
  std::sort(ranges.begin(), ranges.end());
  auto blamed = repository_->blame(below_ + path, "", ranges, std::max(left(), milliseconds(1)));
  if (!blamed) return std::nullopt;
  std::unordered_map<int, const git::BlameLine*> by_line;
  for (const git::BlameLine& line : *blamed) by_line[line.line] = &line;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (!places[i]) continue;
    std::vector<const git::BlameLine*> of_block;
    for (std::size_t at = 0; at < blocks[i].comment.size(); ++at) {
      const auto found = by_line.find(static_cast<int>(*places[i] + at) + 1);
      of_block.push_back(found == by_line.end() ? nullptr : found->second);
    }
    if (left() <= milliseconds(0)) return std::nullopt;
    answers[i] = judge(blocks[i], of_block);
  }
  return answers;
}

std::optional<History::Proof> History::enclosed(const std::string& path, std::string_view content, std::uint32_t first,
                                                std::uint32_t last) {
  if (last <= first + 1) return std::nullopt;
  if (!open()) return may_ask(), std::nullopt;
  Block block;
  block.line = first;
  block.code.emplace_back();
  const std::vector<Block> blocks{std::move(block)};
  const std::string key = key_of(path + "\n" + std::to_string(first) + "-" + std::to_string(last), content);
  if (auto answers = remembered(key, blocks)) {
    name((*answers)[0]);
    return (*answers)[0];
  }
  if (!may_ask()) return std::nullopt;
  asked_ = Clock::now();
  const auto proof = ask_enclosed(path, content, first, last);
  const bool in_time = left() > milliseconds(0);
  spent_ += std::chrono::duration_cast<milliseconds>(Clock::now() - asked_);
  answered_ &= in_time;
  if (in_time) keep(key, blocks, {proof});
  name(proof);
  return proof;
}

std::optional<History::Proof> History::ask_enclosed(const std::string& path, std::string_view content,
                                                    std::uint32_t first, std::uint32_t last) {
  auto committed = repository_->blob("HEAD:" + below_ + path);
  if (!committed || *committed != content) return std::nullopt;
  const std::vector<std::pair<int, int>> range{{static_cast<int>(first), static_cast<int>(last)}};
  auto blamed = repository_->blame(below_ + path, "", range, std::max(left(), milliseconds(1)));
  if (!blamed || blamed->size() != last - first + 1) return std::nullopt;
  const std::vector<std::string> lines = trimmed_lines(content);
  const git::BlameLine& begin = blamed->front();
  const git::BlameLine& end = blamed->back();
  if (begin.commit != end.commit || begin.commit.find_first_not_of('0') == std::string::npos) return std::nullopt;
  int telling = 0;
  for (const git::BlameLine& line : *blamed) {
    const std::string& text = lines[static_cast<std::size_t>(line.line) - 1];
    if (line.line == static_cast<int>(first) || line.line == static_cast<int>(last) || text.empty()) continue;
    if (line.commit == begin.commit || line.author_time > begin.author_time) return std::nullopt;
    telling += says_little(text) ? 0 : 1;
  }
  if (telling == 0) return std::nullopt;
  return Proof{begin.commit, date_of(begin.author_time)};
}

std::optional<History::Proof> History::as_many(const std::string& state, const std::string& pattern,
                                               const std::vector<std::string>& globs, std::size_t today, int days) {
  if (!open()) return std::nullopt;
  Block block;
  block.line = 1;
  const std::vector<Block> blocks{std::move(block)};
  const std::string key = key_of("\n" + pattern, state);
  if (auto answers = remembered(key, blocks)) return (*answers)[0];
  if (spent_ >= budget_) return std::nullopt;
  asked_ = Clock::now();
  const auto proof = ask_as_many(pattern, globs, today, days);
  const bool in_time = left() > milliseconds(0);
  spent_ += std::chrono::duration_cast<milliseconds>(Clock::now() - asked_);
  // A "no" may be a "yes" tomorrow: only what is proven is remembered.
  if (in_time && proof) keep(key, blocks, {proof});
  return proof;
}

std::optional<History::Proof> History::ask_as_many(const std::string& pattern, const std::vector<std::string>& globs,
                                                   std::size_t today, int days) {
  if (today_.size() != 10) return std::nullopt;
  const std::string before = "--before=" + days_before(today_, days) + "T00:00:00Z";
  auto commit = repository_->output({"rev-list", "-1", before, "HEAD"}, "", std::max(left(), milliseconds(1)));
  if (!commit || text::trim(*commit).empty()) return std::nullopt;
  const std::string then(text::trim(*commit));
  std::vector<std::string> grep{"grep", "-l", "-E", "-e", pattern, then, "--"};
  for (const std::string& glob : globs) grep.push_back(":(top,glob)" + below_ + "**/" + glob);
  auto listing = repository_->output(grep, "", std::max(left(), milliseconds(1)));
  if (!listing) return std::nullopt;
  const auto files = static_cast<std::size_t>(std::count(listing->begin(), listing->end(), '\n'));
  if (files == 0 || files > today) return std::nullopt;
  auto when = repository_->output({"show", "-s", "--format=%cs", then}, "", std::max(left(), milliseconds(1)));
  if (!when) return std::nullopt;
  return Proof{then, std::string(text::trim(*when))};
}

// Every line of it must be accounted for, each by its own commit.
std::optional<History::Proof> History::judge(const Block& block, const std::vector<const git::BlameLine*>& lines) {
  std::map<std::pair<std::string, std::string>, std::unordered_map<std::string, int>> needed;  // by commit and path
  std::map<std::string, int> shares;
  const git::BlameLine* last = nullptr;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (block.code[i].empty()) continue;
    if (lines[i] == nullptr || lines[i]->commit.find_first_not_of('0') == std::string::npos) return std::nullopt;
    ++needed[{lines[i]->commit, lines[i]->original_path}][block.code[i]];
    if (last == nullptr || lines[i]->author_time > last->author_time) last = lines[i];
  }
  if (last == nullptr) return std::nullopt;
  for (const auto& [where, texts] : needed) {
    const Change* const change = change_of(where.first, where.second);
    if (change == nullptr) return std::nullopt;
    const bool telling =
        std::any_of(texts.begin(), texts.end(), [](const auto& text) { return !says_little(text.first); });
    if (!telling && needed.size() > 1) return std::nullopt;
    for (const auto& [line, count] : texts) {
      const auto gone = change->gone.find(line);
      const auto come = change->come.find(line);
      // The same commit may have put the line elsewhere: then it moved, and the comment is something else.
      const int moved = come == change->come.end() || says_little(line) ? 0 : come->second;
      if (gone == change->gone.end() || gone->second - moved < count) return std::nullopt;
    }
  }
  return Proof{last->commit, date_of(last->author_time)};
}

const History::Change* History::change_of(const std::string& commit, const std::string& path) {
  const auto [entry, added] = changes_.try_emplace(commit + " " + path);
  if (!added) return entry->second ? &*entry->second : nullptr;
  auto listing = repository_->output({"diff-tree", "-r", "-p", "-U0", "--no-renames", "--no-commit-id",
                                      "--first-parent", "-m", commit, "--", ":(top,literal)" + path},
                                     "", std::max(left(), milliseconds(1)));
  if (!listing || listing->size() > kLargestDiff) return nullptr;
  Change change;
  bool inside = false;
  for (const std::string_view line : text::split(*listing, '\n')) {
    if (line.starts_with("@@")) inside = true;
    if (line.starts_with("diff --git")) inside = false;
    if (!inside || line.empty()) continue;
    if (line[0] == '-') ++change.gone[std::string(text::trim(line.substr(1)))];
    if (line[0] == '+') ++change.come[std::string(text::trim(line.substr(1)))];
  }
  entry->second = std::move(change);
  return &*entry->second;
}

bool History::exists(const std::string& commit) {
  const auto [entry, added] = commits_.try_emplace(commit, false);
  if (added) entry->second = repository_->resolve(commit).ok();
  return entry->second;
}

// "2026-11-22 <build>\n" and a line for each block: "12 -" or "12 <commit> <date>".
void History::keep(const std::string& key, const std::vector<Block>& blocks, const Answers& answers) {
  std::string value = today_;
  value.append(" ").append(build_).append("\n");
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    value += std::to_string(blocks[i].line) + " ";
    value += answers[i] ? answers[i]->commit + " " + answers[i]->date + "\n" : "-\n";
  }
  known_[key] = value;
  fresh_.insert(key);
}

std::optional<History::Answers> History::remembered(const std::string& key, const std::vector<Block>& blocks) {
  const auto found = known_.find(key);
  if (found == known_.end()) return std::nullopt;
  const std::vector<std::string_view> lines = text::split(found->second, '\n');
  if (lines.size() != blocks.size() + 2) return std::nullopt;
  const std::string_view head = lines[0];  // "2026-11-22 <build>"
  if (head.size() < 11 || head.substr(11) != build_) return std::nullopt;
  Answers answers(blocks.size());
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const std::vector<std::string_view> parts = text::split(lines[i + 1], ' ');
    if (parts.size() < 2 || parts[0] != std::to_string(blocks[i].line)) return std::nullopt;
    if (parts[1] == "-") continue;
    if (parts.size() != 3 || !exists(std::string(parts[1]))) return std::nullopt;
    answers[i] = Proof{std::string(parts[1]), std::string(parts[2])};
  }
  if (rough_day(today_) - rough_day(lines[0]) > 7) keep(key, blocks, answers);
  return answers;
}

std::vector<std::pair<std::string, std::string>> History::take_fresh() {
  std::vector<std::pair<std::string, std::string>> fresh;
  for (const std::string& key : fresh_) fresh.emplace_back(key, known_[key]);
  fresh_.clear();
  std::sort(fresh.begin(), fresh.end());
  return fresh;
}

std::vector<std::string> History::stale() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : known_) {
    if (rough_day(today_) - rough_day(value) > 60) keys.push_back(key);
  }
  return keys;
}

}  // namespace daydream::legacy
