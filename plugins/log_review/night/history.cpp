#include "plugins/log_review/night/history.hpp"

#include <algorithm>
#include <cstdlib>

#include "plugins/log_review/format/timestamp.hpp"

namespace daydream::logs {
namespace {

constexpr std::string_view kPatternKey = "pattern/", kSourceKey = "source/", kNightsKey = "nights";

void put_counts(json::Writer& out, const std::map<std::string, double>& counts) {
  out.key("counts").begin_object();
  std::size_t over = counts.size() > kNightsKept + 1 ? counts.size() - kNightsKept - 1 : 0;
  for (const auto& [date, count] : counts) {
    if (over > 0) {
      --over;
      continue;
    }
    out.field(date, count);
  }
  out.end_object();
}

std::map<std::string, double> get_counts(const json::Value& root) {
  std::map<std::string, double> counts;
  const json::Value* object = json::find(root, "counts");
  if (object == nullptr || !object->IsObject()) return counts;
  for (const auto& member : object->GetObject()) {
    if (member.value.IsNumber()) counts[json::string_of(member.name)] = member.value.GetDouble();
  }
  return counts;
}

Result<json::Text> parse(std::string_view value) {
  auto parsed = json::Text::parse(value, {.name = "memory of log_review", .positions = false});
  if (parsed && !parsed->root().IsObject()) return Error(ErrorKind::kInvalid, "memory of log_review: not an object");
  return parsed;
}

}  // namespace

int weekday_of(const std::string& date) {
  if (date.size() < 10) return 0;
  const auto days = days_of(std::atoi(date.substr(0, 4).c_str()), std::atoi(date.substr(5, 2).c_str()),
                            std::atoi(date.substr(8, 2).c_str()));
  return static_cast<int>(((days + 4) % 7 + 7) % 7);
}

Result<History> History::load(const sdk::Run& run, const std::string& tonight) {
  History history;
  auto nights = run.state().memory(kNightsKey);
  if (!nights) return std::move(nights.error());
  if (*nights) {
    auto parsed = parse(**nights);
    if (!parsed) return std::move(parsed.error());
    history.nights = json::get_strings(parsed->root(), "dates");
    std::erase(history.nights, tonight);
  }
  auto scanned =
      run.state().scan_memory(kPatternKey, [&](std::string_view key, std::string_view value) -> Result<void> {
        auto parsed = parse(value);
        if (!parsed) return std::move(parsed.error());
        KnownPattern pattern;
        pattern.id = key.substr(kPatternKey.size());
        pattern.text = json::get_string(parsed->root(), "text");
        pattern.shape = json::get_string(parsed->root(), "shape");
        pattern.first = json::get_string(parsed->root(), "first");
        pattern.last = json::get_string(parsed->root(), "last");
        pattern.counts = get_counts(parsed->root());
        history.patterns.push_back(std::move(pattern));
        return {};
      });
  if (!scanned) return std::move(scanned.error());
  scanned = run.state().scan_memory(kSourceKey, [&](std::string_view key, std::string_view value) -> Result<void> {
    auto parsed = parse(value);
    if (!parsed) return std::move(parsed.error());
    history.sources[std::string(key.substr(kSourceKey.size()))] = get_counts(parsed->root());
    return {};
  });
  if (!scanned) return std::move(scanned.error());
  return history;
}

void History::save(sdk::Transaction& txn, const std::string& tonight) {
  json::Writer dates;
  dates.begin_object().key("dates").begin_array();
  const std::size_t skip = nights.size() >= kNightsKept ? nights.size() - kNightsKept + 1 : 0;
  for (std::size_t i = skip; i < nights.size(); ++i) dates.value(nights[i]);
  dates.value(tonight).end_array().end_object();
  txn.put_memory(kNightsKey, dates.take());
  std::sort(patterns.begin(), patterns.end(), [](const KnownPattern& left, const KnownPattern& right) {
    return left.last != right.last ? left.last > right.last : left.id < right.id;
  });
  for (std::size_t i = 0; i < patterns.size(); ++i) {
    const KnownPattern& pattern = patterns[i];
    const std::string key = std::string(kPatternKey) + pattern.id;
    if (i >= kPatternsKept) {
      txn.drop_memory(key);
      continue;
    }
    if (pattern.last != tonight) continue;
    json::Writer out;
    out.begin_object().field("text", pattern.text).field("shape", pattern.shape);
    out.field("first", pattern.first).field("last", pattern.last);
    put_counts(out, pattern.counts);
    out.end_object();
    txn.put_memory(key, out.take());
  }
  for (const std::string& id : dropped) txn.drop_memory(std::string(kPatternKey) + id);
  for (const auto& [name, counts] : sources) {
    json::Writer out;
    out.begin_object();
    put_counts(out, counts);
    out.end_object();
    txn.put_memory(std::string(kSourceKey) + name, out.take());
  }
}

std::vector<double> History::counts_of(const std::map<std::string, double>& counts, const std::string& first) const {
  std::vector<double> list;
  for (const std::string& night : nights) {
    if (night < first) continue;
    const auto found = counts.find(night);
    list.push_back(found == counts.end() ? 0 : found->second);
  }
  return list;
}

}  // namespace daydream::logs
