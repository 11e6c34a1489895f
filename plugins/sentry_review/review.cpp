// The reading phases: lists, what no list told of, events.
#include "plugins/sentry_review/review.hpp"

#include <algorithm>
#include <chrono>
#include <set>

#include "plugins/sentry_review/judge/fingerprint.hpp"
#include "plugins/sentry_review/read/fields.hpp"
#include "plugins/sentry_review/source/directory.hpp"
#include "plugins/sentry_review/source/http.hpp"

namespace daydream::sentry {
namespace {

constexpr Millis kDay = 24LL * 3600 * 1000;
constexpr Millis kLongestWindow = 14 * kDay;
constexpr int kPatientTries = 2;     // of the step, before an outage becomes a gap
constexpr int kMostEmptyPages = 20;  // in a row, although more is promised
constexpr std::size_t kCursorsKept = 200;
constexpr std::uint64_t kMostPages = 5'000;
constexpr std::size_t kMostWords = 20;  // gaps, notes
constexpr std::size_t kAskedAtOnce = 100;
constexpr std::size_t kMostAbsent = 500;  // open errors that no list told of, a night
constexpr std::size_t kEventBatch = 25;
constexpr std::chrono::seconds kBatchTime{1};

void add_words(std::vector<std::string>& list, std::string words) {
  if (list.size() < kMostWords && std::find(list.begin(), list.end(), words) == list.end())
    list.push_back(std::move(words));
}

}  // namespace

Result<sdk::Outcome> Review::run() {
  if (auto begun = begin(); !begun) return std::move(begun.error());
  if (progress_.phase == Phase::kDone) return sdk::Outcome::ok();
  if (progress_.phase < Phase::kSpeak) {
    for (const auto phase :
         {&Review::open_source, &Review::read_lists, &Review::refresh_absent, &Review::read_events}) {
      auto ended = (this->*phase)();
      if (!ended) return std::move(ended.error());
      if (*ended) return std::move(**ended);
    }
  }
  auto ended = speak();
  if (!ended) return std::move(ended.error());
  return *ended ? std::move(**ended) : sdk::Outcome::ok();
}

// Goes on from the checkpoint; else fixes the window and forgets what an abandoned try has stored.
Result<void> Review::begin() {
  auto facts = run_.facts();
  if (!facts) return std::move(facts.error());
  facts_ = std::move(*facts);
  keys_ = Keys(settings_, facts_.step_id);
  auto checkpoint = run_.state().checkpoint_as<Progress>();
  if (!checkpoint) return std::move(checkpoint.error());
  if (*checkpoint) {
    progress_ = std::move(**checkpoint);
    return {};
  }
  auto meta = Meta::read(run_.state(), keys_.meta());
  if (!meta) return std::move(meta.error());
  progress_.end = facts_.now_ms;
  progress_.start = progress_.end - settings_.window;
  // A missed night is caught up: the window goes back to where the last whole one ended.
  if (meta->end != 0 && meta->end < progress_.start)
    progress_.start = std::max(meta->end, progress_.end - kLongestWindow);
  progress_.stamp = ++meta->stamp;
  std::vector<std::string> stale;
  auto scanned = run_.state().scan_memory(keys_.tonight(), [&](std::string_view key, std::string_view) -> Result<void> {
    stale.emplace_back(key);
    return {};
  });
  if (!scanned) return std::move(scanned.error());
  auto txn = run_.begin();
  if (!txn) return std::move(txn.error());
  for (const std::string& key : stale) txn->drop_memory(key);
  meta->put(*txn, keys_.meta());
  return save(*txn);
}

Result<void> Review::save(sdk::Transaction& txn) {
  txn.put_checkpoint(progress_);
  return txn.commit();
}

Result<Review::Ending> Review::open_source() {
  if (!settings_.directory.empty()) {
    auto opened = open_directory(run_, settings_);
    if (!opened && opened.error().kind() == ErrorKind::kNotFound)
      return Ending(sdk::Outcome::skipped(opened.error().message(), "no-pages"));
    if (!opened) return std::move(opened.error());
    pages_ = std::move(*opened);
  } else {
    pages_ = open_server(run_, settings_, {progress_.start, progress_.end}, progress_.dialect);
  }
  if (progress_.phase != Phase::kLists) return Ending();
  if (auto trouble = pages_->prepare()) return after_trouble(*trouble, "the server");
  progress_.dialect = pages_->dialect();
  return Ending();
}

// What a failure means for the night: an ending, or a gap and on with the next list.
Result<Review::Ending> Review::after_trouble(const Trouble& trouble, const std::string& list) {
  const bool nothing_yet = progress_.page == 0;
  switch (trouble.kind) {
    case Trouble::Kind::kCancelled:
      return Ending(sdk::Outcome::cancelled());
    case Trouble::Kind::kNotConfigured:
      if (nothing_yet) return Ending(sdk::Outcome::skipped(trouble.words, "not-configured"));
      break;
    case Trouble::Kind::kLater:
      if (nothing_yet || facts_.attempt <= kPatientTries) return Ending(sdk::Outcome::retry(trouble.words, "server"));
      break;
    case Trouble::Kind::kRefused:
      if (nothing_yet) return Ending(sdk::Outcome::permanent(trouble.words, "refused"));
      break;
    case Trouble::Kind::kUnsupported:
      add_words(progress_.notes, list + ": " + trouble.words);
      return Ending();
  }
  add_words(progress_.gaps, list + ": " + trouble.words);
  return Ending();
}

void Review::note(std::string words) {
  add_words(progress_.notes, std::move(words));
}

void Review::next_list() {
  ++progress_.list;
  progress_.cursor.clear();
  progress_.recent.clear();
  empty_pages_ = 0;
}

Result<Review::Ending> Review::read_lists() {
  if (progress_.phase != Phase::kLists) return Ending();
  const auto lists = pages_->lists();
  bool any_answer = progress_.page > 0;
  std::string last_words;
  while (progress_.list < lists.size()) {
    if (run_.cancelled()) return Ending(sdk::Outcome::cancelled());
    const std::string& list = lists[progress_.list];
    run_.progress(progress_.issues, 0, list);
    auto asked = pages_->page(progress_.list, progress_.cursor);
    if (asked.trouble) {
      last_words = asked.trouble->words;
      auto ended = after_trouble(*asked.trouble, list);
      if (!ended || *ended) return ended;
      next_list();
      continue;
    }
    any_answer = true;
    if (auto taken = take_page(asked.value, list); !taken) return std::move(taken.error());
  }
  if (!any_answer) return Ending(sdk::Outcome::permanent("no list of issues could be read: " + last_words, "no-lists"));
  progress_.phase = Phase::kRefresh;
  progress_.at = 0;
  auto txn = run_.begin();
  if (!txn) return std::move(txn.error());
  if (auto saved = save(*txn); !saved) return std::move(saved.error());
  return Ending();
}

// Stores a page and where the next one begins, in one commit.
Result<void> Review::take_page(const Page& page, const std::string& list) {
  auto txn = run_.begin();
  if (!txn) return std::move(txn.error());
  if (auto put = put_page(*txn, page.payload, true); !put) return put;
  for (const std::string& words : page.notes) add_words(progress_.gaps, words);
  progress_.issues += page.payload.issues.size();
  progress_.unreadable += page.payload.unreadable;
  const bool empty =
      page.payload.issues.empty() && page.payload.events.empty() && page.payload.releases.empty() && page.notes.empty();
  empty_pages_ = empty ? empty_pages_ + 1 : 0;
  const auto& recent = progress_.recent;
  std::string broken;
  if (!page.next.empty() && !page.enough) {
    const bool circle =
        page.next == progress_.cursor || std::find(recent.begin(), recent.end(), page.next) != recent.end();
    if (circle) broken = "the server's pages go in a circle";
    if (empty_pages_ >= kMostEmptyPages) broken = "the server promises more and sends empty pages";
    if (progress_.issues >= settings_.most_issues)
      broken = "more than limits.issues = " + std::to_string(settings_.most_issues);
    if (progress_.page >= kMostPages) broken = "more than " + std::to_string(kMostPages) + " pages";
  }
  if (!broken.empty()) add_words(progress_.gaps, list + ": " + broken);
  if (page.next.empty() || page.enough || !broken.empty()) {
    next_list();
  } else {
    progress_.recent.push_back(page.next);
    if (progress_.recent.size() > kCursorsKept) progress_.recent.erase(progress_.recent.begin());
    progress_.cursor = page.next;
  }
  return save(*txn);
}

Result<void> Review::put_page(sdk::Transaction& txn, const Payload& payload, bool in_scope) {
  txn.put_memory(keys_.page(progress_.page), write_stored(payload, in_scope));
  ++progress_.page;
  return {};
}

// Open errors that no list told of: resolved meanwhile, or only quiet?
Result<Review::Ending> Review::refresh_absent() {
  if (progress_.phase != Phase::kRefresh) return Ending();
  if (auto done = load(); !done) return std::move(done.error());
  std::set<std::string> told;
  for (const auto& known : collected_.issues()) told.insert(alias_of(known.issue));
  std::vector<std::pair<Millis, std::string>> absent;
  for (const auto& [key, entry] : ledger_.entries()) {
    const Standing* before = entry.known_before(facts_.run_id);
    if (before == nullptr || before->state != State::kOpen || entry.aliases.empty()) continue;
    if (std::any_of(entry.aliases.begin(), entry.aliases.end(),
                    [&](const auto& alias) { return told.contains(alias); }))
      continue;
    const std::string& alias = entry.aliases.back();
    absent.emplace_back(-before->last_seen, alias);
  }
  std::sort(absent.begin(), absent.end());
  if (absent.size() > kMostAbsent) absent.resize(kMostAbsent);
  if (!pages_->windowed()) absent.clear();
  for (std::size_t at = progress_.at; at < absent.size(); at += kAskedAtOnce) {
    if (run_.cancelled()) return Ending(sdk::Outcome::cancelled());
    run_.progress(at, absent.size(), "open errors without events");
    std::vector<std::string> ids;
    for (std::size_t i = at; i < absent.size() && ids.size() < kAskedAtOnce; ++i) ids.push_back(absent[i].second);
    auto asked = pages_->refresh(ids);
    if (asked.trouble && asked.trouble->kind == Trouble::Kind::kCancelled) return Ending(sdk::Outcome::cancelled());
    if (asked.trouble) {
      add_words(progress_.notes, "open errors without events were not asked about: " + asked.trouble->words);
      break;
    }
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    if (auto put = put_page(*txn, asked.value, false); !put) return std::move(put.error());
    for (const Issue& issue : asked.value.issues) collected_.add(issue, false);
    progress_.at = at + ids.size();
    if (auto saved = save(*txn); !saved) return std::move(saved.error());
  }
  progress_.phase = Phase::kEvents;
  auto txn = run_.begin();
  if (!txn) return std::move(txn.error());
  if (auto saved = save(*txn); !saved) return std::move(saved.error());
  return Ending();
}

// The issues whose newest event is worth a request, most urgent first.
std::vector<Issue> Review::events_wanted() {
  std::vector<std::pair<std::int64_t, const Issue*>> ranked;
  for (const Group& one : group(collected_, ledger_)) {
    const Issue& issue = *one.issues.front();
    if (!one.in_scope || one.event != nullptr || issue.status != Status::kUnresolved) continue;
    const Standing* before = one.entry != nullptr ? one.entry->known_before(facts_.run_id) : nullptr;
    const bool back = issue.substatus == "regressed" || (before != nullptr && before->state == State::kResolved);
    const bool escalating = issue.substatus == "escalating";
    const bool fresh = before == nullptr;
    if (!back && !escalating && !fresh && one.entry->fine) continue;
    const std::int64_t rank = back ? 3 : escalating ? 2 : fresh && issue.first_seen >= progress_.start ? 1 : 0;
    ranked.emplace_back(-(rank * 1'000'000'000 + std::min<std::int64_t>(issue.count, 900'000'000)), &issue);
  }
  std::stable_sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->id < b.second->id;
  });
  const std::uint64_t budget = settings_.most_events > progress_.events ? settings_.most_events - progress_.events : 0;
  std::vector<Issue> wanted;
  for (std::size_t i = 0; i < ranked.size() && i < budget; ++i) wanted.push_back(*ranked[i].second);
  return wanted;
}

Result<Review::Ending> Review::read_events() {
  if (progress_.phase != Phase::kEvents) return Ending();
  if (auto done = load(); !done) return std::move(done.error());
  const auto wanted = pages_->windowed() ? events_wanted() : std::vector<Issue>{};
  Payload batch;
  std::size_t answers = 0, failed = 0;
  auto begun = std::chrono::steady_clock::now();
  Result<void> stored;
  std::string why;
  bool cancelled = false;
  const auto flush = [&]() -> Result<void> {
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    if (auto put = put_page(*txn, batch, false); !put) return put;
    for (Issue& issue : batch.issues) collected_.add(std::move(issue), false);
    for (Event& event : batch.events) collected_.add(std::move(event));
    batch = {};
    begun = std::chrono::steady_clock::now();
    return save(*txn);
  };
  pages_->events(wanted, [&](std::size_t, const Asked<Payload>& answer) {
    run_.progress(++answers, 0, "events");
    if (answer.trouble) {
      cancelled = answer.trouble->kind == Trouble::Kind::kCancelled;
      ++failed;
      why = answer.trouble->words;
    }
    ++progress_.events;
    for (const Issue& issue : answer.value.issues) batch.issues.push_back(issue);
    for (const Event& event : answer.value.events) batch.events.push_back(event);
    const bool full = batch.events.size() + batch.issues.size() >= kEventBatch;
    if (full || std::chrono::steady_clock::now() - begun > kBatchTime) stored = flush();
    cancelled = cancelled || run_.cancelled();
    return stored.ok() && !cancelled;
  });
  if (!stored) return std::move(stored.error());
  if (failed > 0 && !cancelled) {
    add_words(progress_.notes,
              std::to_string(failed) + " of " + std::to_string(wanted.size()) + " events could not be read: " + why);
  }
  if (!cancelled) progress_.phase = Phase::kSpeak;
  fix_window();
  if (auto last = flush(); !last) return std::move(last.error());
  return cancelled ? Ending(sdk::Outcome::cancelled()) : Ending();
}

}  // namespace daydream::sentry
