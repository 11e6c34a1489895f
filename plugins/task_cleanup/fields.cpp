#include "plugins/task_cleanup/fields.hpp"

#include <algorithm>

#include "daydream/kit/text.hpp"

namespace daydream::tasks {
namespace {

constexpr std::size_t kNo = std::string_view::npos;

bool is_digit(char byte) {
  return byte >= '0' && byte <= '9';
}
bool is_letter(char byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}
bool is_word(char byte) {
  return is_letter(byte) || is_digit(byte) || byte == '_' || static_cast<unsigned char>(byte) >= 0x80;
}

std::string_view trim_marks(std::string_view word) {
  while (!word.empty() && std::string_view("([{<\"'*_`").find(word.front()) != kNo) word.remove_prefix(1);
  while (!word.empty() && std::string_view(")]}>\"'*_`.,;:!?").find(word.back()) != kNo) word.remove_suffix(1);
  return word;
}

std::optional<std::int64_t> date_in(std::string_view word) {
  word = trim_marks(word);
  return word.size() >= 10 && (word.size() == 10 || !is_digit(word[10])) ? day_of(word.substr(0, 10)) : std::nullopt;
}

// Words that make a reference behind them somebody else's.
bool points_away(std::string_view word) {
  static constexpr std::string_view kWords[] = {
      "see",  "like",       "after",  "from",    "of",     "by",      "on",       "to",  "with", "until", "when",
      "once", "than",       "before", "cf",      "also",   "unblock", "and",      "or",  "in",   "via",   "per",
      "not",  "introduced", "since",  "related", "unlike", "blocks",  "blocking", "for", "as",   "at"};
  return std::find(std::begin(kWords), std::end(kWords), word) != std::end(kWords);
}

class Reader {
 public:
  Reader(std::string_view text, std::int64_t today, bool todo_txt) : today_(today), todo_txt_(todo_txt) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t begin = text.find_first_not_of(" \t\r\n", at);
      if (begin == kNo) break;
      at = std::min(text.find_first_of(" \t\r\n", begin), text.size());
      words_.push_back(text.substr(begin, at - begin));
    }
  }

  Fields read() {
    for (at_ = 0; at_ < words_.size(); ++at_) {
      const std::string_view word = words_[at_];
      if (!sign(word) && !pair(word)) plain(word);
    }
    return std::move(fields_);
  }

 private:
  [[nodiscard]] std::string_view next() const { return at_ + 1 < words_.size() ? words_[at_ + 1] : std::string_view(); }
  [[nodiscard]] std::string before(std::size_t index) const {
    return index == 0 ? "" : text::to_lower_ascii(trim_marks(words_[index - 1]));
  }

  void date(std::optional<std::int64_t>& field, std::optional<std::int64_t> found) {
    if (!found) return;
    field = found;
    if (*found > today_) fields_.any_future_date = found;
  }

  // obsidian-tasks
  bool sign(std::string_view word) {
    const auto is = [&](std::string_view emoji) { return word.starts_with(emoji); };
    const auto value = [&](std::string_view emoji) {
      return word.size() > emoji.size() + 3 ? word.substr(emoji.size()) : next();
    };
    if (is("📅")) return date(fields_.due, date_in(value("📅"))), true;
    if (is("⏳")) return date(fields_.waits_until, date_in(value("⏳"))), true;
    if (is("🛫")) return date(fields_.waits_until, date_in(value("🛫"))), true;
    if (is("➕")) return date(fields_.created, date_in(value("➕"))), true;
    if (is("🔁")) return fields_.recurs = true, true;
    if (is("🆔")) return fields_.ids.emplace_back(trim_marks(next())), true;
    if (is("⛔")) {
      for (const std::string_view one : text::split(next(), ',')) fields_.needs.emplace_back(one);
      return true;
    }
    return false;
  }

  bool pair(std::string_view word) {
    const std::string_view bare = trim_marks(word);
    const std::size_t colon = bare.find(':');
    if (colon == kNo || colon == 0) return false;
    const std::string key = text::to_lower_ascii(bare.substr(0, colon));
    const std::string_view value = bare.substr(colon + 1);
    if (value.empty()) return false;
    if (key == "due" || key == "deadline") return date(fields_.due, date_in(value)), true;
    if (key == "t" || key == "wait" || key == "threshold" || key == "start" || key == "scheduled")
      return date(fields_.waits_until, date_in(value)), true;
    if (key == "created") return date(fields_.created, date_in(value)), true;
    if (key == "id") return fields_.ids.emplace_back(value), true;
    if (key == "dep" || key == "depends" || key == "after" || key == "needs" || key == "p") {
      for (const std::string_view one : text::split(value, ',')) fields_.needs.emplace_back(one);
      return true;
    }
    if (key == "owner" || key == "assigned" || key == "assignee" || key == "who") return fields_.owner = true, true;
    if (key == "milestone") return fields_.milestone = true, true;
    if (key == "rec" || key == "repeat") return fields_.recurs = true, true;
    if (key == "keep") return fields_.keep = true, true;
    return false;
  }

  void plain(std::string_view word) {
    const std::string lower = text::to_lower_ascii(trim_marks(word));
    if (const auto found = date_in(word); found) {
      const std::string front = before(at_);
      if (front == "due" || front == "by" || front == "deadline") date(fields_.due, found);
      if (*found > today_) fields_.any_future_date = found;
      return;
    }
    if (lower == "#keep" || lower == "@keep" || (lower == "keep" && keep_comment())) fields_.keep = true;
    if (lower == "milestone") fields_.milestone = true;
    if (!todo_txt_ && lower.size() > 1 && lower[0] == '@' && is_letter(lower[1])) fields_.owner = true;
    if (lower == "owner" || lower == "assignee") fields_.owner = fields_.owner || word.ends_with(':');
    reference(word);
  }

  // <!-- keep -->
  [[nodiscard]] bool keep_comment() const {
    return (at_ > 0 && words_[at_ - 1].ends_with("<!--")) || words_[at_].starts_with("<!--");
  }

  // The word before a link whose text ends in this one: "see [the old crash](...)" -> "see".
  [[nodiscard]] std::string before_link() const {
    constexpr std::size_t kLongestText = 12;
    for (std::size_t back = 0; back < kLongestText && back <= at_; ++back) {
      if (words_[at_ - back].find('[') != kNo) return before(at_ - back);
    }
    return before(at_);
  }

  // Its own are those in front and at the end; others are mentioned.
  void reference(std::string_view word) {
    const std::string found = reference_in(word);
    if (found.empty()) return;
    Issue issue = issue_in(word);
    const bool link = !issue.reference.empty();
    if (!issue.project.empty()) fields_.addressed.push_back(std::move(issue));
    const std::string front = link ? before_link() : before(at_);
    if (front == "by" && before(at_ - 1) == "blocked") fields_.needs.push_back(found);
    if (front == "on" && (before(at_ - 1) == "depends" || before(at_ - 1) == "waiting")) fields_.needs.push_back(found);
    const bool first = at_ == 0;
    const bool last = at_ + 1 == words_.size();
    fields_.id_leads = fields_.id_leads || first;
    if (first || (last && !points_away(front))) {
      fields_.ids.push_back(found);
    } else if ((link || word.starts_with("(#")) && !points_away(front)) {
      fields_.linked.push_back(found);
    }
  }

  std::vector<std::string_view> words_;
  std::size_t at_ = 0;
  std::int64_t today_;
  bool todo_txt_;
  Fields fields_;
};

}  // namespace

Issue issue_in(std::string_view word) {
  word = trim_marks(word);
  const std::size_t close = word.find("](");
  if (close != kNo) word = word.substr(close + 2);
  if (close == kNo && !word.starts_with("https://") && !word.starts_with("http://")) return {};
  for (const std::string_view part : {"/issues/", "/work_items/"}) {
    const std::size_t at = word.find(part);
    if (at == kNo) continue;
    std::string_view number = word.substr(at + part.size());
    number = number.substr(0, std::min(number.find_first_not_of("0123456789"), number.size()));
    if (number.empty()) continue;
    std::string_view address = word.substr(0, at);
    if (address.ends_with("/-")) address.remove_suffix(2);
    return {"#" + std::string(number), word.find("://") == kNo ? "" : project_in(address), close == kNo};
  }
  return {};
}

std::string project_in(std::string_view address) {
  while (address.ends_with('/')) address.remove_suffix(1);
  if (address.ends_with(".git")) address.remove_suffix(4);
  const std::size_t name = address.find_last_of("/:");
  if (name == kNo || name == 0) return "";
  const std::size_t owner = address.find_last_of("/:", name - 1);
  if (owner == kNo || owner + 1 == name || name + 1 == address.size()) return "";
  std::string project = text::to_lower_ascii(address.substr(owner + 1));
  project[name - owner - 1] = '/';
  return project;
}

// "#12" -> "#12"; "ABC-12" -> "ABC-12"; ".../issues/12" -> "#12"; else "".
std::string reference_in(std::string_view word) {
  if (Issue issue = issue_in(word); !issue.reference.empty()) return std::move(issue.reference);
  word = trim_marks(word);
  if (word.starts_with('[')) word.remove_prefix(1);
  word = word.substr(0, word.find("]("));
  const std::size_t hash = word.starts_with('#') ? 0 : kNo;
  if (hash == 0 && word.size() > 1 && word.size() <= 9 &&
      std::all_of(word.begin() + 1, word.end(), [](char byte) { return is_digit(byte); })) {
    return std::string(word);
  }
  const std::size_t dash = word.find('-');
  if (dash == kNo || dash < 2 || dash > 10 || dash + 1 >= word.size() || word.size() - dash > 8) return "";
  const auto upper = [](char byte) { return (byte >= 'A' && byte <= 'Z') || is_digit(byte); };
  const bool key = word[0] >= 'A' && word[0] <= 'Z' &&
                   std::all_of(word.begin(), word.begin() + static_cast<std::ptrdiff_t>(dash), upper) &&
                   std::all_of(word.begin() + static_cast<std::ptrdiff_t>(dash) + 1, word.end(), is_digit);
  // What looks like a key and is a standard, a code page or a licence.
  static constexpr std::string_view kNoKeys[] = {"UTF", "ISO", "RFC",  "SHA", "CVE",  "CWE", "MD",    "PEP", "AES",
                                                 "BSD", "GPL", "IEEE", "ES",  "HTTP", "TLS", "COVID", "PR"};
  if (!key || std::find(std::begin(kNoKeys), std::end(kNoKeys), word.substr(0, dash)) != std::end(kNoKeys)) return "";
  return std::string(word);
}

Fields fields_of(std::string_view text, std::int64_t today, bool todo_txt) {
  return Reader(text, today, todo_txt).read();
}

Priority priority_in(std::string_view text) {
  // "P1", "[P1]", "(P1)", "**P1**", "P1:" in front; "(P1)" or "[P1]" at the end.
  const auto number_at = [&](std::size_t at) {
    return at + 1 < text.size() && text[at] == 'P' && text[at + 1] >= '0' && text[at + 1] <= '4' &&
           (at + 2 == text.size() || !is_word(text[at + 2])) && (at == 0 || !is_word(text[at - 1]));
  };
  const std::size_t front = text.find_first_not_of("[(* ");
  if (front != kNo && front <= 3 && number_at(front)) {
    return {Scale::kNumber, text[front + 1] - '0', {front + 1, front + 2}};
  }
  const std::size_t last = text.find_last_not_of("])* \t");
  if (last != kNo && last > 2 && last + 1 < text.size() && number_at(last - 1) &&
      (text[last - 2] == '(' || text[last - 2] == '[')) {
    return {Scale::kNumber, text[last] - '0', {last, last + 1}};
  }
  const auto bangs = [&](std::size_t begin, std::size_t end) {
    return Priority{Scale::kBangs, 3 - static_cast<int>(end - begin), {begin, end}};
  };
  const std::size_t run = std::min(text.find_first_not_of('!'), text.size());
  if (run >= 1 && run <= 3 && run < text.size() && text[run] == ' ') return bangs(0, run);
  const std::size_t words_end = text.find_last_not_of('!');
  if (words_end != kNo && text[words_end] == ' ' && text.size() - words_end - 1 >= 1 &&
      text.size() - words_end - 1 <= 3) {
    return bangs(words_end + 1, text.size());
  }
  return {};
}

std::string_view first_word(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(" \t\r\n*_-:!~>", at);
    if (begin == kNo) return {};
    const std::size_t end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
    const std::string_view word = trim_marks(text.substr(begin, end - begin));
    const bool meant = !word.empty() && is_letter(word.front()) && reference_in(word).empty() &&
                       !(word.size() == 2 && word[0] == 'P' && is_digit(word[1]));
    if (meant) return word;
    at = end;
  }
  return {};
}

}  // namespace daydream::tasks
