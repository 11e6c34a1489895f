// The system calls that move data, names or messages: where a kill or an error can leave something half done.
#pragma once

#include <linux/filter.h>

#include <string>
#include <vector>

namespace daydream::crash {

enum class CallKind {
  kNone,
  kWrite,  // bytes of a file or pipe
  kSync,   // bytes made durable
  kName,   // rename, link, unlink, make or remove a directory
  kSize,   // truncate, allocate
  kMode,   // permissions, owner, times
  kSend,   // messages to another process or host
  kOpen,   // open, where it may create or cut
  kRead,   // bytes of a file, pipe or socket
};

CallKind kind_of(long number);
std::string name_of_call(long number);
const char* name_of(CallKind kind);

// A seccomp program that stops at those calls (of `with_reads`: also those that read) and lets all else pass.
std::vector<sock_filter> filter_program(bool with_reads);

}  // namespace daydream::crash
