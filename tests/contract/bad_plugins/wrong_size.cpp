// A table shorter than the ABI it names.
#include "plugin.hpp"

EXPORTED;
const dd_plugin daydream_plugin_v1 = {sizeof(dd_plugin) - 8,
                                      DD_ABI_MAJOR,
                                      DD_ABI_MINOR,
                                      DESCRIPTOR("wrong_size"),
                                      keep_tables,
                                      do_nothing,
                                      nullptr,
                                      nullptr,
                                      nullptr,
                                      forget};
