#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <boost/dll/shared_library.hpp>
#include <cerrno>
#include <cstddef>
#include <exception>

#include "base/files.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"

namespace daydream::loader {
namespace {

constexpr const char* kSymbol = "daydream_plugin_v1";
// Of a dd_plugin of ABI 1.0. Never changes, however the table grows; what came later is read behind DD_HAS alone.
constexpr std::size_t kFirstSize = offsetof(dd_plugin, close) + sizeof(dd_plugin::close);
const char* const kRebuild =
    "rebuild it against the plugin headers of this Daydream, or install the one it was built for";

Error refuse(const std::string& file, const std::string& why) {
  return {ErrorKind::kInvalid, "plugin " + text::show_path(file) + ": " + why};
}

// Boost wraps dlerror's words in its own; only they say what is wrong.
std::string dlerror_words(std::string_view what, const std::string& file) {
  constexpr std::string_view kBefore = "dlerror system message: ";
  if (const std::size_t at = what.find(kBefore); at != std::string_view::npos) {
    what.remove_prefix(at + kBefore.size());
    what = what.substr(0, what.rfind(')'));
  }
  if (what.substr(0, file.size() + 2) == file + ": ") what.remove_prefix(file.size() + 2);
  return text::escape_terminal(what);
}

std::string advice(std::string_view words) {
  if (words.find("undefined symbol") != std::string_view::npos)
    return "; link it with what defines that symbol (the linker's -Wl,-z,defs finds such at build time)";
  if (words.find("cannot open shared object file") != std::string_view::npos)
    return "; install that library, or link it statically";
  return "";
}

std::string version_text(std::uint32_t major, std::uint32_t minor) {
  return std::to_string(major) + "." + std::to_string(minor);
}

std::string missing_symbol(const boost::dll::shared_library& library) {
  constexpr std::array<const char*, 4> kOthers = {"daydream_plugin_v2", "daydream_plugin_v3", "daydream_plugin_v4",
                                                  "daydream_plugin_v0"};
  for (const char* other : kOthers) {
    if (library.has(other))
      return std::string("it exports ") + other + ", this Daydream speaks major " + std::to_string(DD_ABI_MAJOR) +
             " (" + kSymbol + "); " + kRebuild;
  }
  return std::string("it does not export ") + kSymbol +
         ": not a Daydream plugin, or its symbol is hidden (build it with daydream_add_step())";
}

Result<std::string> head_of(const std::string& file) {
  const files::Descriptor descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (descriptor.get() < 0) return Error::from_errno(errno, "cannot open " + text::show_path(file));
  std::string head(1024, '\0');
  const ssize_t got = ::pread(descriptor.get(), head.data(), head.size(), 0);
  if (got < 0) return Error::from_errno(errno, "cannot read " + text::show_path(file));
  head.resize(static_cast<std::size_t>(got));
  return head;
}

// Loaded, and meant to stay so to the end of the process: threads, destructors and unique symbols of
// a plugin make closing unsafe.
Result<const boost::dll::shared_library*> load(const std::string& file) {
  try {
    return new boost::dll::shared_library(boost::filesystem::path(file),
                                          boost::dll::load_mode::rtld_now | boost::dll::load_mode::rtld_local);
  } catch (const boost::system::system_error& error) {
    const std::string words = dlerror_words(error.what(), file);
    return refuse(file, "cannot be loaded: " + words + advice(words));
  } catch (const std::exception& error) {
    return refuse(file, std::string("threw while it was loaded: ") + text::escape_terminal(error.what()));
  } catch (...) {
    return refuse(file, "threw while it was loaded");
  }
}

}  // namespace

Result<void> check_table(const dd_plugin& table, const std::string& file) {
  const std::string ours = version_text(DD_ABI_MAJOR, DD_ABI_MINOR);
  constexpr std::size_t kHead = offsetof(dd_plugin, descriptor);
  if (table.struct_size < kHead || table.struct_size > 4096)
    return refuse(file, "its table says that it is " + std::to_string(table.struct_size) +
                            " bytes long, which no dd_plugin is; " + kRebuild);
  const std::string theirs = version_text(table.abi_major, table.abi_minor);
  const std::string both = "built for plugin ABI " + theirs + ", this Daydream speaks " + ours;
  if (table.abi_major != DD_ABI_MAJOR) return refuse(file, both + "; " + kRebuild);
  // Minors may differ, either way: an older table is shorter, a newer one longer than ours.
  if (table.struct_size < kFirstSize)
    return refuse(file, "its table is " + std::to_string(table.struct_size) + " bytes long, that of ABI " + theirs +
                            " is at least " + std::to_string(kFirstSize) + "; " + kRebuild);
  if (table.descriptor == nullptr) return refuse(file, "its table has no descriptor");
  if (table.open == nullptr) return refuse(file, "its table has no open()");
  if (table.run == nullptr) return refuse(file, "its table has no run()");
  if (table.close == nullptr) return refuse(file, "its table has no close()");
  return {};
}

Result<const dd_plugin*> open(const std::string& file) {
  if (file.empty() || file.front() != '/') return refuse(file, "not an absolute path");
  auto content = head_of(file);
  if (!content) return refuse(file, content.error().message());
  if (auto elf = check_elf(*content, file); !elf) return std::move(elf.error());
  auto library = load(file);
  if (!library) return std::move(library.error());
  if (!(*library)->has(kSymbol)) return refuse(file, missing_symbol(**library));
  const auto& table = (*library)->get<const dd_plugin>(kSymbol);
  if (auto checked = check_table(table, file); !checked) return std::move(checked.error());
  return &table;
}

}  // namespace daydream::loader
