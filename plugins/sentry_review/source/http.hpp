// The server's API through the host's broker: it holds the token, retries and keeps the pace; what to ask and
// what an answer means is decided here.
#pragma once

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/source/pages.hpp"

namespace daydream::sentry {

// `dialect`: as an earlier try of this run has learnt it, or kAuto.
std::unique_ptr<Pages> open_server(const sdk::Run& run, const Settings& settings, const Window& window,
                                   Dialect dialect);

}  // namespace daydream::sentry
