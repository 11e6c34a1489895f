#include "init/init.hpp"

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/values.hpp"
#include "daydream/kit/text.hpp"
#include "schedule/signals.hpp"

namespace daydream::cli {
namespace {

constexpr std::chrono::minutes kPatience{15};
constexpr std::size_t kMargin = 16;

std::string as_text(const std::vector<init::Choice>& choices) {
  std::string shown;
  for (const init::Choice& choice : choices) {
    std::string label = "  " + choice.what;
    for (const std::string& words : choice.words) {
      label.resize(std::max(label.size() + 1, kMargin), ' ');
      shown.append(label).append(words).append("\n");
      label.clear();
    }
  }
  return shown;
}

Result<init::Options> options_of(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return std::move(places.error());
  auto timeout = duration_of(arguments, "timeout");
  if (!timeout) return std::move(timeout.error());
  init::Options options;
  options.repository = places->repository;
  options.work_directory = places->work_directory;
  options.state_directory = places->state_directory;
  options.under_git = places->under_git;
  options.git = places->git;
  options.loading = load_options(*places);
  options.loading.given = false;
  options.loading.fallback = false;
  options.shipped = data_directory() / "daydream.json";
  if (arguments.has("no-try")) options.not_tried = "--no-try";
  options.timeout = timeout->value_or(kPatience);
  options.cancelled = schedule::stop_requested;
  options.say = [](const std::string& words) { say(words); };
  return options;
}

// The manifest is what stdout carries; its reasons stand in it, and on stderr.
int show_draft(const init::Written& written) {
  const std::string reasons = as_text(written.choices);
  for (const std::string_view line : text::split(reasons, '\n')) {
    if (!line.empty()) say(line);
  }
  print(written.manifest);
  return finish_output(kOk);
}

int put_and_show(const init::Options& options, const init::Written& written) {
  auto trusted = init::put(options, written.manifest);
  if (!trusted) return fail(trusted.error());
  print(text::show_path((options.repository / init::kManifestPath).native()) + ": written\n" +
        as_text(written.choices));
  if (!trusted->empty())
    print("It is trusted as it is now; once you have changed it, `daydream trust` says so again.\n");
  print("Next: read it, `daydream run --mode observe --format md` for a first look, `daydream run` for a night.\n");
  return finish_output(kOk);
}

int run_init(const Arguments& arguments) {
  if (auto caught = schedule::catch_stop_signals(); !caught) return fail(caught.error());
  auto options = options_of(arguments);
  if (!options) return fail(options.error());
  const bool dry = arguments.has("dry-run");
  if (auto free = init::check_free(options->repository); !free && !dry) return fail(free.error());
  auto written = init::draft(*options);
  if (!written) return fail(written.error());
  return dry ? show_draft(*written) : put_and_show(*options, *written);
}

}  // namespace

const Command kInitCommand{
    "init",
    "looks at a repository and writes the manifest that fits it",
    "[--repo DIR] [--dry-run] [--no-try] [--timeout DURATION]",
    "Writes .daydream/pipeline.json, commented, checked as `daydream validate` does it; nothing that is there is "
    "overwritten, and nothing is asked. Why each value is what it is stands on stdout and in the file.\n"
    "\n"
    "  verify      pyproject.toml, package.json, CMakeLists.txt, Cargo.toml, go.mod, make test, ...\n"
    "  workspace   .venv and node_modules that lie there are shared, else lock files say how to install\n"
    "  logs        logs/, log/, *.log; /var/log, units and compose files as comments to switch on\n"
    "  Sentry      .sentryclirc, sentry.properties, options of the build plugins; never a token\n"
    "  tasks, docs which lists and pages the steps will find\n"
    "  owners      who reviews a change of this file, by CODEOWNERS\n"
    "\n"
    "What stands as verify has been run here, as a night runs it: in a fresh copy of the last commit, without "
    "secrets in its environment. That runs code of the repository, and its installer where packages are missing. "
    "What is not green is left out, with its output, as a comment. --no-try runs nothing.\n"
    "\n"
    "  daydream init                       writes it\n"
    "  daydream init --dry-run --no-try    shows it, runs nothing, writes nothing\n"
    "\n"
    "The file is then trusted as it is (see `daydream help trust`): what it names has just been run here, or is "
    "Sentry's public server. What reaches further (a server of your own, inputs, paths outside) stands in it as a "
    "comment.",
    {{"repo", "DIR", "the repository, or any folder in it; default: the work tree around the current folder"},
     {"dry-run", nullptr, "the manifest goes to stdout, the reasons to stderr; no file is written"},
     {"no-try", nullptr, "runs nothing of the repository: verify is written as a comment"},
     {"timeout", "DURATION", "of each command that is tried; default 15m"},
     {"work-dir", "DIR", "where the copy is made; default: $XDG_CACHE_HOME/daydream/<hash of the state directory>"},
     {"help", nullptr, "shows this"}},
    0,
    0,
    run_init};

}  // namespace daydream::cli
