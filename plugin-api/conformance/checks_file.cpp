// What can be said of a step before anything of it is called.
#include <dlfcn.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include "check.hpp"
#include "daydream/kit/text.hpp"
#include "descriptor.hpp"
#include "isolate.hpp"
#include "symbols.hpp"
#include "trial.hpp"

namespace daydream::conformance {
namespace {

constexpr const char* kSymbol = "daydream_plugin_v1";

std::string version_of(const dd_plugin& table) {
  return std::to_string(table.abi_major) + "." + std::to_string(table.abi_minor);
}

std::string missing_function(const dd_plugin& table) {
  if (table.descriptor == nullptr) return "no descriptor";
  if (table.open == nullptr) return "no open()";
  if (table.run == nullptr) return "no run()";
  return table.close == nullptr ? "no close()" : "";
}

// Of this minor the size is known; a table of another may be shorter or longer.
std::string wrong_size(const dd_plugin& table) {
  constexpr std::size_t kFirstSize = offsetof(dd_plugin, close) + sizeof(dd_plugin::close);  // of ABI 1.0
  const bool ours = table.abi_minor == DD_ABI_MINOR;
  const bool good = ours ? table.struct_size == sizeof(dd_plugin) : table.struct_size >= kFirstSize;
  if (good && table.struct_size <= 4096) return "";
  return "struct_size is " + std::to_string(table.struct_size) + ", which no dd_plugin of ABI " + version_of(table) +
         " has (here it is " + std::to_string(sizeof(dd_plugin)) + "): say sizeof(dd_plugin)";
}

// How AddressSanitizer marks each variable that is exported.
constexpr const char* kOfSanitizer = "__odr_asan.";

}  // namespace

Verdict check_symbols(const Subject& subject) {
  std::ifstream in(subject.file, std::ios::binary);
  if (!in) return Verdict::fail(std::string("cannot be read: ") + std::strerror(errno));
  const std::string bytes((std::istreambuf_iterator<char>(in)), {});
  auto names = exported_symbols(bytes);
  if (!names) return Verdict::fail(names.error().message());
  std::vector<std::string> others;
  bool ours = false;
  for (const std::string& name : *names) {
    const bool watched = name == std::string(kOfSanitizer) + kSymbol;
    ours = ours || name == kSymbol;
    if (name != kSymbol && !watched) others.push_back(name);
  }
  if (!ours) return Verdict::fail(std::string("it does not export ") + kSymbol + ": build it with daydream_add_step()");
  if (others.empty()) return Verdict::ok();
  const std::size_t count = others.size();
  if (count > 3) others.resize(3);
  return Verdict::fail("it also exports " + text::join(others, ", ") +
                       (count > 3 ? " and " + std::to_string(count - 3) + " more" : "") +
                       ": link with -Wl,--version-script=step.map (daydream_add_step does)");
}

Verdict check_table(const Subject& subject) {
  stage("while it was loaded");
  void* library = ::dlopen(subject.file.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) return Verdict::fail(::dlerror());
  const auto* table = static_cast<const dd_plugin*>(::dlsym(library, kSymbol));
  if (table == nullptr) return Verdict::fail(std::string("no symbol ") + kSymbol);
  const std::string ours = std::to_string(DD_ABI_MAJOR) + "." + std::to_string(DD_ABI_MINOR);
  if (table->abi_major != DD_ABI_MAJOR) {
    return Verdict::fail("built for plugin ABI " + version_of(*table) + ", this is " + ours +
                         ": build it against these headers, or check it with the daydream-conform of its own");
  }
  if (const std::string wrong = wrong_size(*table); !wrong.empty()) return Verdict::fail(wrong);
  if (const std::string missing = missing_function(*table); !missing.empty()) {
    return Verdict::fail("its table has " + missing);
  }
  return Verdict::ok("plugin ABI " + version_of(*table));
}

Verdict check_descriptor(const Subject& subject) {
  return with_step(subject, [&](const dd_plugin& step) {
    stage("while its descriptor was read");
    auto descriptor = read_descriptor(step.descriptor);
    if (!descriptor) return Verdict::fail(descriptor.error().message());
    if (!descriptor->commands.empty() && step.command == nullptr) {
      return Verdict::fail("the descriptor names commands, but the table has no command()");
    }
    if (const std::string& option = descriptor->undescribed; !option.empty()) {
      return Verdict::fail("config_schema: option \"" + option + "\" has no description");
    }
    return Verdict::ok(descriptor->id + " " + descriptor->version);
  });
}

}  // namespace daydream::conformance
