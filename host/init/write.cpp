#include "init/write.hpp"

#include <algorithm>

#include "base/clock.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::init {
namespace {

constexpr std::size_t kTailLines = 12;
constexpr std::size_t kTailWidth = 160;

std::string json_commands(const std::vector<Words>& commands) {
  std::string list = "[";
  for (const Words& words : commands) list.append(list.size() > 1 ? ", " : "").append(json_strings(words));
  return list + "]";
}

std::string verify_member(const Plan& plan) {
  return "\"verify\": {\"command\": " + json_strings(plan.command()) + ", \"timeout\": \"" + plan.timeout() + "\"}";
}

std::string workspace_member(const Plan& plan) {
  if (plan.link().empty() && plan.setup().empty()) return "";
  std::string member = "\"workspace\": {";
  if (!plan.link().empty()) member += "\"link\": " + json_strings(plan.link());
  if (!plan.setup().empty())
    member += (plan.link().empty() ? "" : ", ") + ("\"setup\": " + json_commands(plan.setup()));
  return member + "}";
}

// The failure: its first line, and the end of what the command printed.
std::vector<std::string> failure(const std::string& words) {
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(words, '\n')) {
    lines.push_back(text::shorten(text::to_utf8(text::escape_terminal(line)), kTailWidth));
  }
  if (lines.size() > kTailLines + 1) {
    lines.erase(lines.begin() + 1, lines.end() - static_cast<std::ptrdiff_t>(kTailLines));
    lines.insert(lines.begin() + 1, "...");
  }
  for (std::size_t i = 1; i < lines.size(); ++i) lines[i].insert(0, "  | ");
  return lines;
}

// As a comment that works once the slashes are taken away.
void add_switched_off(const Plan& plan, std::vector<std::string>& comments) {
  comments.push_back(verify_member(plan) + ",");
  if (const std::string workspace = workspace_member(plan); !workspace.empty()) comments.push_back(workspace + ",");
}

// The words of interpreters and shells for what is not installed.
bool says_missing(const std::string& words) {
  for (const char* sign : {"No module named", "Cannot find module", ": not found", "command not found"}) {
    if (words.find(sign) != std::string::npos) return true;
  }
  return false;
}

void say_failures(const Trials& trials, std::vector<std::string>& lines) {
  for (const Tried& tried : trials.tried) {
    if (tried.green) continue;
    std::vector<std::string> words = failure(tried.words);
    words.front().insert(0, "red: ");
    lines.insert(lines.end(), words.begin(), words.end());
    const bool missing = says_missing(tried.words);
    for (const Suite& part : tried.plan.parts) {
      if (missing && !part.hint.empty()) lines.push_back("  packages are missing: " + part.hint);
    }
  }
}

std::vector<Piece> green_pieces(const Facts& facts, const Tried& green, Choice& choice) {
  choice.words = {text::to_utf8(text::escape_terminal(shell_line(green.plan.command()))), "because " + green.plan.why(),
                  "tried in a fresh copy of the repository: green in " + human_duration(green.took)};
  say_failures(facts.trials, choice.words);
  std::vector<Piece> pieces;
  pieces.push_back({{green.plan.why() + ".",
                     "Tried in a fresh copy of the repository: green. Only changes that leave it so are kept."},
                    verify_member(green.plan)});
  const std::string workspace = workspace_member(green.plan);
  if (workspace.empty()) return pieces;
  std::vector<std::string> why{"A night works in a fresh copy, which holds only what is tracked."};
  if (!green.plan.link().empty()) why.emplace_back("link: folders of the work tree that it shares.");
  if (!green.plan.setup().empty()) why.emplace_back("setup: run once for each commit it starts from.");
  pieces.push_back({std::move(why), workspace});
  choice.words.push_back("with " + workspace);
  return pieces;
}

std::vector<Piece> verify_pieces(const Facts& facts, Choice& choice) {
  choice.what = "verify";
  if (const Tried* green = facts.trials.green()) return green_pieces(facts, *green, choice);
  if (facts.plans.empty()) {
    choice.words = {"none: nothing here says how it is tested"};
    return {{{"No verify: nothing here says how it is tested. With one, only changes that leave it green are kept:",
              "\"verify\": {\"command\": [\"make\", \"test\"], \"timeout\": \"15m\"},"},
             ""}};
  }
  const Plan& plan = facts.plans.front();
  Piece piece;
  if (facts.trials.tried.empty()) {
    const std::string why = facts.trials.not_tried;
    choice.words = {"left out: " + text::to_utf8(text::escape_terminal(shell_line(plan.command()))),
                    "because " + plan.why(), "not tried: " + why};
    piece.comments = {plan.why() + ".",
                      "Not tried (" + why + "), so it is left out; take the // away once it is green:"};
  } else {
    choice.words = {"left out: what was found is not green", "because " + plan.why()};
    say_failures(facts.trials, choice.words);
    piece.comments = {plan.why() + ".", "Tried in a fresh copy of the repository, and left out as it is not green:"};
    say_failures(facts.trials, piece.comments);
    piece.comments.emplace_back("Once it is, take the // away:");
  }
  add_switched_off(plan, piece.comments);
  return {piece};
}

// `between`: what stands between two pieces.
std::string in_text(const std::vector<Piece>& pieces, const std::string& indent, std::string_view between) {
  std::string out;
  const auto last =
      std::find_if(pieces.rbegin(), pieces.rend(), [](const Piece& piece) { return !piece.member.empty(); });
  for (auto piece = pieces.begin(); piece != pieces.end(); ++piece) {
    if (piece != pieces.begin() && !piece->comments.empty()) out += between;
    for (const std::string& comment : piece->comments)
      out.append(indent).append("// ").append(text::to_utf8(text::escape_terminal(comment))).append("\n");
    if (piece->member.empty()) continue;
    const bool is_last = last != pieces.rend() && &*piece == &*last;
    out.append(indent).append(piece->member).append(is_last ? "\n" : ",\n");
  }
  return out;
}

Choice language_choice(const Facts& facts) {
  std::vector<std::string> names;
  names.reserve(facts.languages.size());
  for (const Language& language : facts.languages)
    names.push_back(language.name + " (" + std::to_string(language.files) + ")");
  return {"languages", {names.empty() ? "none that is known by its files" : some_of(names, 6)}};
}

void say_owners(const Facts& facts, std::vector<Choice>& choices) {
  const Owners& owners = facts.owners;
  if (owners.file.empty()) return;
  const std::string names = text::to_utf8(text::escape_terminal(owners.names));
  if (names.empty()) {
    choices.push_back({"owners",
                       {"nobody owns .daydream/pipeline.json by " + place(owners.file),
                        "it names programs that run each night: add a line \"/.daydream/ @your-team\""}});
  } else {
    choices.push_back({"owners", {names + " review changes of .daydream/pipeline.json", "because of " + owners.rule}});
  }
}

}  // namespace

std::string json_string(std::string_view text) {
  json::Writer writer;
  writer.value(text);
  return writer.take();
}

std::string json_strings(const std::vector<std::string>& words) {
  std::string list = "[";
  for (const std::string& word : words) list.append(list.size() > 1 ? ", " : "").append(json_string(word));
  return list + "]";
}

std::string some_of(const std::vector<std::string>& names, std::size_t most) {
  std::string shown;
  for (std::size_t i = 0; i < std::min(most, names.size()); ++i)
    shown.append(i == 0 ? "" : ", ").append(text::show_path(names[i]));
  if (names.size() > most) shown += " and " + std::to_string(names.size() - most) + " more";
  return shown;
}

Written write(const Facts& facts, const std::vector<manifest::Step>& steps) {
  Written written;
  written.choices.push_back(language_choice(facts));
  Choice verify;
  std::vector<Piece> pieces{{{}, "\"manifest\": 1"}};
  for (Piece& piece : verify_pieces(facts, verify)) pieces.push_back(std::move(piece));
  written.choices.push_back(std::move(verify));
  pieces.push_back(
      {{facts.under_git
            ? "Changes become commits on a branch daydream/<date>; work tree, index and HEAD are not touched."
            : "Without git, changes become patch files in the state directory.",
        "Others: \"observe\" (findings only), \"in-place\"."},
       std::string("\"mode\": ") + (facts.under_git ? "\"branch\"" : "\"patch\"")});
  pieces.push_back(
      {{"Local time of this machine; \"zone\": \"Europe/Berlin\" fixes it. For `run --if-due` and `serve`."},
       R"("schedule": {"at": "02:30"})"});
  for (Piece& piece : sentry_pieces(facts)) pieces.push_back(std::move(piece));
  std::vector<Piece> listed;
  for (const manifest::Step& step : steps) {
    Choice choice{step.id, {}};
    listed.push_back(step_piece(facts, step, choice));
    if (!choice.words.empty()) written.choices.push_back(std::move(choice));
  }
  pieces.push_back(
      {{"In this order. `daydream plugins info NAME` lists a step's options; a step without a line does not run."},
       "\"steps\": [\n" + in_text(listed, "    ", "") + "  ]"});
  say_owners(facts, written.choices);
  written.manifest =
      "// What `daydream run` does here each night. Written by `daydream init` from what the repository holds, and "
      "yours\n"
      "// from now on. `daydream validate` checks it, `daydream config --explain` shows all values with their "
      "defaults.\n"
      "{\n" +
      in_text(pieces, "  ", "\n") + "}\n";
  return written;
}

}  // namespace daydream::init
