// The next version of grown.cpp.
#define GROWN_SCHEMA 2
#include "grown.cpp"  // NOLINT(bugprone-suspicious-include)
