#include "plugins/log_review/grouping/patterns.hpp"

#include <algorithm>
#include <map>
#include <numeric>

#include "daydream/kit/text.hpp"
#include "plugins/log_review/grouping/packing.hpp"
#include "plugins/log_review/grouping/scan.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kFirstSlots = 4096;
constexpr std::size_t kMostShapes = 16'384;         // then they are folded
constexpr std::size_t kMostKept = kMostShapes / 2;  // templates after that
constexpr std::size_t kFlood = kMostShapes / 8;     // so many of a severity that came once are one
constexpr std::size_t kMostSlots = 65'536;          // messages remembered by their hash
// Of a message this much makes its shape, and is kept as a sample: so a sample gives its shape again.
constexpr std::size_t kLongestSample = 1024;

}  // namespace

void Tally::add(const Tally& other) {
  if (count == 0) {
    *this = other;
    return;
  }
  count += other.count;
  lines += other.lines;
  for (std::size_t i = 0; i < severities.size(); ++i) severities[i] += other.severities[i];
  const auto before = [](const Place& left, const Place& right) {
    return left.file != right.file ? left.file < right.file : left.offset < right.offset;
  };
  if (before(other.first, first)) {
    first = other.first;
    sample = other.sample;
    component = other.component;
  }
  if (before(last, other.last)) last = other.last;
}

std::size_t Patterns::slot_of(std::uint64_t hash) const {
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].number != kNone && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
  return at;
}

Severity Tally::worst() const {
  for (std::size_t i = severities.size(); i-- > 0;) {
    if (severities[i] > 0) return static_cast<Severity>(i);
  }
  return Severity::kUnknown;
}

std::uint32_t Patterns::add(std::string_view message, Severity severity, std::string_view component,
                            const Place& place) {
  if (slots_.empty()) slots_.resize(kFirstSlots);
  const std::uint64_t hash = shape_hash(message.substr(0, kLongestSample));
  std::uint32_t number = slots_[slot_of(hash)].number;
  if (number == kNone) number = standing_for(hash, message.substr(0, kLongestSample), severity);
  if (number == kNone && shapes_.size() >= kMostShapes) {
    fold();
    number = standing_for(hash, message.substr(0, kLongestSample), severity);
  }
  if (number == kNone) number = insert(hash, message, component, place);
  Tally& tally = tallies_[shape_of_[number]];
  ++tally.count;
  ++tally.lines;
  ++tally.severities[static_cast<std::size_t>(severity)];
  tally.last = place;
  return number;
}

void Patterns::tell_severity(std::uint32_t number, Severity severity) {
  const std::uint32_t shape = shape_of_[number];
  --tallies_[shape].severities[static_cast<std::size_t>(Severity::kUnknown)];
  if (!is_varied(folded_[shape])) {
    ++tallies_[shape].severities[static_cast<std::size_t>(severity)];
    return;
  }
  // What is too varied has a pattern a severity: the record moves, or one trace would make errors of all the others.
  Tally moved;
  moved.count = moved.lines = 1;
  moved.severities[static_cast<std::size_t>(severity)] = 1;
  moved.first = moved.last = tallies_[shape].last;
  --tallies_[shape].count;
  --tallies_[shape].lines;
  varied_tally(severity).add(moved);
}

// Of the pattern of what is too varied of a severity: made where there is none.
Tally& Patterns::varied_tally(Severity severity) {
  std::uint32_t& number = varied_[static_cast<std::size_t>(severity)];
  if (number == kNone) {
    const auto shape = static_cast<std::uint32_t>(shapes_.size());
    number = static_cast<std::uint32_t>(shape_of_.size());
    shape_of_.push_back(shape);
    folded_.push_back(varied_shape(severity));
    shapes_.push_back(shape_from_text(folded_.back(), words_));
    hashes_.push_back(0);
    tallies_.emplace_back();
  }
  return tallies_[shape_of_[number]];
}

// A pattern that takes the message in though its shape is new: a template, or that of what is too varied.
std::uint32_t Patterns::standing_for(std::uint64_t hash, std::string_view message, Severity severity) {
  const std::uint32_t index = cover_.find(message, shapes_, words_);
  if (index != Cover::kNone) {
    if (used_ < kMostSlots / 2) remember(hash, number_of_[index]);
    return number_of_[index];
  }
  return flood_.keeps_out(hash, severity) ? varied_[static_cast<std::size_t>(severity)] : kNone;
}

void Patterns::remember(std::uint64_t hash, std::uint32_t number) {
  slots_[slot_of(hash)] = {hash, number};
  if (++used_ * 2 > slots_.size()) grow();
}

namespace {

// A sample as it may be kept, and its shape: where a secret stood there is a value.
std::string without_secrets(std::string_view message) {
  return text::mask(message.substr(0, 2 * kLongestSample)).substr(0, kLongestSample);
}
Shape shape_of_sample(const std::string& sample, Words& words) {
  constexpr std::string_view kMasked = "[masked";
  std::string plain;
  for (std::size_t at = 0; at < sample.size();) {
    const std::size_t hole = std::min(sample.find(kMasked, at), sample.size());
    plain.append(sample, at, hole - at);
    if (hole == sample.size()) break;
    plain += '0';
    at = std::min(sample.find(']', hole), sample.size() - 1) + 1;
  }
  return shape_of(plain, words);
}

}  // namespace

std::uint32_t Patterns::insert(std::uint64_t hash, std::string_view message, std::string_view component,
                               const Place& place) {
  const auto number = static_cast<std::uint32_t>(shape_of_.size());
  shape_of_.push_back(static_cast<std::uint32_t>(shapes_.size()));
  Tally tally;
  tally.first = tally.last = place;
  tally.sample = without_secrets(message);
  shapes_.push_back(shape_of_sample(tally.sample, words_));
  hashes_.push_back(hash);
  folded_.emplace_back();
  tally.component = text::mask(component.substr(0, 80));
  tallies_.push_back(std::move(tally));
  remember(hash, number);
  return number;
}

// The templates as text. Where they are too many, those that came once, then the rarest, of a severity that floods
// the table are one.
std::vector<std::string> Patterns::narrowed(const Grouping& grouping, const std::vector<Tally>& tallies) {
  std::vector<std::string> texts;
  texts.reserve(tallies.size());
  for (const Shape& shape : grouping.templates) texts.push_back(shape_text(shape, words_));
  if (texts.size() <= kMostKept) return texts;
  std::array<std::size_t, kSeverities> once{};
  for (const Tally& tally : tallies) once[static_cast<std::size_t>(tally.worst())] += tally.count == 1 ? 1 : 0;
  for (std::size_t i = 0; i < once.size(); ++i) {
    if (once[i] >= kFlood) flood_.rise(static_cast<Severity>(i));
  }
  std::vector<std::uint32_t> order;
  for (std::uint32_t i = 0; i < texts.size(); ++i) {
    const Severity severity = tallies[i].worst();
    if (tallies[i].count == 1 && flood_.holds(severity)) {
      texts[i] = varied_shape(severity);
    } else {
      order.push_back(i);
    }
  }
  std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    return tallies[left].count != tallies[right].count ? tallies[left].count > tallies[right].count
                                                       : texts[left] < texts[right];
  });
  std::array<bool, kSeverities> over{};
  for (std::size_t i = kMostKept; i < order.size(); ++i) {
    const Severity severity = tallies[order[i]].worst();
    texts[order[i]] = varied_shape(severity);
    over[static_cast<std::size_t>(severity)] = true;
  }
  for (std::size_t i = 0; i < over.size(); ++i) {
    if (over[i]) flood_.rise(static_cast<Severity>(i));
  }
  return texts;
}

void Patterns::fold() {
  const Grouping grouping = group(shapes_, words_);
  std::vector<Tally> of_group(grouping.templates.size());
  for (std::size_t i = 0; i < shapes_.size(); ++i) of_group[grouping.group_of[i]].add(tallies_[i]);
  const std::vector<std::string> texts = narrowed(grouping, of_group);
  std::map<std::string, std::uint32_t> places;
  std::vector<std::uint32_t> moved;
  std::vector<Tally> tallies;
  std::vector<std::string> folded;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const auto [found, fresh] = places.emplace(texts[i], static_cast<std::uint32_t>(folded.size()));
    if (fresh) {
      folded.push_back(texts[i]);
      tallies.emplace_back();
    }
    tallies[found->second].add(of_group[i]);
    moved.push_back(found->second);
  }
  for (std::uint32_t& shape : shape_of_) shape = moved[grouping.group_of[shape]];
  words_ = Words();
  shapes_.clear();
  for (const std::string& text : folded) shapes_.push_back(shape_from_text(text, words_));
  tallies_ = std::move(tallies);
  folded_ = std::move(folded);
  hashes_.assign(shapes_.size(), 0);
  slots_.assign(kFirstSlots, Slot());
  used_ = 0;
  index_templates();
}

// What add() needs to know of the templates among the shapes.
void Patterns::index_templates() {
  cover_.clear();
  varied_.fill(kNone);
  number_of_.assign(shapes_.size(), kNone);
  for (std::uint32_t number = 0; number < shape_of_.size(); ++number) {
    if (number_of_[shape_of_[number]] == kNone) number_of_[shape_of_[number]] = number;
  }
  for (std::uint32_t i = 0; i < shapes_.size(); ++i) {
    if (!folded_[i].empty()) cover_.add(i, shapes_[i]);
    if (!is_varied(folded_[i])) continue;
    for (std::size_t severity = 0; severity < varied_.size(); ++severity) {
      if (folded_[i] == varied_shape(static_cast<Severity>(severity))) varied_[severity] = number_of_[i];
    }
  }
}

void Patterns::add_known(std::string_view shape_text) {
  known_.push_back(shape_from_text(shape_text, words_));
}

void Patterns::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.number == kNone) continue;
    slots_[slot_of(slot.hash)] = slot;
  }
}

Patterns::Grouped Patterns::grouped() const {
  std::vector<Shape> all = shapes_;
  all.insert(all.end(), known_.begin(), known_.end());
  const Grouping grouping = group(all, words_);
  std::vector<Tally> tallies(grouping.templates.size());
  std::vector<bool> known(grouping.templates.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i < shapes_.size()) {
      tallies[grouping.group_of[i]].add(tallies_[i]);
    } else {
      known[grouping.group_of[i]] = true;
    }
  }
  // Groups that read alike are one.
  std::map<std::string, std::uint32_t> by_text;
  std::vector<std::uint32_t> number(grouping.templates.size());
  std::vector<Pattern> patterns;
  for (std::size_t i = 0; i < number.size(); ++i) {
    const Severity severity = tallies[i].worst();
    const bool varied = tallies[i].count == 1 && !known[i] && flood_.holds(severity);
    std::string text = varied ? varied_text(severity) : template_of(grouping.templates[i], words_);
    const auto [found, fresh] = by_text.emplace(text, static_cast<std::uint32_t>(patterns.size()));
    number[i] = found->second;
    if (!fresh) continue;
    std::string shape = varied ? varied_shape(severity) : shape_text(grouping.templates[i], words_);
    patterns.push_back({std::move(text), std::move(shape), {}, {}, {}});
  }
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    Pattern& pattern = patterns[number[grouping.group_of[i]]];
    if (i < shapes_.size()) {
      pattern.tally.add(tallies_[i]);
      if (pattern.rarest.count == 0 || tallies_[i].count < pattern.rarest.count) pattern.rarest = tallies_[i];
    } else {
      pattern.known.push_back(i - static_cast<std::uint32_t>(shapes_.size()));
    }
  }
  std::vector<std::uint32_t> order(patterns.size());
  std::iota(order.begin(), order.end(), 0U);
  std::sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    const Pattern &l = patterns[left], &r = patterns[right];
    return l.tally.count != r.tally.count ? l.tally.count > r.tally.count : l.text < r.text;
  });
  std::vector<std::uint32_t> rank(order.size());
  Grouped out;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    if (patterns[order[i]].tally.count > 0) out.patterns.push_back(std::move(patterns[order[i]]));
  }
  for (const std::uint32_t shape : shape_of_) out.pattern.push_back(rank[number[grouping.group_of[shape]]]);
  return out;
}

std::string Patterns::to_bytes() const {
  Packer out;
  out.number(shapes_.size());
  for (std::size_t i = 0; i < shapes_.size(); ++i) {
    const Tally& tally = tallies_[i];
    out.number(hashes_[i]);
    out.text(folded_[i]);
    out.text(tally.sample);
    out.text(tally.component);
    for (const std::uint64_t figure : {tally.count, tally.lines}) out.number(figure);
    for (const std::uint64_t figure : tally.severities) out.number(figure);
    for (const Place& place : {tally.first, tally.last}) {
      out.number(place.file);
      out.number(place.line);
      out.number(place.offset);
    }
  }
  out.text(flood_.to_bytes());
  return out.take();
}

Result<Patterns> Patterns::from_bytes(std::string_view bytes) {
  Unpacker in(bytes);
  Patterns patterns;
  patterns.slots_.resize(kFirstSlots);
  const std::uint64_t count = in.number();
  for (std::uint64_t i = 0; i < count && in.good(); ++i) {
    const std::uint64_t hash = in.number();
    const std::string folded = in.text();
    Tally tally;
    tally.sample = in.text();
    tally.component = in.text();
    tally.count = in.number();
    tally.lines = in.number();
    for (std::uint64_t& figure : tally.severities) figure = in.number();
    for (Place* place : {&tally.first, &tally.last}) {
      place->file = static_cast<std::uint32_t>(in.number());
      place->line = in.number();
      place->offset = in.number();
    }
    if (folded.empty()) {
      patterns.insert(hash, tally.sample, tally.component, tally.first);
    } else {
      patterns.shape_of_.push_back(static_cast<std::uint32_t>(patterns.shapes_.size()));
      patterns.shapes_.push_back(shape_from_text(folded, patterns.words_));
      patterns.hashes_.push_back(0);
      patterns.folded_.push_back(folded);
      patterns.tallies_.emplace_back();
    }
    patterns.tallies_.back() = std::move(tally);
  }
  patterns.flood_ = Flood::from_bytes(in.text());
  if (!in.good()) return Error(ErrorKind::kInvalid, "the counts of patterns are damaged");
  patterns.index_templates();
  return patterns;
}

}  // namespace daydream::logs
