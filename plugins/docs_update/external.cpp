#include "plugins/docs_update/external.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "daydream/kit/hash.hpp"
#include "daydream/kit/text.hpp"
#include "plugins/docs_update/url.hpp"

namespace daydream::docs {
namespace {

constexpr std::int64_t kHour = 3600000, kDay = 24 * kHour;
constexpr int kRunsUntilBroken = 3;
constexpr std::int64_t kTimeUntilBroken = 72 * kHour;
constexpr std::size_t kUnderWay = 32;
constexpr std::string_view kPrefix = "x/";

std::string key_of(std::string_view url) {
  return std::string(kPrefix) + hash::sha256_hex(url).substr(0, 32);
}

std::int64_t number(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string request_json(const std::string& url, bool head, std::chrono::milliseconds timeout) {
  json::Writer out;
  out.begin_object().field("method", head ? "HEAD" : "GET").field("url", url);
  out.field("timeout_ms", static_cast<std::int64_t>(timeout.count())).field("max_bytes", std::int64_t{1} << 20);
  out.field("attempts", 1).field("rate_per_second", 1).field("concurrency", 1);
  if (!head) {
    out.key("headers").begin_object().field("Range", "bytes=0-0").end_object();
  }
  out.end_object();
  return out.take();
}

}  // namespace

std::string Ledger::encode() const {
  std::string out(1, static_cast<char>(verdict));
  for (const std::int64_t value : {std::int64_t{status}, std::int64_t{runs_gone}, first_gone_ms, checked_ms, next_ms}) {
    out += ' ' + std::to_string(value);
  }
  return out + ' ' + run;
}

Ledger Ledger::decode(std::string_view bytes) {
  Ledger ledger;
  const auto parts = text::split(bytes, ' ');
  if (parts.size() != 7 || parts[0].size() != 1 ||
      std::string_view("ogblu?").find(parts[0][0]) == std::string_view::npos) {
    return ledger;
  }
  ledger.verdict = static_cast<Verdict>(parts[0][0]);
  ledger.status = static_cast<int>(number(parts[1]));
  ledger.runs_gone = static_cast<int>(number(parts[2]));
  ledger.first_gone_ms = number(parts[3]);
  ledger.checked_ms = number(parts[4]);
  ledger.next_ms = number(parts[5]);
  ledger.run = parts[6];
  return ledger;
}

bool Ledger::broken() const {
  return verdict == Verdict::kGone && runs_gone >= kRunsUntilBroken && checked_ms - first_gone_ms >= kTimeUntilBroken;
}

Answer read_answer(std::string_view response_json) {
  Answer answer;
  json::ParseOptions options;
  options.name = "response";
  options.positions = false;
  auto parsed = json::Text::parse(response_json, options);
  if (!parsed || !parsed->root().IsObject()) return answer;
  const json::Value& root = parsed->root();
  if (const std::string error = json::get_string(root, "error"); !error.empty()) {
    answer.no_name = error == "resolve";
    const bool network =
        error == "connect" || error == "tls" || error == "timeout" || error == "protocol" || error == "redirects";
    answer.verdict = answer.no_name ? Verdict::kGone : network ? Verdict::kUnreachable : Verdict::kUnknown;
    // More than was asked for: it is there.
    if (error == "too_large") answer.verdict = Verdict::kOk;
    return answer;
  }
  answer.status = static_cast<int>(json::get_int(root, "status"));
  const json::Value* headers = json::find(root, "headers");
  std::string wait, remaining;
  if (headers != nullptr && headers->IsObject()) {
    wait = json::get_string(*headers, "retry-after");
    for (const char* name : {"x-ratelimit-remaining", "ratelimit-remaining"}) {
      if (remaining.empty()) remaining = json::get_string(*headers, name);
    }
  }
  if (!wait.empty()) answer.retry_after_ms = std::clamp<std::int64_t>(number(wait) * 1000, kHour, 30 * kDay);
  const int status = answer.status;
  if (status >= 200 && status < 300) {
    answer.verdict = Verdict::kOk;
  } else if (status == 416) {  // no such range, so a page
    answer.verdict = Verdict::kOk;
  } else if (status == 404 || status == 410) {
    answer.verdict = Verdict::kGone;
  } else if (status == 429 || (status == 403 && (!wait.empty() || remaining == "0"))) {
    answer.verdict = Verdict::kLimited;
  } else if (status == 401 || status == 403 || status == 407 || status == 451 || status == 999) {
    answer.verdict = Verdict::kBlocked;
  } else if (status >= 500) {
    answer.verdict = Verdict::kUnreachable;
  }
  return answer;
}

Ledger advance(Ledger ledger, const Answer& answer, std::int64_t now_ms, const std::string& run, std::uint64_t spread) {
  const bool gone = answer.verdict == Verdict::kGone;
  if (gone && ledger.run != run) {
    if (ledger.runs_gone == 0) ledger.first_gone_ms = now_ms;
    ++ledger.runs_gone;
  }
  // Nothing was learnt where the server was not heard: what is known of it stays.
  if (answer.verdict == Verdict::kOk || answer.verdict == Verdict::kBlocked) ledger.runs_gone = 0;
  ledger.verdict = answer.verdict;
  ledger.status = answer.status;
  ledger.checked_ms = now_ms;
  ledger.run = run;
  std::int64_t wait = kDay - kHour;  // the next night, also where it comes a little early
  if (answer.verdict == Verdict::kOk) wait = 6 * kDay + static_cast<std::int64_t>(spread % 48) * kHour;
  if (answer.verdict == Verdict::kBlocked) wait = 30 * kDay;
  if (answer.verdict == Verdict::kLimited) wait = std::max(answer.retry_after_ms, wait);
  ledger.next_ms = now_ms + wait;
  return ledger;
}

bool ask_again_with_get(const Answer& answer) {
  return answer.status >= 400 && answer.verdict != Verdict::kLimited;
}

namespace {

struct Asked {
  std::string url;
  Ledger ledger;
  std::vector<std::pair<const Page*, const Link*>> places;
};

class ExternalLinks {
 public:
  ExternalLinks(const sdk::Run& run, Survey& survey, Findings& findings)
      : run_(run), http_(run.http()), survey_(survey), findings_(findings) {}

  Result<void> check() {
    auto facts = run_.facts();
    if (!facts) return std::move(facts.error());
    now_ms_ = facts->now_ms;
    run_id_ = facts->run_id;
    collect();
    if (auto recalled = recall(); !recalled) return recalled;
    if (auto asked = ask(); !asked) return asked;
    for (auto& each : links_) {
      if (each.ledger.checked_ms == now_ms_) ++survey_.figures().links;
      if (each.ledger.broken()) say(each);
    }
    return {};
  }

 private:
  void collect() {
    std::map<std::string, std::vector<std::pair<const Page*, const Link*>>> places;
    for (const auto& [path, page] : survey_.pages()) {
      if (page.templated) continue;
      for (const Link& link : page.links) {
        if (!external(link.target) || placeholder(link.target)) continue;
        const std::string url = link.target.substr(0, link.target.find('#'));
        if (!skipped(url)) places[url].emplace_back(&page, &link);
      }
    }
    for (auto& [url, where] : places) links_.push_back({url, {}, std::move(where)});
  }

  // Never asked: what the options name, examples, this machine, and addresses that carry a name or a word of
  // somebody.
  [[nodiscard]] bool skipped(const std::string& url) const {
    const auto begin = url.find("://") + 3;
    const std::string host = text::to_lower_ascii(url.substr(begin, url.find_first_of("/?", begin) - begin));
    if (host.find('@') != std::string::npos || host.find('.') == std::string::npos || url.size() > 2000) return true;
    for (const std::string_view end : {"example.com", "example.org", "example.net", ".example", ".test", ".invalid",
                                       ".local", ".localhost", ".internal"}) {
      if (host.ends_with(end)) return true;
    }
    if (host.starts_with("127.") || host.starts_with("10.") || host.starts_with("192.168.") || text::mask(url) != url)
      return true;
    const auto& skip = survey_.settings().external.skip;
    return std::any_of(skip.begin(), skip.end(),
                       [&](const std::string& glob) { return text::glob_match_itself(glob, url); });
  }

  Result<void> recall() {
    std::map<std::string, std::string> known;
    auto scanned = run_.state().scan_memory(kPrefix, [&](std::string_view key, std::string_view value) -> Result<void> {
      known.emplace(key, value);
      return {};
    });
    if (!scanned) return scanned;
    for (Asked& each : links_) {
      const auto found = known.find(key_of(each.url));
      if (found == known.end()) continue;
      each.ledger = Ledger::decode(found->second);
      known.erase(found);
    }
    if (known.empty()) return {};
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    for (const auto& [key, value] : known) txn->drop_memory(key);
    return txn->commit();
  }

  Result<void> ask() {
    std::vector<std::size_t> due;
    for (std::size_t i = 0; i < links_.size(); ++i) {
      if (links_[i].ledger.next_ms <= now_ms_) due.push_back(i);
    }
    std::stable_sort(due.begin(), due.end(),
                     [&](std::size_t a, std::size_t b) { return links_[a].ledger.next_ms < links_[b].ledger.next_ms; });
    const auto most = static_cast<std::size_t>(survey_.settings().external.most);
    if (due.size() > most) due.resize(most);
    std::size_t next = 0, done = 0, under_way = 0;
    while (done < due.size()) {
      if (run_.cancelled()) return Error(ErrorKind::kCancelled, "asked to stop");
      while (next < due.size() && under_way < kUnderWay) {
        if (auto sent = send(due[next], true); !sent) return sent;
        ++next;
        ++under_way;
      }
      run_.progress(done, due.size(), "external links");
      auto response = http_.poll(std::chrono::milliseconds(500));
      if (!response && response.error().kind() == ErrorKind::kNotFound) continue;
      if (!response) return std::move(response.error());
      auto settled = take(*response);
      if (!settled) return std::move(settled.error());
      if (!*settled) continue;
      ++done;
      --under_way;
    }
    return settle_names();
  }

  Result<void> send(std::size_t index, bool head) {
    return http_.submit(index * 2 + (head ? 0 : 1),
                        request_json(links_[index].url, head, survey_.settings().external.timeout), "");
  }

  // True where the link has its answer.
  Result<bool> take(const sdk::Http::Response& response) {
    const std::size_t index = response.ticket / 2;
    if (index >= links_.size()) return Error(ErrorKind::kInternal, "an answer to no question");
    const Answer answer = read_answer(response.json);
    if (response.ticket % 2 == 0 && ask_again_with_get(answer)) {
      if (auto sent = send(index, false); !sent) return std::move(sent.error());
      return false;
    }
    if (answer.no_name) {  // which may be our own network: kept until another name was found
      nameless_.push_back(index);
      return true;
    }
    if (answer.status > 0) heard_ = true;
    if (auto kept = keep(index, answer); !kept) return std::move(kept.error());
    return true;
  }

  Result<void> keep(std::size_t index, const Answer& answer) {
    Asked& each = links_[index];
    each.ledger = advance(each.ledger, answer, now_ms_, run_id_, index);
    auto txn = run_.begin();
    if (!txn) return std::move(txn.error());
    txn->put_memory(key_of(each.url), each.ledger.encode());
    return txn->commit();
  }

  Result<void> settle_names() {
    for (const std::size_t index : nameless_) {
      Answer answer;
      answer.verdict = heard_ ? Verdict::kGone : Verdict::kUnreachable;
      if (auto kept = keep(index, answer); !kept) return kept;
    }
    return {};
  }

  void say(const Asked& each) {
    for (const auto& [page, link] : each.places) {
      Finding finding;
      finding.rule = "broken-link";
      finding.severity = Survey::chronicle(page->path) ? sdk::Severity::kInfo : sdk::Severity::kWarning;
      finding.line = link->line;
      finding.column = link->column;
      finding.symbol = text::shorten(text::to_utf8(link->target), 300);
      finding.message =
          "the link " + text::markdown_code(text::shorten(text::to_utf8(link->target), 200)) +
          (each.ledger.status == 0 ? " names a host that does not exist" : " leads to a page that is gone");
      finding.evidence =
          (each.ledger.status == 0 ? std::string("no address") : "status " + std::to_string(each.ledger.status)) +
          " in " + std::to_string(each.ledger.runs_gone) + " runs over " +
          std::to_string((each.ledger.checked_ms - each.ledger.first_gone_ms) / kDay) + " days";
      findings_[page->path].push_back(std::move(finding));
    }
  }

  const sdk::Run& run_;
  sdk::Http http_;
  Survey& survey_;
  Findings& findings_;
  std::vector<Asked> links_;
  std::vector<std::size_t> nameless_;
  bool heard_ = false;
  std::int64_t now_ms_ = 0;
  std::string run_id_;
};

}  // namespace

Result<void> check_external(const sdk::Run& run, Survey& survey, Findings& findings) {
  if (!survey.settings().external.enabled) return {};
  return ExternalLinks(run, survey, findings).check();
}

}  // namespace daydream::docs
