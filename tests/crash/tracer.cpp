#include "crash/tracer.hpp"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <fstream>
#include <sstream>

#include "crash/registers.hpp"

namespace daydream::crash {

namespace {

constexpr long kOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                          PTRACE_O_TRACEEXEC | PTRACE_O_TRACESECCOMP | PTRACE_O_EXITKILL;

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The thread's process: the line "Tgid:" of its status.
pid_t process_of(pid_t thread) {
  const std::string status = text_of("/proc/" + std::to_string(thread) + "/status");
  const auto at = status.find("\nTgid:");
  return at == std::string::npos ? thread : std::atoi(status.c_str() + at + 6);
}

Who who_is(pid_t process, pid_t host) {
  const std::string line = text_of("/proc/" + std::to_string(process) + "/cmdline");
  const std::string program = line.substr(0, line.find('\0'));
  if (line.find(std::string("\0--worker", 9)) != std::string::npos) return Who::kWorker;
  if (line.find(std::string("\0--broker", 9)) != std::string::npos) return Who::kBroker;
  const std::string name = program.substr(program.find_last_of('/') + 1);
  if (name.rfind("git", 0) == 0) return Who::kGit;
  return process == host ? Who::kHost : Who::kOther;
}

// Pointers into strings, ended by a null.
std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> made;
  for (std::string& string : strings) made.push_back(string.data());
  made.push_back(nullptr);
  return made;
}

// A thread that is traced; process 0: it has not been looked at yet.
struct Known {
  pid_t process = 0;
  Who who = Who::kOther;
};

class Loop {
 public:
  Loop(const Program& program, const Fault& fault, Observer* observer, std::promise<Trace::End>& host)
      : program_(program),
        fault_(fault),
        observer_(observer),
        host_promise_(host),
        filter_(filter_program(reads(fault))) {}

  Trace::End run() {
    start();
    int status = 0;
    for (;;) {
      const pid_t thread = waitpid(-1, &status, __WALL | __WNOTHREAD);
      if (thread < 0 && errno == EINTR) continue;
      if (thread < 0) break;
      if (WIFSTOPPED(status))
        stopped(thread, status);
      else
        ended(thread, status);
    }
    end_.gone = true;
    tell_host();
    return end_;
  }

 private:
  static bool reads(const Fault& fault) { return fault.kinds.count(CallKind::kRead) != 0; }

  void start() {
    std::vector<std::string> environment;
    for (const auto& [name, value] : program_.environment) environment.push_back(name + "=" + value);
    auto arguments = program_.arguments;
    const auto argv = pointers(arguments), envp = pointers(environment);
    host_ = fork();
    if (host_ == 0) child(argv, envp);
  }

  // Only calls that are safe after a fork of a program with threads.
  [[noreturn]] void child(const std::vector<char*>& argv, const std::vector<char*>& envp) {
    const int output = open(program_.output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int input = open("/dev/null", O_RDONLY);
    dup2(input, 0);
    dup2(output, 1);
    dup2(output, 2);
    close_range(3, ~0U, 0);
    setpgid(0, 0);
    const sock_fprog filter{static_cast<unsigned short>(filter_.size()), filter_.data()};
    if (chdir(program_.directory.c_str()) != 0 || ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(126);
    raise(SIGSTOP);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) != 0)
      _exit(126);
    execve(argv[0], argv.data(), envp.data());
    _exit(127);
  }

  void stopped(pid_t thread, int status) {
    const int signal = WSTOPSIG(status), event = status >> 16;
    if (known_.find(thread) == known_.end()) {
      known_[thread] = {};
      if (thread == host_) ptrace(PTRACE_SETOPTIONS, thread, nullptr, kOptions);
      if (end_.struck && fault_.what == Fault::What::kKillAll) kill(thread, SIGKILL);  // born in between
      if (signal == SIGSTOP) return go_on(thread);
    }
    if (event == PTRACE_EVENT_EXEC) {
      known_[thread].process = thread;
      known_[thread].who = who_is(thread, host_);
      return go_on(thread);
    }
    if (event == PTRACE_EVENT_SECCOMP) return at_call(thread);
    if (event != 0) return go_on(thread);
    if (signal == (SIGTRAP | 0x80)) return at_exit(thread);
    ptrace(PTRACE_CONT, thread, nullptr, signal);
  }

  void go_on(pid_t thread) { ptrace(PTRACE_CONT, thread, nullptr, nullptr); }

  bool matches(const Call& call) const {
    if (!fault_.who.empty() && fault_.who.count(call.who) == 0) return false;
    return fault_.kinds.empty() ? call.kind != CallKind::kRead : fault_.kinds.count(call.kind) != 0;
  }

  void at_call(pid_t thread) {
    Known& caller = known_[thread];
    if (caller.process == 0) {
      caller.process = process_of(thread);
      const auto leader = known_.find(caller.process);
      caller.who = leader != known_.end() && caller.process != thread ? leader->second.who : Who::kOther;
    }
    Registers registers;
    if (!registers.read(thread)) return go_on(thread);
    const Call call{caller.who, registers.number(), kind_of(registers.number())};
    if (!matches(call) || !opens_for_writing(thread, registers)) return go_on(thread);
    if (fault_.files_only && !is_of_file(thread, call.kind, registers)) return go_on(thread);
    const std::uint64_t number = end_.calls++;
    end_.seen.push_back(call);
    if (observer_ != nullptr) return observe(thread, call);
    const bool lasting = fault_.what == Fault::What::kFailFrom && number >= fault_.at;
    if (number != fault_.at && !lasting) return go_on(thread);
    if (number == fault_.at) end_.at = call;
    strike(thread, caller, registers);
  }

  // openat2 keeps its flags in memory.
  static bool opens_for_writing(pid_t thread, const Registers& registers) {
    if (registers.number() != SYS_openat2) return true;
    const long flags = ptrace(PTRACE_PEEKDATA, thread, registers.argument(2), nullptr);
    return (flags & (O_CREAT | O_TRUNC | O_WRONLY | O_RDWR)) != 0;
  }

  // Calls with a descriptor: is it one of a file? Calls with a name: yes.
  static bool is_of_file(pid_t thread, CallKind kind, const Registers& registers) {
    if (kind == CallKind::kName || kind == CallKind::kOpen || kind == CallKind::kMode) return true;
    if (registers.argument(0) == 1 || registers.argument(0) == 2) return false;  // words stand on a terminal
    const std::string link = "/proc/" + std::to_string(thread) + "/fd/" + std::to_string(registers.argument(0));
    char target[4096];
    const ssize_t size = readlink(link.c_str(), target, sizeof target);
    const std::string name(target, size > 0 ? static_cast<std::size_t>(size) : 0);
    const bool made_up = name.rfind("/dev/", 0) == 0 && name.rfind("/dev/shm/", 0) != 0;
    return !name.empty() && name[0] == '/' && !made_up && name.rfind("/proc/", 0) != 0 && name.rfind("/sys/", 0) != 0 &&
           name.rfind("/memfd:", 0) != 0;
  }

  void strike(pid_t thread, Known& caller, Registers& registers);

  void observe(pid_t thread, const Call& call) {
    observed_[thread] = call;
    ptrace(PTRACE_SYSCALL, thread, nullptr, nullptr);
  }

  void at_exit(pid_t thread) {
    if (const auto seen = observed_.extract(thread); !seen.empty()) {
      Registers registers;
      if (registers.read(thread)) observer_->made(thread, seen.mapped(), registers);
      return go_on(thread);
    }
    if (thread != exit_of_) return go_on(thread);
    exit_of_ = 0;
    kill_for(known_[thread]);
    go_on(thread);
  }

  void kill_for(const Known& caller) {
    end_.struck = true;
    if (fault_.what == Fault::What::kKillCaller) kill(caller.process, SIGKILL);
    if (fault_.what == Fault::What::kKillHost) kill(host_, SIGKILL);
    if (fault_.what == Fault::What::kKillAll) {
      for (const auto& [thread, known] : known_) kill(thread, SIGKILL);
    }
  }

  void ended(pid_t thread, int status) {
    known_.erase(thread);
    if (thread != host_) return;
    end_.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    end_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    tell_host();
  }
  void tell_host() {
    if (!told_) host_promise_.set_value(end_);
    told_ = true;
  }

  const Program& program_;
  const Fault& fault_;
  Observer* observer_;
  std::promise<Trace::End>& host_promise_;
  std::vector<sock_filter> filter_;
  std::map<pid_t, Known> known_;
  std::map<pid_t, Call> observed_;  // being made
  pid_t host_ = 0, exit_of_ = 0;
  bool told_ = false;
  Trace::End end_;
};

void Loop::strike(pid_t thread, Known& caller, Registers& registers) {
  using What = Fault::What;
  switch (fault_.what) {
    case What::kNone:
      return go_on(thread);
    case What::kFail:
    case What::kFailFrom:
      end_.struck = registers.fail(thread, fault_.error);
      return go_on(thread);
    case What::kShort:
      end_.struck = registers.halve(thread);
      return go_on(thread);
    case What::kKillHost:
    case What::kKillAll:
    case What::kKillCaller:
      break;
  }
  if (fault_.at_exit) {
    exit_of_ = thread;
    ptrace(PTRACE_SYSCALL, thread, nullptr, nullptr);
    return;
  }
  kill_for(caller);
  go_on(thread);
}

}  // namespace

const char* name_of(Who who) {
  constexpr const char* kNames[] = {"host", "worker", "broker", "git", "other"};
  return kNames[static_cast<int>(who)];
}

Trace::Trace(Program program, Fault fault, Observer* observer)
    : program_(std::move(program)), fault_(std::move(fault)), observer_(observer) {
  thread_ = std::thread([this] { whole_.set_value(Loop(program_, fault_, observer_, host_).run()); });
}
Trace::~Trace() {
  if (thread_.joinable()) thread_.join();
}
Trace::End Trace::host_end() {
  return host_.get_future().get();
}
Trace::End Trace::whole_end() {
  return whole_.get_future().get();
}

bool can_trace(std::string& why_not) {
#if !defined(__x86_64__)
  why_not = "the registers of this processor are not known here";
  return false;
#else
  const pid_t child = fork();
  if (child == 0) _exit(ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0 ? 0 : 1);
  int status = 0;
  waitpid(child, &status, 0);
  why_not = "ptrace is not permitted here (a container may need CAP_SYS_PTRACE)";
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
#endif
}

}  // namespace daydream::crash
