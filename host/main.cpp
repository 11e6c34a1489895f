// argv in, exit code out. The worker, the broker and the probe child are this program too: they start here, before
// anything of the command line is looked at.
#include <charconv>
#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "broker/serve.hpp"
#include "cli/command.hpp"
#include "cli/version.hpp"
#include "daydream/kit/hash.hpp"
#include "loader/loader.hpp"
#include "worker/worker.hpp"

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  if (words.size() == 1 && words.front() == "--version") {
    return std::fputs(daydream::cli::kVersionLine, stdout) < 0 || std::fflush(stdout) != 0 ? 75 : 0;
  }
  if (words.size() == 1 && words.front() == "--probe") return daydream::loader::probe_main();
  if (words.size() == 2 && (words.front() == "--worker" || words.front() == "--broker")) {
    int descriptor = -1;
    const std::string& number = words.back();
    std::from_chars(number.data(), number.data() + number.size(), descriptor);
    // The broker reads openssl.cnf: whom it trusts over TLS may be said there.
    if (words.front() == "--broker") return daydream::broker::serve(descriptor);
    daydream::hash::without_openssl_configuration();
    return daydream::worker::serve(descriptor);
  }
  daydream::hash::without_openssl_configuration();
  // A reader that went away is an error where it is written to, not the end of a run.
  std::signal(SIGPIPE, SIG_IGN);
  return daydream::cli::main(words);
}
