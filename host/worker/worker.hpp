// The child that runs one step: takes Start from the host, confines itself, opens the plugin, and turns
// the plugin's calls into frames. It holds no store, no secret and no network; it dies with its host.
// What the plugin proposes is copied in the call; reads see only what is committed.
#pragma once

namespace daydream::worker {

// The main of `daydream --worker <fd>`: never comes back with the plugin alive; its value is the exit
// code. Ends by _exit once Done is sent: no destructor of a plugin runs.
int serve(int descriptor);

// The same in a thread of the host, for a debugger: nothing of the process is changed, nothing is
// confined. Comes back when Done is sent or the host's end is closed. Takes the descriptor.
int serve_in_process(int descriptor);

}  // namespace daydream::worker
