#include <algorithm>

#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/text.hpp"
#include "manifest/load.hpp"

namespace daydream::cli {
namespace {

constexpr std::size_t kWidestName = 44, kWidestValue = 60;

std::string padded(std::string text, std::size_t width) {
  if (text.size() < width) text.append(width - text.size(), ' ');
  return text;
}

int explain(const manifest::Loaded& loaded) {
  for (const manifest::Origin& origin : loaded.origins) {
    const std::string name = text::escape_terminal(json::readable_pointer(origin.pointer));
    // No value of a manifest should be a secret; one that is there by mistake is not shown again.
    const std::string value = text::escape_terminal(text::shorten(text::mask(origin.value), 400));
    std::string from = origin.line == 0 ? "default" : origin.file + ":" + std::to_string(origin.line);
    if (!origin.note.empty()) from.append("  (").append(text::escape_terminal(origin.note)).append(")");
    print(padded(name, kWidestName) + "  " + padded(value, kWidestValue) + "  " + from + "\n");
  }
  return finish_output(kOk);
}

int run_config(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return fail(places.error());
  // Looking at an untrusted manifest is how one comes to trust it: it is read, nothing of it is run.
  auto loaded = manifest::load(places->manifest, load_options(*places, true));
  if (!loaded) return fail(loaded.error());
  if (arguments.has("explain")) return explain(*loaded);
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
          "file says is \"default\""}}),
    0,
    0,
    run_config};

}  // namespace daydream::cli
