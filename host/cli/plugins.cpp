#include <algorithm>
#include <system_error>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"

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
  print_list("hosts", says.needs_hosts);
  print_list("secrets", says.needs_secrets);
  print_list("inputs", says.needs_inputs);
  print_list("outputs of", says.needs_outputs);
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

int check_file(const std::string& given) {
  const std::string path = given.find('/') == std::string::npos ? "./" + given : given;
  auto file = file_of(path);
  if (!file) return fail(file.error());
  auto plugin = probe_one(*file);
  if (!plugin) return fail(plugin.error());
  auto schema = json::Schema::compile(plugin->descriptor.config_schema, text::show_path(given) + ": config schema");
  if (!schema) return fail(schema.error());
  print(text::show_path(*file) + ": ok, " + safe(plugin->descriptor.id) + " " + safe(plugin->descriptor.version) +
        "\n");
  return finish_output(kOk);
}

int run_plugins(const Arguments& arguments) {
  const std::string& what = arguments.positional.front();
  const std::size_t words = arguments.positional.size();
  if (what == "list" && words == 1) return list_plugins();
  if (what == "info" && words == 2) return plugin_info(arguments.positional[1]);
  if (what == "check" && words == 2) return check_file(arguments.positional[1]);
  const std::string near = text::nearest(what, {"list", "info", "check"});
  const bool known = near == what;
  return fail({ErrorKind::kUsage, known ? "expected: daydream plugins list | info NAME | check FILE.so"
                                        : "plugins: expected list, info or check, got \"" + what + "\"" +
                                              (near.empty() ? "" : "; did you mean \"" + near + "\"?")});
}

}  // namespace

const Command kPluginsCommand{"plugins",
                              "lists plugins, shows one, checks a file",
                              "list | info NAME | check FILE.so",
                              "Plugins are opened in a child process, which reads what they say of themselves.\n"
                              "  list             every installed plugin: id, version, role, summary, commands\n"
                              "  info NAME        what it needs, and its options with their defaults\n"
                              "  check FILE.so    could it be loaded? If not: why, and what to do",
                              {{"help", nullptr, "shows this"}},
                              1,
                              2,
                              run_plugins};

}  // namespace daydream::cli
