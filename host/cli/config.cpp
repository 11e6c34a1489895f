#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/explain.hpp"
#include "cli/output.hpp"
#include "manifest/load.hpp"

namespace daydream::cli {
namespace {

int explain(const Places& places, const manifest::Loaded& loaded) {
  // A plugin is asked for its options only where a run would load it: opening it runs code of it.
  auto trusted = load_manifest(places);
  auto steps = trusted ? pipeline::prepare(*trusted, places.work_directory)
                       : Result<std::vector<pipeline::PreparedStep>>(std::move(trusted.error()));
  print(explained(with_plugin_defaults(loaded, steps ? *steps : std::vector<pipeline::PreparedStep>())));
  if (!steps) say("the options that no file gives are not shown: " + steps.error().message());
  return finish_output(kOk);
}

int run_config(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return fail(places.error());
  // Looking at an untrusted manifest is how one comes to trust it: it is read, nothing of it is run.
  auto loaded = manifest::load(places->manifest, load_options(*places, true));
  if (!loaded) return fail(loaded.error());
  if (arguments.has("explain")) return explain(*places, *loaded);
  print(manifest::effective_json(*loaded) + "\n");
  return finish_output(kOk);
}

}  // namespace

const Command kConfigCommand{
    "config",
    "shows the manifest in force, and where each value comes from",
    "[--explain] [--manifest FILE] [--repo DIR]",
    "Without --explain: the manifest with all it extends merged into one, as JSON, parameters filled in.\n"
    "With it, behind a place: what was appended or removed there, which parameter gave the value and where that "
    "comes from, and which file made the key final.",
    with_places(
        {{"explain", nullptr,
          "one line a value and each element that was appended or removed, with file:line of its origin; what no "
          "file says is \"default\", of the program or of the step's plugin"}}),
    0,
    0,
    run_config};

}  // namespace daydream::cli
