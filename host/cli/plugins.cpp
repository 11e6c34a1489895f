#include <algorithm>
#include <map>
#include <system_error>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/plugins.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"
#include "loader/needs.hpp"

namespace daydream::cli {
namespace {

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

std::string safe(const std::string& text) {
  return text::escape_terminal(text);
}

int list_plugins() {
  const auto files = loader::installed_plugins();
  if (files.empty()) {
    std::string places;
    for (const Path& directory : loader::plugin_directories()) places += " " + text::show_path(directory.native());
    return fail({ErrorKind::kNotFound, "no plugins; looked in" + places});
  }
  int code = kOk;
  for (const auto& plugin : loader::probe(files, Path())) {
    if (!plugin) {
      code = fail(plugin.error());
      continue;
    }
    const loader::Descriptor& says = plugin->descriptor;
    print(padded(safe(says.id), 18) + "  " + padded(safe(says.version), 8) + "  " + padded(safe(says.role), 6) + "  " +
          safe(says.summary) + "\n");
    for (const loader::CommandSpec& command : says.commands) {
      print(std::string(4, ' ') + "daydream " + safe(command.name) + ": " + safe(command.summary) + "\n");
    }
  }
  return finish_output(code);
}

void print_list(const char* title, const std::vector<std::string>& names) {
  if (!names.empty()) print(padded(title, 12) + safe(text::join(names, ", ")) + "\n");
}

void print_needs(const char* what, const std::vector<loader::Need>& needs) {
  std::vector<std::string> words;
  words.reserve(needs.size());
  for (const loader::Need& need : needs) words.push_back(loader::describe(need));
  print_list(what, words);
}

void print_options(const std::string& schema_text) {
  auto schema = json::Text::parse(schema_text, {.name = "schema", .positions = false});
  const json::Value* options = schema ? json::find(schema->root(), "properties") : nullptr;
  if (options == nullptr || !options->IsObject() || options->ObjectEmpty()) return;
  print("options:\n");
  for (const auto& option : options->GetObject()) {
    const json::Value* fallback = option.value.IsObject() ? json::find(option.value, "default") : nullptr;
    print("  " + padded(safe(json::string_of(option.name)), 20) + "  " +
          safe(option.value.IsObject() ? json::get_string(option.value, "description") : "") +
          (fallback == nullptr ? "" : " (default: " + safe(json::write(*fallback)) + ")") + "\n");
  }
}

int show_plugin(const loader::Plugin& plugin) {
  const loader::Descriptor& says = plugin.descriptor;
  print(safe(says.id) + " " + safe(says.version) + ": " + safe(says.summary) + "\n\n");
  print(padded("file", 12) + text::show_path(plugin.file) + "\n");
  print(padded("sha256", 12) + plugin.sha256 + "\n");
  print(padded("role", 12) + safe(says.role) + "\n");
  print_list("services", says.services);
  print_needs("hosts", says.needs.hosts);
  print_needs("secrets", says.needs.secrets);
  print_needs("inputs", says.needs.inputs);
  print_needs("outputs of", says.needs.outputs);
  for (const loader::CommandSpec& command : says.commands) {
    print(padded("command", 12) + "daydream " + safe(command.name) + ": " + safe(command.summary) + "\n");
  }
  print_options(says.config_schema);
  return finish_output(kOk);
}

Result<loader::Plugin> probe_one(const std::string& file) {
  auto answers = loader::probe({file}, Path());
  contract(answers.size() == 1, "one answer for every probed file");
  return std::move(answers.front());
}

Result<std::string> file_of(const std::string& name) {
  if (name.find('/') == std::string::npos && !name.ends_with(".so")) return loader::find_plugin(name);
  std::error_code failed;
  const Path file = std::filesystem::canonical(name, failed);
  if (failed) return Error::from_errno(failed.value(), text::show_path(name)).as(ErrorKind::kNotFound);
  return file.native();
}

int plugin_info(const std::string& name) {
  auto file = file_of(name);
  if (!file) return fail(file.error());
  auto plugin = probe_one(*file);
  return plugin ? show_plugin(*plugin) : fail(plugin.error());
}

int check_file(const Arguments& arguments) {
  const std::string& given = arguments.positional[1];
  const std::string path = given.find('/') == std::string::npos ? "./" + given : given;
  auto file = file_of(path);
  if (!file) return fail(file.error());
  auto plugin = probe_one(*file);
  if (!plugin) return fail(plugin.error());
  auto schema = json::Schema::compile(plugin->descriptor.config_schema, text::show_path(given) + ": config schema");
  if (!schema) return fail(schema.error());
  if (!arguments.has("json")) {
    print(text::show_path(*file) + ": ok, " + safe(plugin->descriptor.id) + " " + safe(plugin->descriptor.version) +
          "\n");
  }
  const int told = finish_output(kOk);  // before the lines of the other program
  return told != kOk || arguments.has("quick") ? told : check_conformance(*file, arguments);
}

// Flags that mean nothing to this word.
Result<void> check_flags(const std::string& what, const Arguments& arguments) {
  const std::map<std::string, std::vector<std::string>> kTaken{{"new", {"dir"}},
                                                               {"check", {"quick", "json", "config", "tree", "case"}},
                                                               {"test", {"accept", "only", "debug"}},
                                                               {"run", {"debug", "repo", "config"}}};
  const auto taken = kTaken.find(what);
  for (const Flag& flag : kPluginsCommand.flags) {
    const bool fits = taken != kTaken.end() &&
                      std::find(taken->second.begin(), taken->second.end(), flag.name) != taken->second.end();
    if (arguments.has(flag.name) && !fits) {
      return Error(ErrorKind::kUsage, "plugins " + what + " takes no --" + std::string(flag.name));
    }
  }
  return {};
}

constexpr const char* kSynopsis = "list | info NAME | new NAME | check FILE.so | test FILE.so CASES... | run FILE.so";

int run_plugins(const Arguments& arguments) {
  const std::string& what = arguments.positional.front();
  const std::size_t words = arguments.positional.size();
  const std::vector<std::string> known{"list", "info", "new", "check", "test", "run"};
  const std::string near = text::nearest(what, known);
  if (near != what) {
    return fail({ErrorKind::kUsage, "plugins: expected list, info, new, check, test or run, got \"" + what + "\"" +
                                        (near.empty() ? "" : "; did you mean \"" + near + "\"?")});
  }
  if (auto fits = check_flags(what, arguments); !fits) return fail(fits.error());
  if (what == "list" && words == 1) return list_plugins();
  if (what == "info" && words == 2) return plugin_info(arguments.positional[1]);
  if (what == "new" && words == 2) return new_plugin(arguments.positional[1], arguments.text("dir").value_or(""));
  if (what == "check" && words == 2) return check_file(arguments);
  if (what == "test" && words > 2) return test_plugin(arguments);
  if (what == "run" && words == 2) return try_plugin(arguments);
  return fail({ErrorKind::kUsage, std::string("expected: daydream plugins ") + kSynopsis});
}

}  // namespace

const Command kPluginsCommand{
    "plugins",
    "lists plugins, shows one, makes, checks and tries one",
    kSynopsis,
    "Plugins are opened in a child process, which reads what they say of themselves.\n"
    "  list                     every installed plugin: id, version, role, summary, commands\n"
    "  info NAME                what it needs, and its options with their defaults\n"
    "  new NAME                 writes a step that builds and passes its tests; my_step, vendor/my_step\n"
    "  check FILE.so            could it be loaded, and does it keep the rules? If not: why\n"
    "  test FILE.so CASES...    runs .case files, or those of folders (daydream-cases)\n"
    "  run FILE.so              one run of this step alone; nothing is kept, nothing changed",
    {{"dir", "DIR", "new: the folder to make; default: the step's name"},
     {"quick", nullptr, "check: only whether it could be loaded; starts nothing of it"},
     {"json", nullptr, "check: one JSON object"},
     {"config", "FILE", "check, run: the step's options, JSON"},
     {"tree", "DIR", "check: its runs look at a copy of this folder"},
     {"case", "FILE", "check: its runs find what the first case of the .case file gives"},
     {"accept", nullptr, "test: rewrites the expectations to what happened; review the diff like code"},
     {"only", "WORDS", "test: cases whose name holds these words"},
     {"repo", "DIR", "run: the repository; default: the current folder"},
     {"debug", nullptr, "run, test: in one process under gdb"},
     {"help", nullptr, "shows this"}},
    1,
    1000,
    run_plugins};

}  // namespace daydream::cli
