#include "plugins/log_review/format/layout.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <tuple>

#include "plugins/log_review/format/pieces.hpp"

namespace daydream::logs {
namespace {

constexpr int kColumns = 10;          // a stamp begins at one of the first words
constexpr int kMostPieces = 12;       // between the stamp and the message
constexpr double kFewestHeads = .33;  // of lines at the margin: some loggers write two or three lines a record
constexpr std::size_t kLongestLead = 16;
constexpr std::size_t kEnough = 200;        // lines with a stamp, to know what stands before it
constexpr std::string_view kLeads = "-LW";  // of Lead, in memory

// The start of each of the first words of a line.
template <class Each>
void each_column(std::string_view line, Each&& each) {
  std::size_t at = 0;
  for (int column = 0; column < kColumns; ++column) {
    while (at < line.size() && (line[at] == ' ' || line[at] == '\t')) ++at;
    if (at >= line.size()) return;
    if (!each(column, at)) return;
    while (at < line.size() && line[at] != ' ' && line[at] != '\t') ++at;
  }
}

// "12:M 22 Nov 2026 10:11:12.123 # message": Redis and its kin write who they are as a number and a letter before the
// time, and how grave it is as a mark behind it. `rest`: behind the time.
Severity severity_of_mark(std::string_view line, std::string_view rest) {
  const std::string_view role = first_word(line);
  const std::size_t colon = role.find_first_not_of("0123456789");
  if (colon == 0 || colon == std::string_view::npos || role.size() != colon + 2 || role[colon] != ':')
    return Severity::kUnknown;
  if (std::string_view("MSCX").find(role.back()) == std::string_view::npos) return Severity::kUnknown;
  if (rest.size() < 3 || rest[0] != ' ' || rest[2] != ' ') return Severity::kUnknown;
  switch (rest[1]) {
    case '#':
      return Severity::kWarning;
    case '*':
      return Severity::kNotice;
    case '-':
      return Severity::kInfo;
    case '.':
      return Severity::kDebug;
    default:
      return Severity::kUnknown;
  }
}

std::size_t opening(std::string_view text) {
  std::size_t count = 0;
  while (count < 2 && count < text.size() && is_head(text[count], kOpenBit)) ++count;
  return count;
}

bool is_level_letter(char c) {
  return std::string_view("TVDIWEFC").find(c) != std::string_view::npos;
}

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// Those that begin farthest to the left, where all are indented.
std::vector<std::string_view> least_indented(const std::vector<std::string_view>& lines) {
  std::size_t least = std::string_view::npos;
  for (const std::string_view line : lines) least = std::min(least, line.size() - without_space(line).size());
  std::vector<std::string_view> found;
  std::copy_if(lines.begin(), lines.end(), std::back_inserter(found),
               [&](std::string_view line) { return line.size() - without_space(line).size() == least; });
  return found;
}

struct Candidate {
  Op op;
  double needed;
};

// In the order in which they are asked for.
std::vector<Candidate> candidates() {
  return {{{Piece::kMarks, 0}, .9},  {{Piece::kLevel, 0}, .6},   {{Piece::kLevel, 1}, .97},
          {{Piece::kField, 0}, .95}, {{Piece::kNumber, 0}, .95}, {{Piece::kBracket, 0}, .85}};
}
std::vector<Candidate> late_candidates() {
  return {{{Piece::kTag, 0}, .6}, {{Piece::kDash, 0}, .9}, {{Piece::kLogger, 0}, .9}};
}

double fits(Op op, const std::vector<std::string_view>& rests) {
  std::size_t fitting = 0;
  Parts ignored;
  for (const std::string_view rest : rests) fitting += take_piece(op, rest, ignored) > 0 ? 1 : 0;
  return share(fitting, rests.size());
}

// How many words before a severity that nearly all lines have at one place; 0 = there is none.
int words_before_level(const std::vector<std::string_view>& rests) {
  std::array<std::size_t, 7> found{};
  Parts ignored;
  for (const std::string_view rest : rests) {
    std::string_view left = rest;
    for (std::size_t count = 1; count < found.size(); ++count) {
      left = without_space(left.substr(first_word(left).size()));
      if (left.empty()) break;
      found[count] += take_piece({Piece::kLevel, 0}, left, ignored) > 0 ? 1 : 0;
    }
  }
  for (std::size_t count = 1; count < found.size(); ++count) {
    if (share(found[count], rests.size()) >= .8) return static_cast<int>(count);
  }
  return 0;
}

// One word, then a tag: the host of a syslog line.
bool host_before_tag(const std::vector<std::string_view>& rests) {
  std::size_t fitting = 0, without = 0;
  Parts ignored;
  for (const std::string_view rest : rests) {
    const std::string_view word = first_word(rest);
    const std::string_view next = without_space(rest.substr(word.size()));
    const bool tagged = take_piece({Piece::kTag, 0}, next, ignored) > 0;
    if (word.empty() || word.back() == ':') {
      ++without;
    } else if (tagged && (first_word(next).back() == ':' || first_word(next).back() == ']')) {
      ++fitting;
    }
  }
  return share(fitting, rests.size()) >= .5 && share(without, rests.size()) < .1;
}

// The second word begins at one place in all lines, with more than a space before it in some.
bool is_padded(const std::vector<std::string_view>& rests) {
  std::map<std::size_t, std::size_t> starts;
  std::size_t wide = 0, best = 0;
  for (const std::string_view rest : rests) {
    const std::size_t word = first_word(rest).size();
    const std::size_t start = rest.size() - without_space(rest.substr(word)).size();
    if (start > word + 1) ++wide;
    best = std::max(best, ++starts[start]);
  }
  return share(best, rests.size()) >= .95 && share(wide, rests.size()) >= .5;
}

}  // namespace

// Where the stamp of a word begins; npos: the word has not the lead that it should have.
std::size_t Layout::stamp_begin(std::string_view line, std::size_t word, Lead lead) const {
  std::size_t start = word + opening(line.substr(word));
  if (lead == Lead::kNone) return start;
  if (lead == Lead::kLetter) return start < line.size() && is_level_letter(line[start]) ? start + 1 : start;
  const std::size_t bracket = line.substr(word, kLongestLead).find('[');
  return bracket == std::string_view::npos ? line.size() : word + bracket + 1;
}

std::size_t Layout::find_stamp(std::string_view line, Stamp* stamp, std::size_t* begin) const {
  std::size_t length = 0;
  each_column(line, [&](int column, std::size_t at) {
    if (column < column_) return true;
    std::size_t start = at + opening(line.substr(at));  // as stamp_begin() says, for every line
    if (lead_ != Lead::kNone) start = stamp_begin(line, at, lead_);
    length = match_time(pattern_, line.substr(start), stamp);
    *begin = start;
    return false;
  });
  return length;
}

void Layout::learn_time(const std::vector<std::string_view>& lines) {
  using Where = std::tuple<int, std::size_t, Lead>;  // column, pattern, lead
  std::map<Where, std::size_t> counts;               // -> lines
  for (const std::string_view line : lines) {
    std::size_t covered = 0;  // by the last stamp found
    each_column(line.substr(0, 512), [&](int column, std::size_t at) {
      if (at < covered) return true;
      for (const Lead lead : {Lead::kNone, Lead::kLetter, Lead::kLevel}) {
        const std::size_t start = stamp_begin(line, at, lead);
        if (lead != Lead::kNone && (start == at || start >= line.size())) continue;
        if (lead == Lead::kLevel && severity_of_word(line.substr(at, start - 1 - at), false) == Severity::kUnknown)
          continue;
        std::size_t length = 0;
        const std::size_t pattern = find_time(line.substr(start), &length, nullptr);
        covered = start + length;
        if (length == 0 || (lead != Lead::kNone && pattern_is_weak(pattern))) continue;
        ++counts[{column, pattern, lead}];
        break;
      }
      return true;
    });
  }
  double best = 0;
  for (const auto& [where, count] : counts) {
    const double part = share(count, lines.size());
    const auto [column, pattern, lead] = where;
    if (part < (pattern_is_weak(pattern) ? .9 : column == 0 ? kFewestHeads : .5)) continue;
    // The last stamp of the head: those before it stand in fewer words.
    if (part < best * .9) continue;
    const bool inside = timed() && column <= column_;  // of another reading of the same place
    if (inside && part <= best) continue;
    best = std::max(best, part);
    column_ = column;
    pattern_ = pattern;
    lead_ = lead;
  }
  joins_ = timed();
}

// "E [22/Nov/2026:10:11:12 +0000] ...", "INFO 2026-11-22 ...": a word before the stamp that is a severity everywhere.
void Layout::learn_severity_before(const std::vector<std::string_view>& lines) {
  for (int column = 0; timed() && column < column_ && level_column_ < 0; ++column) {
    level_column_ = column;
    std::size_t fitting = 0, stamped = 0;
    for (std::size_t i = 0; i < lines.size() && stamped < kEnough; ++i) {
      const std::string_view line = lines[i];
      std::size_t begin = 0;
      if (find_stamp(line, nullptr, &begin) == 0) continue;
      ++stamped;
      fitting += severity_before(line) != Severity::kUnknown ? 1 : 0;
    }
    if (share(fitting, stamped) < .97) level_column_ = -1;
  }
}

Severity Layout::severity_before(std::string_view line) const {
  Severity severity = Severity::kUnknown;
  each_column(line, [&](int column, std::size_t at) {
    if (column < level_column_) return true;
    severity = severity_of_word(first_word(line.substr(at)), true);
    return false;
  });
  return severity;
}

// Lines without a time, nearly all of which begin with a severity: one that does not goes on with the one before.
void Layout::learn_heads(const std::vector<std::string_view>& lines) {
  if (timed()) return;
  const auto leveled = [](Op op) { return op.piece == Piece::kLevel; };
  if (std::none_of(ops_.begin(), ops_.end(), leveled)) return;
  const auto heads = std::count_if(lines.begin(), lines.end(), [this](std::string_view line) {
    return take_apart(line).severity != Severity::kUnknown;
  });
  joins_ = share(static_cast<std::size_t>(heads), lines.size()) >= .8;
}

void Layout::learn_rest(std::vector<std::string_view> rests) {
  auto apply = [&](Op op) {
    ops_.push_back(op);
    Parts ignored;
    for (std::string_view& rest : rests) rest = without_space(rest.substr(take_piece(op, rest, ignored)));
  };
  bool level = lead_ != Lead::kNone || level_column_ >= 0, tagged = false;
  while (static_cast<int>(ops_.size()) < kMostPieces) {
    std::erase_if(rests, [](std::string_view rest) { return rest.empty(); });
    if (rests.size() < 2) return;
    bool taken = false;
    for (const Candidate& candidate : candidates()) {
      if ((candidate.op.piece == Piece::kLevel && level) || fits(candidate.op, rests) < candidate.needed) continue;
      apply(candidate.op);
      level = level || candidate.op.piece == Piece::kLevel;
      taken = true;
      break;
    }
    if (taken) continue;
    if (const int words = level ? 0 : words_before_level(rests); words > 0) {
      apply({Piece::kWords, words});
      continue;
    }
    if (tagged) return;
    if (timed() && host_before_tag(rests)) apply({Piece::kWords, 1});
    for (const Candidate& candidate : late_candidates()) {
      if (!timed() && !level) break;
      if (fits(candidate.op, rests) < candidate.needed) continue;
      apply(candidate.op);
      tagged = candidate.op.piece != Piece::kLogger;
      taken = true;
      break;
    }
    if (taken) continue;
    if (!is_padded(rests) || (!timed() && !level)) return;
    apply({Piece::kColumn, 0});
  }
}

Layout Layout::learn(const std::vector<std::string_view>& lines) {
  Layout layout;
  std::vector<std::string_view> sample, indented;
  for (const std::string_view line : lines) {
    if (without_space(line).empty()) continue;
    (line[0] != ' ' && line[0] != '\t' ? sample : indented).push_back(line);
  }
  if (sample.empty()) sample = least_indented(indented);
  if (sample.empty()) return layout;
  layout.learn_time(sample);
  layout.learn_severity_before(sample);
  std::vector<std::string_view> rests;
  for (const std::string_view line : sample) {
    std::size_t begin = 0;
    const std::size_t length = layout.timed() ? layout.find_stamp(line, nullptr, &begin) : 0;
    if (layout.timed() && length == 0) continue;
    std::string_view rest = line.substr(begin + length);
    const std::size_t closed = rest.find_first_not_of("])>\"'}");
    rests.push_back(without_space(layout.timed() && closed != std::string_view::npos ? rest.substr(closed) : rest));
  }
  layout.learn_rest(std::move(rests));
  layout.learn_heads(sample);
  return layout;
}

// What stands before the stamp at `begin`, or as a mark behind it, in `rest`.
Severity Layout::severity_at_stamp(std::string_view line, std::size_t begin, std::string_view rest) const {
  if (level_column_ >= 0) return severity_before(line);
  if (lead_ == Lead::kLetter) return severity_of_word(line.substr(begin - 1, 1), true);
  if (lead_ == Lead::kNone) return column_ == 1 ? severity_of_mark(line, rest) : Severity::kUnknown;
  const std::string_view before = line.substr(0, begin - 1);
  return severity_of_word(before.substr(before.find_last_of(" \t") + 1), false);
}

Parts Layout::take_apart(std::string_view line) const {
  Parts parts;
  std::string_view rest = line;
  if (timed()) {
    std::size_t begin = 0;
    const std::size_t length = find_stamp(line, &parts.stamp, &begin);
    if (length == 0) {
      parts.message = line;
      return parts;
    }
    parts.timed = true;
    rest = line.substr(begin + length);
    while (!rest.empty() && is_head(rest.front(), kCloseBit)) rest.remove_prefix(1);
    if (column_ > 0 || lead_ != Lead::kNone) parts.severity = severity_at_stamp(line, begin, rest);
  }
  parts.head = true;
  for (const Op op : ops_) {
    rest = without_space(rest);
    rest.remove_prefix(take_piece(op, rest, parts));
  }
  parts.message = without_space(rest);
  if (parts.severity != Severity::kUnknown) return parts;
  if (joins_ && !timed()) {
    parts = Parts();
    parts.message = line;
  } else {
    parts.severity = severity_of_lead(parts.message);
  }
  return parts;
}

std::string Layout::to_text() const {
  std::string text = std::string(pattern_name(pattern_)) + " " + std::to_string(column_) + " " +
                     kLeads[static_cast<std::size_t>(lead_)];
  if (level_column_ >= 0) text += std::to_string(level_column_);
  text += joins_ ? " J" : " -";
  for (const Op op : ops_) {
    text += ' ';
    text += static_cast<char>('a' + static_cast<int>(op.piece));
    text += static_cast<char>('0' + op.count);
  }
  return text;
}

Layout Layout::from_text(std::string_view text) {
  Layout layout;
  const std::vector<std::string_view> words = [&] {
    std::vector<std::string_view> list;
    for (std::string_view rest = text; !rest.empty(); rest = without_space(rest.substr(first_word(rest).size()))) {
      list.push_back(first_word(rest));
    }
    return list;
  }();
  if (words.size() < 4) return layout;
  auto number = [](std::string_view digits) {
    std::size_t value = 0;
    for (const char c : digits.substr(0, 4))
      value = c >= '0' && c <= '9' ? value * 10 + static_cast<std::size_t>(c - '0') : 99'999;
    return value;
  };
  layout.pattern_ = pattern_of_name(words[0]);
  layout.column_ = static_cast<int>(std::min<std::size_t>(number(words[1]), kColumns));
  layout.lead_ = static_cast<Lead>(std::min(kLeads.find(words[2][0]), kLeads.size()) % kLeads.size());
  if (words[2].size() == 2) layout.level_column_ = std::clamp(words[2][1] - '0', 0, kColumns - 1);
  layout.joins_ = words[3] == "J";
  for (std::size_t i = 4; i < words.size() && i < 4 + kMostPieces; ++i) {
    if (words[i].size() != 2 || words[i][0] < 'a' || words[i][0] > 'j') return Layout();
    layout.ops_.push_back({static_cast<Piece>(words[i][0] - 'a'), std::clamp(words[i][1] - '0', 0, 9)});
  }
  return layout;
}

}  // namespace daydream::logs
