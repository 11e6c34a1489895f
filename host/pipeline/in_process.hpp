// --in-process: the worker as a thread of the host, for a debugger. No confinement, no limits, no
// protection from a plugin that crashes; said in the report.
#pragma once

#include "session/launcher.hpp"

namespace daydream::pipeline {

session::Launcher in_process_launcher();

}  // namespace daydream::pipeline
