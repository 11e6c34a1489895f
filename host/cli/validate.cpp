#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/text.hpp"
#include "manifest/tree.hpp"
#include "pipeline/prepare.hpp"

namespace daydream::cli {
namespace {

int run_validate(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return fail(places.error());
  auto loaded = load_manifest(*places);
  if (!loaded) return fail(loaded.error());
  auto steps = pipeline::prepare(*loaded, places->work_directory);
  if (!steps) return fail(steps.error());
  print(manifest::shown_path(loaded->main_file) + ": ok\n");
  for (const auto& step : *steps) {
    print("  " + std::to_string(step.number) + "  " + step.manifest.id + "  (" +
          text::escape_terminal(step.plugin.descriptor.id) + " " +
          text::escape_terminal(step.plugin.descriptor.version) + ", " + text::show_path(step.plugin.file) + ")\n");
  }
  return finish_output(kOk);
}

}  // namespace

const Command kValidateCommand{
    "validate",
    "checks manifest, plugins and step configurations; runs nothing",
    "[--manifest FILE] [--repo DIR]",
    "Says all that is wrong, each with file:line:column, and exits with 65; with 0 when a run could start. Plugins "
    "are opened in a child process to read what they say of themselves.",
    with_places({}),
    0,
    0,
    run_validate};

}  // namespace daydream::cli
