// Says another major inside.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {
    sizeof(dd_plugin), DD_ABI_MAJOR + 1, DD_ABI_MINOR, DESCRIPTOR("wrong_major"), keep_tables, do_nothing, nullptr,
    nullptr,           nullptr,          forget};
