// Revisions, the index, trees and blobs.
#include <algorithm>

#include "daydream/kit/git.hpp"
#include "daydream/kit/text.hpp"
#include "parts.hpp"

namespace daydream::git {

namespace {

constexpr std::size_t kMaxBlob = std::size_t{64} << 20;

// "100644 <id> 0\tpath" of ls-files, "100644 blob <id>\tpath" of ls-tree; each ends with NUL.
std::vector<TreeEntry> parse_entries(std::string_view listing, bool of_index) {
  std::vector<TreeEntry> entries;
  entries.reserve(static_cast<std::size_t>(std::ranges::count(listing, '\0')));
  while (!listing.empty()) {
    std::string_view record = take_until(listing, '\0');
    std::string_view head = take_until(record, '\t');
    TreeEntry entry;
    entry.mode = number_in<std::uint32_t>(take_until(head, ' '), 8);
    if (!of_index) take_until(head, ' ');  // the type: the mode says it
    entry.id = take_until(head, ' ');
    if (of_index) entry.stage = number_in<int>(head);
    entry.path = record;
    entries.push_back(std::move(entry));
  }
  return entries;
}

// The answers of `cat-file --batch`, fed in pieces of any size: "<id> blob <size>\n<bytes>\n" or
// "<id> missing\n".
class BatchReader {
 public:
  explicit BatchReader(const std::function<void(std::size_t, std::optional<std::string>)>& each) : each_(each) {}

  void feed(std::string_view bytes) {
    while (!bytes.empty()) {
      if (in_head_) {
        const std::size_t end = bytes.find('\n');
        head_.append(bytes.substr(0, end));
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
        if (end != std::string_view::npos) begin();
      } else {
        const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        if (wanted_) content_.append(bytes.substr(0, count));
        bytes.remove_prefix(count);
        left_ -= count;
        if (left_ == 0) end_content();
      }
    }
  }
  [[nodiscard]] std::size_t answered() const { return answered_; }

 private:
  void begin() {
    const std::size_t last = head_.rfind(' ');
    const std::string_view word = std::string_view(head_).substr(last == std::string::npos ? 0 : last + 1);
    const bool sized = !word.empty() && word.front() >= '0' && word.front() <= '9';
    if (!sized) {
      head_.clear();
      each_(answered_++, std::nullopt);  // missing, ambiguous
      return;
    }
    const auto size = number_in<std::uint64_t>(word);
    wanted_ = head_.find(" blob ") != std::string::npos && size <= kMaxBlob;
    left_ = size + 1;  // the line break behind it
    content_.clear();
    if (wanted_) content_.reserve(left_);
    in_head_ = false;
    head_.clear();
  }
  void end_content() {
    in_head_ = true;
    if (!wanted_) {
      each_(answered_++, std::nullopt);
      return;
    }
    content_.pop_back();
    each_(answered_++, std::move(content_));
    content_ = {};
  }

  const std::function<void(std::size_t, std::optional<std::string>)>& each_;
  std::string head_, content_;
  std::uint64_t left_ = 0;
  std::size_t answered_ = 0;
  bool in_head_ = true, wanted_ = false;
};

}  // namespace

Result<void> check_revision(const std::string& revision) {
  if (!revision.empty() && revision.front() != '-' && revision.find('\0') == std::string::npos) return {};
  return Error(ErrorKind::kInvalid, "\"" + text::escape_terminal(text::shorten(revision, 100)) + "\" is no revision");
}

Result<std::string> Repository::resolve(const std::string& revision) const {
  if (auto checked = check_revision(revision); !checked) return std::move(checked.error());
  auto outcome = run({"rev-parse", "--verify", "--quiet", revision + "^{commit}"});
  if (!outcome) return std::move(outcome.error());
  if (outcome->good()) return std::string(text::trim(outcome->output));
  if (outcome->exit_code < 0) return git_error("rev-parse", *outcome);
  if (revision == "HEAD") {
    auto branch = current_branch();
    if (branch && *branch) {
      auto there = run({"show-ref", "--verify", "--quiet", **branch});
      if (there && there->exit_code == 1) {
        return Error(ErrorKind::kNotFound, text::show_path(root_) + ": no commits yet");
      }
    }
  }
  const std::string shown = text::escape_terminal(text::shorten(text::to_utf8(revision), 200));
  return Error(ErrorKind::kNotFound, text::show_path(root_) + ": no commit \"" + shown + "\"");
}

Result<std::optional<std::string>> Repository::current_branch() const {
  auto outcome = run({"symbolic-ref", "--quiet", "HEAD"});
  if (!outcome) return std::move(outcome.error());
  if (outcome->exit_code == 1) return std::optional<std::string>();
  if (!outcome->good()) return git_error("symbolic-ref", *outcome);
  return std::optional<std::string>(text::trim(outcome->output));
}

Result<std::vector<TreeEntry>> Repository::index() const {
  auto listing = output({"ls-files", "--stage", "-z"});
  if (!listing) return std::move(listing.error());
  return parse_entries(*listing, true);
}

Result<std::vector<TreeEntry>> Repository::tree(const std::string& commit) const {
  if (auto checked = check_revision(commit); !checked) return std::move(checked.error());
  auto listing = output({"ls-tree", "-r", "-z", "--full-tree", commit});
  if (!listing) return std::move(listing.error());
  return parse_entries(*listing, false);
}

Result<std::vector<std::string>> Repository::ignored() const {
  auto listing = output({"ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"});
  if (!listing) return std::move(listing.error());
  std::vector<std::string> paths;
  for (std::string_view rest = *listing; !rest.empty();) paths.emplace_back(take_until(rest, '\0'));
  return paths;
}

Result<std::string> Repository::blob(const std::string& id_or_revision_path) const {
  if (auto checked = check_revision(id_or_revision_path); !checked) return std::move(checked.error());
  Execution how;
  how.max_output = kMaxBlob;
  auto outcome = execute(root_, {"cat-file", "blob", id_or_revision_path}, how);
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return git_error("cat-file", *outcome);
  return std::move(outcome->output);
}

Result<void> Repository::blobs(const std::vector<std::string>& ids,
                               const std::function<void(std::size_t, std::optional<std::string>)>& each) const {
  if (ids.empty()) return {};
  Execution how;
  for (const std::string& id : ids) {
    if (id.empty() || id.find_first_of("\n ") != std::string::npos) {
      return Error(ErrorKind::kInvalid, "\"" + text::escape_terminal(text::shorten(id, 100)) + "\" is no object id");
    }
    how.input += id + "\n";
  }
  BatchReader reader(each);
  how.timeout = std::chrono::minutes(30);
  how.max_output = SIZE_MAX;
  how.on_output = [&](std::string_view bytes) { reader.feed(bytes); };
  auto outcome = execute(root_, {"cat-file", "--batch"}, how);
  if (!outcome) return std::move(outcome.error());
  if (!outcome->good()) return git_error("cat-file --batch", *outcome);
  if (reader.answered() != ids.size()) {
    return Error(ErrorKind::kRetry, "git cat-file --batch: " + std::to_string(reader.answered()) + " answers to " +
                                        std::to_string(ids.size()) + " questions");
  }
  return {};
}

}  // namespace daydream::git
