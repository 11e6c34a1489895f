#include "plugins/task_cleanup/comments/phase.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "daydream/kit/text.hpp"
#include "plugins/task_cleanup/comments/closing.hpp"
#include "plugins/task_cleanup/lists/lists.hpp"
#include "plugins/task_cleanup/rules/rule.hpp"

namespace daydream::tasks {
namespace {

constexpr std::string_view kScanned = "scan/";
constexpr std::string_view kBefore = "was/";
constexpr std::uint64_t kLargest = std::uint64_t{2} << 20;
constexpr std::size_t kBatch = 500;
constexpr std::chrono::seconds kBatchTime{1};
constexpr int kReworded = 500;  // likeness from which on a comment is the same in other words
constexpr std::size_t kMostCompared = 2000;
constexpr std::size_t kQuoteBytes = 120;

std::string key_of(std::string_view prefix, const std::string& path) {
  return std::string(prefix) + path;
}

std::string quoted(const TodoComment& todo) {
  return "\"" + text::shorten(text::mask(todo.tag + ": " + todo.words), kQuoteBytes) + "\"";
}

sdk::Finding finding_for(const std::string& path, const TodoComment& todo) {
  sdk::Finding finding;
  finding.rule = "task-completed";
  finding.path = path;
  finding.symbol = todo.id;
  finding.context = text::shorten(text::mask(todo.tag + " " + todo.words), 200);
  return finding;
}

}  // namespace

void CommentPhase::consider(const sdk::Entry& entry) {
  if (!settings_.comments || entry.size == 0 || entry.size > kLargest || left_alone(entry.path)) return;
  if (source::detect(entry.path) == source::Language::kNone) {
    const std::size_t slash = entry.path.rfind('/');
    const std::string_view base =
        slash == std::string::npos ? std::string_view(entry.path) : std::string_view(entry.path).substr(slash + 1);
    if (base.find('.') != std::string_view::npos) return;  // without an extension its first line decides
  }
  sources_.push_back({entry.path, entry.token, entry.size});
}

bool CommentPhase::knows(std::string_view path) const {
  const auto found =
      std::lower_bound(sources_.begin(), sources_.end(), path,
                       [](const Source& source, std::string_view wanted) { return source.path < wanted; });
  return found != sources_.end() && found->path == path;
}

Result<void> CommentPhase::recall() {
  const auto into = [](Rows& rows, std::string_view prefix) {
    return [&rows, prefix](std::string_view key, std::string_view value) -> Result<void> {
      if (auto row = ScanRow::decode(value)) rows.emplace(key.substr(prefix.size()), std::move(*row));
      return {};
    };
  };
  if (auto read = run_.state().scan_memory(kScanned, into(scanned_, kScanned)); !read) return read;
  return run_.state().scan_memory(kBefore, into(before_, kBefore));
}

Result<ScanRow> CommentPhase::scan(const Source& source) {
  ScanRow row;
  row.token = source.token;
  auto content = run_.files().read(source.path);
  if (!content) return std::move(content.error());
  row.comments = todo_comments(content->bytes, source::detect(source.path, content->bytes.substr(0, 256)));
  return row;
}

Result<void> CommentPhase::survey() {
  if (auto recalled = recall(); !recalled) return recalled;
  std::size_t at = 0;
  while (at < sources_.size()) {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    const auto begun = std::chrono::steady_clock::now();
    std::size_t read = 0;
    for (; at < sources_.size() && read < kBatch && std::chrono::steady_clock::now() - begun < kBatchTime; ++at) {
      if (run_.cancelled()) break;
      const Source& source = sources_[at];
      const auto known = scanned_.find(source.path);
      if (known != scanned_.end() && known->second.token == source.token) continue;
      run_.progress(at, sources_.size(), source.path);
      auto row = scan(source);
      if (!row) return std::move(row.error());
      ++read;
      if (known != scanned_.end() && before_.emplace(source.path, known->second).second) {
        txn->put_memory(key_of(kBefore, source.path), known->second.encode());
      }
      txn->put_memory(key_of(kScanned, source.path), row->encode());
      scanned_.insert_or_assign(source.path, std::move(*row));
    }
    if (read > 0) {
      if (auto committed = txn->commit(); !committed) return committed;
    }
    if (run_.cancelled() && at < sources_.size()) return Error(ErrorKind::kCancelled, "asked to stop");
  }
  return {};
}

Result<void> CommentPhase::speak(sdk::Transaction& txn, std::size_t& comments) {
  std::set<std::string> present;
  for (const Source& source : sources_) {
    present.insert(source.path);
    comments += comments_of(source).size();
  }
  for (auto row = scanned_.begin(); row != scanned_.end(); ++row) {
    if (present.contains(row->first)) continue;
    before_.emplace(row->first, row->second);  // its file is gone
    txn.drop_memory(key_of(kScanned, row->first));
  }
  for (const auto& [path, row] : before_) {
    say_closed(txn, path, row);
    txn.drop_memory(key_of(kBefore, path));
  }
  return {};
}

// Comments that are there no more, neither elsewhere nor in other words: closed by whoever deleted them.
void CommentPhase::say_closed(sdk::Transaction& txn, const std::string& path, const ScanRow& row) {
  const auto still = [&](const TodoComment& gone) {
    std::size_t compared = 0;
    for (const auto& [where, now] : scanned_) {
      const bool changed = before_.contains(where) || where == path;
      for (const TodoComment& todo : now.comments) {
        if (todo.id == gone.id) return true;
        if (todo.words == gone.words && todo.tag == gone.tag) return true;
        if (changed && ++compared <= kMostCompared && likeness(todo.words, gone.words) >= kReworded) return true;
      }
    }
    return false;
  };
  for (const TodoComment& todo : row.comments) {
    if (todo.words.size() < 8 || still(todo)) continue;
    const auto commit = history_.deleted_text(path, todo.words);
    if (!commit) continue;
    sdk::Finding finding = finding_for(path, todo);
    finding.message = quoted(todo) + " was taken out of the code";
    finding.evidence = words_of(*commit) + " took it out; it was line " + std::to_string(todo.line) +
                       ", and stands nowhere else, nor in other words";
    txn.put_finding(finding);
  }
}

std::vector<const CommentPhase::Source*> CommentPhase::worth_reading() {
  std::vector<const Source*> worth;
  for (const Source& source : sources_) {
    if (may_be_closed(history_, comments_of(source))) worth.push_back(&source);
  }
  return worth;
}

const std::vector<TodoComment>& CommentPhase::comments_of(const Source& source) const {
  static const std::vector<TodoComment> kNone;
  const auto found = scanned_.find(source.path);
  return found == scanned_.end() || found->second.token != source.token ? kNone : found->second.comments;
}

}  // namespace daydream::tasks
