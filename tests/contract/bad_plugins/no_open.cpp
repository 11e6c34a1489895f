// A table without open().
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR("no_open"),
                                      nullptr,           do_nothing,   nullptr,      nullptr,
                                      nullptr,           forget};
