// A table that cannot be.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {1,           DD_ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR("absurd_size"),
                                      keep_tables, do_nothing,   nullptr,      nullptr,
                                      nullptr,     forget};
