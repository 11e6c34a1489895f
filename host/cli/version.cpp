#include "cli/version.hpp"

#include "cli/command.hpp"
#include "cli/output.hpp"

namespace daydream::cli {
namespace {

int run_version(const Arguments& /*arguments*/) {
  print(kVersionLine);
  return finish_output(kOk);
}

}  // namespace

const Command kVersionCommand{
    "version", "shows the version and the plugin ABI", "", "", {{"help", nullptr, "shows this"}}, 0, 0, run_version};

}  // namespace daydream::cli
