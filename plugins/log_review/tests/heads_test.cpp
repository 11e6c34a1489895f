// How lines of many loggers are taken apart: where the time and the severity stand, and what the message is.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "plugins/log_review/reading/records.hpp"

using namespace daydream::logs;

namespace {

struct Seen {
  std::vector<std::string> records;  // "severity message", "@" before it where a time was found
  std::uint64_t lines = 0;
};

Seen read(const std::string& text) {
  const int file = ::memfd_create("log", MFD_CLOEXEC);
  REQUIRE(file >= 0);
  REQUIRE(::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  auto opened = open_source(file);
  REQUIRE(opened.ok());
  Records records(*opened->source, 0, std::nullopt);
  Seen seen;
  Record record;
  for (;;) {
    auto more = records.next(record);
    REQUIRE(more.ok());
    if (!*more) break;
    CHECK(text.substr(record.line.offset, record.line.text.size()) == record.line.text);
    ++seen.lines;
    if (record.continues) continue;
    seen.records.push_back((record.parts.timed ? "@" : "") + std::string(name_of(record.severity())) + " " +
                           std::string(record.parts.message));
  }
  // What memory keeps of the format reads the same.
  CHECK(Format::from_text(records.format().to_text()).to_text() == records.format().to_text());
  return seen;
}

std::string repeated(const std::string& lines, int times) {
  std::string text;
  text.reserve(lines.size() * static_cast<std::size_t>(times));
  for (int i = 0; i < times; ++i) text += lines;
  return text;
}

using Expected = std::vector<std::string>;

}  // namespace

TEST_CASE("colours are no part of a line") {
  const Seen seen = read(repeated("\x1B[36mINFO\x1B[0m[2026-11-22T01:10:00Z] ship 7 left \x1B[36mport\x1B[0m=5\n", 9) +
                         "\x1B[31mERRO\x1B[0m[2026-11-22T01:10:01Z] no \x1B]0;title\x07pilot\x1B(B\x1B[m\n");
  REQUIRE(seen.records.size() == 10);
  CHECK(seen.records[0] == "@info ship 7 left port=5");
  CHECK(seen.records[9] == "@error no pilot");
}

TEST_CASE("hours of one digit, times of twelve hours and days before months are times") {
  CHECK(read(repeated("2026-11-22  4:32:27 0 [Note] pool 1 ready\n", 4) + "2026-11-22 14:32:28 0 [ERROR] pool gone\n")
            .records.back() == "@error pool gone");
  CHECK(read(repeated("4:37AM INF job 5 done\n", 9) + "11:02PM ERR job 6 lost\n").records.back() ==
        "@error job 6 lost");
  CHECK(read(repeated("22/11/2026 01:10:00 WARN disk 7\n", 3)).records[0] == "@warning disk 7");
}

TEST_CASE("a severity is found with a module before it, padded, before the time, and as first word with a colon") {
  CHECK(read(repeated("[Sun Nov 22 04:34:01.337925 2026] [core:notice] [pid 2:tid 2] AH1: up\n", 5) +
             "[Sun Nov 22 04:34:02.337925 2026] [cgid:error] [pid 2:tid 2] AH2: end of script\n")
            .records.back() == "@error end of script");
  CHECK(read(repeated("2026-11-22T04:31:04.9Z [info     ] reading stored\n", 5) +
             "2026-11-22T04:31:05.9Z [warning  ] sensor silent\n")
            .records.back() == "@warning sensor silent");
  CHECK(read(repeated("I [22/Nov/2026:04:35:28 +0000] Listening to 5\n", 5) +
             "E [22/Nov/2026:04:35:29 +0000] File not available\n")
            .records.back() == "@error File not available");
  CHECK(read(repeated("[2026-11-22T04:37:17Z INFO  shipping::db] parcel 5\n", 5)).records[0] == "@info parcel 5");
  const Seen mail = read(repeated("Nov 22 04:36:11 mx postfix/smtpd[3]: connect from a[1]\n", 5) +
                         "Nov 22 04:36:11 mx postfix/smtpd[3]: warning: no name for 7\n" +
                         "Nov 22 04:36:11 mx postfix/smtpd[3]: note: an error: of a text\n");
  CHECK(mail.records[5] == "@warning warning: no name for 7");
  CHECK(mail.records[6] == "@unknown note: an error: of a text");
}

TEST_CASE("where a head says who speaks and no more, the message is the line below it") {
  const Seen java =
      read(repeated("Nov 22, 2026 4:29:55 AM App main\nINFO: basket 3 priced\n", 8) +
           "Nov 22, 2026 4:29:56 AM App main\nSEVERE: pricing failed\njava.lang.IllegalStateException: x\n"
           "\tat App.boom(App.java:5)\n");
  REQUIRE(java.records.size() == 9);
  CHECK(java.records[0] == "@info INFO: basket 3 priced");
  CHECK(java.records[8] == "@error SEVERE: pricing failed");
  const Seen net = read(repeated("info: Shop.Hosting[14]\n      Now listening on: 5\n", 8) +
                        "fail: Shop.Orders[7]\n      Order 5 lost\n      System.Exception: x\n");
  REQUIRE(net.records.size() == 9);
  CHECK(net.records[0] == "info Now listening on: 5");
  CHECK(net.records[8] == "error Order 5 lost");
  // One record in a few with a trace is no such format.
  CHECK(read(repeated("2026-11-22 01:10:00 ERROR x failed\n  at y\n2026-11-22 01:10:00 INFO fine\n", 9)).records[0] ==
        "@error x failed");
}

TEST_CASE("a log whose lines are all indented has heads too") {
  const Seen seen = read(repeated("  2026-11-22T04:37:17.6Z  INFO shop: shipped\n    at src/main.rs:16\n\n", 6));
  CHECK(seen.records == Expected(6, "@info shipped"));
}

TEST_CASE("lines without a time that begin with a severity are heads, others go on with them") {
  const std::string trace =
      "ERROR:shop:day 5 failed\nTraceback (most recent call last):\n  File \"a.py\", line 3\nKeyError: 'x'\n";
  const Seen seen = read(repeated("INFO:shop:reading 5\n", 20) + trace);
  REQUIRE(seen.records.size() == 21);
  CHECK(seen.records.back() == "error shop:day 5 failed");
}

TEST_CASE("what the runtime prints when a program ends is no part of the line before it") {
  const std::string calm = repeated("2026-11-22 01:10:00 INFO request 5 served\n", 9);
  const auto last = [&](const std::string& crash) { return read(calm + crash).records.back(); };
  CHECK(last("Traceback (most recent call last):\n  File \"a.py\", line 3, in f\n    g()\nKeyError: 'x'\n") ==
        "error KeyError: 'x'");
  CHECK(last("panic: runtime error: index out of range [5]\n\ngoroutine 1 [running]:\nmain.main()\n\t/a.go:3\n") ==
        "error panic: runtime error: index out of range [5]");
  CHECK(last("thread 'main' (7) panicked at src/main.rs:2:5:\nno parcel\nnote: run with `RUST_BACKTRACE=1`\n") ==
        "error no parcel");
  CHECK(last("Exception in thread \"main\" java.lang.Error: x\n\tat A.b(A.java:1)\n") ==
        "error Exception in thread \"main\" java.lang.Error: x");
  // A logger wrote this one with its error.
  CHECK(read(calm + "2026-11-22 01:10:01 ERROR day 5\nTraceback (most recent call last):\n  File \"a\"\nKeyError: 1\n")
            .records.size() == 10);
}

TEST_CASE("traces in a file of bare text are one record each, under the name of their exception") {
  const Seen python = read(
      "started\nTraceback (most recent call last):\n  File \"a.py\", line 3\nKeyError: 'x'\n\nThe above exception was "
      "the "
      "direct cause of the following exception:\n\nTraceback (most recent call last):\n  File \"a.py\", line 5\n"
      "ValueError: y\nstopped\n");
  CHECK(python.records == Expected{"unknown started", "error KeyError: 'x'", "unknown stopped"});
  const Seen go = read(
      "serving\npanic: assignment to entry in nil map\n\ngoroutine 7 [running]:\nmain.put(...)\n\t/app/a.go:5\n"
      "main.main()\n\t/app/a.go:9 +0x1d\nexit status 2\nserving\n");
  CHECK(go.records == Expected{"unknown serving", "critical panic: assignment to entry in nil map", "unknown serving"});
  const Seen rust = read(
      "serving\nthread 'main' panicked at src/main.rs:29:115:\nindex out of bounds\nstack backtrace:\n   0: begin\n"
      "             at /rustc/lib.rs:1\nnote: Some details are omitted\nserving\n");
  CHECK(rust.records == Expected{"unknown serving", "error index out of bounds", "unknown serving"});
}

TEST_CASE("a traceback that never ends is read in bounded memory, and no line of it is lost") {
  const Seen seen = read("Traceback (most recent call last):\n" +
                         repeated("  " + std::string(20'000, 'x') + "\n", 500) + "KeyError: 1\n");
  CHECK(seen.lines == 502);
  CHECK(seen.records == Expected{"error Traceback (most recent call last):"});
}

TEST_CASE("requests are read wherever their line holds them") {
  CHECK(read(repeated("<134>Nov 22 04:32:01 haproxy[1]: 10.0.0.7:3 [22/Nov/2026:04:32:01.596] web app/<NOSRV> "
                      "0/-1/-1/-1/0 503 217 - - SC-- 1/1/0/0/0 0/0 \"GET /item/1?session=5 HTTP/1.1\"\n",
                      3))
            .records[0] == "@error GET /item/1 server error");
  CHECK(read(repeated("INFO:     127.0.0.1:41234 - \"GET /items/5?q=1 HTTP/1.1\" 200 OK\n", 3)).records[0] ==
        "info GET /items/5 answered");
  CHECK(read(repeated("http 2026-11-22T22:23:00.186641Z app/lb/50 10.0.0.7:28 10.0.0.1:80 0.000 0.001 0.000 502 - 34 "
                      "366 \"GET http://shop.example:80/cart HTTP/1.1\" \"curl/7.46.0\" - -\n",
                      3))
            .records[0] == "@error GET http://shop.example:80/cart server error");
}

TEST_CASE("fields are found in the objects that hold them") {
  const auto one = [](const std::string& line) { return read(repeated(line + "\n", 2)).records[0]; };
  CHECK(one(R"({"timestamp":"2026-11-22T04:37:17Z","level":"ERROR","fields":{"message":"no label","left":3}})") ==
        "@error no label");
  CHECK(one(R"({"t":{"$date":"2026-11-22T01:10:00.123+00:00"},"s":"E","c":"NETWORK","id":7,"ctx":"x","msg":"gone"})") ==
        "@error gone");
  CHECK(one(R"({"severity":"ERROR","timestamp":"2026-11-22T01:10:00Z","jsonPayload":{"message":"no stock"}})") ==
        "@error no stock");
  CHECK(one(R"({"severity":"WARNING","timestamp":"2026-11-22T01:10:00Z","textPayload":"slow"})") == "@warning slow");
  CHECK(one(R"({"text":"x\n","record":{"level":{"name":"WARNING","no":30},"message":"low","time":{"repr":)"
            R"("2026-11-22 04:31:05.239+00:00","timestamp":1.5}}})") == "@warning low");
  CHECK(one(R"({"timeUnixNano":"1795313400000000000","severityNumber":17,"body":{"stringValue":"lost"}})") ==
        "@error lost");
  CHECK(one(R"({"@timestamp":"2026-11-22T01:10:00Z","log":{"level":"error","logger":"a"},"message":"m"})") ==
        "@error m");
  CHECK(one(R"({"time":"2026-11-22T01:10:00Z","level":"WARN+2","msg":"again"})") == "@warning again");
  CHECK(one("day=5 event='no reading' level='error' timestamp='2026-11-22T04:31:05.1Z'") == "@error no reading");
}
