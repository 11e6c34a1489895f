// What a worker does once it is confined and linked to its host: check and open the plugin, bring old
// state up to date, call it, say how it ended.
#pragma once

#include "frames/messages.hpp"
#include "worker/link.hpp"

namespace daydream::worker {

// Sends everything from Explain to Done. `ready` goes out once the library is loaded.
void run_task(Link& link, const frames::Start& start, frames::Ready ready);

}  // namespace daydream::worker
