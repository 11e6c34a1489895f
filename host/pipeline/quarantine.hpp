// Steps that crash, hang or break the ABI night after night are left out until something about them
// changes. What is remembered is bound to the content of plugin and configuration.
#pragma once

#include <string>

#include "checkpoint/store.hpp"
#include "pipeline/prepare.hpp"

namespace daydream::pipeline {

constexpr int kStartsToQuarantine = 2;
constexpr int kDeathsThatCountAsOne = 10;  // of the host, in a row, in one step, without a commit between

struct Record {
  int starts = 0;       // in which all attempts crashed, hung or broke the ABI
  int host_deaths = 0;  // since the last commit or seen failure
  std::string words;    // of the last failure
  [[nodiscard]] bool quarantined() const { return starts >= kStartsToQuarantine; }
};

// Empty when nothing is known, or the step is another by now.
Result<Record> read_record(checkpoint::Store& store, const PreparedStep& step);
void write_record(checkpoint::Transaction& transaction, const PreparedStep& step, const Record& record);
void clear_record(checkpoint::Transaction& transaction, const PreparedStep& step);

}  // namespace daydream::pipeline
