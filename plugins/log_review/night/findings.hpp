// Remarks as findings: in words, with samples, and with the statement they come from.
#pragma once

#include <daydream/sdk.hpp>
#include <string>
#include <vector>

#include "plugins/log_review/night/judgement.hpp"
#include "plugins/log_review/night/statements.hpp"

namespace daydream::logs {

struct Speech {
  const std::vector<std::string>* files = nullptr;  // names, by Place::file
  std::size_t nights = 0;                           // of history
};

sdk::Finding finding_of(const Remark& remark, const Statement& statement, const Speech& speech);
// The remarks that were one too many, as one finding.
sdk::Finding folded(const std::vector<Remark>& rest);

}  // namespace daydream::logs
