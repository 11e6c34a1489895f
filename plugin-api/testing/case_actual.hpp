// What a run of a case really did, in the words of its expectations.
#pragma once

#include <vector>

#include "daydream/testing/cases.hpp"
#include "daydream/testing/memory_host.hpp"

namespace daydream::testing {

// Always: result where it is not ok, findings, after, removed, proposed, discarded, archived. Only where
// the case asks: explain, details, memory, metrics, put-output, state-file, printed, log.
std::vector<Section> actual_sections(const Case& one, const Answer& answer, const MemoryHost& host);
// What differs, for people.
std::vector<std::string> compare_sections(const Case& one, const std::vector<Section>& actual);

}  // namespace daydream::testing
