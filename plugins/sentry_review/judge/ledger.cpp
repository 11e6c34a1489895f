#include "plugins/sentry_review/judge/ledger.hpp"

#include <algorithm>

#include "plugins/sentry_review/read/fields.hpp"

namespace daydream::sentry {
namespace {

void put_list(json::Writer& out, const char* key, const std::vector<std::string>& list) {
  if (list.empty()) return;
  out.key(key).begin_array();
  for (const std::string& item : list) out.value(item);
  out.end_array();
}

void put(json::Writer& out, const char* key, const std::string& text) {
  if (!text.empty()) out.field(key, text);
}
void put(json::Writer& out, const char* key, Millis number) {
  if (number != 0) out.field(key, number);
}

void write_standing(json::Writer& out, const Standing& standing) {
  out.begin_object().field("state", static_cast<int>(standing.state));
  put(out, "cause", standing.cause);
  put(out, "fix_release", standing.fix.release);
  put(out, "fix_after", standing.fix.after_release);
  put(out, "fix_commit", standing.fix.commit);
  put(out, "fix_when", standing.fix.when);
  put(out, "resolved", standing.resolved);
  put(out, "first", standing.first_seen);
  put(out, "last", standing.last_seen);
  put(out, "updated", standing.updated);
  put(out, "total", standing.total);
  put_list(out, "releases", standing.releases);
  if (!standing.counts.empty()) {
    out.key("counts").begin_array();
    for (const double count : standing.counts) out.value(count);
    out.end_array();
  }
  out.end_object();
}

Standing read_standing(const json::Value& value) {
  Standing standing;
  standing.state = static_cast<State>(std::clamp<std::int64_t>(json::get_int(value, "state"), 0, 2));
  standing.cause = json::get_string(value, "cause");
  standing.fix = {json::get_string(value, "fix_release"), json::get_string(value, "fix_after"),
                  json::get_string(value, "fix_commit"), json::get_int(value, "fix_when")};
  standing.resolved = json::get_int(value, "resolved");
  standing.first_seen = json::get_int(value, "first");
  standing.last_seen = json::get_int(value, "last");
  standing.updated = json::get_int(value, "updated");
  standing.total = json::get_int(value, "total");
  standing.releases = json::get_strings(value, "releases");
  if (const json::Value* counts = array_member(value, "counts")) {
    for (const json::Value& count : counts->GetArray()) {
      if (count.IsNumber()) standing.counts.push_back(count.GetDouble());
    }
  }
  return standing;
}

}  // namespace

std::string alias_of(const Issue& issue) {
  return issue.id;
}

std::string Entry::to_json() const {
  json::Writer out;
  out.begin_object();
  put(out, "coarse", coarse);
  if (fine) out.field("fine", true);
  put(out, "name", name);
  put(out, "title", title);
  put_list(out, "aliases", aliases);
  put(out, "run", run);
  out.field("stamp", stamp);
  out.key("now");
  write_standing(out, now);
  if (before) {
    out.key("before");
    write_standing(out, *before);
  }
  out.end_object();
  return out.take();
}

Result<Entry> Entry::from_json(std::string_view key, std::string_view text) {
  json::ParseOptions options;
  options.name = "ledger entry " + std::string(key);
  options.positions = false;
  auto parsed = json::Text::parse(text, options);
  if (!parsed) return std::move(parsed.error());
  const json::Value& root = parsed->root();
  Entry entry;
  entry.key = std::string(key);
  entry.coarse = json::get_string(root, "coarse");
  entry.fine = json::get_bool(root, "fine");
  entry.name = json::get_string(root, "name");
  entry.title = json::get_string(root, "title");
  entry.aliases = json::get_strings(root, "aliases");
  entry.run = json::get_string(root, "run");
  entry.stamp = static_cast<std::uint64_t>(json::get_int(root, "stamp"));
  if (const json::Value* now = object_member(root, "now")) entry.now = read_standing(*now);
  if (const json::Value* before = object_member(root, "before")) entry.before = read_standing(*before);
  return entry;
}

void Ledger::add(Entry entry) {
  for (const std::string& alias : entry.aliases) aliases_[alias] = entry.key;
  if (!entry.coarse.empty() && entry.known_before(run_) != nullptr) coarse_.emplace(entry.coarse, entry.key);
  const std::string key = entry.key;
  entries_[key] = std::move(entry);
}

const Entry* Ledger::by_key(const std::string& key) const {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : &found->second;
}

const Entry* Ledger::by_alias(const std::string& alias) const {
  const auto found = aliases_.find(alias);
  return found == aliases_.end() ? nullptr : by_key(found->second);
}

const Entry* Ledger::by_coarse(const std::string& coarse) const {
  const auto [begin, end] = coarse_.equal_range(coarse);
  if (begin == end || std::next(begin) != end) return nullptr;
  return by_key(begin->second);
}

std::vector<std::string> Ledger::surplus() const {
  if (entries_.size() <= kMost) return {};
  std::vector<std::pair<Millis, std::string>> oldest;
  oldest.reserve(entries_.size());
  for (const auto& [key, entry] : entries_) oldest.emplace_back(entry.now.last_seen, key);
  std::sort(oldest.begin(), oldest.end());
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < oldest.size() - kMost; ++i) keys.push_back(oldest[i].second);
  return keys;
}

}  // namespace daydream::sentry
