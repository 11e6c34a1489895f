#include "session/orphans.hpp"

#include <dirent.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <string>
#include <string_view>

#include "base/files.hpp"

namespace daydream::session {

namespace {

constexpr std::size_t kMostListed = std::size_t{4} << 20;
constexpr auto kPatience = std::chrono::seconds(2);  // a child that forks faster than it is ended

int number_in(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

template <class Use>
void each_number_in(const char* folder, Use use) {
  DIR* const directory = ::opendir(folder);
  if (directory == nullptr) return;
  while (const dirent* entry = ::readdir(directory)) {
    if (const int number = number_in(entry->d_name); number > 0) use(number);
  }
  ::closedir(directory);
}

// A kernel without CONFIG_PROC_CHILDREN: all processes are asked for their parent.
std::set<int> children_by_search() {
  std::set<int> children;
  each_number_in("/proc", [&children](int process) {
    auto stat = files::read("/proc/" + std::to_string(process) + "/stat", kMostListed);
    const std::size_t name_end = stat ? stat->rfind(") ") : std::string::npos;
    if (name_end == std::string::npos || stat->size() < name_end + 5) return;
    if (number_in(std::string_view(*stat).substr(name_end + 4)) == ::getpid()) children.insert(process);
  });
  return children;
}

std::set<int> our_children() {
  std::set<int> children;
  bool listed = true;
  each_number_in("/proc/self/task", [&](int thread) {
    auto list = files::read("/proc/self/task/" + std::to_string(thread) + "/children", kMostListed);
    if (!list) {
      listed = false;
      return;
    }
    for (std::string_view rest = *list; !rest.empty();) {
      const std::size_t end = std::min(rest.find(' '), rest.size());
      if (const int child = number_in(rest.substr(0, end)); child > 0) children.insert(child);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  });
  return listed ? children : children_by_search();
}

void reap(int child) {
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

Orphans::Orphans() : before_(our_children()) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

Orphans::~Orphans() {
  ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

int Orphans::end_all(const std::set<int>& spared) const {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int ended = 0;
  while (std::chrono::steady_clock::now() < deadline) {
    std::set<int> left = our_children();
    std::erase_if(left, [&](int child) { return before_.contains(child) || spared.contains(child); });
    if (left.empty()) break;
    for (const int child : left) ::kill(child, SIGKILL);
    for (const int child : left) reap(child);  // what it had started is ours now
    ended += static_cast<int>(left.size());
  }
  return ended;
}

}  // namespace daydream::session
