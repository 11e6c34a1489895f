#include "loader/loader.hpp"

#include <elf.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "base/files.hpp"

namespace daydream::loader {
namespace {

using Catch::Contains;
using namespace std::chrono_literals;

const std::string kFolder = BAD_PLUGINS;
std::string plugin(const std::string& name) {
  return kFolder + "/" + name + ".so";
}

ProbeOptions options() {
  ProbeOptions result;
  result.program = kFolder + "/daydream_contract_child";
  return result;
}

class Folder {
 public:
  Folder() {
    std::string name = "/tmp/daydream-loader-XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { (void)files::remove_tree(path); }
  [[nodiscard]] std::string write(const std::string& name, std::string_view content) const {
    REQUIRE(files::write_replace(path / name, content, files::Durability::kNone));
    return (path / name).string();
  }
  Path path;
};

std::string content_of(const std::string& file) {
  auto content = files::read(file);
  REQUIRE(content);
  return *content;
}

Result<Plugin> probe_one(const std::string& file, const ProbeOptions& how = options()) {
  return std::move(probe({file}, {}, how).at(0));
}

// Why it was refused; it must name the file and be the plugin's fault.
std::string refusal(const std::string& file, const ProbeOptions& how = options()) {
  auto result = probe_one(file, how);
  if (result) return "accepted";
  CHECK(result.error().kind() == ErrorKind::kInvalid);
  CHECK_THAT(result.error().message(), Contains(file));
  return result.error().message();
}

TEST_CASE("a good plugin is opened, and its descriptor and hash are given") {
  auto result = probe_one(plugin("good"));
  REQUIRE(result);
  CHECK(result->descriptor.id == "good");
  CHECK(result->file == plugin("good"));
  CHECK(result->sha256.size() == 64);
}

TEST_CASE("a file that is no library of this machine is refused before it is opened") {
  const Folder folder;
  CHECK_THAT(refusal(folder.write("empty.so", "")), Contains("the file is empty"));
  CHECK_THAT(refusal(folder.write("script.so", "#!/bin/sh\n")), Contains("it is a script"));
  CHECK_THAT(refusal(folder.write("text.so", "hello \x1b[31m")), Contains("it begins with \"hello"));
  CHECK_THAT(refusal((folder.path / "missing.so").string()), Contains("No such file"));
  std::string library = content_of(plugin("good"));
  CHECK_THAT(refusal(folder.write("short.so", library.substr(0, 30))), Contains("cut short"));
  const auto patched = [&](std::size_t at, char byte) {
    std::string copy = library;
    copy[at] = byte;
    return folder.write("patched.so", copy);
  };
  const char other = library[18] == EM_AARCH64 % 256 ? EM_X86_64 : static_cast<char>(EM_AARCH64);
  CHECK_THAT(refusal(patched(offsetof(Elf64_Ehdr, e_machine), other)), Contains("built for ") && Contains("runs on"));
  CHECK_THAT(refusal(patched(EI_CLASS, ELFCLASS32)), Contains("built for"));
  CHECK_THAT(refusal(patched(EI_DATA, ELFDATA2MSB)), Contains("built for"));
  CHECK_THAT(refusal(patched(offsetof(Elf64_Ehdr, e_type), ET_REL)), Contains("an object file"));
  CHECK_THAT(refusal(patched(offsetof(Elf64_Ehdr, e_type), ET_EXEC)), Contains("a program"));
}

TEST_CASE("a library cut short behind its header is refused, not a crash of the host") {
  const Folder folder;
  const std::string library = content_of(plugin("good"));
  for (const std::size_t size : {std::size_t{64}, std::size_t{500}, library.size() / 4, library.size() / 2})
    CHECK_THAT(refusal(folder.write("half.so", library.substr(0, size))),
               Contains("cannot be loaded") || Contains("crashed while it was loaded") || Contains("does not export"));
}

TEST_CASE("each wrong symbol or table is refused with what is wrong and what to do") {
  CHECK_THAT(refusal(plugin("no_symbol")), Contains("does not export daydream_plugin_v1"));
  CHECK_THAT(refusal(plugin("next_major")), Contains("daydream_plugin_v2") && Contains("rebuild"));
  CHECK_THAT(refusal(plugin("unresolved")), Contains("undefined symbol: nobody_defines_this") && Contains("link it"));
  CHECK_THAT(refusal(plugin("wrong_major")),
             Contains("plugin ABI 2.0") && Contains("speaks 1.0") && Contains("rebuild"));
  CHECK_THAT(refusal(plugin("wrong_size")), Contains("its table is 64 bytes long, that of ABI 1.0 is at least 72"));
  CHECK_THAT(refusal(plugin("absurd_size")), Contains("1 bytes") && Contains("rebuild"));
  CHECK_THAT(refusal(plugin("no_open")), Contains("no open()"));
  CHECK_THAT(refusal(plugin("no_descriptor")), Contains("no descriptor"));
}

TEST_CASE("a plugin of a later minor, whose table has grown, is loaded") {
  auto result = probe_one(plugin("newer_minor"));
  INFO((result ? std::string() : result.error().message()));
  REQUIRE(result);
  CHECK(result->descriptor.id == "newer_minor");
}

TEST_CASE("each wrong descriptor is refused by its place") {
  CHECK_THAT(refusal(plugin("descriptor_not_json")), Contains("1:8"));
  CHECK_THAT(refusal(plugin("descriptor_bad_id")), Contains("Bad-Id"));
  CHECK_THAT(refusal(plugin("descriptor_not_utf8")), Contains("not UTF-8"));
  CHECK_THAT(refusal(plugin("descriptor_nowhere")), Contains("signal 11"));
}

TEST_CASE("a plugin that misbehaves while it is loaded harms only itself, and says how") {
  CHECK_THAT(refusal(plugin("constructor_crashes")),
             Contains("signal 11") && Contains("no licence for") && !Contains("\x1b"));
  CHECK_THAT(refusal(plugin("constructor_exits")), Contains("exit 5"));
  CHECK_THAT(refusal(plugin("constructor_throws")), Contains("not today"));
  auto printing = probe_one(plugin("constructor_prints"));
  REQUIRE(printing);
  CHECK(printing->descriptor.id == "constructor_prints");
  ProbeOptions hasty = options();
  hasty.at_most = 300ms;
  CHECK_THAT(refusal(plugin("constructor_hangs"), hasty), Contains("did not load within 300 ms"));
  CHECK_THAT(refusal(plugin("constructor_closes"), hasty), Contains("did not load within") || Contains("closed"));
}

TEST_CASE("a process ended from outside while it loads a plugin is no fault of the plugin") {
  // By the kernel's list of the children of the thread that probes.
  std::thread killer([list = "/proc/self/task/" + std::to_string(::gettid()) + "/children"] {
    pid_t child = 0;
    for (int tries = 0; child == 0 && tries < 2000; ++tries, std::this_thread::sleep_for(1ms)) {
      std::ifstream words(list);
      words >> child;
    }
    std::this_thread::sleep_for(100ms);  // it is in the constructor by now, or will be
    if (child != 0) ::kill(child, SIGKILL);
  });
  const auto result = probe_one(plugin("constructor_hangs"));
  killer.join();
  REQUIRE_FALSE(result);
  CHECK(result.error().kind() == ErrorKind::kRetry);
  CHECK_THAT(result.error().message(), Contains("ended from outside: signal 9"));
}

TEST_CASE("one bad plugin does not lose the others, whatever their order") {
  ProbeOptions hasty = options();
  hasty.at_most = 1s;
  const std::vector<std::string> files = {plugin("constructor_crashes"),
                                          plugin("good"),
                                          plugin("constructor_hangs"),
                                          plugin("spins"),
                                          plugin("wrong_major"),
                                          plugin("constructor_exits"),
                                          plugin("hangs")};
  const auto results = probe(files, {}, hasty);
  REQUIRE(results.size() == files.size());
  std::vector<bool> good;
  for (const auto& result : results) good.push_back(result.ok());
  CHECK(good == std::vector<bool>{false, true, false, true, false, false, true});
  CHECK(results[1]->descriptor.id == "good");
  CHECK(results[6]->descriptor.id == "hangs");
}

TEST_CASE("a plugin is not blamed for the crash that another left behind") {
  for (int i = 0; i < 5; ++i) {
    const auto results =
        probe({plugin("crashes_later"), plugin("good"), plugin("spins"), plugin("hangs")}, {}, options());
    CHECK(results[1].ok());
    CHECK(results[2].ok());
    CHECK(results[3].ok());
  }
}

TEST_CASE("what the cache knows by content is not opened again") {
  const Folder folder;
  const Path cache = folder.path / "deep" / "plugins.json";
  const std::string copy = folder.write("copy.so", content_of(plugin("good")));
  REQUIRE(probe({copy}, cache, options()).at(0));
  ProbeOptions none;
  none.program = "/bin/false";
  auto again = probe({copy, plugin("good")}, cache, none);
  REQUIRE(again[0]);
  CHECK(again[0]->descriptor.id == "good");
  REQUIRE(again[1]);  // equal bytes under another name
  CHECK(again[1]->file == plugin("good"));
  (void)folder.write("copy.so", content_of(plugin("good")) + "x");
  CHECK_FALSE(probe({copy}, cache, none).at(0));  // other bytes are opened
}

TEST_CASE("a damaged cache costs a probe, not an error") {
  const Folder folder;
  for (const char* content : {"", "{", "[]", R"({"abi":"0.0","plugins":{}})", R"({"abi":"1.0","plugins":[1]})"}) {
    const std::string cache = folder.write("plugins.json", content);
    CHECK(probe({plugin("good")}, cache, options()).at(0));
  }
}

TEST_CASE("errors are not kept: a plugin mended in place is seen") {
  const Folder folder;
  const std::string file = folder.write("p.so", content_of(plugin("wrong_major")));
  const Path cache = folder.path / "plugins.json";
  CHECK_FALSE(probe({file}, cache, options()).at(0));
  (void)folder.write("p.so", content_of(plugin("good")));
  CHECK(probe({file}, cache, options()).at(0));
}

TEST_CASE("a program that cannot be started is an error of every file, not a crash") {
  ProbeOptions wrong;
  wrong.program = "/nonexistent/daydream";
  auto result = probe_one(plugin("good"), wrong);
  CHECK_FALSE(result);
}

class PluginPath {  // DAYDREAM_PLUGIN_PATH while it lives
 public:
  explicit PluginPath(const std::string& value) { ::setenv("DAYDREAM_PLUGIN_PATH", value.c_str(), 1); }
  PluginPath(const PluginPath&) = delete;
  PluginPath& operator=(const PluginPath&) = delete;
  ~PluginPath() { ::unsetenv("DAYDREAM_PLUGIN_PATH"); }
};

TEST_CASE("plugins are found by name in the order of the directories, the nearest name is told") {
  const Folder first;
  const Folder second;
  const std::string a = first.write("alpha.so", "1");
  (void)second.write("alpha.so", "2");
  const std::string b = second.write("beta.so", "3");
  (void)second.write("notes.txt", "no plugin");
  const PluginPath path(first.path.string() + "::" + second.path.string());
  CHECK(find_plugin("alpha").value() == a);
  CHECK(find_plugin("beta").value() == b);
  auto missing = find_plugin("alhpa");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().kind() == ErrorKind::kInvalid);
  CHECK_THAT(missing.error().message(),
             Contains("did you mean \"alpha\"") && Contains(second.path.string()) && Contains("no plugin \"alhpa\""));
  CHECK_FALSE(find_plugin("../" + second.path.filename().string() + "/beta"));
  CHECK_FALSE(find_plugin(""));
  const auto installed = installed_plugins();
  CHECK(std::count(installed.begin(), installed.end(), a) == 1);
  CHECK(std::count(installed.begin(), installed.end(), (second.path / "alpha.so").string()) == 0);
  CHECK(std::is_sorted(installed.begin(), installed.end()));
}

TEST_CASE("open() wants an absolute path and stays open") {
  CHECK_FALSE(open("good.so"));
  auto table = open(plugin("good"));
  REQUIRE(table);
  CHECK((*table)->struct_size == sizeof(dd_plugin));
  CHECK(open(plugin("good")).value() == *table);
}

}  // namespace
}  // namespace daydream::loader
