// How grave a line says it is. Words count only where they stand alone in head position.
#pragma once

#include <cstdint>
#include <string_view>

namespace daydream::logs {

enum class Severity : std::uint8_t { kUnknown, kTrace, kDebug, kInfo, kNotice, kWarning, kError, kCritical };
constexpr int kSeverities = 8;

std::string_view name_of(Severity severity);
// "INFO", "warn", "Error", "E" (one letter only with `letters`); brackets and colons around it are taken off.
Severity severity_of_word(std::string_view word, bool letters);
// "error: ...", "WARNING: ...": of the first word of a message, where a colon follows it.
Severity severity_of_lead(std::string_view message);
// Numbers of pino and bunyan (10-60), of OpenTelemetry (1-24), of syslog (0-7).
Severity severity_of_pino(std::int64_t number);
Severity severity_of_otel(std::int64_t number);
Severity severity_of_syslog(std::int64_t number);

}  // namespace daydream::logs
