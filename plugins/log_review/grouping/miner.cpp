#include "plugins/log_review/grouping/miner.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <unordered_map>

#include "plugins/log_review/grouping/lexicon.hpp"
#include "plugins/log_review/grouping/merging.hpp"

namespace daydream::logs {
namespace {

using Members = std::vector<std::uint32_t>;

// One place of a bucket's shapes where words differ.
struct Column {
  std::size_t at = 0;
  std::unordered_map<std::uint32_t, std::uint32_t> counts;  // word -> shapes
  double variable = 0;                                      // how much it looks like a place for values
};

// Shapes whose marks stand at the same places.
class Bucket {
 public:
  Bucket(const std::vector<Shape>& shapes, const Words& words, Grouping& out)
      : shapes_(shapes), words_(words), out_(out) {}

  void split(Members members) {
    std::vector<Members> waiting{std::move(members)};
    while (!waiting.empty()) {
      Members some = std::move(waiting.back());
      waiting.pop_back();
      std::vector<Column> columns = columns_of(some);
      const Column* parting = nullptr;
      for (const Column& column : columns) {
        if (parting == nullptr || column.variable < parting->variable) parting = &column;
      }
      if (parting == nullptr || parting->variable >= kVariable) {
        emit(some, columns);
        continue;
      }
      std::map<std::uint32_t, Members> parts;
      for (const std::uint32_t member : some) parts[shapes_[member].tokens[parting->at]].push_back(member);
      for (auto& [word, part] : parts) waiting.push_back(std::move(part));
    }
  }

 private:
  static constexpr double kVariable = 2.0;

  std::vector<Column> columns_of(const Members& members) const {
    std::vector<Column> columns;
    const std::size_t length = shapes_[members[0]].tokens.size();
    std::size_t constant_words = 0;
    for (std::size_t at = 0; at < length; ++at) {
      const std::uint32_t first = shapes_[members[0]].tokens[at];
      if (Words::is_mark(first)) continue;
      const bool differs = std::any_of(members.begin(), members.end(),
                                       [&](std::uint32_t member) { return shapes_[member].tokens[at] != first; });
      if (!differs) {
        constant_words += first == Words::kValue ? 0 : 1;
        continue;
      }
      Column column;
      column.at = at;
      for (const std::uint32_t member : members) ++column.counts[shapes_[member].tokens[at]];
      columns.push_back(std::move(column));
    }
    for (Column& column : columns) column.variable = judge(column, members, constant_words, columns.size());
    return columns;
  }

  double judge(const Column& column, const Members& members, std::size_t constants, std::size_t varying) const {
    const Shape& shape = shapes_[members[0]];
    double score = breadth(column.counts.size());
    double names = 0, plain = 0, capital = 0, words = 0;
    for (const auto& [word, count] : column.counts) {
      if (word == Words::kValue) continue;
      ++words;
      const WordClass is = class_of_word(words_.text(word));
      names += is == WordClass::kDotted ? 1.5 : is == WordClass::kName ? 1 : 0;
      plain += is == WordClass::kPlain ? 1 : 0;
      capital += is == WordClass::kCapital ? 1 : 0;
    }
    const auto values = column.counts.find(Words::kValue);
    if (values != column.counts.end()) {
      score += std::min(1.5, 3.0 * values->second / static_cast<double>(members.size()));
    }
    score += names / words - .75 * plain / words - 2 * capital / words;
    score += cue_before(shape, column.at);
    if (column.at == 0) score -= 2;
    const double held = static_cast<double>(constants) / static_cast<double>(constants + varying);
    if (held >= .6) score += .5;
    if (held < .4) score -= 1.5;
    if (constants == 0) score -= 2;
    return score;
  }

  // Many different words at one place are values, two or three are kinds.
  static double breadth(std::size_t distinct) {
    if (distinct <= 2) return 0;
    if (distinct == 3) return .5;
    if (distinct == 4) return 1.25;
    if (distinct == 5) return 1.75;
    return std::min(4.0, 2.2 + 1.3 * std::log2(static_cast<double>(distinct) / 6));
  }

  double cue_before(const Shape& shape, std::size_t at) const {
    if (at == 0) return 0;
    const std::uint32_t before = shape.tokens[at - 1];
    if (before == '=') return 1.5;
    if (before == ':') return shape.spaces[at] ? .5 : 1;
    if (before == '"' || before == '\'' || before == '[' || before == '<') return 1;
    if (before == '(' || before == '{' || before == '|') return .5;
    if (Words::is_mark(before) || before == Words::kValue) return 0;
    return announcement(words_.text(before));
  }

  void emit(const Members& members, const std::vector<Column>& columns) {
    Shape shape = shapes_[members[0]];
    for (const Column& column : columns) shape.tokens[column.at] = Words::kValue;
    const auto number = static_cast<std::uint32_t>(out_.templates.size());
    for (const std::uint32_t member : members) out_.group_of[member] = number;
    out_.templates.push_back(std::move(shape));
  }

  const std::vector<Shape>& shapes_;
  const Words& words_;
  Grouping& out_;
};

// Marks as they are, every word and value alike.
std::u32string skeleton_of(const Shape& shape) {
  std::u32string skeleton;
  for (const std::uint32_t token : shape.tokens)
    skeleton += static_cast<char32_t>(Words::is_mark(token) ? token : Words::kValue);
  return skeleton;
}

}  // namespace

Grouping group(const std::vector<Shape>& shapes, const Words& words) {
  Grouping out;
  out.group_of.resize(shapes.size());
  std::map<std::u32string, Members> buckets;
  for (std::uint32_t i = 0; i < shapes.size(); ++i) buckets[skeleton_of(shapes[i])].push_back(i);
  Bucket bucket(shapes, words, out);
  for (auto& [skeleton, members] : buckets) bucket.split(std::move(members));
  merge_by_pieces(out, words);
  return out;
}

}  // namespace daydream::logs
