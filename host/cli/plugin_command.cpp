#include "cli/plugin_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <system_error>

#include "base/files.hpp"
#include "checkpoint/store.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"
#include "log/log.hpp"
#include "manifest/load.hpp"
#include "session/session.hpp"

namespace daydream::cli {
namespace {

// Where the command is called: everything of it may be missing, `daydream <word>` works anywhere.
struct Place {
  std::optional<Places> places;
  std::optional<manifest::Loaded> manifest;
};

Place look_around() {
  Place here;
  auto places = locate(Arguments());
  if (!places) return here;
  here.places = std::move(*places);
  if (auto loaded = load_manifest(*here.places)) here.manifest = std::move(*loaded);
  return here;
}

// Those of the manifest first: they win over installed ones.
std::vector<std::string> plugin_files(const Place& here) {
  std::vector<std::string> files;
  if (here.manifest) {
    for (const manifest::Step& step : here.manifest->pipeline.steps) {
      if (step.plugin_is_path) files.push_back(step.plugin);
    }
  }
  for (std::string& file : loader::installed_plugins()) files.push_back(std::move(file));
  return files;
}

std::vector<loader::Plugin> known_plugins(const Place& here) {
  const Path cache = here.places ? here.places->work_directory / "descriptors.json" : Path();
  std::vector<loader::Plugin> plugins;
  for (auto& plugin : loader::probe(plugin_files(here), cache)) {
    if (plugin) plugins.push_back(std::move(*plugin));
  }
  return plugins;
}

// The step of the manifest that runs this plugin, or one with nothing but defaults.
manifest::Step step_of(const Place& here, const loader::Plugin& plugin) {
  if (here.manifest) {
    for (const manifest::Step& step : here.manifest->pipeline.steps) {
      const auto file = step.plugin_is_path ? Result<std::string>(step.plugin) : loader::find_plugin(step.plugin);
      if (file && *file == plugin.file) return step;
    }
  }
  manifest::Step step;
  step.id = plugin.descriptor.id;
  return step;
}

Result<std::string> configuration(const manifest::Step& step, const loader::Plugin& plugin) {
  auto schema = json::Schema::compile(plugin.descriptor.config_schema, plugin.file + ": config schema");
  if (!schema) return std::move(schema.error());
  auto written = json::Text::parse(step.config, {.name = step.id + ": config", .positions = false});
  if (!written) return std::move(written.error());
  for (const json::Problem& problem : schema->check(written->root())) {
    return written->error_at(problem.pointer, problem.message);
  }
  return json::write(schema->with_defaults(written->root()));
}

std::string as_json(const std::vector<std::string>& words) {
  json::Writer writer;
  writer.begin_array();
  for (const std::string& word : words) writer.value(word);
  writer.end_array();
  return writer.take();
}

// A folder of its own for the life of the command, for the store of a repository that has none yet.
class Scratch {
 public:
  static Result<Scratch> make() {
    std::string name = (std::filesystem::temp_directory_path() / "daydream-command-XXXXXX").native();
    if (::mkdtemp(name.data()) == nullptr) return Error::from_errno(errno, name);
    return Scratch(name);
  }
  explicit Scratch(Path path) : path_(std::move(path)) {}
  Scratch(Scratch&& other) noexcept : path_(std::move(other.path_)) { other.path_.clear(); }
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch() {
    if (!path_.empty()) (void)files::remove_tree(path_).ok();
  }
  [[nodiscard]] const Path& path() const { return path_; }

 private:
  Path path_;
};

// The store as it is, never changed by a command; an empty one where there is none.
Result<std::unique_ptr<checkpoint::Store>> open_store(const Place& here, const Scratch& scratch) {
  if (here.places && files::exists(here.places->state_directory / "daydream.db")) {
    return checkpoint::Store::open({here.places->state_directory, here.places->work_directory, false, true});
  }
  return checkpoint::Store::open({scratch.path() / "state", scratch.path() / "work", true, false});
}

std::string facts(const std::string& command, const manifest::Step& step, const Path& directory, Instant now) {
  json::Writer writer;
  writer.begin_object().field("run_id", "").field("command", command).field("step_id", step.id);
  writer.field("directory", text::to_utf8(directory.native()));
  writer.field("now", rfc3339(now)).field("now_ms", now.ms).key("previous_run").null().end_object();
  return writer.take();
}

// The words that are paths of this machine may be read by the command: the user named them.
void allow_reading(const std::vector<std::string>& words, const Path& directory, std::vector<std::string>& readable) {
  for (const std::string& word : words) {
    std::error_code failed;
    const Path path = std::filesystem::canonical(directory / word, failed);
    if (!failed) readable.push_back(path.native());
  }
}

int exit_of(const session::Outcome& outcome) {
  switch (outcome.ending) {
    case session::Ending::kOk:
    case session::Ending::kSkipped:
      if (!outcome.message.empty()) say(outcome.message);
      return kOk;
    case session::Ending::kPermanent:
      say(outcome.message);
      return outcome.code == "usage" || outcome.message.starts_with("command returned -6") ? kUsage : kRefused;
    default:
      say(outcome.message.empty() ? std::string(session::name_of(outcome.ending)) : outcome.message);
      return kNotFinished;
  }
}

Result<session::Outcome> run_in_worker(const Place& here, const loader::Plugin& plugin, const std::string& word,
                                       const std::vector<std::string>& words) {
  const manifest::Step step = step_of(here, plugin);
  auto config = configuration(step, plugin);
  if (!config) return std::move(config.error());
  auto scratch = Scratch::make();
  if (!scratch) return std::move(scratch.error());
  auto store = open_store(here, *scratch);
  if (!store) return std::move(store.error());
  const SystemClock clock;
  const Path directory = std::filesystem::current_path();
  session::Options options;
  options.store = store->get();
  options.clock = &clock;
  const bool reads_input = std::find(words.begin(), words.end(), "-") != words.end();  // what "-" means everywhere
  options.launcher = session::process_launcher(process::self_path(), reads_input ? STDIN_FILENO : -1);
  options.step_id = step.id;
  options.plugin_id = plugin.descriptor.id;
  options.memory_schema = plugin.descriptor.memory_schema;
  options.limits = step;
  options.print = [](std::string_view bytes) { print(bytes); };
  options.start.task = frames::Task::kCommand;
  options.start.plugin_file = plugin.file;
  options.start.plugin_sha256 = plugin.sha256;
  options.start.plugin_facts = plugin.facts;
  options.start.config = *config;
  options.start.facts = facts(word, step, directory, clock.now());
  options.start.command = word;
  options.start.arguments = as_json(words);
  const Path root = here.places ? here.places->repository : directory;
  options.start.roots = {{"repository", root.native()}, {"source", root.native()}};
  options.start.readable = {root.native(), plugin.file};
  allow_reading(words, directory, options.start.readable);
  options.start.memory_bytes = step.limits.memory_bytes;
  options.start.cpu_seconds = static_cast<std::uint64_t>(step.limits.cpu.count() / 1000);
  options.start.open_files = step.limits.open_files;
  return session::run_step(std::move(options));
}

}  // namespace

int run_plugin_command(const std::string& word, const std::vector<std::string>& words,
                       int (*unknown)(const std::string&, const std::vector<std::string>&)) {
  const Place here = look_around();
  std::vector<std::string> known;
  for (const loader::Plugin& plugin : known_plugins(here)) {
    for (const loader::CommandSpec& command : plugin.descriptor.commands) {
      known.push_back(command.name);
      if (command.name != word) continue;
      if (std::find(words.begin(), words.end(), "--help") != words.end()) {
        print("daydream " + command.name + ": " + text::escape_terminal(command.summary) + " (plugin " +
              text::escape_terminal(plugin.descriptor.id) + ")\n\nusage: " + text::escape_terminal(command.usage) +
              "\n");
        return finish_output(kOk);
      }
      log::start({log::Level::kWarning, colours_wanted(), true});
      auto outcome = run_in_worker(here, plugin, word, words);
      return finish_output(outcome ? exit_of(*outcome) : fail(outcome.error()));
    }
  }
  return unknown(word, known);
}

}  // namespace daydream::cli
