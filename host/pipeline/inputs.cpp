#include "pipeline/inputs.hpp"

#include <cstdlib>
#include <map>

#include "base/files.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "log/log.hpp"

extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace daydream::pipeline {

namespace {

Path folder(const Context& context, const std::string& run) {
  return context.options.work_directory / "inputs" / run;
}

// Ours without the variables that hold the manifest's secrets.
std::map<std::string, std::string> environment_without_secrets(const manifest::Pipeline& pipeline) {
  std::map<std::string, std::string> environment;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view variable(*entry);
    const auto equals = variable.find('=');
    if (equals != std::string_view::npos)
      environment[std::string(variable.substr(0, equals))] = std::string(variable.substr(equals + 1));
  }
  for (const auto& [name, secret] : pipeline.secrets) environment.erase(secret.environment);
  return environment;
}

// The spooled output of one command, or words why there is none.
Result<std::string> spool(const Context& context, const manifest::Input& input, std::vector<std::string>& notices,
                          const std::string& name) {
  process::Command command;
  command.arguments = input.command;
  command.directory = context.options.repository.string();
  command.environment = environment_without_secrets(context.options.manifest.pipeline);
  command.timeout = input.timeout;
  command.max_output = input.max_bytes;
  command.cancelled = [&context] { return context.stop(); };
  auto outcome = process::run(command);
  if (!outcome) return std::move(outcome.error());
  if (outcome->cancelled) return Error(ErrorKind::kCancelled, "asked to stop");
  if (outcome->truncated) {
    notices.push_back("input " + name + ": gave more than its max; what came first is read");
  } else if (!outcome->good()) {
    const std::string tail = text::shorten(text::to_utf8(text::trim(outcome->error)), 400);
    return Error(ErrorKind::kRetry, outcome->describe() + (tail.empty() ? "" : ": " + tail));
  }
  return std::move(outcome->output);
}

}  // namespace

Result<std::vector<std::pair<std::string, std::string>>> provide_inputs(Context& context, const std::string& run) {
  std::vector<std::pair<std::string, std::string>> roots;
  const auto& inputs = context.options.manifest.pipeline.inputs;
  if (inputs.empty()) return roots;
  const Path directory = folder(context, run);
  if (auto made = files::make_directories(directory, 0700); !made) return std::move(made.error());
  for (const auto& [name, input] : inputs) {
    const Path file = directory / name;
    if (!files::exists(file)) {
      auto content = spool(context, input, context.notices, name);
      if (!content) {
        if (content.error().kind() == ErrorKind::kCancelled) return std::move(content.error());
        context.notices.push_back("input " + name + ": " + content.error().message());
        log::warning("pipeline", context.notices.back());
        continue;
      }
      auto written = files::write_replace(file, *content, files::Durability::kNone, 0600);
      if (!written) return std::move(written.error());
    }
    roots.emplace_back("input:" + name, file.string());
  }
  return roots;
}

void drop_inputs(const Context& context, const std::string& run) {
  auto removed = files::remove_tree(folder(context, run));
  if (!removed) log::warning("pipeline", removed.error().message());
}

}  // namespace daydream::pipeline
