// {"append": [...], "remove": [...]} in a step's options, where no file gives the list: upon the list that the
// plugin's schema has by default.
#pragma once

#include <string_view>
#include <vector>

#include "daydream/kit/json.hpp"

namespace daydream::pipeline {

// `config` with every such operation replaced by its list, wherever the schema expects one; what stands where
// it expects no list is left for the schema to refuse. What cannot be removed is a problem.
// REQUIRES: `schema` compiled.
json::Document with_lists(const json::Value& config, const json::Value& schema, std::vector<json::Problem>& problems);

}  // namespace daydream::pipeline
