#include "plugins/log_review/grouping/merging.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <unordered_map>

#include "plugins/log_review/grouping/lexicon.hpp"

namespace daydream::logs {
namespace {

constexpr int kRounds = 3;

// What stands between two spaces of a template.
struct Piece {
  std::size_t begin = 0, end = 0;  // tokens
};

enum class Build {
  kValue,  // a value, marks around it perhaps
  kParts,  // something with a value, a name or marks in it
  kWord,   // a plain word
};

std::vector<Piece> pieces_of(const Shape& shape) {
  std::vector<Piece> pieces;
  for (std::size_t i = 0; i < shape.tokens.size(); ++i) {
    if (i == 0 || shape.spaces[i]) pieces.push_back({i, i});
    pieces.back().end = i + 1;
  }
  return pieces;
}

std::uint64_t mix(std::uint64_t hash, std::uint64_t part) {
  hash = (hash ^ part) * 0x9FB21C651E98DF25ULL;
  return hash ^ hash >> 29U;
}

class Merger {
 public:
  Merger(Grouping& grouping, const Words& words) : grouping_(grouping), words_(words) {}

  // True where something was merged.
  bool round() {
    const std::size_t count = grouping_.templates.size();
    parent_.resize(count);
    std::iota(parent_.begin(), parent_.end(), 0U);
    merged_ = false;
    std::vector<std::vector<Piece>> pieces(count);
    std::map<std::uint64_t, std::vector<std::pair<std::uint32_t, std::uint32_t>>> alike;  // key -> (template, piece)
    for (std::uint32_t i = 0; i < count; ++i) {
      pieces[i] = pieces_of(grouping_.templates[i]);
      if (pieces[i].size() < 3 || pieces[i].size() > 60) continue;
      add_keys(i, pieces[i], alike);
    }
    for (const auto& [key, places] : alike) {
      if (places.size() > 1) consider(places, pieces);
    }
    if (merged_) apply();
    return merged_;
  }

 private:
  using Places = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

  void add_keys(std::uint32_t number, const std::vector<Piece>& pieces, std::map<std::uint64_t, Places>& alike) const {
    const Shape& shape = grouping_.templates[number];
    std::vector<std::uint64_t> hashes;
    std::size_t words = 0;
    for (const Piece& piece : pieces) {
      std::uint64_t hash = piece.end - piece.begin;
      for (std::size_t i = piece.begin; i < piece.end; ++i) hash = mix(hash, shape.tokens[i]);
      hashes.push_back(hash);
      words += build_of(shape, piece) == Build::kWord ? 1 : 0;
    }
    for (std::uint32_t hole = 0; hole < pieces.size(); ++hole) {
      const bool is_word = build_of(shape, pieces[hole]) == Build::kWord;
      if (words - (is_word ? 1 : 0) < 2) continue;
      std::uint64_t key = mix(pieces.size(), hole);
      for (std::uint32_t i = 0; i < pieces.size(); ++i) key = mix(key, i == hole ? 0 : hashes[i]);
      alike[mix(key, ends_of(shape, pieces[hole]))].emplace_back(number, hole);
    }
  }

  // The key before "=" and the marks at the end: they must be the same.
  std::uint64_t ends_of(const Shape& shape, const Piece& piece) const {
    std::uint64_t hash = 1;
    std::size_t end = piece.end;
    while (end > piece.begin + 1 &&
           (shape.tokens[end - 1] == ',' || shape.tokens[end - 1] == ';' || shape.tokens[end - 1] == ':')) {
      hash = mix(hash, shape.tokens[--end]);
    }
    for (std::size_t i = piece.begin; i < end; ++i) {
      if (shape.tokens[i] != '=') continue;
      for (std::size_t k = piece.begin; k <= i; ++k) hash = mix(hash, shape.tokens[k]);
      break;
    }
    return hash;
  }

  // Behind "key=".
  static std::size_t value_begin(const Shape& shape, const Piece& piece) {
    for (std::size_t i = piece.begin; i + 1 < piece.end; ++i) {
      if (shape.tokens[i] == '=') return i + 1;
    }
    return piece.begin;
  }

  Build build_of(const Shape& shape, const Piece& piece) const {
    bool value = false, name = false;
    std::size_t plain = 0, inner = 0;
    for (std::size_t i = value_begin(shape, piece); i < piece.end; ++i) {
      const std::uint32_t token = shape.tokens[i];
      if (token == Words::kValue) {
        value = true;
      } else if (Words::is_mark(token)) {
        if (i > piece.begin && i + 1 < piece.end) ++inner;
      } else if (is_absence(words_.text(token))) {
        value = true;
      } else if (class_of_word(words_.text(token)) == WordClass::kName) {
        name = true;
      } else {
        ++plain;
      }
    }
    if (value && plain == 0 && !name) return Build::kValue;
    return value || name || inner > 0 ? Build::kParts : Build::kWord;
  }

  void consider(const Places& places, const std::vector<std::vector<Piece>>& pieces) {
    std::size_t values = 0, plain = 0;
    for (const auto& [number, hole] : places) {
      const Build build = build_of(grouping_.templates[number], pieces[number][hole]);
      values += build == Build::kValue ? 1 : 0;
      plain += build == Build::kWord ? 1 : 0;
    }
    const auto [first, first_hole] = places[0];
    const Piece piece = pieces[first][first_hole];
    const Shape& shape = grouping_.templates[first];
    const bool keyed = value_begin(shape, piece) != piece.begin;
    const bool good = values > 0 && (plain == 0 || places.size() > 3);
    const bool many = plain == 0 && places.size() >= 4;
    if (!good && !many) return;
    for (const auto& [number, hole] : places) join(first, number);
    blank(first, piece, keyed);
  }

  // The piece of the template that stands for all becomes a value; key and end stay.
  void blank(std::uint32_t number, const Piece& piece, bool keyed) {
    Shape& shape = grouping_.templates[number];
    std::size_t begin = piece.begin, end = piece.end;
    while (end > begin + 1 &&
           (shape.tokens[end - 1] == ',' || shape.tokens[end - 1] == ';' || shape.tokens[end - 1] == ':'))
      --end;
    while (keyed && begin < end && shape.tokens[begin] != '=') ++begin;
    if (keyed) ++begin;
    if (begin >= end) return;
    blanks_.push_back({number, begin, end});
  }

  std::uint32_t root(std::uint32_t number) {
    while (parent_[number] != number) number = parent_[number] = parent_[parent_[number]];
    return number;
  }
  void join(std::uint32_t left, std::uint32_t right) {
    left = root(left);
    right = root(right);
    if (left == right) return;
    parent_[std::max(left, right)] = std::min(left, right);
    merged_ = true;
  }

  void apply() {
    // Of a group the first template stays; each of its blanked pieces becomes one value.
    std::map<std::uint32_t, std::vector<std::pair<std::size_t, std::size_t>>> holes;
    for (const Blank& blank : blanks_) {
      if (root(blank.number) == blank.number) holes[blank.number].emplace_back(blank.begin, blank.end);
    }
    for (auto& [number, spans] : holes) fill(grouping_.templates[number], spans);
    std::vector<std::uint32_t> numbers(parent_.size());
    std::vector<Shape> kept;
    for (std::uint32_t i = 0; i < parent_.size(); ++i) {
      if (root(i) == i) {
        numbers[i] = static_cast<std::uint32_t>(kept.size());
        kept.push_back(std::move(grouping_.templates[i]));
      } else {
        numbers[i] = numbers[root(i)];
      }
    }
    grouping_.templates = std::move(kept);
    for (std::uint32_t& group : grouping_.group_of) group = numbers[group];
    blanks_.clear();
  }

  static void fill(Shape& shape, std::vector<std::pair<std::size_t, std::size_t>>& spans) {
    std::sort(spans.begin(), spans.end());
    Shape filled;
    std::size_t at = 0;
    for (const auto& [begin, end] : spans) {
      if (begin < at) continue;
      for (; at < begin; ++at) copy(shape, at, filled);
      copy(shape, begin, filled);
      filled.tokens.back() = Words::kValue;
      at = end;
    }
    for (; at < shape.tokens.size(); ++at) copy(shape, at, filled);
    shape = std::move(filled);
  }
  static void copy(const Shape& from, std::size_t at, Shape& to) {
    to.tokens.push_back(from.tokens[at]);
    to.spaces.push_back(from.spaces[at]);
  }

  struct Blank {
    std::uint32_t number;
    std::size_t begin, end;
  };
  Grouping& grouping_;
  const Words& words_;
  std::vector<std::uint32_t> parent_;
  std::vector<Blank> blanks_;
  bool merged_ = false;
};

}  // namespace

void merge_by_pieces(Grouping& grouping, const Words& words) {
  for (int round = 0; round < kRounds; ++round) {
    if (!Merger(grouping, words).round()) return;
  }
}

}  // namespace daydream::logs
