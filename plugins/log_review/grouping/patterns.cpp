#include "plugins/log_review/grouping/patterns.hpp"

#include <algorithm>
#include <numeric>

#include "plugins/log_review/grouping/scan.hpp"

namespace daydream::logs {
namespace {

constexpr std::size_t kFirstSlots = 4096;
constexpr std::size_t kLongestSample = 400;

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

std::uint32_t Patterns::add(std::string_view message, Severity severity, std::string_view component,
                            const Place& place) {
  if (slots_.empty()) slots_.resize(kFirstSlots);
  const std::uint64_t hash = shape_hash(message);
  std::size_t at = hash & (slots_.size() - 1);
  while (slots_[at].shape != kNone && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
  if (slots_[at].shape == kNone) {
    slots_[at] = {hash, insert(hash, message, component, place)};
    const std::uint32_t shape = slots_[at].shape;
    if (shapes_.size() * 2 > slots_.size()) grow();
    at = 0;
    Tally& tally = tallies_[shape];
    ++tally.count;
    ++tally.lines;
    ++tally.severities[static_cast<std::size_t>(severity)];
    return shape;
  }
  Tally& tally = tallies_[slots_[at].shape];
  ++tally.count;
  ++tally.lines;
  ++tally.severities[static_cast<std::size_t>(severity)];
  tally.last = place;
  return slots_[at].shape;
}

std::uint32_t Patterns::insert(std::uint64_t /*hash*/, std::string_view message, std::string_view component,
                               const Place& place) {
  const auto number = static_cast<std::uint32_t>(shapes_.size());
  shapes_.push_back(shape_of(message, words_));
  Tally tally;
  tally.first = tally.last = place;
  tally.sample = message.substr(0, kLongestSample);
  tally.component = component.substr(0, 80);
  tallies_.push_back(std::move(tally));
  return number;
}

void Patterns::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.shape == kNone) continue;
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].shape != kNone) at = (at + 1) & (slots_.size() - 1);
    slots_[at] = slot;
  }
}

Patterns::Grouped Patterns::grouped() const {
  const Grouping grouping = group(shapes_, words_);
  std::vector<Pattern> patterns(grouping.templates.size());
  for (std::size_t i = 0; i < patterns.size(); ++i) patterns[i].text = template_of(grouping.templates[i], words_);
  for (std::size_t i = 0; i < shapes_.size(); ++i) patterns[grouping.group_of[i]].tally.add(tallies_[i]);
  std::vector<std::uint32_t> order(patterns.size());
  std::iota(order.begin(), order.end(), 0U);
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t left, std::uint32_t right) {
    const Pattern &l = patterns[left], &r = patterns[right];
    return l.tally.count != r.tally.count ? l.tally.count > r.tally.count : l.text < r.text;
  });
  std::vector<std::uint32_t> rank(order.size());
  Grouped out;
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    rank[order[i]] = i;
    out.patterns.push_back(std::move(patterns[order[i]]));
  }
  for (const std::uint32_t number : grouping.group_of) out.pattern.push_back(rank[number]);
  return out;
}

}  // namespace daydream::logs
