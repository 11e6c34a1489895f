// The night in its phases, each resumable from the checkpoint. [run thread]
#pragma once

#include <memory>
#include <optional>
#include <set>

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/findings.hpp"
#include "plugins/sentry_review/progress.hpp"
#include "plugins/sentry_review/source/pages.hpp"
#include "plugins/sentry_review/stored.hpp"

namespace daydream::sentry {

class Review {
 public:
  Review(sdk::Run& run, const Settings& settings, Suggestions suggestions)
      : run_(run), settings_(settings), suggestions_(std::move(suggestions)) {}
  Result<sdk::Outcome> run();

 private:
  // Nothing: go on. Else how the step ends.
  using Ending = std::optional<sdk::Outcome>;

  // review.cpp
  Result<void> begin();
  Result<Ending> open_source();
  Result<Ending> read_lists();
  Result<Ending> after_trouble(const Trouble& trouble, const std::string& list);
  Result<void> take_page(const Page& page, const std::string& list);
  void next_list();
  Result<Ending> refresh_absent();
  Result<Ending> read_events();
  std::vector<Issue> events_wanted();
  void note(std::string words);
  Result<void> put_page(sdk::Transaction& txn, const Payload& payload, bool in_scope);
  Result<void> save(sdk::Transaction& txn);

  // speak.cpp
  Result<void> load();
  Result<void> load_page(std::string_view bytes);
  Result<Ending> speak();
  void fix_window();
  // What a judgement is made with.
  struct Bench {
    Releases& releases;
    Locator locator;
  };
  // A group, or an entry that nothing tonight speaks of.
  struct Turn {
    Urgency urgency;
    std::string key;
    const Group* group = nullptr;
    const Entry* absent = nullptr;
  };
  Tree list_tree();
  Result<std::vector<Turn>> order(const std::vector<Group>& groups, const Bench& bench);
  Result<Spoken> speak_of(const Group& group, const Bench& bench, bool placed);
  void say(const Spoken& spoken, sdk::Transaction& txn);
  Result<void> say_last();
  [[nodiscard]] Night night() const;
  [[nodiscard]] bool spoken_of(const Entry& entry) const;
  Result<std::optional<Event>> kept_event(const std::string& key);

  sdk::Run& run_;
  const Settings& settings_;
  Suggestions suggestions_;
  sdk::Facts facts_;
  Keys keys_;
  Progress progress_;
  bool loaded_ = false;
  int empty_pages_ = 0;  // in a row
  std::unique_ptr<Pages> pages_;
  Collected collected_;
  Ledger ledger_;
  std::vector<Release> releases_;
};

}  // namespace daydream::sentry
