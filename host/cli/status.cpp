#include "base/files.hpp"
#include "checkpoint/lock.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

using Holder = std::optional<checkpoint::Holder>;

std::string pad(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string shown(const json::Value& object, const char* key) {
  return text::escape_terminal(json::get_string(object, key));
}

void write_lock(json::Writer& writer, const Holder& holder) {
  writer.key("lock").begin_object().field("held", holder.has_value());
  if (holder) {
    writer.field("pid", holder->pid).field("host", holder->host).field("since", holder->since);
    writer.field("command", holder->command);
  }
  writer.end_object();
}

// state.json as it is, and the lock.
std::string as_json(const json::Value* state, const Holder& holder) {
  json::Writer writer(true);
  writer.begin_object();
  if (state == nullptr) {
    writer.field("status", "none");
  } else {
    for (const auto& member : state->GetObject()) {
      if (json::string_of(member.name) != "lock") writer.key(json::string_of(member.name)).value(member.value);
    }
  }
  write_lock(writer, holder);
  writer.end_object();
  return writer.take() + "\n";
}

std::string what_it_is(const json::Value& state, const Holder& holder) {
  const std::string status = json::get_string(state, "status");
  if (holder) {
    return "running: process " + std::to_string(holder->pid) + " on " + text::escape_terminal(holder->host) +
           " since " + text::escape_terminal(holder->since);
  }
  if (status == "running") return "not running: the last start was killed; the next one goes on here";
  if (status == "interrupted") return "interrupted; the next start goes on here";
  if (status == "failed") return "stopped at a failed step; the next start tries it again";
  return text::escape_terminal(status);
}

std::string progress_of(const json::Value& state, const json::Value& step) {
  const json::Value* progress = json::find(state, "step_progress");
  const bool current = json::get_int(state, "current_step") == json::get_int(step, "number");
  if (progress == nullptr || !progress->IsObject() || !current) return "";
  const std::int64_t total = json::get_int(*progress, "total");
  return "  " + std::to_string(json::get_int(*progress, "done")) + (total > 0 ? "/" + std::to_string(total) : "") +
         " " + shown(*progress, "what");
}

std::string as_text(const json::Value& state, const Holder& holder) {
  std::string text = "run " + shown(state, "run_id") + ": " + what_it_is(state, holder) + "\n";
  const json::Value* steps = json::find(state, "steps");
  if (steps == nullptr || !steps->IsArray()) return text;
  for (const json::Value& step : steps->GetArray()) {
    if (!step.IsObject()) continue;
    const std::int64_t attempts = json::get_int(step, "attempts");
    text += "  " + std::to_string(json::get_int(step, "number")) + "  " + pad(shown(step, "id"), 20) + "  " +
            shown(step, "status") + (attempts > 1 ? "  " + std::to_string(attempts) + " attempts" : "") +
            progress_of(state, step) + "\n";
  }
  return text;
}

int run_status(const Arguments& arguments) {
  auto directory = locate_state(arguments);
  if (!directory) return fail(directory.error());
  const Holder holder = checkpoint::lock_holder(*directory);
  const Path file = *directory / "state.json";
  if (!files::exists(file)) {
    print(arguments.has("json") ? as_json(nullptr, holder)
                                : "no run yet in " + text::show_path(directory->native()) + "\n");
    return finish_output(kOk);
  }
  auto bytes = files::read(file, std::size_t{16} << 20);
  if (!bytes) return fail(bytes.error());
  auto state = json::Text::parse(*bytes, {.name = text::show_path(file.native()), .positions = false});
  if (state && !state->root().IsObject())
    state = Error(ErrorKind::kInvalid, text::show_path(file.native()) + ": not an object");
  if (!state) return fail(std::move(state.error()).context("state.json is only a view; the next run writes it anew"));
  print(arguments.has("json") ? as_json(&state->root(), holder) : as_text(state->root(), holder));
  return finish_output(kOk);
}

}  // namespace

const Command kStatusCommand{
    "status",
    "what runs, what is done, what waits",
    "[--json] [--repo DIR] [--state-dir DIR]",
    "Reads state.json and looks whether a run holds the lock. Takes no lock, changes nothing, and works while a "
    "run is under way.",
    {{"json", nullptr, "all of state.json, and \"lock\""},
     {"repo", "DIR", "the repository, or any folder in it"},
     {"state-dir", "DIR", "default: logs/daydream of the repository"},
     {"help", nullptr, "shows this"}},
    0,
    0,
    run_status};

}  // namespace daydream::cli
