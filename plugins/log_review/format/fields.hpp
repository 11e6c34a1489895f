// Lines that name their fields: JSON objects and logfmt. Read in one pass, without a document. Pure. [any thread]
#pragma once

#include <string>
#include <string_view>

#include "plugins/log_review/format/layout.hpp"

namespace daydream::logs {

// What the fields of one line say. Views into the line, or into `scratch`.
struct Fields {
  bool good = false;             // the line is one object, or fields and nothing else
  std::string_view message{};    // msg, message, event, log...; empty where there is none
  std::string_view level{};      // as written
  std::string_view time{};       // as written
  std::string_view component{};  // logger, name, unit...
  bool docker = false;           // {"log": ..., "stream": ...}: the message is a line of its own format
};

Fields read_json(std::string_view line, std::string& scratch);
Fields read_logfmt(std::string_view line, std::string& scratch);
// Time, severity and component of fields as parts.
Parts parts_of(const Fields& fields);

}  // namespace daydream::logs
