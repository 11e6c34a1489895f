// The words of the command line as data: each command names its flags once; parsing, --help and the
// messages about wrong words are made from them. One file a command; commands.cpp lists them.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daydream/kit/result.hpp"

namespace daydream::cli {

struct Flag {
  const char* name;      // without the dashes
  const char* argument;  // shown in --help; nullptr: a switch
  const char* help;
};

// What was given. Every value is text; commands turn it into what they need.
class Arguments {
 public:
  [[nodiscard]] bool has(const std::string& flag) const { return values_.contains(flag); }
  [[nodiscard]] std::optional<std::string> text(const std::string& flag) const;
  std::vector<std::string> positional;

 private:
  friend Result<Arguments> parse(const struct Command& command, const std::vector<std::string>& words);
  std::map<std::string, std::string> values_;
};

struct Command {
  const char* name;
  const char* summary;   // one line, for the list of commands
  const char* synopsis;  // "[--repo DIR] ..."; "" = none
  const char* about;     // paragraphs for --help
  std::vector<Flag> flags;
  int least_positional = 0, most_positional = 0;
  int (*run)(const Arguments& arguments) = nullptr;  // -> exit code
};

const std::vector<const Command*>& commands();  // in the order of --help

// kUsage: unknown flag with the nearest name, missing value, given twice, too many words.
Result<Arguments> parse(const Command& command, const std::vector<std::string>& words);
std::string help(const Command& command);
std::string overview();

// The program. `words` are those behind the program's name.
int main(const std::vector<std::string>& words);

extern const Command kInitCommand, kRunCommand, kStatusCommand, kReportCommand, kValidateCommand, kConfigCommand,
    kPluginsCommand, kTrustCommand, kUntrustCommand, kServeCommand, kUndoCommand, kDoctorCommand, kVersionCommand,
    kHelpCommand;

}  // namespace daydream::cli
