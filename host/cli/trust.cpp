#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "daydream/kit/text.hpp"
#include "manifest/load.hpp"
#include "manifest/tree.hpp"

namespace daydream::cli {
namespace {

int run_trust(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return fail(places.error());
  auto loaded = manifest::load(places->manifest, load_options(*places, true));
  if (!loaded) return fail(loaded.error());
  const std::string shown = manifest::shown_path(loaded->main_file);
  if (loaded->needs_trust.empty()) {
    print(shown + ": names nothing that needs trust\n");
    return finish_output(kOk);
  }
  if (auto recorded = manifest::trust(*loaded, places->repository); !recorded) return fail(recorded.error());
  print(shown + ": trusted as it is now (" + loaded->content_hash.substr(0, 12) + "), with\n");
  for (const std::string& key : loaded->needs_trust) print("  " + text::escape_terminal(key) + "\n");
  return finish_output(kOk);
}

int run_untrust(const Arguments& arguments) {
  auto places = locate(arguments);
  if (!places) return fail(places.error());
  auto removed = manifest::untrust(places->repository);
  if (!removed) return fail(removed.error());
  print(text::show_path(places->repository.native()) + (*removed ? ": no longer trusted\n" : ": was not trusted\n"));
  return finish_output(kOk);
}

}  // namespace

const Command kTrustCommand{
    "trust",
    "lets this repository's own manifest name programs, hosts, secrets",
    "[--repo DIR]",
    "A manifest that lies in the repository can be changed by whoever can push to it. What reaches beyond the "
    "repository (plugins by path, verify, workspace, inputs, hosts, secrets, mode in-place, archive.apply, paths "
    "outside, variables of the environment but DAYDREAM_..., files outside that it extends) is therefore refused until "
    "you have read it and said so here. Its content is what is trusted: any change asks again; doctor lists what is "
    "trusted. Recorded in $XDG_CONFIG_HOME/daydream/trusted.",
    {{"repo", "DIR", "the repository, or any folder in it"}, {"help", nullptr, "shows this"}},
    0,
    0,
    run_trust};

const Command kUntrustCommand{"untrust",
                              "takes that back",
                              "[--repo DIR]",
                              "Removes the record that `daydream trust` made.",
                              {{"repo", "DIR", "the repository, or any folder in it"}, {"help", nullptr, "shows this"}},
                              0,
                              0,
                              run_untrust};

}  // namespace daydream::cli
