#include "report/identity.hpp"

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "base/ids.hpp"
#include "daydream/kit/hash.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::report {

namespace {

constexpr std::string_view kPrefix = "identity/";

// Length-prefixed, so that no two lists of parts look alike.
std::string hash_of(std::initializer_list<std::string_view> parts) {
  std::string bytes;
  for (std::string_view part : parts) {
    bytes += std::to_string(part.size()) + ":";
    bytes += part;
  }
  return hash::sha256_hex(bytes);
}

// One finding that some night has seen, under the id base it shares with its twins.
struct Known {
  std::string key;  // hash of rule, symbol and context
  std::string step;
  int number = 1;     // 1 has the bare id
  std::string path;   // bytes; where it was last
  std::string since;  // run
  std::string seen;   // date
};

std::string unhex(const std::string& digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(digits.substr(i, 2), nullptr, 16));
  }
  return bytes;
}

std::string to_json(const std::vector<Known>& list) {
  json::Writer writer;
  writer.begin_array();
  for (const Known& known : list) {
    writer.begin_object().field("key", known.key).field("step", known.step).field("number", known.number);
    writer.field("path", hash::hex(known.path)).field("since", known.since).field("seen", known.seen).end_object();
  }
  writer.end_array();
  return writer.take();
}

Result<std::vector<Known>> from_json(const std::string& bytes) {
  json::ParseOptions options;
  options.name = "identities";
  options.positions = false;
  auto parsed = json::Text::parse(bytes, options);
  if (!parsed) return std::move(parsed.error()).as(ErrorKind::kDamaged);
  std::vector<Known> list;
  if (!parsed->root().IsArray()) return Error(ErrorKind::kDamaged, "identities: not a list");
  for (const json::Value& entry : parsed->root().GetArray()) {
    Known known;
    known.key = json::get_string(entry, "key");
    known.step = json::get_string(entry, "step");
    known.number = static_cast<int>(json::get_int(entry, "number", 1));
    known.path = unhex(json::get_string(entry, "path"));
    known.since = json::get_string(entry, "since");
    known.seen = json::get_string(entry, "seen");
    list.push_back(std::move(known));
  }
  return list;
}

// Findings equal in rule, symbol and context, in order of place; and who of them is whom.
class Twins {
 public:
  Twins(std::vector<Finding*> findings, std::string key, std::vector<Known>& known)
      : findings_(std::move(findings)), key_(std::move(key)), known_(known), who_(findings_.size(), nullptr) {
    std::stable_sort(findings_.begin(), findings_.end(), [](const Finding* left, const Finding* right) {
      return std::tie(left->path, left->line, left->column, left->number) <
             std::tie(right->path, right->line, right->column, right->number);
    });
    for (Known& one : known_) {
      if (one.key == key_ && one.step == findings_.front()->step) free_.push_back(&one);
    }
  }

  void pair(const std::function<std::string(const std::string&)>& renamed) {
    pair_where([](const Known& one, const Finding& finding) { return one.path == finding.path; });
    if (free_.empty() || paired_ == findings_.size()) return;
    std::map<std::string, std::string> now;
    for (const Known* one : free_) {
      if (renamed && !one->path.empty()) now.emplace(one->path, renamed(one->path));
    }
    pair_where([&](const Known& one, const Finding& finding) {
      auto found = now.find(one.path);
      return found != now.end() && !found->second.empty() && found->second == finding.path;
    });
    pair_where([](const Known&, const Finding&) { return true; });
  }

  // Ids, and what is new. Returns the findings' entries in order of place.
  std::vector<Known> name(const std::string& base, const std::string& run, const std::string& date, int& next) {
    std::vector<Known> entries;
    for (std::size_t i = 0; i < findings_.size(); ++i) {
      Finding& finding = *findings_[i];
      Known entry = who_[i] != nullptr ? *who_[i] : Known{key_, finding.step, next++, "", run, date};
      entry.path = finding.path;
      entry.seen = date;
      finding.id = entry.number == 1 ? base : base + "-" + std::to_string(entry.number);
      finding.since = entry.since;
      entries.push_back(std::move(entry));
    }
    return entries;
  }

 private:
  template <class Equal>
  void pair_where(Equal equal) {
    for (std::size_t i = 0; i < findings_.size() && !free_.empty(); ++i) {
      if (who_[i] != nullptr) continue;
      auto match =
          std::find_if(free_.begin(), free_.end(), [&](const Known* one) { return equal(*one, *findings_[i]); });
      if (match == free_.end()) continue;
      who_[i] = *match;
      free_.erase(match);
      ++paired_;
    }
  }

  std::vector<Finding*> findings_;
  std::string key_;
  std::vector<Known>& known_;
  std::vector<const Known*> who_;  // per finding
  std::vector<const Known*> free_;
  std::size_t paired_ = 0;
};

struct Group {
  std::string base;
  std::map<std::string, std::vector<Finding*>> by_key;  // usually one; more when eight digits collide
};

// "seen" is for retention alone: a store is not rewritten every night for it.
bool worth_writing(const std::vector<Known>& before, const std::vector<Known>& after) {
  if (before.size() != after.size()) return true;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const Known& old = before[i];
    const Known& now = after[i];
    bool same = old.key == now.key && old.step == now.step && old.number == now.number && old.path == now.path &&
                old.since == now.since;
    if (!same || old.seen.substr(0, 7) != now.seen.substr(0, 7)) return true;
  }
  return false;
}

Result<void> name_group(checkpoint::Store& store, const std::string& run, Group& group,
                        const std::function<std::string(const std::string&)>& renamed,
                        checkpoint::Transaction& transaction) {
  std::string place = std::string(kPrefix) + group.base;
  auto value = store.host_value(place);
  if (!value) return std::move(value.error());
  auto known = *value ? from_json(**value) : Result<std::vector<Known>>(std::vector<Known>{});
  if (!known) return std::move(known.error()).context(place);
  int next = 1;
  for (const Known& one : *known) next = std::max(next, one.number + 1);
  auto id = RunId::parse(run);
  std::string date = id ? id->date : run.substr(0, 10);
  std::vector<Known> after;
  for (auto& [key, findings] : group.by_key) {
    Twins twins(findings, key, *known);
    twins.pair(renamed);
    for (Known& entry : twins.name(group.base, run, date, next)) after.push_back(std::move(entry));
  }
  // What was not seen tonight stays behind what was.
  std::set<int> named;
  for (const Known& entry : after) named.insert(entry.number);
  for (const Known& one : *known) {
    if (named.count(one.number) == 0) after.push_back(one);
  }
  if (worth_writing(*known, after)) transaction.put_host(place, to_json(after));
  return {};
}

}  // namespace

std::string content_fingerprint(const Finding& finding) {
  return hash_of({finding.rule, finding.symbol, finding.context, finding.path}).substr(0, 32);
}

Result<void> assign_ids(checkpoint::Store& store, const std::string& run, std::vector<Finding>& findings,
                        const std::function<std::string(const std::string&)>& renamed,
                        checkpoint::Transaction& transaction) {
  // Also by step: two steps that report the same thing keep an id each, under one count of twins.
  std::map<std::string, Group> groups;
  for (Finding& finding : findings) {
    std::string key = hash_of({finding.rule, finding.symbol, finding.context});
    std::string rule = finding.rule;
    std::replace(rule.begin(), rule.end(), '/', '-');
    std::string base = rule + "-" + key.substr(0, 8);
    Group& group = groups[base];
    group.base = base;
    group.by_key[finding.step + "\n" + key].push_back(&finding);
  }
  for (auto& [base, group] : groups) {
    auto named = name_group(store, run, group, renamed, transaction);
    if (!named) return std::move(named.error()).context("ids of findings");
  }
  return {};
}

Result<void> prune_identities(checkpoint::Store& store, const std::string& date, checkpoint::Transaction& transaction) {
  auto values = store.host_values(std::string(kPrefix));
  if (!values) return std::move(values.error());
  for (const auto& [place, bytes] : *values) {
    auto known = from_json(bytes);
    if (!known) return std::move(known.error()).context(place);
    auto old = std::remove_if(known->begin(), known->end(), [&](const Known& one) { return one.seen < date; });
    if (old == known->end()) continue;
    known->erase(old, known->end());
    known->empty() ? transaction.drop_host(place) : transaction.put_host(place, to_json(*known));
  }
  return {};
}

}  // namespace daydream::report
