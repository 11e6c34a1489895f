#include "plugins/sentry_review/judge/groups.hpp"

#include <algorithm>
#include <set>

#include "daydream/kit/hash.hpp"
#include "plugins/sentry_review/judge/fingerprint.hpp"

namespace daydream::sentry {
namespace {

void fill(std::string& place, const std::string& from) {
  if (place.empty()) place = from;
}

// Lists tell of one issue at different moments, details tell more than lists: nothing is lost.
void merge(Issue& into, Issue from) {
  if (from.last_seen > into.last_seen) std::swap(into, from);
  fill(into.short_id, from.short_id);
  fill(into.title, from.title);
  fill(into.culprit, from.culprit);
  fill(into.level, from.level);
  fill(into.substatus, from.substatus);
  fill(into.type, from.type);
  fill(into.value, from.value);
  fill(into.filename, from.filename);
  fill(into.function, from.function);
  fill(into.project, from.project);
  fill(into.platform, from.platform);
  fill(into.last_release, from.last_release);
  fill(into.permalink, from.permalink);
  if (into.lifetime_count == 0 && from.lifetime_count != 0) {
    into.lifetime_count = from.lifetime_count;
    into.count = from.count;
  }
  into.users = std::max(into.users, from.users);
  if (!into.unhandled) into.unhandled = from.unhandled;
  if (into.first_seen == 0 || (from.first_seen != 0 && from.first_seen < into.first_seen))
    into.first_seen = from.first_seen;
  if (from.fix.when > into.fix.when || into.fix.empty()) into.fix = from.fix;
}

Issue issue_of(const Event& event, const std::string& id) {
  Issue issue;
  issue.id = id;
  issue.title = event.title.empty() ? event.message : event.title;
  if (!event.exceptions.empty()) {
    const Exception& last = event.exceptions.back();
    issue.type = last.type;
    issue.value = last.value;
    if (issue.title.empty()) issue.title = last.type + (last.value.empty() ? "" : ": " + last.value);
  }
  issue.culprit = event.culprit;
  issue.level = event.level.empty() ? "error" : event.level;
  issue.platform = event.platform;
  issue.project_id = event.project_id;
  issue.count_known = true;
  return issue;
}

bool newer(const Event& one, const Event& other) {
  return one.when != other.when ? one.when > other.when : one.id > other.id;
}

}  // namespace

void Collected::add(Issue issue, bool in_scope) {
  const auto [place, fresh] = by_alias_.emplace(alias_of(issue), issues_.size());
  if (fresh) {
    issues_.push_back({std::move(issue), in_scope});
    return;
  }
  Known& known = issues_[place->second];
  known.in_scope = known.in_scope || in_scope;
  merge(known.issue, std::move(issue));
}

void Collected::add(Event event) {
  events_[event.issue_id].push_back(std::move(event));
}

void Collected::adopt_orphans() {
  std::set<std::string> owned;
  for (const Known& known : issues_) owned.insert(known.issue.id);
  std::map<std::string, std::vector<Event>> kept;
  for (auto& [id, events] : events_) {
    for (Event& event : events) {
      if (owned.contains(id)) {
        kept[id].push_back(std::move(event));
        continue;
      }
      const std::string name = !id.empty()         ? id
                               : is_telling(event) ? "event-" + fingerprint_of(event, event.project_id)
                                                   : "event-" + event.id;
      event.issue_id = name;
      kept[name].push_back(std::move(event));
    }
  }
  events_ = std::move(kept);
  for (auto& [id, events] : events_) {
    if (owned.contains(id)) continue;
    std::sort(events.begin(), events.end(), newer);
    Issue issue = issue_of(events.front(), id);
    issue.count = static_cast<std::int64_t>(events.size());
    issue.last_seen = events.front().when;
    issue.first_seen = events.back().when;
    add(std::move(issue), true);
  }
}

const Event* Collected::event_of(const std::string& issue_id) const {
  const auto found = events_.find(issue_id);
  if (found == events_.end()) return nullptr;
  return &*std::min_element(found->second.begin(), found->second.end(), newer);
}

Millis Collected::newest() const {
  Millis newest = 0;
  for (const Known& known : issues_) newest = std::max(newest, known.issue.last_seen);
  for (const auto& [id, events] : events_) {
    for (const Event& event : events) newest = std::max(newest, event.when);
  }
  return newest;
}

namespace {

// The entry that an issue without a known id can only mean, or nullptr. `claimed`: keys that known ids of tonight
// name.
const Entry* known_again(const Issue& issue, const Event* event, const std::string& fine, const Ledger& ledger,
                         const std::set<std::string>& claimed) {
  if (event != nullptr) {
    if (const Entry* entry = ledger.by_key(fine)) return entry;
  }
  if (!coarse_is_telling(issue)) return nullptr;
  const Entry* entry = ledger.by_coarse(coarse_fingerprint_of(issue));
  if (entry == nullptr || claimed.contains(entry->key)) return nullptr;
  return event != nullptr && entry->fine ? nullptr : entry;
}

void add_to(Group& group, const Collected::Known& known, const Event* event) {
  group.issues.push_back(&known.issue);
  group.in_scope = group.in_scope || known.in_scope;
  if (event != nullptr && (group.event == nullptr || newer(*event, *group.event))) group.event = event;
}

}  // namespace

std::vector<Group> group(const Collected& collected, const Ledger& ledger) {
  std::set<std::string> claimed;
  for (const auto& known : collected.issues()) {
    if (const Entry* entry = ledger.by_alias(alias_of(known.issue))) claimed.insert(entry->key);
  }
  std::map<std::string, Group> groups;
  for (const auto& known : collected.issues()) {
    const Issue& issue = known.issue;
    const Event* event = collected.event_of(issue.id);
    const bool telling = event != nullptr && is_telling(*event);
    const std::string fine = telling ? fingerprint_of(*event, issue.project) : "";
    const std::string coarse = coarse_fingerprint_of(issue);
    const Entry* entry = ledger.by_alias(alias_of(issue));
    const bool known_id = entry != nullptr;
    if (entry == nullptr) entry = known_again(issue, telling ? event : nullptr, fine, ledger, claimed);
    const std::string key = entry != nullptr ? entry->key
                            : telling        ? fine
                                             : hash::sha256_hex(coarse + "#" + alias_of(issue)).substr(0, 16);
    auto [place, fresh] = groups.try_emplace(key);
    Group& one = place->second;
    if (fresh) {
      one.key = key;
      one.coarse = coarse_is_telling(issue) ? coarse : "";
      one.fine = telling;
      one.entry = entry;
      one.under_new_id = entry != nullptr;
    }
    if (known_id) one.under_new_id = false;
    add_to(one, known, event);
  }
  std::vector<Group> list;
  for (auto& [key, one] : groups) {
    std::sort(one.issues.begin(), one.issues.end(), [](const Issue* a, const Issue* b) {
      return a->last_seen != b->last_seen ? a->last_seen > b->last_seen : a->id < b->id;
    });
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace daydream::sentry
