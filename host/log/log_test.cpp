#include "log/log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "base/files.hpp"
#include "base/masking.hpp"

using namespace daydream;
namespace fs = std::filesystem;

namespace {

struct Folder {
  Path path;
  Folder() {
    std::string name = "/tmp/daydream_log_XXXXXX";
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  [[nodiscard]] std::string text() const {
    auto content = files::read(path / "daydream.log");
    REQUIRE(content);
    return *content;
  }
};

// What stands on stderr while it lives; a file, or a terminal.
class Stderr {
 public:
  explicit Stderr(int fd) : before_(::dup(2)) {
    ::dup2(fd, 2);
    ::close(fd);
  }
  ~Stderr() {
    ::dup2(before_, 2);
    ::close(before_);
  }

 private:
  int before_;
};

// The text without the stamp of time, which is checked elsewhere.
std::string without_time(const std::string& line) {
  return line.size() > 22 ? line.substr(22) : line;
}

std::string told(const std::function<void()>& speak) {
  Folder folder;
  const Path file = folder.path / "stderr";
  {
    const Stderr redirected(::open(file.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    speak();
  }
  return *files::read(file);
}

std::string on_terminal(const std::function<void()>& speak) {
  const int master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  REQUIRE(master >= 0);
  REQUIRE(::grantpt(master) == 0);
  REQUIRE(::unlockpt(master) == 0);
  {
    const int slave = ::open(::ptsname(master), O_RDWR | O_NOCTTY | O_CLOEXEC);
    REQUIRE(slave >= 0);
    const Stderr redirected(slave);
    speak();
  }
  char buffer[4096];
  const ssize_t count = ::read(master, buffer, sizeof buffer);
  ::close(master);
  return {buffer, static_cast<std::size_t>(std::max<ssize_t>(count, 0))};
}

std::string hooks_said;

}  // namespace

TEST_CASE("a line has its time, where it comes from, and how bad it is") {
  const std::string line = told([] {
    log::start({});
    log::info("checkpoint", "opened");
  });
  // [2026-11-22 02:30:04]
  REQUIRE(line.size() > 22);
  std::string shape = line.substr(0, 22);
  for (char& c : shape) c = c >= '0' && c <= '9' ? '0' : c;
  CHECK(shape == "[0000-00-00 00:00:00] ");
  CHECK(without_time(line) == "[daydream.checkpoint] [info] opened\n");
}

TEST_CASE("lines below the level are left out") {
  const std::string text = told([] {
    log::start({.level = log::Level::kWarning});
    log::debug("a", "no");
    log::info("a", "no");
    log::warning("a", "yes");
    log::error("a", "yes");
  });
  CHECK_THAT(text, !Catch::Contains("no\n"));
  CHECK_THAT(text, Catch::Contains("[daydream.a] [warning] yes\n"));
  CHECK_THAT(text, Catch::Contains("[daydream.a] [error] yes\n"));
}

TEST_CASE("what others say stays one harmless line without secrets") {
  const std::string text = told([] {
    log::start({});
    hide_secrets({"canary-0123456789"});
    log::info("step\x1b[31m", "one\ntwo \x1b[2J canary-0123456789 \xff password=hunter2hunter2");
  });
  CHECK(std::count(text.begin(), text.end(), '\n') == 1);
  CHECK_THAT(text, !Catch::Contains("\x1b"));
  CHECK_THAT(text, !Catch::Contains("canary"));
  CHECK_THAT(text, !Catch::Contains("hunter2"));
  CHECK(text::valid_utf8(text));
}

TEST_CASE("a secret at the place where a long line is cut is masked before") {
  const std::string text = told([] {
    log::start({});
    hide_secrets({"canary-0123456789"});
    log::info("a", std::string(16'380, 'x') + "canary-0123456789");
  });
  CHECK_THAT(text, !Catch::Contains("can"));
  CHECK(text.size() < 17'000);
}

TEST_CASE("colours are for terminals, where nobody said NO_COLOR") {
  const auto speak = [] {
    log::start({.colour = true});
    log::error("a", "red");
    log::start({});
  };
  ::unsetenv("NO_COLOR");
  CHECK_THAT(told(speak), !Catch::Contains("\033"));
  CHECK_THAT(on_terminal(speak), Catch::Contains("[\033[31merror\033[0m] red"));
  ::setenv("NO_COLOR", "1", 1);
  CHECK_THAT(on_terminal(speak), !Catch::Contains("\033"));
  ::unsetenv("NO_COLOR");
  CHECK_THAT(on_terminal([] { log::error("a", "plain"); }), !Catch::Contains("\033"));
}

TEST_CASE("a progress line can make way for each line") {
  hooks_said.clear();
  told([] {
    log::start({});
    log::set_terminal_hooks([] { hooks_said += "before "; }, [] { hooks_said += "after "; });
    log::info("a", "one");
    log::debug("a", "left out");
    log::start({.to_stderr = false});
    log::info("a", "not on the terminal");
    log::set_terminal_hooks(nullptr, nullptr);
    log::start({});
  });
  CHECK(hooks_said == "before after ");
}

TEST_CASE("the file has every line at once, and goes on where it was") {
  Folder folder;
  told([&] {
    log::start({.to_stderr = false});
    REQUIRE(log::add_file(folder.path));
    log::info("a", "first");
    CHECK(without_time(folder.text()) == "[daydream.a] [info] first\n");  // no flush is waited for
    REQUIRE(log::add_file(folder.path));
    log::info("a", "second");
    log::start({});
  });
  CHECK_THAT(folder.text(), Catch::Contains("first\n"));
  CHECK_THAT(folder.text(), Catch::EndsWith("second\n"));
}

TEST_CASE("the file is rotated, and three old ones are kept") {
  Folder folder;
  log::start({.to_stderr = false});
  for (int i = 0; i < 6; ++i) {
    REQUIRE(log::add_file(folder.path));
    fs::resize_file(folder.path / "daydream.log", (std::size_t{8} << 20) - 20);
    REQUIRE(log::add_file(folder.path));
    log::info("a", "the line that has no room");
  }
  log::start({});
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder.path)) {
    ++count;
    CHECK(entry.file_size() <= std::size_t{8} << 20);
  }
  CHECK(count == 4);
  CHECK(without_time(folder.text()) == "[daydream.a] [info] the line that has no room\n");
}

TEST_CASE("a folder that cannot be written to is said, and logging goes on without it") {
  Folder folder;
  REQUIRE(files::write_replace(folder.path / "file", "", files::Durability::kNone));
  const auto added = log::add_file(folder.path / "file");
  REQUIRE_FALSE(added);
  CHECK_THAT(added.error().message(), Catch::Contains("daydream.log"));
  CHECK_THAT(told([] { log::info("a", "still here"); }), Catch::Contains("still here"));
}

TEST_CASE("lines of many threads never mix") {
  const std::string text = told([] {
    log::start({});
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([] {
        for (int i = 0; i < 200; ++i) log::info("a", "0123456789");
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  std::size_t whole = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    if (without_time(std::string(line)) == "[daydream.a] [info] 0123456789") ++whole;
  }
  CHECK(whole == 800);
}
