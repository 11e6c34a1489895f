// What needs a person, most urgent first.
#include <algorithm>
#include <filesystem>
#include <map>

#include "base/masking.hpp"
#include "daydream/kit/text.hpp"
#include "report/view.hpp"

namespace daydream::report {

namespace {

constexpr std::size_t kMost = 10;
constexpr std::size_t kPlacesNamed = 3;

std::string place_of(const Finding& finding) {
  if (finding.path.empty()) return finding.symbol.empty() ? finding.message : finding.symbol;
  std::string place = text::show_path(finding.path);
  if (finding.line > 0) place += ":" + std::to_string(finding.line);
  return place.find('`') == std::string::npos ? "`" + place + "`" : place;  // code, for every format
}

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

class Collector {
 public:
  Collector(const View& view, const Options& options) : view_(view), options_(options) {}

  std::vector<Attention> collect() {
    steps();
    by_rule(Action::kConflict, "was left: somebody has changed the place",
            "were left: somebody has changed the places");
    by_rule(Action::kRejected, "was refused by verify", "were refused by verify");
    errors();
    night();
    patches();
    bridges();
    if (list_.size() > kMost) {
      std::size_t more = list_.size() - (kMost - 1);
      list_.resize(kMost - 1);
      list_.push_back({count_of(more, "more matter", "more matters") + " in the report as JSON",
                       "daydream report --date " + view_.run.id + " --format json",
                       Severity::kWarning,
                       "",
                       {}});
    }
    return std::move(list_);
  }

 private:
  void steps() {
    for (const StepView& step : view_.steps) {
      bool quarantined = step.status == "quarantined";
      if (step.status != "failed" && !quarantined) continue;
      std::string why = daydream::mask(step.step.message.empty() ? step.step.code : step.step.message);
      list_.push_back({"Step " + step.facts->id + (quarantined ? " is quarantined" : " failed") +
                           (why.empty() ? "" : ": " + text::shorten(why, 300)),
                       quarantined ? "daydream doctor" : "daydream run",
                       Severity::kError,
                       step.facts->id,
                       {}});
    }
  }

  // One matter for each step and rule that has findings with this action.
  void by_rule(Action action, const char* one, const char* many) {
    for (const StepView& step : view_.steps) {
      for (auto& [rule, findings] : grouped(step, [&](const Finding& finding) { return finding.action == action; })) {
        add(step, findings,
            count_of(findings.size(), "change", "changes") + " for " + rule + " " +
                (findings.size() == 1 ? one : many) + ": " + places_of(findings) + note_of(findings),
            "", Severity::kError);
      }
    }
  }

  void errors() {
    for (const StepView& step : view_.steps) {
      const auto open = [](const Finding& finding) {
        return finding.severity == Severity::kError && finding.action == Action::kReported && !finding.would_apply &&
               finding.rule != "expired-bridge";
      };
      for (auto& [rule, findings] : grouped(step, open)) {
        std::string words = findings.size() == 1
                                ? text::shorten(findings.front()->message, 200) + where(*findings.front())
                                : std::to_string(findings.size()) + " x " + rule + ": " + places_of(findings);
        add(step, findings, words, "", Severity::kError);
      }
    }
  }

  void night() {
    if (view_.night_ref.empty() || view_.night_commits.empty()) return;
    constexpr std::string_view kHeads = "refs/heads/";
    std::string branch = view_.night_ref;
    if (branch.starts_with(kHeads)) branch.erase(0, kHeads.size());
    list_.push_back({"Review " + count_of(view_.night_commits.size(), "commit", "commits") + " on branch " + branch +
                         " and merge what is right (deleting the branch declines it)",
                     "git diff HEAD..." + branch + " && git merge " + branch,
                     Severity::kWarning,
                     "",
                     {}});
  }

  void patches() {
    std::size_t ready = 0;
    for (const StepView& step : view_.steps) {
      std::vector<const Finding*> review;
      for (const Finding& finding : step.findings) {
        if (finding.action != Action::kProposed) continue;
        finding.would_apply ? static_cast<void>(++ready) : review.push_back(&finding);
      }
      if (review.empty()) continue;
      char number[16];
      std::snprintf(number, sizeof number, "%02d", step.step.number);
      add(step, review,
          count_of(review.size(), "proposal", "proposals") + " of " + step.facts->id +
              " for a person to decide: " + places_of(review) + note_of(review),
          "git apply " + patch_file(view_, options_, "review-" + std::string(number) + "-" + step.facts->id + ".patch"),
          Severity::kWarning);
    }
    if (ready > 0 && view_.run.mode == Mode::kPatch) {
      list_.push_back({count_of(ready, "safe change lies", "safe changes lie") + " ready as a patch",
                       "git apply " + patch_file(view_, options_, "all.patch"),
                       Severity::kWarning,
                       "",
                       {}});
    }
  }

  void bridges() {
    for (const StepView& step : view_.steps) {
      const auto overdue = [](const Finding& finding) {
        return finding.rule == "expired-bridge" && finding.action == Action::kReported && !finding.would_apply;
      };
      for (auto& [rule, findings] : grouped(step, overdue)) {
        add(step, findings, count_of(findings.size(), "overdue bridge", "overdue bridges") + ": " + places_of(findings),
            "", Severity::kWarning);
      }
    }
  }

  template <class Which>
  static std::map<std::string, std::vector<const Finding*>> grouped(const StepView& step, Which which) {
    std::map<std::string, std::vector<const Finding*>> groups;
    for (const Finding& finding : step.findings) {
      if (which(finding)) groups[finding.rule].push_back(&finding);
    }
    return groups;
  }

  static std::string where(const Finding& finding) {
    return finding.path.empty() ? std::string() : " (" + place_of(finding) + ")";
  }

  // The host's words, when they are the same for all of them.
  static std::string note_of(const std::vector<const Finding*>& findings) {
    const std::string& note = findings.front()->note;
    bool same = std::all_of(findings.begin(), findings.end(), [&](const Finding* one) { return one->note == note; });
    return same && !note.empty() ? " (" + text::shorten(daydream::mask(note), 160) + ")" : std::string();
  }

  void add(const StepView& step, const std::vector<const Finding*>& findings, std::string words, std::string command,
           Severity severity) {
    Attention item{std::move(words), std::move(command), severity, step.facts->id, {}};
    for (const Finding* finding : findings) item.findings.push_back(finding->id);
    list_.push_back(std::move(item));
  }

  const View& view_;
  const Options& options_;
  std::vector<Attention> list_;
};

}  // namespace

std::vector<Attention> what_needs_attention(const View& view, const Options& options) {
  return Collector(view, options).collect();
}

}  // namespace daydream::report
