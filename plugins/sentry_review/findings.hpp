// From a judgement to what people read.
#pragma once

#include <optional>
#include <tuple>

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/judge/verdict.hpp"

namespace daydream::sentry {

struct Spoken {
  Judged judged;
  Place place;
  Suggestion suggestion;
  std::string event;  // read tonight, trimmed, as JSON; "" = none
};

// Worst first: regressed and new before recurring, then by score and count.
using Urgency = std::tuple<int, int, std::int64_t>;
Urgency urgency_of(const Judged& judged);

// error-new, error-recurring, error-regressed or error-resolved. REQUIRES: something is said.
sdk::Finding finding_of(const Spoken& spoken);
// suggested-fix, where a rule fits an open error.
std::optional<sdk::Finding> fix_of(const Spoken& spoken);
// review-incomplete: what could not be read.
sdk::Finding incomplete(const std::vector<std::string>& gaps, std::uint64_t issues);

}  // namespace daydream::sentry
