// The line of each step, and the words that explain it. The one place of the host that knows steps by name: it writes
// a manifest for the pipeline we ship, and a step it does not know gets its plain line (decision 0006).
#include <algorithm>
#include <map>

#include "daydream/kit/text.hpp"
#include "init/write.hpp"

namespace daydream::init {
namespace {

struct Line {
  std::vector<std::string> comments;
  std::vector<std::pair<std::string, std::string>> more;  // key, JSON
};

using Describe = void (*)(const Facts&, Line&, Choice&);

void legacy_cleanup(const Facts& facts, Line&, Choice& choice) {
  constexpr std::string_view kKnown[] = {"Python", "JavaScript", "TypeScript", "C/C++"};
  std::vector<std::string> known;
  for (const Language& language : facts.languages) {
    if (std::find(std::begin(kKnown), std::end(kKnown), language.name) != std::end(kKnown))
      known.push_back(language.name);
  }
  choice.words = {known.empty() ? "build artefacts only: it reads no language that is here"
                                : "reads " + some_of(known)};
}

// What the owner may want beside the defaults, ready to be switched on.
void offer_logs(const Logs& logs, Line& line) {
  if (!logs.elsewhere.empty()) {
    line.comments.push_back("Logs outside the repository, named by " + logs.elsewhere_why +
                            "; to read them add here: \"paths\": " + json_strings(logs.elsewhere));
  }
  if (!logs.units.empty()) {
    std::vector<std::string> words{"journalctl", "-o", "export", "--since", "-25h"};
    for (const std::string& unit : logs.units) words.insert(words.end(), {"-u", unit});
    line.comments.push_back("The journal of " + logs.units_why + ": add above");
    line.comments.push_back("  \"inputs\": {\"journal\": {\"command\": " + json_strings(words) + "}},");
    line.comments.emplace_back("and here \"config\": {\"inputs\": [\"journal\"]}");
  } else if (!logs.compose.empty()) {
    line.comments.push_back("The containers of " + logs.compose + ": add above");
    line.comments.emplace_back(
        R"(  "inputs": {"containers": {"command": ["docker", "compose", "logs", "--no-color", "--timestamps", "--since", "25h"]}},)");
    line.comments.emplace_back("and here \"config\": {\"inputs\": [\"containers\"]}");
  }
}

void log_review(const Facts& facts, Line& line, Choice& choice) {
  const Logs& logs = facts.logs;
  if (logs.here.empty()) {
    choice.words = {"no logs are in the repository (logs/, log/, *.log): it is skipped until there are"};
    line.comments.emplace_back("No logs in the repository yet (logs/, log/, *.log).");
  } else {
    choice.words = {"reads " + some_of(logs.here)};
    line.comments.push_back("Finds " + some_of(logs.here) + ".");
  }
  if (!logs.elsewhere.empty())
    choice.words.push_back("left to you: " + some_of(logs.elsewhere) + ", named by " + logs.elsewhere_why);
  if (!logs.units.empty())
    choice.words.push_back("left to you: the journal of " + some_of(logs.units) + ", by " + logs.units_why);
  if (logs.units.empty() && !logs.compose.empty())
    choice.words.push_back("left to you: the containers of " + logs.compose);
  offer_logs(logs, line);
}

std::string sentry_config(const Sentry& sentry) {
  std::string config = "{";
  if (!sentry.url.empty() && sentry.url != "https://sentry.io" && sentry.url != "https://sentry.io/")
    config += "\"url\": " + json_string(sentry.url) + ", ";
  config += "\"organization\": " + json_string(sentry.organization.empty() ? "your-organisation" : sentry.organization);
  if (!sentry.projects.empty()) config += ", \"projects\": " + json_strings(sentry.projects);
  return config + "}";
}

std::string host_of(const std::string& url) {
  const std::size_t start = url.find("://");
  if (start == std::string::npos) return "sentry.io";
  const std::string rest = url.substr(start + 3);
  return rest.substr(0, rest.find_first_of("/:?#"));
}

// The members that would allow the step to speak to its server.
std::string secrets_member(const std::string& host) {
  return R"("secrets": {"SENTRY_AUTH_TOKEN": {"env": "SENTRY_AUTH_TOKEN", "hosts": )" + json_strings({host}) + "}}";
}

bool is_ready(const Sentry& sentry) {
  return !sentry.organization.empty() && is_public_sentry(sentry.url);
}

void offer_sentry(const Sentry& sentry, Line& line) {
  const std::string host = host_of(sentry.url);
  line.comments.emplace_back("To use it, add above");
  line.comments.push_back("  " + secrets_member(host) + ",");
  line.comments.push_back(R"(  "hosts": {"sentry_review": )" + json_strings({host}) + "},");
  line.comments.push_back("and here \"secrets\": [\"SENTRY_AUTH_TOKEN\"], \"config\": " + sentry_config(sentry));
}

void sentry_review(const Facts& facts, Line& line, Choice& choice) {
  const Sentry& sentry = facts.sentry;
  if (is_ready(sentry)) {
    choice.words = {"organisation " + sentry.organization + ", by " + sentry.configured,
                    "the token is read from SENTRY_AUTH_TOKEN when a night runs; without it the step is skipped"};
    line.comments.push_back("By " + sentry.configured +
                            ". Without SENTRY_AUTH_TOKEN in the environment it is skipped.");
    line.more = {{"secrets", "[\"SENTRY_AUTH_TOKEN\"]"}, {"config", sentry_config(sentry)}};
  } else if (!sentry.organization.empty()) {
    choice.words = {"left to you: a token for " + text::show_path(host_of(sentry.url)) + ", a server of its own, by " +
                    sentry.configured};
    line.comments.push_back("A server of its own, by " + sentry.configured +
                            ": say yourself that it may have your token.");
    offer_sentry(sentry, line);
  } else if (!sentry.used.empty()) {
    choice.words = {"left to you: Sentry is used (" + sentry.used + "), but no file names the organisation"};
    line.comments.push_back("Sentry is used (" + sentry.used + "), but no file names the organisation.");
    offer_sentry(sentry, line);
  } else {
    choice.words = {"nothing of Sentry here: it is skipped"};
    line.comments.emplace_back("Nothing of Sentry here: skipped until it is configured.");
  }
  if (!sentry.token_place.empty())
    choice.words.push_back("beware: " + sentry.token_place + " holds a token and is tracked by git; revoke it");
}

void task_cleanup(const Facts& facts, Line& line, Choice& choice) {
  const Tasks& tasks = facts.tasks;
  choice.words = {tasks.lists.empty()
                      ? "no task lists (TODO*, PLAN*, ROADMAP*, docs/plans, todo.txt): TODO comments only"
                      : "task lists " + some_of(tasks.lists) + ", and TODO comments"};
  if (!tasks.lists.empty()) line.comments.push_back("Task lists: " + some_of(tasks.lists) + ".");
  if (tasks.others.empty()) return;
  choice.words.push_back("added to its lists, as they hold boxes: " + some_of(tasks.others));
  line.comments.push_back("\"lists\" takes the place of the names it looks for by itself, for the sake of " +
                          some_of(tasks.others) + ".");
  std::vector<std::string> globs;
  for (const auto* paths : {&tasks.lists, &tasks.others}) {
    for (const std::string& path : *paths) {
      if (text::valid_utf8(path) && path.find_first_of("*?[\\") == std::string::npos) globs.push_back(path);
    }
  }
  line.more.emplace_back("config", "{\"lists\": " + json_strings(globs) + "}");
}

void docs_update(const Facts& facts, Line& line, Choice& choice) {
  const Documentation& found = facts.documentation;
  choice.words = {found.pages == 0 ? "no pages of documentation: it is skipped until there are"
                                   : std::to_string(found.pages) + " pages"};
  std::vector<std::string> beside;
  if (!found.generator.empty()) beside.push_back(found.generator);
  beside.insert(beside.end(), found.api.begin(), found.api.end());
  beside.insert(beside.end(), found.examples.begin(), found.examples.end());
  if (!beside.empty()) choice.words.front() += ", and " + some_of(beside);
  line.comments.emplace_back(
      "Links to the web are not asked unless you add \"config\": {\"external\": {\"enabled\": true}},");
  line.comments.emplace_back("and above \"hosts\": {\"docs_update\": [\"*\"]}");
}

Describe describer(const std::string& plugin) {
  static const std::map<std::string, Describe> describers{{"legacy_cleanup", legacy_cleanup},
                                                          {"log_review", log_review},
                                                          {"sentry_review", sentry_review},
                                                          {"task_cleanup", task_cleanup},
                                                          {"docs_update", docs_update}};
  const auto found = describers.find(plugin);
  return found == describers.end() ? nullptr : found->second;
}

}  // namespace

Piece step_piece(const Facts& facts, const manifest::Step& step, Choice& choice) {
  Line line;
  if (const Describe describe = describer(step.plugin)) describe(facts, line, choice);
  std::string member = "{\"id\": " + json_string(step.id) + ", \"plugin\": " + json_string(step.plugin);
  if (step.on_failure == manifest::OnFailure::kContinue) member += R"(, "on_failure": "continue")";
  for (const auto& [key, json] : line.more) member.append(", \"").append(key).append("\": ").append(json);
  return {line.comments, member + "}"};
}

std::vector<Piece> sentry_pieces(const Facts& facts) {
  if (!is_ready(facts.sentry)) return {};
  return {{{"The name of a variable, never a value; it reaches only the process that speaks HTTP, and only this host."},
           secrets_member("sentry.io")},
          {{}, R"("hosts": {"sentry_review": ["sentry.io", "*.sentry.io"]})"}};
}

}  // namespace daydream::init
