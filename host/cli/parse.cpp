#include <algorithm>
#include <boost/program_options.hpp>

#include "cli/command.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

namespace po = boost::program_options;
constexpr const char* kPositional = "(words)";

po::options_description described(const Command& command) {
  po::options_description options;
  for (const Flag& flag : command.flags) {
    if (flag.argument == nullptr) {
      options.add_options()(flag.name, "");
    } else {
      options.add_options()(flag.name, po::value<std::string>(), "");
    }
  }
  options.add_options()(kPositional, po::value<std::vector<std::string>>(), "");
  return options;
}

const Flag* find_flag(const Command& command, const std::string& name) {
  const auto found =
      std::find_if(command.flags.begin(), command.flags.end(), [&](const Flag& flag) { return flag.name == name; });
  return found == command.flags.end() ? nullptr : &*found;
}

std::string bare(const std::string& option) {
  const std::size_t start = std::min(option.find_first_not_of('-'), option.size());
  return option.substr(start, option.find('=') - start);
}

Error usage(const Command& command, const std::string& message) {
  return {ErrorKind::kUsage, message + " (see daydream " + command.name + " --help)"};
}

Error unknown_flag(const Command& command, const std::string& option) {
  std::vector<std::string> known;
  for (const Flag& flag : command.flags) known.emplace_back(flag.name);
  const std::string near = text::nearest(bare(option), known);
  const std::string dashes = option.starts_with("-") ? "" : "--";
  return usage(command, "unknown flag " + dashes + option.substr(0, option.find('=')) +
                            (near.empty() ? "" : "; did you mean --" + near + "?"));
}

Error described_error(const Command& command, const po::error& error) {
  if (const auto* unknown = dynamic_cast<const po::unknown_option*>(&error)) {
    return unknown_flag(command, unknown->get_option_name());
  }
  const auto* named = dynamic_cast<const po::error_with_option_name*>(&error);
  if (named == nullptr) return usage(command, error.what());
  const std::string name = bare(named->get_option_name());
  const Flag* flag = find_flag(command, name);
  if (dynamic_cast<const po::multiple_occurrences*>(&error) != nullptr) {
    return usage(command, "--" + name + " was given twice");
  }
  if (flag != nullptr && flag->argument == nullptr) return usage(command, "--" + name + " takes no value");
  if (flag != nullptr) return usage(command, "--" + name + " needs a value: --" + name + " " + flag->argument);
  return usage(command, error.what());
}

Result<Arguments> check_positional(const Command& command, Arguments arguments) {
  const auto count = static_cast<int>(arguments.positional.size());
  if (count > command.most_positional) {
    return usage(command,
                 "unexpected word \"" + arguments.positional[static_cast<std::size_t>(command.most_positional)] + "\"");
  }
  if (count < command.least_positional && !arguments.has("help")) {
    return usage(command, std::string("expected: daydream ") + command.name + " " + command.synopsis);
  }
  return arguments;
}

}  // namespace

std::optional<std::string> Arguments::text(const std::string& flag) const {
  const auto found = values_.find(flag);
  if (found == values_.end()) return std::nullopt;
  return found->second;
}

Result<Arguments> parse(const Command& command, const std::vector<std::string>& words) {
  using Style = po::command_line_style::style_t;
  Arguments arguments;
  try {
    const auto options = described(command);
    po::positional_options_description positional;
    positional.add(kPositional, -1);
    po::command_line_parser parser(words);
    // No guessing: an abbreviation that works today would mean something else tomorrow.
    parser.options(options).positional(positional).style(Style::unix_style & ~Style::allow_guessing);
    po::variables_map values;
    po::store(parser.run(), values);
    for (const auto& [name, value] : values) {
      if (name == kPositional) {
        arguments.positional = value.as<std::vector<std::string>>();
      } else {
        const auto* given = boost::any_cast<std::string>(&value.value());
        arguments.values_[name] = given == nullptr ? "" : *given;
      }
    }
  } catch (const po::error& error) {
    return described_error(command, error);
  }
  return check_positional(command, std::move(arguments));
}

}  // namespace daydream::cli
