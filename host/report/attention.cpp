// What needs a person: every matter once, the most urgent first.
#include <algorithm>
#include <bit>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <set>

#include "base/masking.hpp"
#include "daydream/kit/text.hpp"
#include "report/causes.hpp"
#include "report/view.hpp"

namespace daydream::report {

namespace {

constexpr std::size_t kMost = 10;
constexpr std::size_t kPlacesNamed = 3;
constexpr std::size_t kErrorsOfMany = 2;
constexpr std::size_t kToldSingly = 3;  // findings of one rule; more of them are one matter

std::string places_of(const std::vector<const Finding*>& findings) {
  std::vector<std::string> places;
  for (std::size_t i = 0; i < findings.size() && i < kPlacesNamed; ++i) places.push_back(place_of(*findings[i]));
  std::string words = text::join(places, ", ");
  if (findings.size() > kPlacesNamed) words += " and " + std::to_string(findings.size() - kPlacesNamed) + " more";
  return words;
}

std::string count_of(std::size_t number, const char* one, const char* many) {
  return std::to_string(number) + " " + (number == 1 ? one : many);
}

// A word for the shell, quoted where it must be.
std::string shell_word(const std::string& word) {
  bool plain = !word.empty() && word.find_first_not_of(
                                    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                    "_-./:@%+=,") == std::string::npos;
  if (plain) return word;
  std::string quoted = "'";
  for (char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string patch_file(const View& view, const Options& options, const std::string& name) {
  Path state =
      options.state_directory.empty() ? Path(options.repository) / "logs" / "daydream" : Path(options.state_directory);
  Path file = state / "patches" / view.run.id / name;
  Path relative = options.repository.empty() ? Path() : file.lexically_relative(options.repository);
  bool inside = !relative.empty() && *relative.begin() != "..";
  return shell_word(text::show_path(inside ? relative.native() : file.native()));
}

// Of a date or a run's id, which begins with one.
std::optional<std::chrono::sys_days> day_of(const std::string& date) {
  int year = 0;
  unsigned month = 0, day = 0;
  const char* text = date.data();
  if (date.size() < 10 || std::from_chars(text, text + 4, year).ec != std::errc() ||
      std::from_chars(text + 5, text + 7, month).ec != std::errc() ||
      std::from_chars(text + 8, text + 10, day).ec != std::errc())
    return std::nullopt;
  const std::chrono::year_month_day parsed{std::chrono::year(year), std::chrono::month(month), std::chrono::day(day)};
  return parsed.ok() ? std::optional<std::chrono::sys_days>(parsed) : std::nullopt;
}

// Points: severity before all else, then what several steps agree on, how many places, how long it stands.
constexpr int kStepFailed = 1000;
constexpr int kOfSeverity = 200;
constexpr int kUndone = 60;  // a change that somebody waits for was not made
constexpr int kAgreed = 30;  // for each further step that points at the same code
constexpr int kNewTonight = 10;
constexpr int kMostAge = 20;    // one a day
constexpr int kMostReach = 40;  // ten for each doubling of the places

class Collector {
 public:
  Collector(const View& view, const Options& options) : view_(view), options_(options) {}

  std::vector<Attention> collect() {
    steps();
    causes();
    undone(Action::kConflict, "could not be made", "could not be made");  // the note says why
    undone(Action::kRejected, "was refused by verify", "were refused by verify");
    reported();
    night();
    patches();
    std::stable_sort(list_.begin(), list_.end(),
                     [](const Matter& left, const Matter& right) { return left.points > right.points; });
    std::vector<Attention> result;
    const std::size_t told = list_.size() > kMost ? kMost - 1 : list_.size();
    for (std::size_t i = 0; i < told; ++i) result.push_back(std::move(list_[i].item));
    if (list_.size() > told) {
      result.push_back({count_of(list_.size() - told, "more matter", "more matters") + " in the report as JSON",
                        "daydream report --date " + view_.run.id + " --format json",
                        Severity::kWarning,
                        "",
                        {}});
    }
    return result;
  }

 private:
  struct Matter {
    Attention item;
    int points = 0;
  };
  using Findings = std::vector<const Finding*>;

  void steps() {
    for (const StepView& step : view_.steps) {
      bool quarantined = step.status == "quarantined";
      if (step.status != "failed" && !quarantined) continue;
      std::string why = daydream::mask(step.step.message.empty() ? step.step.code : step.step.message);
      list_.push_back({{"Step " + step.facts->id + (quarantined ? " is quarantined" : " failed") +
                            (why.empty() ? "" : ": " + text::shorten(why, 300)),
                        quarantined ? "daydream doctor" : "daydream run",
                        Severity::kError,
                        step.facts->id,
                        {}},
                       kStepFailed});
    }
  }

  // What several steps say of the same code is one matter.
  void causes() {
    for (const Cause& cause : shared_causes(view_)) {
      Findings findings;
      std::vector<std::string> parts;
      for (const auto& [step, finding] : cause.parts) {
        findings.push_back(finding);
        if (finding->action != Action::kProposed) told_.insert(finding);  // a patch keeps its command
        if (parts.size() < kPlacesNamed) parts.push_back(text::shorten(finding->message, 160) + " (" + step + ")");
      }
      std::string words = place_of(*cause.parts.front().second) + ": " + text::join(parts, "; ");
      if (findings.size() > parts.size()) words += "; and " + std::to_string(findings.size() - parts.size()) + " more";
      add(cause.parts.front().first, findings, words, "", kAgreed * static_cast<int>(cause.steps - 1));
    }
  }

  // One matter for each step and rule whose changes were not made.
  void undone(Action action, const char* one, const char* many) {
    for (const StepView& step : view_.steps) {
      for (auto& [rule, findings] : grouped(step, [&](const Finding& finding) { return finding.action == action; })) {
        add(step.facts->id, findings,
            count_of(findings.size(), "change", "changes") + " for " + rule + " " +
                (findings.size() == 1 ? one : many) + ": " + places_of(findings) + note_of(findings),
            "", kUndone);
      }
    }
  }

  // What was found and has no change: singly while they are few, else as one matter of their rule.
  void reported() {
    for (const StepView& step : view_.steps) {
      for (auto& [rule, findings] : grouped(step, &needs_a_person)) {
        std::stable_sort(findings.begin(), findings.end(),
                         [](const Finding* left, const Finding* right) { return left->severity > right->severity; });
        // Of many errors the first ones have their own lines: what they say is what a person acts on.
        const bool many = findings.size() > kToldSingly;
        std::size_t singly = many ? 0 : findings.size();
        while (many && singly < kErrorsOfMany && findings[singly]->severity == Severity::kError) ++singly;
        for (std::size_t i = 0; i < singly; ++i) {
          add(step.facts->id, {findings[i]}, text::shorten(findings[i]->message, 200) + where(*findings[i]), "", 0);
        }
        const Findings rest(findings.begin() + static_cast<std::ptrdiff_t>(singly), findings.end());
        if (rest.empty()) continue;
        add(step.facts->id, rest,
            std::to_string(rest.size()) + (singly > 0 ? " more x " : " x ") + rule + ": " + places_of(rest), "",
            singly > 0 ? -(kMostReach + kNewTonight) : 0);
      }
    }
  }

  void night() {
    if (view_.night_ref.empty() || view_.night_commits.empty()) return;
    constexpr std::string_view kHeads = "refs/heads/";
    std::string branch = view_.night_ref;
    if (branch.starts_with(kHeads)) branch.erase(0, kHeads.size());
    list_.push_back({{"Review " + count_of(view_.night_commits.size(), "commit", "commits") + " on branch " + branch +
                          " and merge what is right (deleting the branch declines it)",
                      "git diff HEAD..." + branch + " && git merge " + branch,
                      Severity::kWarning,
                      "",
                      {}},
                     points_of(Severity::kWarning, {}) + kUndone});
  }

  void patches() {
    std::size_t ready = 0;
    for (const StepView& step : view_.steps) {
      Findings review;
      for (const Finding& finding : step.findings) {
        if (finding.action != Action::kProposed) continue;
        finding.would_apply ? static_cast<void>(++ready) : review.push_back(&finding);
      }
      if (review.empty()) continue;
      char number[16];
      std::snprintf(number, sizeof number, "%02d", step.step.number);
      add(step.facts->id, review,
          count_of(review.size(), "proposal", "proposals") + " of " + step.facts->id +
              " for a person to decide: " + places_of(review) + note_of(review),
          "git apply " + patch_file(view_, options_, "review-" + std::string(number) + "-" + step.facts->id + ".patch"),
          0);
    }
    if (ready > 0 && view_.run.mode == Mode::kPatch) {
      list_.push_back({{count_of(ready, "safe change lies", "safe changes lie") + " ready as a patch",
                        "git apply " + patch_file(view_, options_, "all.patch"),
                        Severity::kWarning,
                        "",
                        {}},
                       points_of(Severity::kWarning, {}) + kUndone});
    }
  }

  template <class Which>
  std::map<std::string, Findings> grouped(const StepView& step, Which which) const {
    std::map<std::string, Findings> groups;
    for (const Finding& finding : step.findings) {
      if (which(finding) && !told_.contains(&finding)) groups[finding.rule].push_back(&finding);
    }
    return groups;
  }

  static std::string where(const Finding& finding) {
    return finding.path.empty() ? std::string() : " (" + place_of(finding) + ")";
  }

  // The host's words, when they are the same for all of them.
  static std::string note_of(const Findings& findings) {
    const std::string& note = findings.front()->note;
    bool same = std::all_of(findings.begin(), findings.end(), [&](const Finding* one) { return one->note == note; });
    return same && !note.empty() ? " (" + text::shorten(daydream::mask(note), 160) + ")" : std::string();
  }

  [[nodiscard]] int age_of(const Finding& finding) const {
    if (finding.since.empty() || finding.since == view_.run.id) return kNewTonight;
    const auto first = day_of(finding.since);
    const auto now = day_of(view_.run.date);
    return first && now ? std::clamp(static_cast<int>((*now - *first).count()), 0, kMostAge) : 0;
  }

  [[nodiscard]] int points_of(Severity severity, const Findings& findings) const {
    int oldest = 0;
    for (const Finding* finding : findings) oldest = std::max(oldest, age_of(*finding));
    const int reach = findings.empty() ? 0 : 10 * (static_cast<int>(std::bit_width(findings.size())) - 1);
    return kOfSeverity * static_cast<int>(severity) + oldest + std::min(reach, kMostReach);
  }

  void add(const std::string& step, const Findings& findings, std::string words, std::string command, int more) {
    Severity severity = Severity::kInfo;
    for (const Finding* finding : findings) severity = std::max(severity, finding->severity);
    // What was wanted and not done is never a mere note.
    if (more >= kUndone || !command.empty()) severity = std::max(severity, Severity::kWarning);
    Attention item{std::move(words), std::move(command), severity, step, {}};
    for (const Finding* finding : findings) item.findings.push_back(finding->id);
    list_.push_back({std::move(item), points_of(severity, findings) + more});
  }

  const View& view_;
  const Options& options_;
  std::vector<Matter> list_;
  std::set<const Finding*> told_;
};

}  // namespace

std::vector<Attention> what_needs_attention(const View& view, const Options& options) {
  return Collector(view, options).collect();
}

}  // namespace daydream::report
