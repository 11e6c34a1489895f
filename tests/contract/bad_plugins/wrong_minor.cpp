// Built against another draft.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR + 7, DESCRIPTOR("wrong_minor"),
                                      keep_tables,       do_nothing,   nullptr,          nullptr,
                                      nullptr,           forget};
