// Runs a program under ptrace and counts the calls of calls.hpp that it and all of its descendants make, so that
// a kill or an error can be placed at exactly one of them. The program runs as it would alone: other calls do not
// stop, and what it confines by seccomp stays confined.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "crash/calls.hpp"

namespace daydream::crash {

enum class Who { kHost, kWorker, kBroker, kGit, kOther };
const char* name_of(Who who);

struct Call {
  Who who = Who::kOther;
  long number = 0;
  CallKind kind = CallKind::kNone;
};

// What happens at the call with the number `at` (from 0) among those that match.
struct Fault {
  enum class What {
    kNone,        // only count
    kKillHost,    // SIGKILL to the program; its children go on as they would
    kKillAll,     // SIGKILL to all of them, as the end of a container or the killer of a full memory does
    kKillCaller,  // SIGKILL to the process that makes the call
    kFail,        // the call is not made and fails with `error`
    kFailFrom,    // this one and all that match after it, as on a full disk
    kShort,       // half of the bytes are written
  };
  What what = What::kNone;
  std::set<Who> who;         // of whose calls; empty: of all
  std::set<CallKind> kinds;  // of which kinds; empty: all but those that read
  bool files_only = false;   // not pipes, sockets, devices and what the kernel makes up
  std::uint64_t at = 0;
  bool at_exit = false;  // kills: after the call was made, not before
  int error = 0;
};

struct Program {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;
  std::string directory, output;  // output: a file for stdout and stderr
};

class Registers;

// Is told of every call that matched, once it was made. The thread that made it stands still meanwhile; others run.
class Observer {
 public:
  Observer() = default;
  Observer(const Observer&) = delete;
  Observer& operator=(const Observer&) = delete;
  virtual ~Observer() = default;
  virtual void made(pid_t thread, const Call& call, const Registers& registers) = 0;
};

// False, with words: this machine or container lets nobody trace.
bool can_trace(std::string& why_not);

// One traced run, in a thread of its own (ptrace belongs to a thread).
class Trace {
 public:
  struct End {
    int exit_code = -1, signal = 0;
    bool struck = false;      // the fault has happened
    std::uint64_t calls = 0;  // that matched
    Call at;                  // the call it happened at
    std::vector<Call> seen;   // all that matched, in order
    bool gone = false;        // every process has ended
  };
  // `observer`, if any, outlives the trace and is called on its thread.
  Trace(Program program, Fault fault, Observer* observer = nullptr);
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  // Once the program itself is dead; its children may live on, and are traced until they end.
  End host_end();
  // Once all are gone.
  End whole_end();

 private:
  Program program_;
  Fault fault_;
  Observer* observer_;
  std::promise<End> host_, whole_;
  std::thread thread_;
};

}  // namespace daydream::crash
