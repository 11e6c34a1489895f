#include <exception>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "cli/plugin_command.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

const Command* find_command(const std::string& name) {
  for (const Command* command : commands()) {
    if (name == command->name) return command;
  }
  return nullptr;
}

int unknown_command(const std::string& word, const std::vector<std::string>& of_plugins) {
  if (word.starts_with('-')) {
    return fail({ErrorKind::kUsage, "unknown flag " + word + "; flags stand behind the command: daydream run " + word});
  }
  std::vector<std::string> known = of_plugins;
  for (const Command* command : commands()) known.emplace_back(command->name);
  const std::string near = text::nearest(word, known);
  return fail(
      {ErrorKind::kUsage, "unknown command \"" + word + "\"" +
                              (near.empty() ? "; daydream --help lists them" : "; did you mean \"" + near + "\"?")});
}

int run_command(const Command& command, const std::vector<std::string>& words) {
  auto arguments = parse(command, words);
  if (!arguments) return fail(arguments.error());
  if (arguments->has("help")) {
    print(help(command));
    return finish_output(kOk);
  }
  return command.run(*arguments);
}

int dispatch(const std::vector<std::string>& words) {
  if (words.empty()) {
    print(overview());
    return finish_output(kUsage);
  }
  const std::string& word = words.front();
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (word == "--help" || word == "-h") return run_command(kHelpCommand, rest);
  if (word == "--version" || word == "-V") return run_command(kVersionCommand, rest);
  if (const Command* command = find_command(word)) return run_command(*command, rest);
  if (word.starts_with('-')) return unknown_command(word, {});
  return run_plugin_command(word, rest, unknown_command);
}

}  // namespace

const std::vector<const Command*>& commands() {
  static const std::vector<const Command*> all{&kInitCommand,     &kRunCommand,    &kStatusCommand,  &kReportCommand,
                                               &kValidateCommand, &kConfigCommand, &kPluginsCommand, &kTrustCommand,
                                               &kUntrustCommand,  &kServeCommand,  &kUndoCommand,    &kDoctorCommand,
                                               &kVersionCommand,  &kHelpCommand};
  return all;
}

int main(const std::vector<std::string>& words) {
  try {
    return dispatch(words);
  } catch (const std::exception& error) {
    return fail({ErrorKind::kInternal, error.what()});
  }
}

}  // namespace daydream::cli
