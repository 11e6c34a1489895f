// The open night branch as the store remembers it, and small JSON helpers of this room.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "changes/night.hpp"
#include "changes/publish.hpp"
#include "checkpoint/store.hpp"

namespace daydream::pipeline {

Result<changes::Night> load_night(checkpoint::Store& store);  // ref empty: none open
// Adds what a step published to the night's record.
Result<void> record_night(checkpoint::Store& store, const checkpoint::Run& run, const std::string& step,
                          const std::map<std::uint64_t, Finding>& findings, const changes::Published& published,
                          checkpoint::Transaction& transaction);

std::string json_array(const std::vector<std::string>& items);
// `object` (JSON text, may be empty) with one string member set; and read.
std::string with_member(const std::string& object, const std::string& key, const std::string& value);
std::string member(const std::string& object, const std::string& key);

}  // namespace daydream::pipeline
