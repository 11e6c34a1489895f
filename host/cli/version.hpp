// The version, known without reading anything: `daydream --version` is the control of our benchmarks.
#pragma once

#include "daydream/abi.h"

#define DAYDREAM_TEXT_OF(number) #number
#define DAYDREAM_TEXT(macro) DAYDREAM_TEXT_OF(macro)

#if DD_ABI_DRAFT
#define DAYDREAM_ABI_STATE " draft"
#else
#define DAYDREAM_ABI_STATE ""
#endif

namespace daydream::cli {

inline constexpr const char* kVersionLine =
    "daydream " DAYDREAM_VERSION " (plugin ABI " DAYDREAM_TEXT(DD_ABI_MAJOR) "." DAYDREAM_TEXT(DD_ABI_MINOR)
        DAYDREAM_ABI_STATE ")\n";

}  // namespace daydream::cli
