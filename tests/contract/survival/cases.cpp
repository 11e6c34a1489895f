#include "cases.hpp"

#include <cstdlib>

namespace daydream::survival {

namespace {
constexpr auto kRefused = Ending::kRefused;
constexpr auto kFails = Ending::kFails;
constexpr auto kCompletes = Ending::kCompletes;
constexpr auto kEither = Ending::kEither;
constexpr const char* kSoon = R"("idle_timeout": "1s", )";
}  // namespace

std::vector<Case> refused_cases() {
  return {
      {"wrong_size", kRefused, "wrong_size.so", ""},
      {"absurd_size", kRefused, "absurd_size.so", ""},
      {"wrong_major", kRefused, "plugin ABI 2.0", ""},
      {"next_major", kRefused, "daydream_plugin_v2", ""},
      {"no_symbol", kRefused, "daydream_plugin_v1", ""},
      {"no_open", kRefused, "open", ""},
      {"unresolved", kRefused, "undefined symbol", ""},
      {"not_elf", kRefused, "not_elf.so", ""},
      {"missing", kRefused, "missing.so", ""},
      {"descriptor_nowhere", kRefused, "descriptor", ""},
      {"descriptor_not_json", kRefused, "descriptor", ""},
      {"descriptor_not_utf8", kRefused, "descriptor", ""},
      {"constructor_crashes", kRefused, "constructor_crashes.so", ""},
      {"constructor_exits", kRefused, "constructor_exits.so", ""},
      {"constructor_throws", kRefused, "constructor_throws.so", ""},
  };
}

std::vector<Case> crashing_cases() {
  return {
      {"throws_in_run", kFails, "an exception left the plugin: std::runtime_error: the cat sat on it", ""},
      {"throws_in_open", kFails, "an exception left the plugin: int", ""},
      {"throws_in_thread", kFails, "an exception left the plugin: std::logic_error: in a thread", ""},
      {"aborts", kFails, "signal 6 (Aborted)", ""},
      {"segfaults", kFails, "signal 11 (Segmentation fault)", ""},
      {"null_pointer", kFails, "the plugin used a null pointer", ""},
      {"overflows_stack", kFails, "used up its stack", ""},
      {"jumps_out", kEither, "", kSoon},
      {"exits", kFails, "exited with 3 in the middle of the step", ""},
      {"exits_at_once", kFails, "exited with 0 in the middle of the step", ""},
      {"closes_descriptors", kFails, "closed a descriptor that is not its own", ""},
      {"leaks", kFails, "no more memory", R"("limits": {"memory": "96MiB"}, )"},
      {"eats_cpu", kFails, "CPU time", R"("limits": {"cpu": "1s"}, )"},
  };
}

std::vector<Case> speaking_cases() {
  const bool all = std::getenv("DAYDREAM_LONG") != nullptr;
  return {
      {"half_a_frame", kFails, "exited with 0 in the middle of the step", kSoon},
      {"garbage_frames", kFails, "broke the plugin ABI", ""},
      {"breaks_contract", kCompletes, "", ""},
      {"uses_finished", kFails, "put_memory", ""},
      {"wrong_token", kCompletes, "", ""},
      {"leaves_root", kFails, "put_file(): the name is not a clean relative path", ""},
      {"invalid_utf8", kFails, "caf\xef\xbf\xbd", ""},
      {"huge_strings", kFails, "too much: hhh", R"("limits": {"memory": "1GiB"}, )"},
      {"floods_log", kCompletes, "", ""},
      {"gigabyte_of_log", kCompletes, "", ""},
      {"gigabyte_of_output", kCompletes, "", ""},
      {"prints", kCompletes, "", ""},
      {"commits_nothing", kCompletes, "", ""},
      {"commits_often", kCompletes, "", all ? R"("config": {"often": "many"}, "timeout": "10m", )" : ""},
      {"forgets_transaction", kCompletes, "", ""},
  };
}

std::vector<Case> reaching_cases() {
  return {
      {"writes_tree", kFails, "could write past the host 0 times", ""},
      {"opens_store", kFails, "could open 0 files of the host for writing", ""},
      {"opens_network", kFails, "could make 0 sockets", ""},
      {"disturbs_process", kCompletes, "", ""},
      {"leaks_descriptors", kCompletes, "", ""},
      {"leaves_thread", kCompletes, "", ""},
      {"leaves_child", kCompletes, "", ""},
      {"leaves_daemon", kCompletes, "behind at its end; ended with it", ""},
  };
}

std::vector<Case> waiting_cases() {
  return {
      {"hangs", kFails, "made no progress for 1.0 s (idle_timeout)", kSoon},
      {"spins", kFails, "made no progress for 1.0 s (idle_timeout)", kSoon},
      {"ignores_cancel", kFails, "took longer than its timeout of 1.0 s", R"("timeout": "1s", )"},
      {"ignores_signals", kFails, "made no progress for 1.0 s (idle_timeout)", kSoon},
      {"fills_socket", kFails, "made no progress for 1.0 s (idle_timeout)", kSoon},
      {"constructor_hangs", kRefused, "constructor_hangs.so", ""},
  };
}

}  // namespace daydream::survival
