// The gate of the ABI: the headers of today against those of every released minor (plugin-api/abi/<minor>), by their
// text, by the compiler's offsets and by abidiff; and the gate itself, against copies of the headers in which
// somebody has done what must not be done.
#include "append_only.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "daydream/kit/process.hpp"

using namespace daydream;

namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "daydream-abi-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code failed;
    fs::remove_all(path, failed);
  }
};

const std::string kSources = ABI_SOURCES;
const fs::path kToday = fs::path(ABI_PLUGIN_API) / "include";
const std::vector<std::string> kHeaders = {"abi.h", "run.h", "state.h", "changes.h", "http.h"};

std::vector<fs::path> released_minors() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::path(ABI_PLUGIN_API) / "abi")) {
    if (entry.is_directory()) found.push_back(entry.path());
  }
  return found;
}

abi::Declarations declarations(const fs::path& include) {
  abi::Declarations all;
  for (const std::string& header : kHeaders)
    abi::merge(all, abi::read_declarations(read(include / "daydream" / header)));
  return all;
}

process::Outcome run(std::vector<std::string> arguments) {
  process::Command command;
  command.arguments = std::move(arguments);
  auto outcome = process::run(command);
  INFO((outcome ? std::string() : outcome.error().message()));
  REQUIRE(outcome);
  return *outcome;
}

// What layout.c says of the headers; what the compiler says where it does not compile.
std::string layout(const fs::path& include) {
  const Folder folder;
  const std::string program = folder.path / "layout";
  const auto built = run({ABI_C_COMPILER, "-std=c99", "-I", include, kSources + "/layout.c", "-o", program});
  return built.good() ? run({program}).output : built.error;
}

// The headers as a library with debug information, tables cut down to what the release had.
void build_library(const fs::path& include, const abi::Declarations& released, const fs::path& library) {
  const Folder folder;
  fs::create_directories(folder.path / "daydream");
  for (const std::string& header : kHeaders)
    std::ofstream(folder.path / "daydream" / header) << abi::cut_to(released, read(include / "daydream" / header));
  const auto built = run(
      {ABI_C_COMPILER, "-std=c99", "-g", "-shared", "-fPIC", "-I", folder.path, kSources + "/tables.c", "-o", library});
  INFO(built.error);
  REQUIRE(built.good());
}

// What abidiff finds between the release and these headers; "" when nothing.
std::string abidiff(const fs::path& release, const fs::path& include) {
  const Folder folder;
  const auto released = declarations(release);
  build_library(release, released, folder.path / "old.so");
  build_library(include, released, folder.path / "new.so");
  const auto said = run({"abidiff", folder.path / "old.so", folder.path / "new.so"});
  return said.good() ? "" : said.output + said.error + said.describe();
}

bool abidiff_is_there() {
  if (!process::find_program("abidiff")) {
    WARN("abidiff (Debian: abigail-tools) is not installed: its part is skipped");
    return false;
  }
  return true;
}

struct Mutation {
  std::string what, header, from, to;
  bool of_types = true;  // abidiff sees types; it sees no macros, and a new name is harmless to it
};

// A copy of the headers of today with one thing done to it.
struct Mutated : Folder {
  explicit Mutated(const Mutation& mutation) {
    fs::copy(kToday / "daydream", path / "daydream", fs::copy_options::recursive);
    const fs::path file = path / "daydream" / mutation.header;
    std::string text = read(file);
    const std::size_t at = text.find(mutation.from);
    REQUIRE(at != std::string::npos);
    text.replace(at, mutation.from.size(), mutation.to);
    std::ofstream(file) << text;
  }
};

const std::string kRollback = "  void (*rollback)(dd_txn *) DD_NOEXCEPT;\n";

const std::vector<Mutation> kForbidden = {
    {"a function inserted", "state.h", kRollback, "  dd_status (*later)(dd_run *) DD_NOEXCEPT;\n" + kRollback},
    {"a function removed", "state.h", kRollback, ""},
    {"a function renamed", "state.h", "(*rollback)", "(*abandon)", false},
    {"two functions swapped", "run.h", "dd_status (*print)(dd_run *, dd_bytes)",
     "dd_status (*root)(dd_run *, dd_bytes)"},
    {"a parameter of another type", "state.h", "double value", "float value"},
    {"a parameter added", "changes.h", "(*list)(dd_run *,", "(*list)(dd_run *, uint32_t flags,"},
    {"another return type", "abi.h", "int32_t (*cancelled)", "int64_t (*cancelled)"},
    {"a field of another type", "changes.h", "uint64_t size;\n", "uint32_t size, more;\n"},
    {"a struct of arrays grown", "changes.h", "dd_bytes replacement;", "dd_bytes replacement; uint64_t flags;"},
    {"a struct by value grown", "abi.h", "  size_t size;\n} dd_text;", "  size_t size;\n  uint64_t hash;\n} dd_text;"},
    {"a status widened", "abi.h", "typedef int32_t dd_status;", "typedef int64_t dd_status;"},
    {"a status renumbered", "abi.h", "#define DD_RETRY (-1)", "#define DD_RETRY (-9)", false},
    {"a state renumbered", "http.h", "#define DD_HTTP_DONE 1", "#define DD_HTTP_DONE 5", false},
    {"a value removed", "abi.h", "#define DD_SKIPPED 1", "", false},
    {"a service renamed", "state.h", "#define DD_STATE_SERVICE \"daydream.state/1\"",
     "#define DD_STATE_SERVICE \"daydream.store/1\"", false},
    {"another major", "abi.h", "#define DD_ABI_MAJOR 1", "#define DD_ABI_MAJOR 2", false},
    {"the symbol renamed", "abi.h", "dd_plugin daydream_plugin_v1", "dd_plugin daydream_plugin_v1b", false},
};

}  // namespace

TEST_CASE("the headers keep what every released minor promised") {
  REQUIRE_FALSE(released_minors().empty());
  for (const fs::path& release : released_minors()) {
    INFO("since " << release.filename());
    CHECK(abi::breaks(declarations(release / "include"), declarations(kToday)).empty());
    CHECK(abi::layout_breaks(read(release / "layout.txt"), layout(kToday)).empty());
  }
}

TEST_CASE("the record of each released minor is that of its own headers") {
  for (const fs::path& release : released_minors()) {
    INFO(release.filename());
    CHECK(read(release / "layout.txt") == layout(release / "include"));
    const auto released = declarations(release / "include");
    CHECK(released.values.at("DD_ABI_MAJOR") + "." + released.values.at("DD_ABI_MINOR") == release.filename());
    CHECK(abi::breaks(released, released).empty());
  }
}

TEST_CASE("the newest released minor says all that the headers of today say") {
  // A change of today's headers is a new minor: raise DD_ABI_MINOR, and copy the headers when it is released.
  const fs::path release = fs::path(ABI_PLUGIN_API) / "abi" / ABI_VERSION;
  INFO("minor " ABI_VERSION " is not released yet: nothing is promised of what it adds");
  if (!fs::exists(release)) return;
  CHECK(abi::breaks(declarations(kToday), declarations(release / "include")).empty());
}

TEST_CASE("abidiff finds no change since any released minor, but growth") {
  if (!abidiff_is_there()) return;
  for (const fs::path& release : released_minors()) {
    INFO("since " << release.filename());
    CHECK(abidiff(release / "include", kToday).empty());
  }
}

TEST_CASE("what breaks plugins that are out there is caught in the text of the headers") {
  const auto released = declarations(fs::path(ABI_PLUGIN_API) / "abi" / "1.0" / "include");
  for (const Mutation& mutation : kForbidden) {
    INFO(mutation.what);
    const Mutated copy(mutation);
    CHECK_FALSE(abi::breaks(released, declarations(copy.path)).empty());
  }
}

TEST_CASE("what moves bytes is caught by offsets and sizes as well") {
  const std::string released = read(fs::path(ABI_PLUGIN_API) / "abi" / "1.0" / "layout.txt");
  for (const Mutation& mutation : kForbidden) {
    const bool same_bytes = mutation.what.find("parameter") != std::string::npos ||
                            mutation.what.find("return") != std::string::npos || mutation.what == "a status widened" ||
                            mutation.what == "the symbol renamed";
    if (same_bytes) continue;
    INFO(mutation.what);
    const Mutated copy(mutation);
    CHECK_FALSE(abi::layout_breaks(released, layout(copy.path)).empty());
  }
}

TEST_CASE("abidiff catches what changes a type") {
  if (!abidiff_is_there()) return;
  for (const Mutation& mutation : kForbidden) {
    if (!mutation.of_types || mutation.what == "two functions swapped") continue;
    INFO(mutation.what);
    const Mutated copy(mutation);
    CHECK_FALSE(abidiff(fs::path(ABI_PLUGIN_API) / "abi" / "1.0" / "include", copy.path).empty());
  }
}

TEST_CASE("growing is allowed: functions at the end, values beside others, a higher minor") {
  const fs::path release = fs::path(ABI_PLUGIN_API) / "abi" / "1.0";
  const std::vector<Mutation> allowed = {
      {"a function at the end", "state.h", "} dd_state_service;",
       "  dd_status (*later)(dd_run *) DD_NOEXCEPT;\n} dd_state_service;"},
      {"a function of the plugin", "abi.h", "} dd_plugin;",
       "  dd_status (*pause)(void *self) DD_NOEXCEPT;\n} dd_plugin;"},
      {"a new status", "abi.h", "#define DD_SKIPPED 1", "#define DD_SKIPPED 1\n#define DD_PARTLY 2"},
      {"a higher minor", "abi.h", "#define DD_ABI_MINOR ", "#define DD_ABI_MINOR 1"},
      {"a new struct", "http.h", "typedef struct dd_http_service",
       "typedef struct dd_more { size_t struct_size; } dd_more;\ntypedef struct dd_http_service"},
      {"other words", "run.h", "Standard output of a plugin's command", "What a command prints"},
  };
  for (const Mutation& mutation : allowed) {
    INFO(mutation.what);
    const Mutated copy(mutation);
    CHECK(abi::breaks(declarations(release / "include"), declarations(copy.path)).empty());
    CHECK(abi::layout_breaks(read(release / "layout.txt"), layout(copy.path)).empty());
    if (abidiff_is_there()) CHECK(abidiff(release / "include", copy.path).empty());
  }
}
