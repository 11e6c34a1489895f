// A descriptor that points nowhere.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, reinterpret_cast<const char*>(16),
                                      keep_tables,       do_nothing,   nullptr,      nullptr,
                                      nullptr,           forget};
