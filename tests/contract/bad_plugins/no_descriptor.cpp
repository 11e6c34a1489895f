// A table without a descriptor.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, nullptr, keep_tables,
                                      do_nothing,        nullptr,      nullptr,      nullptr, forget};
