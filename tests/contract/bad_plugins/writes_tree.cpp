// Writes, removes and renames in the user's repository and in the private tree instead of proposing it.
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "plugin.hpp"

namespace {

// 1 when it could.
int tried(const char* what, bool done) {
  say(std::string(what) + (done ? ": done" : std::string(": ") + std::strerror(errno)));
  return done ? 1 : 0;
}

int write_in(const char* root) {
  dd_bytes path{};
  if (facts->root(the_run, text(root), &path) != DD_OK) return 0;
  const std::string file = string_of(path) + "/a.txt";
  int could = tried("overwrite", ::close(::open(file.c_str(), O_WRONLY | O_CLOEXEC)) == 0);
  could += tried("create", ::close(::open((file + ".new").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600)) == 0);
  could += tried("rename", std::rename(file.c_str(), (file + ".moved").c_str()) == 0);
  return could + tried("remove", ::unlink(file.c_str()) == 0);
}

dd_status run(void*) noexcept {
  const int could = write_in("repository") + write_in("source");
  host->explain(the_run, text("tree"), text("could write past the host " + std::to_string(could) + " times"));
  return DD_PERMANENT;
}

}  // namespace

PLUGIN("writes_tree", run);
