#include "daydream/kit/process.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <thread>

using namespace daydream;
using namespace std::chrono_literals;

namespace {

process::Command shell(const std::string& script) {
  process::Command command;
  command.arguments = {"/bin/sh", "-c", script};
  return command;
}

process::Outcome outcome_of(const process::Command& command) {
  auto outcome = process::run(command);
  if (!outcome) FAIL(outcome.error().message());
  return *std::move(outcome);
}

struct Folder {
  std::string path;
  Folder() {
    std::string name = "/tmp/daydream_process_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { std::filesystem::remove_all(path); }
};

// A zombie has ended: in a container nobody may be there to reap it.
bool lives(int pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  const std::size_t at = stat.rfind(") ");
  return at != std::string::npos && stat[at + 2] != 'Z' && stat[at + 2] != 'X';
}

// The kernel ends a killed process a moment after the signal is sent.
bool ends_soon(int pid) {
  for (int i = 0; i < 2000 && lives(pid); ++i) ::usleep(1000);
  return !lives(pid);
}

std::vector<std::string> descriptors_open_in_child() {
  process::Command command;
  command.arguments = {"ls", "/proc/self/fd"};
  const std::string text = outcome_of(command).output;
  std::vector<std::string> numbers;
  std::size_t start = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', start)) {
    numbers.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return numbers;
}

}  // namespace

TEST_CASE("output, errors and the exit code of a program are told") {
  const auto outcome = outcome_of(shell("echo out; echo err >&2; exit 3"));
  CHECK(outcome.output == "out\n");
  CHECK(outcome.error == "err\n");
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.describe() == "exit 3");
  CHECK_FALSE(outcome.good());
}

TEST_CASE("a signal that ended the program is named") {
  const auto outcome = outcome_of(shell("kill -SEGV $$"));
  CHECK(outcome.signal == SIGSEGV);
  CHECK(outcome.exit_code == -1);
  CHECK(outcome.describe() == "signal 11 (Segmentation fault)");
}

TEST_CASE("a program that is not there is an error that names it, not an exit code") {
  process::Command command;
  command.arguments = {"daydream-no-such-program"};
  auto outcome = process::run(command);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind() == ErrorKind::kNotFound);
  CHECK_THAT(outcome.error().message(), Catch::Contains("daydream-no-such-program"));

  command.arguments = {"/tmp/daydream/no/such/program"};
  outcome = process::run(command);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("a folder that is not there, or a file that is no program, is said") {
  auto command = shell("true");
  command.directory = "/tmp/daydream/no/such/folder";
  auto outcome = process::run(command);
  REQUIRE_FALSE(outcome);
  CHECK_THAT(outcome.error().message(), Catch::Contains("/tmp/daydream/no/such/folder"));

  Folder folder;
  std::ofstream(folder.path + "/data") << "no program";
  ::chmod((folder.path + "/data").c_str(), 0755);
  command = {};
  command.arguments = {folder.path + "/data"};
  outcome = process::run(command);
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error().kind() == ErrorKind::kPermanent);
}

TEST_CASE("a program over its time is ended, with all of its group") {
  auto command = shell("sleep 100 & echo $!; wait");
  command.timeout = 100ms;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = outcome_of(command);
  CHECK(outcome.timed_out);
  CHECK(outcome.describe() == "timed out");
  CHECK(std::chrono::steady_clock::now() - start < 1900ms);  // SIGTERM was enough
  CHECK(ends_soon(std::stoi(outcome.output)));
}

TEST_CASE("a program that ignores SIGTERM is killed after the grace") {
  auto command = shell("trap '' TERM; (trap '' TERM; sleep 100) & echo $!; while :; do sleep 100; done");
  command.timeout = 50ms;
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = outcome_of(command);
  const auto taken = std::chrono::steady_clock::now() - start;
  CHECK(outcome.timed_out);
  CHECK(outcome.signal == SIGKILL);
  CHECK(taken >= 2s);
  CHECK(taken < 4s);
  CHECK(ends_soon(std::stoi(outcome.output)));
}

TEST_CASE("a program asked to end may finish what it does") {
  auto command = shell("trap 'echo tidy; exit 0' TERM; echo ready; while :; do sleep 0.05; done");
  command.timeout = 400ms;
  const auto outcome = outcome_of(command);
  CHECK(outcome.timed_out);
  CHECK(outcome.output == "ready\ntidy\n");
  CHECK_FALSE(outcome.good());
}

TEST_CASE("what a program leaves in the background is ended with it, and not waited for") {
  const auto start = std::chrono::steady_clock::now();
  const auto outcome = outcome_of(shell("sleep 100 & echo $!"));
  CHECK(outcome.good());
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  CHECK(ends_soon(std::stoi(outcome.output)));
}

TEST_CASE("a stopped program is ended too") {
  auto command = shell("kill -STOP $$");
  command.timeout = 50ms;
  const auto start = std::chrono::steady_clock::now();
  CHECK(outcome_of(command).timed_out);
  CHECK(std::chrono::steady_clock::now() - start < 1900ms);
}

TEST_CASE("too much output ends the program, and what fits is kept") {
  auto command = shell("yes");
  command.max_output = 100'000;
  const auto outcome = outcome_of(command);
  CHECK(outcome.truncated);
  CHECK(outcome.output.size() == 100'000);
  CHECK(outcome.describe() == "its output was too large");
  CHECK_FALSE(outcome.good());

  command = shell("printf 12345");
  command.max_output = 5;
  CHECK(outcome_of(command).good());
  command.max_output = 4;
  CHECK(outcome_of(command).truncated);
}

TEST_CASE("of too many words on stderr the last are kept") {
  auto command = shell("yes warning | head -c 1000000 >&2; printf 'fatal: end' >&2");
  command.max_error = 1000;
  const auto outcome = outcome_of(command);
  CHECK(outcome.good());
  CHECK(outcome.error.size() == 1000);
  CHECK(outcome.error.ends_with("fatal: end"));
}

TEST_CASE("much input and much output at once do not block each other") {
  process::Command command;
  command.arguments = {"cat"};
  for (int i = 0; command.input.size() < 8'000'000; ++i) command.input += std::to_string(i) + '\n';
  const auto outcome = outcome_of(command);
  CHECK(outcome.good());
  CHECK(outcome.output == command.input);
}

TEST_CASE("a program that does not read its input ends as it likes, and SIGPIPE stays away from us") {
  auto command = shell("exec 0<&-; exit 5");
  command.input = std::string(4'000'000, 'x');
  CHECK(outcome_of(command).exit_code == 5);
  sigset_t pending;
  ::sigpending(&pending);
  CHECK(::sigismember(&pending, SIGPIPE) == 0);
}

TEST_CASE("output can be taken piece by piece") {
  auto command = shell("head -c 3000000 /dev/zero");
  std::size_t seen = 0;
  command.on_output = [&](std::string_view bytes) { seen += bytes.size(); };
  const auto outcome = outcome_of(command);
  CHECK(seen == 3'000'000);
  CHECK(outcome.output.empty());
}

TEST_CASE("cancelling ends the program soon") {
  auto command = shell("sleep 100");
  const auto start = std::chrono::steady_clock::now();
  command.cancelled = [&] { return std::chrono::steady_clock::now() - start > 50ms; };
  const auto outcome = outcome_of(command);
  CHECK(outcome.cancelled);
  CHECK(outcome.describe() == "cancelled");
  CHECK(std::chrono::steady_clock::now() - start < 1500ms);
}

TEST_CASE("the environment is ours and more, or only what is given") {
  ::setenv("DAYDREAM_TEST_OURS", "ours", 1);
  auto command = shell("echo \"$DAYDREAM_TEST_OURS,$MORE\"");
  command.extra = {{"MORE", "more"}};
  CHECK(outcome_of(command).output == "ours,more\n");
  command.environment = std::map<std::string, std::string>{};
  CHECK(outcome_of(command).output == ",more\n");
}

TEST_CASE("no descriptor of ours reaches a program, whether close-on-exec or not") {
  const int kept = ::open("/dev/null", O_RDONLY);
  const int high = ::fcntl(kept, F_DUPFD, 200);
  CHECK(descriptors_open_in_child() == std::vector<std::string>{"0", "1", "2", "3"});  // 3: ls reads the folder
  ::close(kept);
  ::close(high);
}

TEST_CASE("signals that we ignore or block are as usual in a program") {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignore, &before);
  sigset_t term;
  sigset_t mask;
  ::sigemptyset(&term);
  ::sigaddset(&term, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &term, &mask);
  process::Command command;
  command.arguments = {"grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status"};
  const std::string status = outcome_of(command).output;
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(SIGPIPE, &before, nullptr);
  CHECK(status == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_CASE("programs started by many threads at once stay apart") {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([&wrong, t] {
      for (int i = 0; i < 25; ++i) {
        auto command = shell("cat; exit " + std::to_string(i));
        command.input = std::string(100'000, static_cast<char>('a' + t));
        auto outcome = process::run(command);
        if (!outcome || outcome->exit_code != i || outcome->output != command.input) ++wrong[t];
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}

TEST_CASE("a child lives beside us, with the descriptors it was given and no others") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  process::Child::Options options;
  options.arguments = {"/bin/sh", "-c", "echo hello >&7; ls /proc/self/fd >&7"};
  options.descriptors = {{7, ends[1]}};
  auto child = process::Child::start(options);
  REQUIRE(child);
  ::close(ends[1]);
  std::string said;
  char buffer[256];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;)
    said.append(buffer, static_cast<std::size_t>(n));
  ::close(ends[0]);
  CHECK(said == "hello\n0\n1\n2\n3\n7\n");
  const auto end = child->wait(10s);
  REQUIRE(end);
  CHECK(end->exit_code == 0);
  CHECK(end->peak_memory_bytes > 100'000);
}

TEST_CASE("descriptors may change places on their way into a child") {
  int first[2];
  int second[2];
  REQUIRE(::pipe2(first, O_CLOEXEC) == 0);
  REQUIRE(::pipe2(second, O_CLOEXEC) == 0);
  process::Child::Options options;
  options.arguments = {"/bin/sh", "-c",
                       "printf one >&" + std::to_string(second[1]) + "; printf two >&" + std::to_string(first[1])};
  options.descriptors = {{second[1], first[1]}, {first[1], second[1]}};
  auto child = process::Child::start(options);
  REQUIRE(child);
  REQUIRE(child->wait(10s));
  char buffer[16];
  CHECK(std::string(buffer, static_cast<std::size_t>(::read(first[0], buffer, sizeof buffer))) == "one");
  CHECK(std::string(buffer, static_cast<std::size_t>(::read(second[0], buffer, sizeof buffer))) == "two");
  for (const int fd : {first[0], first[1], second[0], second[1]}) ::close(fd);
}

TEST_CASE("waiting for a child tells whether it has ended, and letting go of it ends its group") {
  int pid = 0;
  {
    process::Child::Options options;
    options.arguments = {"sleep", "100"};
    auto child = process::Child::start(options);
    REQUIRE(child);
    pid = child->pid();
    CHECK_FALSE(child->wait(10ms));
    CHECK(lives(pid));
  }
  CHECK_FALSE(std::filesystem::exists("/proc/" + std::to_string(pid)));  // reaped
}

TEST_CASE("a child can be signalled, and its end says by what") {
  process::Child::Options options;
  options.arguments = {"sleep", "100"};
  auto child = process::Child::start(options);
  REQUIRE(child);
  child->signal_group(SIGTERM);
  const auto end = child->wait(10s);
  REQUIRE(end);
  CHECK(end->signal == SIGTERM);
  child->signal_group(SIGTERM);  // nobody is there any more: nothing happens
  CHECK(child->wait(0ms)->signal == SIGTERM);
}

TEST_CASE("a child dies with its parent") {
  // The parent is a shell-less program of ours: this test in the role of a parent that is killed.
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  const pid_t parent = ::fork();
  if (parent == 0) {
    process::Child::Options options;
    options.arguments = {"/bin/sh", "-c", "echo $$ >&5; exec sleep 100"};
    options.descriptors = {{5, ends[1]}};
    auto child = process::Child::start(options);
    ::pause();
    ::_exit(0);
  }
  ::close(ends[1]);
  char buffer[32] = {};
  REQUIRE(::read(ends[0], buffer, sizeof buffer - 1) > 0);
  const int pid = std::stoi(buffer);
  CHECK(lives(pid));
  ::kill(parent, SIGKILL);
  CHECK(ends_soon(pid));
  ::waitpid(parent, nullptr, 0);
  ::close(ends[0]);
}

TEST_CASE("programs are found in the absolute parts of PATH only") {
  Folder folder;
  std::ofstream(folder.path + "/tool") << "#!/bin/sh\n";
  ::chmod((folder.path + "/tool").c_str(), 0755);
  const std::string before = std::getenv("PATH");
  const std::string here = std::filesystem::current_path();
  std::filesystem::current_path(folder.path);
  ::setenv("PATH", ".::/nowhere", 1);
  CHECK_FALSE(process::find_program("tool"));
  ::setenv("PATH", (".:" + folder.path).c_str(), 1);
  CHECK(process::find_program("tool").value_or("") == folder.path + "/tool");
  ::setenv("PATH", before.c_str(), 1);
  std::filesystem::current_path(here);
  CHECK(process::find_program("tool").error().kind() == ErrorKind::kNotFound);
}

TEST_CASE("our own path is known") {
  CHECK_THAT(process::self_path(), Catch::EndsWith("test_process"));
}
