// The broker's process: `daydream --broker <descriptor>`. It holds secrets and network; it dies with the host.
#pragma once

namespace daydream::broker {

// The exit code; returns when the host has gone.
int serve(int descriptor);

}  // namespace daydream::broker
