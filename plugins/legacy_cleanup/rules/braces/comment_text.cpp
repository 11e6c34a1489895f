#include "plugins/legacy_cleanup/rules/braces/comment_text.hpp"

#include <algorithm>
#include <array>

#include "daydream/kit/text.hpp"

namespace daydream::legacy::braces {
namespace {

constexpr std::size_t kLongest = std::size_t{64} << 10;

bool documentation(std::string_view comment) {
  return comment.starts_with("/**") || comment.starts_with("///") || comment.starts_with("//!") ||
         comment.starts_with("/*!") || comment.starts_with("<!--");
}

bool for_tools(std::string_view text) {
  const std::string lower = text::to_lower_ascii(text.substr(0, 400));
  static constexpr std::array<std::string_view, 38> kWords{
      "eslint",    "oxlint",    "tslint",      "@ts-",      "biome-",    "prettier",   "deno-lint", "istanbul",
      "c8 ignore", "v8 ignore", "$flow",       "noinspect", "cppcheck",  "jshint",     "jslint",    "jscs",
      "webpack",   "global ",   "globals ",    "exported ", "nolint",    "iwyu",       "lcov_",     "gcov_",
      "coverity",  "clang-",    "region",      "endregion", "#region",   "#endregion", "-*-",       "vim:",
      "# source",  "sourcema",  "fallthrough", "fall thr",  "@preserve", "@license"};
  return std::any_of(kWords.begin(), kWords.end(), [&](std::string_view word) { return lower.starts_with(word); }) ||
         lower.find("copyright") != std::string::npos || lower.find("spdx-") != std::string::npos ||
         lower.find("license") != std::string::npos;
}

std::uint32_t line_begin(std::string_view content, std::uint32_t at) {
  const auto found = at == 0 ? std::string_view::npos : content.rfind('\n', at - 1);
  return found == std::string_view::npos ? 0 : static_cast<std::uint32_t>(found + 1);
}

bool blank(std::string_view text) {
  return text.find_first_not_of(" \t\r\n\f\xEF\xBB\xBF") == std::string_view::npos;
}

void unindent(std::vector<std::string>& lines) {
  std::size_t common = std::string::npos;
  for (const std::string& line : lines) {
    const auto solid = line.find_first_not_of(" \t");
    if (solid != std::string::npos) common = std::min(common, solid);
  }
  for (std::string& line : lines) {
    if (line.find_first_not_of(" \t") == std::string::npos) {
      line.clear();
    } else {
      line.erase(0, common);
    }
  }
}

std::string without_end(std::string_view line) {
  const auto last = line.find_last_not_of(" \t\r\f");
  return last == std::string_view::npos ? std::string() : std::string(line.substr(0, last + 1));
}

void read_fenced(std::string_view comment, CommentText& block) {
  std::string_view inner = comment.substr(2, comment.size() - 4);
  std::vector<std::string_view> lines = text::split(inner, '\n');
  for (const std::string_view line : text::split(comment, '\n')) block.raw.emplace_back(text::trim(line));
  block.fenced = lines.size() > 2 && blank(lines.front()) && blank(lines.back());
  for (const std::string_view line : lines) block.text.push_back(without_end(line));
  if (!block.text.empty() && block.text.front().empty()) block.text.erase(block.text.begin());
  if (!block.text.empty() && block.text.back().empty()) block.text.pop_back();
  unindent(block.text);
}

class Reader {
 public:
  Reader(std::string_view content, const std::vector<source::Comment>& comments)
      : content_(content), comments_(comments) {}

  std::vector<CommentText> read() {
    for (const source::Comment& comment : comments_) one(comment);
    for (CommentText& block : blocks_) {
      if (block.lined) unindent(block.text);
    }
    return std::move(blocks_);
  }

 private:
  void one(const source::Comment& comment) {
    const std::string_view text = content_.substr(comment.begin, comment.end - comment.begin);
    line_ += count(counted_, comment.begin);
    counted_ = comment.begin;
    head_ = head_ && blank(content_.substr(behind_, comment.begin - behind_));
    behind_ = comment.end;
    const std::uint32_t from = line_begin(content_, comment.begin);
    const auto until = std::min(content_.find('\n', comment.end), content_.size());
    const bool own =
        blank(content_.substr(from, comment.begin - from)) && blank(content_.substr(comment.end, until - comment.end));
    const std::uint32_t last = line_ + count(comment.begin, comment.end);
    if (own && text.size() <= kLongest) add(text, comment, last);
    above_ = text;
    above_line_ = last;
  }

  void add(std::string_view text, const source::Comment& comment, std::uint32_t last) {
    const bool lined = text.starts_with("//");
    const std::string_view inner = text::trim(text.substr(2));
    if (documentation(text) || for_tools(inner) || (!lined && text.size() < 4)) {
      open_ = false;
      return;
    }
    const auto column = comment.begin - line_begin(content_, comment.begin);
    const bool goes_on = lined && open_ && blocks_.back().last_line + 1 == line_ && blocks_.back().column == column &&
                         count(comment.begin, comment.end) == 0;
    if (!goes_on) {
      CommentText block;
      block.line = line_;
      block.column = column;
      block.begin = comment.begin;
      block.lined = lined;
      block.head = head_;
      if (above_line_ + 1 == line_) block.before = above_;
      blocks_.push_back(std::move(block));
    }
    CommentText& block = blocks_.back();
    block.end = comment.end;
    block.last_line = last;
    open_ = lined;
    if (!lined) return read_fenced(text, block);
    block.raw.emplace_back(text::trim(text));
    block.text.push_back(without_end(text.substr(2)));
  }

  [[nodiscard]] std::uint32_t count(std::uint32_t from, std::uint32_t to) const {
    return static_cast<std::uint32_t>(std::count(content_.begin() + from, content_.begin() + to, '\n'));
  }

  std::string_view content_;
  const std::vector<source::Comment>& comments_;
  std::vector<CommentText> blocks_;
  std::uint32_t line_ = 1, counted_ = 0, behind_ = 0, above_line_ = 0;
  std::string_view above_;
  bool head_ = true, open_ = false;
};

}  // namespace

std::string CommentText::joined(std::size_t first) const {
  std::string all;
  for (std::size_t i = first; i < text.size(); ++i) all += text[i] + "\n";
  return all;
}

std::vector<CommentText> comment_texts(std::string_view content, const std::vector<source::Comment>& comments) {
  return Reader(content, comments).read();
}

}  // namespace daydream::legacy::braces
