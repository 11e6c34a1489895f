#include "spawn.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "daydream/kit/process.hpp"

namespace daydream::process {

namespace {

// Where the child stopped before the program ran; sent through a pipe that a successful exec closes.
enum class Stage : int { kDescriptors, kDirectory, kExec };
struct Failure {
  Stage stage = Stage::kExec;
  int number = 0;
};

// Everything the child needs, made before it is there.
struct Prepared {
  const char* program = nullptr;
  std::vector<char*> arguments, environment;
  const char* directory = nullptr;
  std::vector<std::pair<int, int>> descriptors;  // target, source
  int base = 0;                                  // above all targets and all standard descriptors
  bool die_with_parent = true;
  bool new_group = true;
  pid_t parent = 0;
  int status = -1;
};

// ---- in the child: only what is safe after vfork --------------------------------------------------
// It shares our memory until the exec, and this thread waits for that: it calls the kernel, and writes to nothing but
// `Prepared`, which nobody reads after it.

[[noreturn]] void give_up(int status, Stage stage) {
  const Failure failure{stage, errno};
  const ssize_t ignored = ::write(status, &failure, sizeof failure);
  static_cast<void>(ignored);
  ::_exit(127);
}

void reset_signals() {
  struct sigaction normal {};
  normal.sa_handler = SIG_DFL;
  // Also what we ignore: exec would hand that on. The two that cannot be set fail, harmlessly.
  for (int number = 1; number < NSIG; ++number) ::sigaction(number, &normal, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_on_exec_from(unsigned first) {
  if (::syscall(SYS_close_range, first, ~0U, CLOSE_RANGE_CLOEXEC) == 0) return;
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const int end = static_cast<int>(std::min<rlim_t>(limit.rlim_cur, 1U << 20));
  for (int fd = static_cast<int>(first); fd < end; ++fd) ::fcntl(fd, F_SETFD, FD_CLOEXEC);
}

// Two steps, as a source may be another's target: all sources above every target, then down.
void place_descriptors(Prepared& plan) {
  const int status = ::fcntl(plan.status, F_DUPFD_CLOEXEC, plan.base);
  if (status < 0) give_up(plan.status, Stage::kDescriptors);
  plan.status = status;
  for (auto& [target, source] : plan.descriptors) {
    source = ::fcntl(source, F_DUPFD_CLOEXEC, plan.base);
    if (source < 0) give_up(plan.status, Stage::kDescriptors);
  }
  close_on_exec_from(0);
  for (const auto& [target, source] : plan.descriptors) {
    if (::dup2(source, target) < 0) give_up(plan.status, Stage::kDescriptors);
  }
}

[[noreturn]] void run_child(Prepared& plan) {
  if (plan.new_group) ::setpgid(0, 0);
  reset_signals();
  if (plan.die_with_parent) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != plan.parent) ::_exit(127);  // it died before we asked
  }
  place_descriptors(plan);
  if (plan.directory != nullptr && ::chdir(plan.directory) != 0) give_up(plan.status, Stage::kDirectory);
  ::execve(plan.program, plan.arguments.data(), plan.environment.data());
  give_up(plan.status, Stage::kExec);
}

// ---- in the parent --------------------------------------------------------------------------------

Error explain(const Failure& failure, const std::string& program, const std::string& directory) {
  if (failure.stage == Stage::kDirectory) {
    return Error::from_errno(failure.number, "cannot start " + program + " in " + directory);
  }
  Error error = Error::from_errno(failure.number, "cannot start " + program);
  // Not a program, or its interpreter is missing: only a change outside helps.
  if (failure.stage == Stage::kExec && failure.number == ENOEXEC) return std::move(error).as(ErrorKind::kPermanent);
  return error;
}

// Before any program is asked for: the machine lacks something, whatever the number says of a file.
Error not_now(int number, const std::string& program) {
  return Error::from_errno(number, "cannot start " + program).as(ErrorKind::kRetry);
}

// Waits for the exec to close the pipe, or for words of a failure.
std::optional<Failure> read_failure(int fd) {
  Failure failure;
  for (;;) {
    const ssize_t count = ::read(fd, &failure, sizeof failure);
    if (count < 0 && errno == EINTR) continue;
    if (count == static_cast<ssize_t>(sizeof failure)) return failure;
    return std::nullopt;
  }
}

void reap(pid_t pid) {
  while (::waitpid(pid, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// As execvp does, but see find_program(): a name without '/' is looked up in our PATH.
Result<std::string> locate(const Spawn& plan) {
  contract(!plan.arguments.empty(), "a command without a program");
  const std::string& name = plan.arguments.front();
  if (name.find('/') != std::string::npos) return name;
  return find_program(name);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

struct Closer {  // of a descriptor that lives only during spawn()
  int fd = -1;
  explicit Closer(int descriptor) : fd(descriptor) {}
  Closer(const Closer&) = delete;
  Closer& operator=(const Closer&) = delete;
  ~Closer() { close(); }
  void close() {
    if (fd >= 0) ::close(fd);
    fd = -1;
  }
};

pid_t fork_with(Prepared& plan) {
  // No signal handler of ours may run in the child before it has reset them.
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  plan.parent = ::getpid();
  // Not fork(): a copy of our page tables, and of every page that we write to meanwhile, only to be thrown away.
  const pid_t pid = ::vfork();  // NOLINT(clang-analyzer-security.insecureAPI.vfork): see run_child
  if (pid == 0) run_child(plan);
  const int number = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = number;
  return pid;
}

// pidfd of a child that is not reaped yet.
Result<Spawned> finish(pid_t pid, const std::string& program, bool new_group) {
  const long pidfd = ::syscall(SYS_pidfd_open, pid, 0);  // close-on-exec always
  if (pidfd >= 0) return Spawned{pid, static_cast<int>(pidfd)};
  const int number = errno;
  send_signal(pid, new_group, SIGKILL);
  reap(pid);
  return Error::from_errno(number, "cannot watch " + program);
}

}  // namespace

Environment current_environment() {
  Environment result;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=', 1);
    if (equals != std::string_view::npos) result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

Result<Spawned> spawn(Spawn plan) {
  auto program = locate(plan);
  if (!program) return std::move(program.error());
  const std::string shown = plan.arguments.front();
  std::vector<std::string> environment;
  for (const auto& [name, value] : plan.environment) environment.emplace_back(name).append("=").append(value);

  const Closer null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  int ends[2];
  if (null.fd < 0 || ::pipe2(ends, O_CLOEXEC) != 0) return not_now(errno, shown);
  const Closer status_read(ends[0]);
  Closer status_write(ends[1]);
  plan.descriptors.try_emplace(0, null.fd);
  plan.descriptors.try_emplace(1, STDOUT_FILENO);
  plan.descriptors.try_emplace(2, STDERR_FILENO);

  Prepared prepared;
  prepared.program = program->c_str();
  prepared.arguments = pointers(plan.arguments);
  prepared.environment = pointers(environment);
  prepared.directory = plan.directory.empty() ? nullptr : plan.directory.c_str();
  prepared.descriptors.assign(plan.descriptors.begin(), plan.descriptors.end());
  prepared.base = std::max(10, plan.descriptors.rbegin()->first + 1);
  prepared.die_with_parent = plan.die_with_parent;
  prepared.new_group = plan.new_group;
  prepared.status = status_write.fd;

  const pid_t pid = fork_with(prepared);
  if (pid < 0) return not_now(errno, shown);
  if (plan.new_group) ::setpgid(pid, pid);  // also here: whoever signals the group first finds it
  status_write.close();
  if (const auto failure = read_failure(status_read.fd)) {
    reap(pid);
    return explain(*failure, shown, plan.directory);
  }
  return finish(pid, shown, plan.new_group);
}

void send_signal(pid_t pid, bool group, int number) {
  if (pid > 0) ::kill(group ? -pid : pid, number);
}

}  // namespace daydream::process
