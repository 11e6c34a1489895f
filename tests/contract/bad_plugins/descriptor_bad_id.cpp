// An id with a capital.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin), DD_ABI_MAJOR, DD_ABI_MINOR, DESCRIPTOR("Bad-Id"),
                                      keep_tables,       do_nothing,   nullptr,      nullptr,
                                      nullptr,           forget};
