// What `journalctl -o export` writes (https://systemd.io/JOURNAL_EXPORT_FORMATS/), as a line of JSON for each
// entry, in the words of `journalctl -o json`: what reads those reads these.
#pragma once

#include <memory>
#include <string_view>

#include "plugins/log_review/reading/source.hpp"

namespace daydream::logs {

// An export begins with an entry, and an entry with its cursor.
constexpr std::string_view kJournalHead = "__CURSOR=";

// Entries cut short at the end are given as far as they go; bytes that are no export give nothing.
std::unique_ptr<Source> journal_source(std::unique_ptr<Source> inner);

}  // namespace daydream::logs
