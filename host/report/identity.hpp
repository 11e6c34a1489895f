// Lasting ids of findings, "<rule>-<8 hex digits of rule, symbol and context>", "-2" and so on for twins: equal rule,
// symbol and context on an earlier night keep the id; twins are paired by path (through git renames), then order; new
// twins get the next free number.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/model.hpp"
#include "checkpoint/store.hpp"

namespace daydream::report {

// Sets id and since of every finding, deterministically; what must be remembered is added to
// `transaction` (host values under "identity/"). `renamed(old)` gives the new path or "".
Result<void> assign_ids(checkpoint::Store& store, const std::string& run, std::vector<Finding>& findings,
                        const std::function<std::string(const std::string&)>& renamed,
                        checkpoint::Transaction& transaction);
// Forgets what was last seen before `date` (YYYY-MM-DD): retention.
Result<void> prune_identities(checkpoint::Store& store, const std::string& date, checkpoint::Transaction& transaction);
// What "the same change" means over nights: hash of rule, symbol, context and path.
std::string content_fingerprint(const Finding& finding);

}  // namespace daydream::report
