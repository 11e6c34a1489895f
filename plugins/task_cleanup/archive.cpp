#include "plugins/task_cleanup/archive.hpp"

#include <algorithm>
#include <charconv>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;
constexpr std::size_t kTitleBytes = 100;
constexpr std::size_t kFieldBytes = 600;

// One line that cannot be taken for another part of the page.
std::string field(std::string_view words) {
  return text::shorten(text::escape_terminal(text::collapse_space(text::to_utf8(words))), kFieldBytes);
}

std::size_t longest_run(std::string_view text, char byte) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char each : text) {
    run = each == byte ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

// The lines of a page, one at a time, with where they begin.
class Lines {
 public:
  explicit Lines(std::string_view page) : page_(page) {}
  bool next() {
    begin_ = next_;
    if (begin_ >= page_.size()) return false;
    const std::size_t end = std::min(page_.find('\n', begin_), page_.size());
    line_ = page_.substr(begin_, end - begin_);
    if (line_.ends_with('\r')) line_.remove_suffix(1);
    next_ = end + 1;
    return true;
  }
  [[nodiscard]] std::string_view line() const { return line_; }
  [[nodiscard]] std::size_t begin() const { return begin_; }
  [[nodiscard]] std::size_t behind() const { return next_; }
  void go(std::size_t at) { next_ = at; }

 private:
  std::string_view page_, line_;
  std::size_t begin_ = 0, next_ = 0;
};

bool take(std::string_view line, std::string_view name, std::string& into) {
  if (!line.starts_with(name)) return false;
  into = line.substr(name.size());
  return true;
}

void read_place(std::string place, Entry& entry) {
  std::string_view words = place;
  while (!words.empty() && words.front() == '`') words.remove_prefix(1);
  while (!words.empty() && words.back() == '`') words.remove_suffix(1);
  words = text::trim(words);
  const std::size_t colon = words.rfind(':');
  if (colon == kNo) return;
  entry.path = words.substr(0, colon);
  std::from_chars(words.data() + colon + 1, words.data() + words.size(), entry.line);
}

// "Bytes: 24, sha256 09ab..." -> size and digits.
bool read_size(std::string_view value, std::size_t& size, std::string& digits) {
  const auto read = std::from_chars(value.data(), value.data() + value.size(), size);
  const std::size_t at = value.find("sha256 ");
  if (read.ec != std::errc() || at == kNo) return false;
  digits = text::trim(value.substr(at + 7));
  return true;
}

}  // namespace

std::string archive_path(std::string_view folder, std::string_view date) {
  const std::string front = folder.empty() ? std::string() : std::string(folder) + "/";
  return front + "archive/tasks-" + std::string(date.substr(0, 7)) + ".md";
}

std::string archive_head(std::string_view date) {
  return "# Tasks closed in " + std::string(date.substr(0, 7)) +
         "\n\nTaken by Daydream out of lists and code, byte for byte. `daydream tasks restore ID` gives one back.\n";
}

std::string write_entry(const Entry& entry) {
  std::string out = "\n## " + entry.id;
  const std::string title =
      text::escape_markdown(text::shorten(text::collapse_space(text::to_utf8(entry.title)), kTitleBytes));
  if (!title.empty()) out += ": " + title;
  out += "\n\n- From: " + text::markdown_code(entry.path + ":" + std::to_string(entry.line)) + "\n";
  if (!entry.heading.empty()) out += "- Heading: " + field(entry.heading) + "\n";
  if (!entry.commit.empty()) out += "- Commit: " + entry.commit + "\n";
  out += "- Closed: " + entry.date + ", run " + entry.run + "\n";
  out += "- Evidence: " + field(entry.evidence) + "\n";
  out += "- Bytes: " + std::to_string(entry.bytes.size()) + ", sha256 " + hash::sha256_hex(entry.bytes) + "\n\n";
  const std::string fence(std::max<std::size_t>(3, longest_run(entry.bytes, '`') + 1), '`');
  out += fence + "text\n" + entry.bytes;
  if (!entry.bytes.ends_with('\n')) out += '\n';
  return out + fence + "\n";
}

std::vector<Entry> read_entries(std::string_view archive) {
  std::vector<Entry> entries;
  std::optional<Entry> entry;
  std::size_t size = 0;
  std::string digits;
  std::string value;
  for (Lines lines(archive); lines.next();) {
    const std::string_view line = lines.line();
    if (line.starts_with("## ")) {
      entry.emplace();
      digits.clear();
      const std::string_view rest = line.substr(3);
      entry->id = rest.substr(0, rest.find(':'));
      if (const std::size_t colon = rest.find(": "); colon != kNo) entry->title = rest.substr(colon + 2);
    } else if (!entry) {
      continue;
    } else if (take(line, "- From: ", value)) {
      read_place(value, *entry);
    } else if (take(line, "- Heading: ", entry->heading) || take(line, "- Commit: ", entry->commit) ||
               take(line, "- Evidence: ", entry->evidence)) {
      continue;
    } else if (take(line, "- Closed: ", value)) {
      entry->date = value.substr(0, value.find(','));
      if (const std::size_t run = value.find(", run "); run != kNo) entry->run = value.substr(run + 6);
    } else if (take(line, "- Bytes: ", value)) {
      if (!read_size(value, size, digits)) digits.clear();
    } else if (line.starts_with("```") && !digits.empty()) {
      if (lines.behind() <= archive.size() && size <= archive.size() - lines.behind()) {
        entry->bytes = archive.substr(lines.behind(), size);
        if (hash::sha256_hex(entry->bytes) == digits) {
          lines.go(lines.behind() + size);
          entries.push_back(std::move(*entry));
        }
      }
      entry.reset();
    }
  }
  return entries;
}

}  // namespace daydream::tasks
