// SIGTERM and SIGINT ask to stop. This room owns their handlers: the run asks here too.
#pragma once

#include "daydream/kit/result.hpp"

namespace daydream::schedule {

// From now on; a second call changes nothing. -> a descriptor that becomes readable with the first signal and
// stays so; it is never closed. A second SIGINT (the user has lost patience) ends the program at once, exit
// 75; a further SIGTERM changes nothing, as managers send it more than once.
Result<int> catch_stop_signals();
bool stop_requested();  // [any thread]

}  // namespace daydream::schedule
