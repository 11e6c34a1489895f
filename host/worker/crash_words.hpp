// What is said of a plugin whose code the processor stops, before the signal ends the process.
#pragma once

#include "worker/link.hpp"

namespace daydream::worker {

// From now on a crash of this thread (the run thread) is said by `link` in words, then ends the process as before.
// Not where a sanitizer has its own words. `link` must live as long as the process.
void tell_crashes(Link& link);

}  // namespace daydream::worker
