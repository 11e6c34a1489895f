// Our own name for an error, which outlives the server's ids: what stays the same when a line moves, a
// path gets another prefix, a bundle another hash, or a message another id in it.
#pragma once

#include <string>
#include <string_view>

#include "plugins/sentry_review/read/records.hpp"

namespace daydream::sentry {

// 16 hexadecimal digits of: project, platform, the chain of exception types, the normalised message and the
// top five frames of our own (module or file name, function); of all frames where none is our own.
// Never a line, a path prefix, an address, an id or a hash.
std::string fingerprint_of(const Event& event, std::string_view project);
// Whether an event says enough for that: a frame, or a message and a place.
bool is_telling(const Event& event);
// The same for an issue of which no event was read: type, message and place as the list tells them. Two issues
// may share it, so it never joins two that a server tells apart in one night.
std::string coarse_fingerprint_of(const Issue& issue);
// Whether the coarse one says enough to know an issue again: a type or message and a place.
bool coarse_is_telling(const Issue& issue);

// The parts. Numbers, ids, addresses, hashes, quoted data and query strings of a message become "#".
std::string normalise_message(std::string_view message);
// "main.3f2a1b9c.js" -> "main.js".
std::string without_bundle_hash(std::string_view name);
std::string normalise_function(std::string_view function);

}  // namespace daydream::sentry
