// A checked Pipeline + plugins -> steps that can run: files found, descriptors read, configurations
// checked against the plugins' schemas. Runs nothing of a plugin but its probe.
#pragma once

#include <string>
#include <vector>

#include "daydream/kit/result.hpp"
#include "loader/descriptor.hpp"
#include "manifest/pipeline.hpp"

namespace daydream::pipeline {

struct PreparedStep {
  int number = 0;  // from 1
  manifest::Step manifest;
  loader::Plugin plugin;
  std::string config;       // JSON with the schema's defaults filled in
  std::string config_hash;  // step identity: of id, plugin id and config
};

// kInvalid (exit 65) with every problem, one a line.
Result<std::vector<PreparedStep>> prepare(const manifest::Loaded& loaded, const Path& work_directory);

}  // namespace daydream::pipeline
