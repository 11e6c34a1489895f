// Built with the headers of a later minor: its table has grown, and it asks for functions that may be missing.
#include "plugin.hpp"

struct dd_plugin_newer {
  dd_plugin known;
  dd_status (*later)(void* self);
};

extern "C" __attribute__((visibility("default")))
const dd_plugin_newer daydream_plugin_v1_newer __asm__("daydream_plugin_v1");
const dd_plugin_newer daydream_plugin_v1_newer = {
    {sizeof(dd_plugin_newer), DD_ABI_MAJOR, DD_ABI_MINOR + 7, DESCRIPTOR("newer_minor"), keep_tables, do_nothing,
     nullptr, nullptr, nullptr, forget},
    do_nothing};
