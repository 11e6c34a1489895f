// `daydream plugins ...` for those who write a step: a new one from the template, its checks, its cases, one run.
// Each returns an exit code and has said what there is to say.
#pragma once

#include <string>
#include <vector>

#include "cli/command.hpp"

namespace daydream::cli {

// new NAME [--dir D]: the template under another name. Overwrites nothing.
int new_plugin(const std::string& name, const std::string& directory);
// test FILE.so CASES...: daydream-cases.
int test_plugin(const Arguments& arguments);
// run FILE.so: a run of this step alone, with a state directory that is thrown away.
int try_plugin(const Arguments& arguments);
// What `check` does once the file could be loaded: daydream-conform, where it is installed.
int check_conformance(const std::string& file, const Arguments& arguments);

// "my_step", "acme", "My Step" and the id of a name that was typed; kUsage: what a name must be, and one that is near.
struct StepName {
  std::string step, vendor, title, id;
};
Result<StepName> step_name(const std::string& typed);

}  // namespace daydream::cli
