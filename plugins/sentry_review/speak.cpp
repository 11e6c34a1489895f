// What was read, judged and said. Every error's findings and its entry of the ledger are in one commit, so an
// entry with this try's stamp is spoken of.
#include <algorithm>
#include <cmath>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/review.hpp"
#include "plugins/sentry_review/stored.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kBatch = 200;
constexpr std::size_t kMostFileBytes = std::size_t{2} << 20;  // of a source file that is looked into

Symptom symptom_of(const Issue& issue, const Event* event) {
  Symptom symptom{issue.platform, issue.type, issue.value.empty() ? issue.title : issue.value, {}, "", issue.culprit};
  if (event == nullptr) return symptom;
  if (!event->platform.empty()) symptom.platform = event->platform;
  symptom.signal_address = event->signal_address;
  for (const Frame& frame : event->main_frames()) symptom.frames.push_back(&frame);
  if (event->exceptions.empty()) {
    if (!event->message.empty()) symptom.value = event->message;
    return symptom;
  }
  symptom.type = event->exceptions.back().type;
  if (!event->exceptions.back().value.empty()) symptom.value = event->exceptions.back().value;
  return symptom;
}

}  // namespace

Result<void> Review::load_page(std::string_view bytes) {
  auto page = read_stored(bytes);
  if (!page) return std::move(page.error());
  for (Issue& issue : page->payload.issues) collected_.add(std::move(issue), page->in_scope);
  for (Event& event : page->payload.events) collected_.add(std::move(event));
  for (Release& release : page->payload.releases) releases_.push_back(std::move(release));
  return {};
}

// The pages stored so far and the ledger.
Result<void> Review::load() {
  if (loaded_) return {};
  loaded_ = true;
  ledger_ = Ledger(facts_.run_id);
  auto pages = run_.state().scan_memory(keys_.pages(),
                                        [&](std::string_view, std::string_view value) { return load_page(value); });
  if (!pages) return std::move(pages.error());
  const std::string prefix = keys_.ledger();
  return run_.state().scan_memory(prefix, [&](std::string_view key, std::string_view value) -> Result<void> {
    auto entry = Entry::from_json(key.substr(prefix.size()), value);
    if (!entry) return std::move(entry.error());
    ledger_.add(std::move(*entry));
    return {};
  });
}

// Saved pages are as old as they are: their night ends when they were saved, which is now or near their newest
// event.
void Review::fix_window() {
  if (pages_ == nullptr || pages_->windowed() || progress_.phase != Phase::kSpeak) return;
  const Millis newest = collected_.newest();
  Millis end = facts_.now_ms;
  if (newest != 0 && std::llabs(end - newest) > settings_.window) end = newest;
  if (settings_.captured != 0) end = settings_.captured;
  progress_.start -= progress_.end - end;
  progress_.end = end;
}

bool Review::spoken_of(const Entry& entry) const {
  return entry.stamp == progress_.stamp && entry.run == facts_.run_id;
}

Night Review::night() const {
  return {facts_.run_id, progress_.stamp, progress_.start, progress_.end, settings_.quiet_after};
}

Result<std::optional<Event>> Review::kept_event(const std::string& key) {
  auto bytes = run_.state().memory(keys_.event(key));
  if (!bytes) return std::move(bytes.error());
  if (!*bytes) return std::optional<Event>();
  json::ParseOptions options;
  options.positions = false;
  auto parsed = json::Text::parse(**bytes, options);
  if (!parsed) return std::move(parsed.error());
  return std::optional<Event>(Event::from_json(parsed->root()));
}

Result<Spoken> Review::speak_of(const Group& one, const Bench& bench, bool placed) {
  std::optional<Event> kept;
  if (one.event == nullptr && one.entry != nullptr) {
    auto found = kept_event(one.key);
    if (!found) return std::move(found.error());
    kept = std::move(*found);
  }
  const Event* event = one.event != nullptr ? one.event : kept ? &*kept : nullptr;
  Spoken spoken;
  spoken.suggestion = suggestions_.find(symptom_of(*one.issues.front(), event));
  // A release is the newest event's; one of an earlier night says nothing of tonight.
  spoken.judged = judge(one, night(), bench.releases, spoken.suggestion);
  if (!placed) return spoken;
  if (one.event != nullptr) spoken.event = trimmed(*one.event).to_json();
  if (event != nullptr && spoken.judged.said != Said::kNothing) spoken.place = bench.locator.locate(*event);
  return spoken;
}

// Judged once for the order alone, so that not all of it is held at a time.
Result<std::vector<Review::Turn>> Review::order(const std::vector<Group>& groups, const Bench& bench) {
  std::vector<Turn> turns;
  std::set<std::string> told;
  std::size_t looked = 0;
  for (const Group& one : groups) {
    run_.progress(++looked, groups.size(), "judging");
    told.insert(one.key);
    if (one.entry != nullptr && spoken_of(*one.entry)) continue;
    auto spoken = speak_of(one, bench, false);
    if (!spoken) return std::move(spoken.error());
    turns.push_back({urgency_of(spoken->judged), one.key, &one, nullptr});
  }
  for (const auto& [key, entry] : ledger_.entries()) {
    if (told.contains(key) || spoken_of(entry)) continue;
    if (auto judged = judge_absent(entry, night(), bench.releases))
      turns.push_back({urgency_of(*judged), key, nullptr, &entry});
  }
  std::sort(turns.begin(), turns.end(), [](const Turn& a, const Turn& b) {
    return a.urgency != b.urgency ? a.urgency < b.urgency : a.key < b.key;
  });
  return turns;
}

void Review::say(const Spoken& spoken, sdk::Transaction& txn) {
  const Entry& entry = spoken.judged.entry;
  txn.put_memory(keys_.ledger(entry.key), entry.to_json());
  if (entry.now.state == State::kOpen && !spoken.event.empty()) txn.put_memory(keys_.event(entry.key), spoken.event);
  if (entry.now.state != State::kOpen) txn.drop_memory(keys_.event(entry.key));
  if (spoken.judged.said == Said::kNothing) return;
  txn.put_finding(finding_of(spoken));
  if (auto fix = fix_of(spoken)) txn.put_finding(*fix);
}

Result<void> Review::say_last() {
  auto txn = run_.begin();
  if (!txn) return std::move(txn.error());
  if (!progress_.gaps.empty()) txn->put_finding(incomplete(progress_.gaps, progress_.issues));
  for (const std::string& words : progress_.notes) run_.info(words);
  for (const std::string& words : progress_.gaps) run_.warning(words);
  txn->put_metric("issues", static_cast<double>(progress_.issues));
  txn->put_metric("events", static_cast<double>(progress_.events));
  txn->put_metric("unreadable", static_cast<double>(progress_.unreadable));
  txn->put_metric("gaps", static_cast<double>(progress_.gaps.size()));
  for (const std::string& key : ledger_.surplus()) {
    txn->drop_memory(keys_.ledger(key));
    txn->drop_memory(keys_.event(key));
  }
  for (std::uint64_t page = 0; page < progress_.page; ++page) txn->drop_memory(keys_.page(page));
  auto meta = Meta::read(run_.state(), keys_.meta());
  if (!meta) return std::move(meta.error());
  if (progress_.gaps.empty() && settings_.directory.empty()) meta->end = progress_.end;
  meta->put(*txn, keys_.meta());
  progress_.phase = Phase::kDone;
  return save(*txn);
}

Tree Review::list_tree() {
  std::vector<std::string> paths;
  auto listed = run_.files().each({}, "", [&](sdk::Entry entry) -> Result<void> {
    if (entry.size <= kMostFileBytes) paths.push_back(std::move(entry.path));
    return {};
  });
  if (!listed) note("the repository's files could not be listed: " + listed.error().message());
  return Tree(std::move(paths), [this](const std::string& path) -> std::optional<std::string> {
    auto content = run_.files().read(path);
    if (!content) return std::nullopt;
    return std::string(content->bytes);
  });
}

Result<Review::Ending> Review::speak() {
  if (auto done = load(); !done) return std::move(done.error());
  collected_.adopt_orphans();
  const Tree tree = list_tree();
  std::optional<git::Repository> repository;
  if (auto root = run_.root("source")) {
    if (auto opened = git::Repository::open(*root)) repository = std::move(*opened);
  }
  Releases releases(std::move(repository));
  for (const Release& release : releases_) releases.learn(release);
  const Bench bench{releases, Locator(tree, settings_.code_mappings)};
  const auto groups = group(collected_, ledger_);
  auto turns = order(groups, bench);
  if (!turns) return std::move(turns.error());
  for (std::size_t at = 0; at < turns->size();) {
    if (run_.cancelled()) return Ending(sdk::Outcome::cancelled());
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (std::size_t put = 0; put < kBatch && at < turns->size(); ++put, ++at) {
      run_.progress(at, turns->size(), "findings");
      const Turn& turn = (*turns)[at];
      Spoken spoken;
      if (turn.group != nullptr) {
        auto judged = speak_of(*turn.group, bench, true);
        if (!judged) return std::move(judged.error());
        spoken = std::move(*judged);
      } else if (auto judged = judge_absent(*turn.absent, night(), releases)) {
        spoken.judged = std::move(*judged);
      }
      say(spoken, *txn);
    }
    if (auto committed = txn->commit(); !committed) return std::move(committed.error());
  }
  if (auto said = say_last(); !said) return std::move(said.error());
  return Ending();
}

}  // namespace daydream::sentry
