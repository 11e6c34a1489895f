// The version, known without reading anything: `daydream --version` is the control of our benchmarks.
#pragma once

#include "daydream/abi.h"

#define DAYDREAM_TEXT_OF(number) #number
#define DAYDREAM_TEXT(macro) DAYDREAM_TEXT_OF(macro)

namespace daydream::cli {

inline constexpr const char* kVersionLine =
    "daydream " DAYDREAM_VERSION " (plugin ABI " DAYDREAM_TEXT(DD_ABI_MAJOR) "." DAYDREAM_TEXT(DD_ABI_MINOR) ")\n";

}  // namespace daydream::cli
