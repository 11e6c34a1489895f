#include "plugins/sentry_review/source/http.hpp"

#include <algorithm>
#include <deque>
#include <set>

#include "daydream/kit/text.hpp"
#include "plugins/sentry_review/read/time.hpp"
#include "plugins/sentry_review/source/exchange.hpp"
#include "plugins/sentry_review/source/link.hpp"

namespace daydream::sentry {
namespace {

constexpr std::size_t kPageSize = 100;
constexpr std::size_t kAskedSingly = 50;  // issues, where a server cannot be asked for many at once
constexpr Millis kMinute = 60'000;

// A list of the plan. Sentry filters and sorts; GlitchTip knows less and is filtered here.
struct List {
  std::string name, query, sort;
  std::string substatus;  // all of its issues have this one, where the server filters
  bool only_new = false;  // all of them begin in the window
};

std::vector<List> plan_of(Dialect dialect, const Window& window) {
  if (dialect == Dialect::kGlitchtip) {
    return {{"unresolved issues", "is:unresolved", "-last_seen", "", false},
            {"resolved issues", "is:resolved", "-last_seen", "", false}};
  }
  std::string start = format_time(window.start);
  start.pop_back();  // the query's dates have no zone: UTC
  return {{"regressed issues", "is:unresolved is:regressed", "date", "regressed", false},
          {"escalating issues", "is:unresolved is:escalating", "date", "escalating", false},
          {"new issues", "is:unresolved firstSeen:>=" + start, "new", "", true},
          {"all issues", "", "freq", "", false}};
}

// Why a body that came with 200 is of no use.
Trouble unreadable(const Error& error) {
  const bool page = error.message().find("HTML") != std::string::npos;
  return {page ? Trouble::Kind::kRefused : Trouble::Kind::kLater, "the server answered with " + error.message()};
}

class Server : public Pages {
 public:
  Server(const sdk::Run& run, const Settings& settings, const Window& window, Dialect dialect)
      : settings_(settings), window_(window), dialect_(dialect), exchange_(run, settings) {
    if (settings.dialect != Dialect::kAuto) dialect_ = settings.dialect;
  }

  [[nodiscard]] bool windowed() const override { return true; }
  [[nodiscard]] Dialect dialect() const override { return dialect_; }

  [[nodiscard]] std::vector<std::string> lists() const override {
    std::vector<std::string> names;
    for (const List& list : plan_of(dialect_, window_)) names.push_back(list.name);
    return names;
  }

  // One issue tells the servers apart: GlitchTip's have none of the fields that came with Sentry's later versions.
  std::optional<Trouble> prepare() override {
    if (dialect_ != Dialect::kAuto) return std::nullopt;
    auto answer = exchange_.get(issues_path() + "?query=" + percent_encoded("is:unresolved") + "&limit=1");
    if (answer.trouble) return answer.trouble;
    auto payload = read_payload(answer.value.body);
    if (!payload) return unreadable(payload.error());
    const bool glitchtip = !payload->issues.empty() && !payload->names_substatus;
    dialect_ = glitchtip ? Dialect::kGlitchtip : Dialect::kSentry;
    return std::nullopt;
  }

  Asked<Page> page(std::size_t number, const std::string& cursor) override {
    Asked<Page> asked;
    const List list = plan_of(dialect_, window_)[number];
    auto answer = exchange_.get(list_path(list, cursor));
    if (answer.trouble) {
      asked.trouble = std::move(answer.trouble);
      // In the middle of a list it is no longer the question that the server does not know.
      if (!cursor.empty() && asked.trouble->kind == Trouble::Kind::kUnsupported)
        asked.trouble->kind = Trouble::Kind::kRefused;
      return asked;
    }
    auto payload = read_payload(answer.value.body);
    if (!payload || !payload->list) {
      asked.trouble = payload
                          ? Trouble{Trouble::Kind::kRefused, "the server answered with one object in place of a list"}
                          : unreadable(payload.error());
      return asked;
    }
    asked.value.payload = std::move(*payload);
    follow(answer.value.link, asked.value);
    select(list, asked.value);
    return asked;
  }

  void events(const std::vector<Issue>& wanted, const EachEvent& each) override;
  Asked<Payload> refresh(const std::vector<std::string>& ids) override;

 private:
  struct Errand {
    std::size_t wanted = 0;
    std::size_t variant = 0;  // of the event's address; kDetail: the issue itself
  };
  static constexpr std::size_t kDetail = 99;

  [[nodiscard]] std::string organization_path() const {
    return "/organizations/" + percent_encoded(settings_.organization);
  }
  [[nodiscard]] std::string issues_path() const { return organization_path() + "/issues/"; }

  [[nodiscard]] std::string list_path(const List& list, const std::string& cursor) const {
    std::string path = issues_path() + "?query=" + percent_encoded(list.query) + "&sort=" + percent_encoded(list.sort) +
                       "&limit=" + std::to_string(kPageSize);
    for (const std::string& project : settings_.projects) {
      const bool id = std::all_of(project.begin(), project.end(), [](char c) { return c >= '0' && c <= '9'; });
      if (id || dialect_ == Dialect::kSentry) path += "&project=" + percent_encoded(project);
    }
    for (const std::string& environment : settings_.environments)
      path += "&environment=" + percent_encoded(environment);
    // GlitchTip takes start and end for the first sight of an issue: it is not told.
    if (dialect_ == Dialect::kSentry) {
      path +=
          "&start=" + percent_encoded(format_time(window_.start)) + "&end=" + percent_encoded(format_time(window_.end));
    }
    if (!cursor.empty()) path += "&cursor=" + percent_encoded(cursor);
    return path;
  }

  static void follow(const std::string& link, Page& page) {
    const auto next = next_page(link);
    if (next && next->promised && !next->cursor.empty()) {
      page.next = next->cursor;
    } else if (next && next->promised) {
      page.notes.emplace_back("the server promises a next page and does not say where");
    } else if (!next && text::trim(link).size() > 0) {
      page.notes.emplace_back("the server's Link header cannot be read: there may be more pages");
    } else if (!next && page.payload.issues.size() >= kPageSize) {
      page.notes.emplace_back("the server does not say whether there is more than one full page");
    }
    if (page.payload.unreadable > 0) {
      page.notes.push_back(std::to_string(page.payload.unreadable) + " items of an answer could not be read");
    }
  }

  // Leaves out what the server should have left out, and a list whose filter it does not know.
  void select(const List& list, Page& page) const {
    auto& issues = page.payload.issues;
    if (dialect_ == Dialect::kGlitchtip) {
      const auto old = [&](const Issue& issue) { return issue.last_seen != 0 && issue.last_seen < window_.start; };
      page.enough = std::any_of(issues.begin(), issues.end(), old);
      std::erase_if(issues, old);
      std::erase_if(issues, [&](const Issue& issue) {
        const auto& projects = settings_.projects;
        const auto named = [&](const std::string& name) { return name == issue.project || name == issue.project_id; };
        return !projects.empty() && std::none_of(projects.begin(), projects.end(), named);
      });
      return;
    }
    const bool unfiltered = std::any_of(issues.begin(), issues.end(), [&](const Issue& issue) {
      const bool other = !list.substatus.empty() && issue.substatus != list.substatus;
      return other || (list.only_new && issue.first_seen != 0 && issue.first_seen < window_.start - kMinute);
    });
    page.enough = unfiltered;
  }

  // The addresses of an issue's event, the best first; servers know different ones.
  [[nodiscard]] std::vector<std::string> event_paths(const Issue& issue) const {
    const std::string id = percent_encoded(issue.id);
    const std::string organized = issues_path() + id + "/events/";
    if (dialect_ == Dialect::kGlitchtip) return {organized + "latest/", "/issues/" + id + "/events/latest/"};
    return {organized + (issue.substatus == "regressed" ? "latest/" : "recommended/"), organized + "latest/",
            "/issues/" + id + "/events/latest/"};
  }

  const Settings& settings_;
  Window window_;
  Dialect dialect_;
  Exchange exchange_;
  std::size_t variant_ = 0;  // of event_paths that this server knows
};

void Server::events(const std::vector<Issue>& wanted, const EachEvent& each) {
  std::deque<Errand> errands;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    errands.push_back({i, variant_});
    if (wanted[i].substatus == "regressed" && dialect_ == Dialect::kSentry) errands.push_back({i, kDetail});
  }
  std::map<std::uint64_t, Errand> sent;
  const auto next = [&](std::uint64_t n) -> std::string {
    if (errands.empty()) return "";
    const Errand errand = errands.front();
    errands.pop_front();
    sent[n] = errand;
    const Issue& issue = wanted[errand.wanted];
    if (errand.variant == kDetail) return issues_path() + percent_encoded(issue.id) + "/";
    const auto paths = event_paths(issue);
    return paths[std::min(std::max(errand.variant, variant_), paths.size() - 1)];
  };
  exchange_.get_all(next, [&](std::uint64_t n, Asked<Answer> answer) {
    const Errand errand = sent[n];
    sent.erase(n);
    const Issue& issue = wanted[errand.wanted];
    const bool unknown = answer.value.status == 404 || answer.value.status == 400;
    if (unknown && errand.variant != kDetail && errand.variant + 1 < event_paths(issue).size()) {
      errands.push_front({errand.wanted, errand.variant + 1});
      return true;
    }
    Asked<Payload> told;
    told.trouble = answer.trouble;
    if (!told.trouble) {
      auto payload = read_payload(answer.value.body);
      if (!payload) told.trouble = unreadable(payload.error());
      if (payload) told.value = std::move(*payload);
    }
    for (Event& event : told.value.events) event.issue_id = issue.id;
    if (!told.value.events.empty() && errand.variant != kDetail) variant_ = std::max(variant_, errand.variant);
    return each(errand.wanted, told);
  });
}

Asked<Payload> Server::refresh(const std::vector<std::string>& ids) {
  Asked<Payload> told;
  if (dialect_ == Dialect::kSentry) {
    std::string path = issues_path() + "?query=&limit=" + std::to_string(kPageSize);
    for (const std::string& id : ids) path += "&group=" + percent_encoded(id);
    auto answer = exchange_.get(path);
    told.trouble = std::move(answer.trouble);
    if (told.trouble) return told;
    auto payload = read_payload(answer.value.body);
    if (!payload) {
      told.trouble = unreadable(payload.error());
      return told;
    }
    told.value = std::move(*payload);
    const std::set<std::string> asked(ids.begin(), ids.end());
    std::erase_if(told.value.issues, [&](const Issue& issue) { return !asked.contains(issue.id); });
    return told;
  }
  const std::size_t most = std::min(ids.size(), kAskedSingly);
  exchange_.get_all(
      [&](std::uint64_t n) { return n < most ? "/issues/" + percent_encoded(ids[n]) + "/" : std::string(); },
      [&](std::uint64_t, Asked<Answer> answer) {
        auto payload = answer.trouble ? Result<Payload>(Payload{}) : read_payload(answer.value.body);
        if (payload) std::move(payload->issues.begin(), payload->issues.end(), std::back_inserter(told.value.issues));
        const bool stop = answer.trouble && answer.trouble->kind != Trouble::Kind::kRefused;
        if (stop) told.trouble = answer.trouble;
        return !stop;
      });
  return told;
}

}  // namespace

std::unique_ptr<Pages> open_server(const sdk::Run& run, const Settings& settings, const Window& window,
                                   Dialect dialect) {
  return std::make_unique<Server>(run, settings, window, dialect);
}

}  // namespace daydream::sentry
