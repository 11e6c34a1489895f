// config/schema/manifest.schema.json, as built into the program.
#pragma once

#include <string_view>

namespace daydream::manifest {

std::string_view schema_json();

}  // namespace daydream::manifest
