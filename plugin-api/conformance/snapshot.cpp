#include "snapshot.hpp"

#include <dirent.h>
#include <malloc.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <clocale>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "daydream/kit/text.hpp"

namespace daydream::conformance {
namespace {

namespace fs = std::filesystem;

std::string facts_of(const std::string& path) {
  struct stat facts {};
  if (::lstat(path.c_str(), &facts) != 0) return "";
  // No change time and no access time of a folder: to read it is no write.
  return std::to_string(facts.st_mode) + " " + std::to_string(facts.st_size) + " " + std::to_string(facts.st_uid) +
         " " + std::to_string(facts.st_ino) + " " + std::to_string(facts.st_mtim.tv_sec) + "." +
         std::to_string(facts.st_mtim.tv_nsec) + " " + std::to_string(facts.st_ctim.tv_sec) + "." +
         std::to_string(facts.st_ctim.tv_nsec);
}

int entries(const char* folder) {
  DIR* directory = ::opendir(folder);
  if (directory == nullptr) return -1;
  int count = 0;
  while (const dirent* entry = ::readdir(directory)) {
    if (entry->d_name[0] != '.') ++count;
  }
  ::closedir(directory);
  return count;
}

void add_signals(ProcessFacts& facts) {
  sigset_t blocked{};
  ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
  for (int number = 1; number < NSIG; ++number) {
    struct sigaction action {};
    if (::sigaction(number, nullptr, &action) != 0) continue;
    char handler[64];
    std::snprintf(handler, sizeof handler, "%p%s", reinterpret_cast<void*>(action.sa_handler),
                  ::sigismember(&blocked, number) == 1 ? " blocked" : "");
    facts["signal " + std::to_string(number)] = handler;
  }
}

}  // namespace

FileFacts files_below(const std::vector<std::string>& folders) {
  FileFacts files;
  std::error_code failed;
  for (const std::string& folder : folders) {
    files[folder] = "";  // the folder's own time changes with each file in it, which says more
    auto place = fs::recursive_directory_iterator(folder, fs::directory_options::skip_permission_denied, failed);
    for (; !failed && place != fs::recursive_directory_iterator(); place.increment(failed)) {
      const std::string path = place->path().native();
      files[path] = place->is_directory(failed) && !place->is_symlink(failed) ? "folder" : facts_of(path);
    }
  }
  return files;
}

ProcessFacts process_facts() {
  ProcessFacts facts;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    const std::string entry(*each);
    const std::size_t sign = entry.find('=');
    facts["environment " + entry.substr(0, sign)] = sign == std::string::npos ? "" : entry.substr(sign + 1);
  }
  std::error_code failed;
  facts["current folder"] = fs::current_path(failed).native();
  const mode_t mask = ::umask(077);
  ::umask(mask);
  facts["umask"] = std::to_string(mask);
  facts["locale"] = std::setlocale(LC_ALL, nullptr);
  facts["priority"] = std::to_string(::getpriority(PRIO_PROCESS, 0));
  for (const int resource : {RLIMIT_CORE, RLIMIT_CPU, RLIMIT_DATA, RLIMIT_FSIZE, RLIMIT_NOFILE, RLIMIT_STACK}) {
    rlimit limit{};
    ::getrlimit(static_cast<__rlimit_resource_t>(resource), &limit);
    facts["limit " + std::to_string(resource)] = std::to_string(limit.rlim_cur);
  }
  add_signals(facts);
  return facts;
}

std::string changed(const std::map<std::string, std::string>& before, const std::map<std::string, std::string>& after) {
  std::vector<std::string> words;
  for (const auto& [name, value] : after) {
    const auto was = before.find(name);
    if (was == before.end()) {
      words.push_back(name + " is new");
    } else if (was->second != value) {
      words.push_back(name + " is changed");
    }
  }
  for (const auto& [name, value] : before) {
    if (!after.contains(name)) words.push_back(name + " is gone");
  }
  if (words.size() > 3) words.resize(3);
  return text::join(words, ", ");
}

int open_descriptors() {
  return entries("/proc/self/fd");
}
int threads() {
  return entries("/proc/self/task");
}
bool has_children() {
  return ::waitpid(-1, nullptr, WNOHANG | __WALL) >= 0;
}
void without_allocator_caches(char** words) {
  constexpr const char* kName = "GLIBC_TUNABLES";
  const char* given = std::getenv(kName);
  std::string tunables = given == nullptr ? "" : given;
  if (tunables.find("tcache_count") != std::string::npos) return;
  tunables += (tunables.empty() ? "" : ":") + std::string("glibc.malloc.tcache_count=0");
  ::setenv(kName, tunables.c_str(), 1);
  ::execv("/proc/self/exe", words);
}
std::size_t heap_in_use() {
  const auto info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace daydream::conformance
