// What people see: data on stdout, everything else on stderr; kinds of errors as exit codes.
#pragma once

#include <string_view>

#include "daydream/kit/result.hpp"

namespace daydream::cli {

enum Exit : int {
  kOk = 0,
  kFailOn = 1,        // --fail-on was met
  kUsage = 64,        // wrong words
  kRefused = 65,      // bad manifest, plugin, configuration, repository
  kBug = 70,          // of Daydream
  kNotFinished = 75,  // resumable
  kHuman = 78,        // damaged state, quarantined step
};

int exit_code_of(ErrorKind kind);

// Data. Written at once; finish_output() says whether all of it arrived.
void print(std::string_view text);
// `code`, or 75 with a message when stdout could not take what was printed.
int finish_output(int code);

// "daydream: message" on stderr, harmless on a terminal, line by line. -> the exit code of its kind.
int fail(const Error& error);
void say(std::string_view line);  // one line on stderr

bool is_terminal(int descriptor);
bool colours_wanted();  // stderr is a terminal and NO_COLOR is not set

}  // namespace daydream::cli
