#include <algorithm>

#include "cli/command.hpp"
#include "cli/output.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

constexpr std::size_t kWidth = 96;

// `text` behind a column of `indent` blanks; the first line follows what is already there.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string result;
  std::size_t column = indent;
  for (const std::string_view word : text::split(text, ' ')) {
    if (column > indent && column + 1 + word.size() > kWidth) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
    }
    if (column > indent) {
      result += ' ';
      ++column;
    }
    result += word;
    column += word.size();
  }
  return result;
}

// As wrapped(), never inside of brackets.
std::string wrapped_synopsis(std::string synopsis, std::size_t indent) {
  constexpr char kKept = '\x01';
  int depth = 0;
  for (char& c : synopsis) {
    depth += c == '[' ? 1 : c == ']' ? -1 : 0;
    if (c == ' ' && depth > 0) c = kKept;
  }
  std::string shown = wrapped(synopsis, indent);
  std::replace(shown.begin(), shown.end(), kKept, ' ');
  return shown;
}

std::string row(const std::string& left, std::string_view right, std::size_t width) {
  std::string padded = "  " + left;
  if (padded.size() + 2 > width) {
    padded += "\n" + std::string(width, ' ');
  } else {
    padded.append(width - padded.size(), ' ');
  }
  return padded + wrapped(right, width) + "\n";
}

std::string flag_words(const Flag& flag) {
  return std::string("--") + flag.name + (flag.argument == nullptr ? "" : std::string(" ") + flag.argument);
}

int run_help(const Arguments& arguments) {
  if (arguments.positional.empty()) {
    print(overview());
    return finish_output(kOk);
  }
  return main({arguments.positional.front(), "--help"});
}

}  // namespace

std::string help(const Command& command) {
  std::string shown = std::string("daydream ") + command.name + ": " + command.summary + "\n\nusage: ";
  const std::size_t indent = 7 + 10 + std::string_view(command.name).size();
  shown += std::string("daydream ") + command.name + " " + wrapped_synopsis(command.synopsis, indent) + "\n\n";
  for (const std::string_view line : text::split(command.about, '\n')) {
    // Indented lines are examples and tables: as written.
    shown += (line.starts_with(' ') ? std::string(line) : wrapped(line, 0)) + "\n";
  }
  if (!command.flags.empty()) shown += "\nflags:\n";
  for (const Flag& flag : command.flags) shown += row(flag_words(flag), flag.help, 26);
  return shown;
}

std::string overview() {
  std::string shown =
      "daydream: a nightly maintenance run over a source repository\n\n"
      "usage: daydream <command> [flags]\n\ncommands:\n";
  for (const Command* command : commands()) shown += row(command->name, command->summary, 14);
  shown += row("<other>", "a command of a plugin: daydream plugins list names them", 14);
  shown +=
      "\n`daydream run` in a git work tree is all it takes: it needs no configuration, touches no file of\n"
      "yours, puts what it changed on the branch daydream/<date> and its report into logs/daydream.\n"
      "Killed at any moment, the next start goes on where it was.\n\n"
      "exit codes: 0 completed, 1 --fail-on was met, 64 wrong words, 65 refused (manifest, plugin,\n"
      "configuration, repository), 70 a bug, 75 not finished and resumable, 78 a human is needed\n\n"
      "daydream <command> --help says more\n";
  return shown;
}

const Command kHelpCommand{
    "help", "shows this, or what a command does", "[COMMAND]", "", {{"help", nullptr, "shows this"}}, 0, 1, run_help};

}  // namespace daydream::cli
