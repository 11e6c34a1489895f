// The progress line.
#include <catch2/catch.hpp>

#include "cli/progress.hpp"

using namespace daydream;
using cli::progress_line;
using std::chrono::milliseconds;

TEST_CASE("the progress line tells step, done and total, rate, time left and what") {
  CHECK(progress_line({"log_review", 2, 6, 120, 4000, "app.log"}, milliseconds(4000), 100) ==
        "[2/6] log_review  120/4000  30/s  2 min 09 s left  app.log");
  CHECK(progress_line({"log_review", 2, 6, 3, 0, ""}, milliseconds(2000), 100) == "[2/6] log_review  3  1.5/s");
}

TEST_CASE("nothing is guessed before there is something to go by") {
  CHECK(progress_line({"a", 1, 1, 0, 0, ""}, milliseconds(5000), 100) == "[1/1] a");
  CHECK(progress_line({"a", 1, 1, 0, 50, ""}, milliseconds(5000), 100) == "[1/1] a  0/50");
  CHECK(progress_line({"a", 1, 1, 7, 50, ""}, milliseconds(10), 100) == "[1/1] a  7/50");
  CHECK(progress_line({"a", 1, 1, 50, 50, ""}, milliseconds(10'000), 100) == "[1/1] a  50/50  5.0/s");
}

TEST_CASE("a plugin's words do not reach the terminal as they are, and the line never wraps") {
  const std::string line = progress_line({"a", 1, 1, 0, 0, "x\x1b[2J\ny"}, milliseconds(0), 100);
  CHECK(line.find('\x1b') == std::string::npos);
  CHECK(line.find('\n') == std::string::npos);
  CHECK(progress_line({"abcdef", 1, 1, 0, 0, ""}, milliseconds(0), 8) == "[1/1] ab");
}

TEST_CASE("wide characters count two columns and are never cut in half") {
  CHECK(cli::fit("日本語", 4) == "日本");
  CHECK(cli::fit("日本語", 5) == "日本");
  CHECK(cli::fit("e\xcc\x81x", 2) == "e\xcc\x81x");
  CHECK(cli::fit("äöü", 2) == "äö");
  CHECK(cli::fit("", 0).empty());
}
