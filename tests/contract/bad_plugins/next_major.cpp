// Exports the symbol of the next major.
extern "C" __attribute__((visibility("default"))) const int daydream_plugin_v2 = 1;
