// What a plugin says of itself, checked. Format: plugin-api/guides/descriptor.md.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/model.hpp"
#include "daydream/kit/result.hpp"

namespace daydream::loader {

struct ReportLine {
  std::string text;                  // "Removed {n} dead code blocks": {n} is the count
  std::string metric;                // either a metric of the step
  std::vector<std::string> rules;    // or the findings of these rules
  std::vector<std::string> actions;  // with one of these actions; default ["applied"]
};
struct ReportSection {
  std::string title;
  std::vector<ReportLine> lines;
};

struct CommandSpec {
  std::string name;  // "logs"; `daydream logs patterns FILE...`
  std::string summary;
  std::string usage;  // shown by --help
};

// What a manifest must give before the step can do its work. Where it is said is checked with the step's
// configuration, so that a step which is not configured needs nothing.
struct Need {
  std::string name;          // said by the descriptor, or
  std::string option;        // the option whose value (a string or a list) says it: "server.url"
  std::string when, unless;  // options: only where the one is set, and the other is not
};
struct Needs {
  std::vector<Need> hosts, secrets, inputs, outputs;  // outputs: ids of steps
};

struct Descriptor {
  std::string id, version, summary;
  std::string role;           // "step" or "report"
  std::string config_schema;  // JSON text
  std::uint32_t checkpoint_schema = 1, memory_schema = 1;
  std::vector<std::string> services;
  Needs needs;
  std::vector<CommandSpec> commands;
  ReportSection report;  // empty title: no section
  std::string json;      // as the plugin gave it
};

Result<Descriptor> parse_descriptor(std::string_view json, const std::string& plugin_file);

struct Plugin {        // a file that can be loaded
  std::string file;    // absolute
  std::string sha256;  // of its content
  std::string facts;   // file_facts() when that hash was taken
  Descriptor descriptor;
};

}  // namespace daydream::loader
