// SIGTERM and SIGINT ask a run to stop; a second one of them ends the program at once.
#pragma once

#include "daydream/kit/result.hpp"

namespace daydream::cli {

// From now on. -> a descriptor that becomes readable with the first signal.
Result<int> catch_stop_signals();
bool stop_requested();

}  // namespace daydream::cli
