// What a step cannot do, tried by a real plugin: as we are, and as nobody.
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstring>
#include <set>

#include "base/files.hpp"
#include "host_side.hpp"

namespace daydream::worker_test {
namespace {

constexpr unsigned kNobody = 65534;

// A place both root and nobody can reach: child and plugin copied, a readable and a hidden file, a
// folder that anybody may write by its mode, a scratch folder.
struct Place {
  explicit Place(bool as_nobody) {
    copy(host.child, "child");
    copy(plugin("tries_to_escape"), "p.so");
    host.child = folder.path + "/child";
    readable = folder.write("tree/readable.txt", "content");
    hidden = folder.write("hidden/hidden.txt", "secret");
    (void)folder.write("scratch/.keep", "");
    for (const char* name : {"", "/tree", "/hidden", "/scratch"}) open_up(folder.path + name, 0777);
    for (const std::string& file : {readable, hidden}) open_up(file, 0666);
    if (as_nobody && ::geteuid() == 0) {
      for (const char* name : {"/tree", "/tree/readable.txt", "/scratch"})
        REQUIRE(::chown((folder.path + name).c_str(), kNobody, kNobody) == 0);
      host.prefix = {"setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"};
    }
  }
  void copy(const std::string& from, const std::string& name) const {
    auto content = files::read(from);
    REQUIRE(content);
    open_up(folder.write(name, *content), 0755);
  }
  static void open_up(const std::string& path, unsigned mode) { REQUIRE(::chmod(path.c_str(), mode) == 0); }
  [[nodiscard]] frames::Start start() const {
    frames::Start result = start_of("tries_to_escape");
    result.plugin_file = folder.path + "/p.so";
    result.readable = {folder.path + "/tree", folder.path + "/not-there"};
    result.scratch = folder.path + "/scratch";
    result.config = readable + "\n" + hidden + "\n" + folder.path + "/tree\n" + result.scratch + "\n";
    return result;
  }
  Folder folder;
  HostSide host;
  std::string readable, hidden;
};

bool has(const std::vector<std::string>& missing, const char* word) {
  for (const std::string& line : missing)
    if (line.find(word) != std::string::npos) return true;
  return false;
}

void check_denied(const HostSide& host, const std::set<std::string>& attempts) {
  for (const std::string& attempt : attempts) {
    INFO(attempt << " in\n" << host.all_logs());
    CHECK((host.said(attempt + " EPERM") || host.said(attempt + " EACCES") || host.said(attempt + " EXDEV")));
  }
}

TEST_CASE("a confined step reads what it may, writes its scratch folder, and nothing else") {
  const bool as_nobody = GENERATE(false, true);
  Place place(as_nobody);
  place.host.run(place.start());
  const HostSide& host = place.host;
  REQUIRE(host.done);
  REQUIRE(host.ready);
  for (const char* allowed :
       {"read-readable", "read-passwd", "null", "urandom", "create-scratch", "mkdir-scratch", "program"}) {
    INFO(allowed << " in\n" << host.all_logs());
    CHECK(host.said(std::string(allowed) + " ok"));
  }
  if (!has(host.ready->missing, "seccomp"))
    check_denied(host, {"truncate", "chmod",       "chown",       "utimes",      "setxattr", "fchmod",
                        "futimens", "socket",      "socket-unix", "socketpair",  "mount",    "unshare",
                        "ptrace",   "bpf",         "io_uring",    "userfaultfd", "keyctl",   "kill-host",
                        "kill-all", "tgkill-host", "pidfd-host",  "prlimit-host"});
  if (has(host.ready->missing, "Landlock (") || has(host.ready->missing, "Landlock:")) {
    WARN("no Landlock here: " << host.ready->missing.front());
    return;
  }
  check_denied(host, {"read-hidden", "write-readable", "truncate-by-open", "create-outside", "mkdir-outside",
                      "unlink-outside", "rename-outside", "link-outside", "symlink-outside", "environ-host"});
  if (!has(host.ready->missing, "Landlock 2")) CHECK(host.said("rename-scratch ok"));
  CHECK(files::read(place.readable).value() == "content");
  CHECK_FALSE(files::exists(place.folder.path + "/tree/by-a-child"));
  CHECK_FALSE(files::exists(place.folder.path + "/tree/new"));
  CHECK(host.said("TMPDIR " + place.folder.path + "/scratch"));
}

TEST_CASE("without confinement the same step could: the walls above are ours") {
  Place place(false);
  frames::Start start = place.start();
  start.confine = false;
  place.host.run(start);
  const HostSide& host = place.host;
  REQUIRE(host.done);
  for (const char* allowed :
       {"read-hidden", "write-readable", "socket", "chmod", "truncate", "create-outside", "kill-host"}) {
    INFO(allowed << " in\n" << host.all_logs());
    CHECK(host.said(std::string(allowed) + " ok"));
  }
}

TEST_CASE("the kernel of this machine lacks nothing, or is named in words") {
  Place place(false);
  place.host.run(place.start());
  REQUIRE(place.host.ready);
  for (const std::string& missing : place.host.ready->missing) {
    CHECK(missing.find(": ") != std::string::npos);
    WARN(missing);
  }
}

TEST_CASE("inside the host nothing is confined, and that is said") {
  HostSide host;
  host.run_in_process(start_of("good"));
  REQUIRE(host.ready);
  CHECK(has(host.ready->missing, "--in-process"));
}

}  // namespace
}  // namespace daydream::worker_test
