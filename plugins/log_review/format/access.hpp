// The access lines of servers: one request each. Pure. [any thread]
#pragma once

#include <string>

#include "plugins/log_review/format/layout.hpp"

namespace daydream::logs {

// A message that begins with a request, `"GET /a?b=c HTTP/1.1" 503 17 ...`, becomes "GET /a server error" in `scratch`:
// what differs from request to request (sizes, agents) is no part of its pattern. False: it is none.
bool read_access(Parts& parts, std::string& scratch);
// The same where the request stands elsewhere in the message: behind the status (HAProxy, load balancers) or behind
// an address (uvicorn).
bool read_access_within(Parts& parts, std::string& scratch);

}  // namespace daydream::logs
