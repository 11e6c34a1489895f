#include <algorithm>
#include <vector>

#include "case_text.hpp"
#include "daydream/testing/cases.hpp"

namespace daydream::testing {

namespace {

constexpr std::size_t kAround = 3;
constexpr std::size_t kMaxTable = 4'000'000;  // cells; beyond it the middle is shown as a whole

std::vector<std::string> shown_lines(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const std::size_t feed = text.find('\n');
    std::string line = encode(text.substr(0, feed)).lines;
    if (line.empty()) line = "\n";
    line.pop_back();
    if (feed == std::string_view::npos) line += "  (no line feed at the end)";
    lines.push_back(std::move(line));
    text.remove_prefix(feed == std::string_view::npos ? text.size() : feed + 1);
  }
  return lines;
}

struct Step {
  char mark = ' ';
  const std::string* line = nullptr;
};

// The longest common subsequence of the middles, as steps.
std::vector<Step> compare(const std::vector<std::string>& old_lines, const std::vector<std::string>& new_lines,
                          std::size_t head, std::size_t old_end, std::size_t new_end) {
  const std::size_t rows = old_end - head;
  const std::size_t columns = new_end - head;
  std::vector<Step> steps;
  if ((rows + 1) * (columns + 1) > kMaxTable) {
    for (std::size_t row = head; row < old_end; ++row) steps.push_back({'-', &old_lines[row]});
    for (std::size_t column = head; column < new_end; ++column) steps.push_back({'+', &new_lines[column]});
    return steps;
  }
  std::vector<std::vector<std::uint32_t>> common(rows + 1, std::vector<std::uint32_t>(columns + 1, 0));
  for (std::size_t row = rows; row-- > 0;) {
    for (std::size_t column = columns; column-- > 0;) {
      common[row][column] = old_lines[head + row] == new_lines[head + column]
                                ? common[row + 1][column + 1] + 1
                                : std::max(common[row + 1][column], common[row][column + 1]);
    }
  }
  std::size_t row = 0;
  std::size_t column = 0;
  while (row < rows || column < columns) {
    if (row < rows && column < columns && old_lines[head + row] == new_lines[head + column]) {
      steps.push_back({' ', &old_lines[head + row]});
      ++row;
      ++column;
    } else if (column == columns || (row < rows && common[row + 1][column] >= common[row][column + 1])) {
      steps.push_back({'-', &old_lines[head + row++]});
    } else {
      steps.push_back({'+', &new_lines[head + column++]});
    }
  }
  return steps;
}

}  // namespace

std::string diff(std::string_view expected, std::string_view actual) {
  const auto old_lines = shown_lines(expected);
  const auto new_lines = shown_lines(actual);
  std::size_t head = 0;
  while (head < old_lines.size() && head < new_lines.size() && old_lines[head] == new_lines[head]) ++head;
  std::size_t old_end = old_lines.size();
  std::size_t new_end = new_lines.size();
  while (old_end > head && new_end > head && old_lines[old_end - 1] == new_lines[new_end - 1]) {
    --old_end;
    --new_end;
  }
  std::string out;
  for (std::size_t line = head - std::min(head, kAround); line < head; ++line) out += "    " + old_lines[line] + "\n";
  for (const auto& step : compare(old_lines, new_lines, head, old_end, new_end)) {
    out += std::string("  ") + step.mark + " " + *step.line + "\n";
  }
  for (std::size_t line = old_end; line < std::min(old_lines.size(), old_end + kAround); ++line) {
    out += "    " + old_lines[line] + "\n";
  }
  return out;
}

}  // namespace daydream::testing
