#include <unistd.h>
#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "check.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"
#include "isolate.hpp"
#include "sample.hpp"
#include "symbols.hpp"

using namespace daydream;
using namespace daydream::conformance;
using Catch::Matchers::Contains;
using namespace std::chrono_literals;

namespace {

const std::string kGood = CONFORM_GOOD_STEP;
const std::string kExtraSymbol = CONFORM_EXTRA_SYMBOL;

std::string bytes_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

process::Outcome conform(std::vector<std::string> words) {
  words.insert(words.begin(), CONFORM_PROGRAM);
  process::Command command;
  command.arguments = std::move(words);
  auto outcome = process::run(command);
  REQUIRE(outcome);
  return *outcome;
}

std::string failed_with(const std::function<Verdict()>& body, std::chrono::milliseconds limit = 20s) {
  const Verdict verdict = isolated(body, limit);
  CHECK(verdict.outcome == Outcome::kFail);
  return verdict.words;
}

}  // namespace

TEST_CASE("whatever happens to a check's process is its result") {
  CHECK(isolated([] { return Verdict::ok("fine"); }, 20s).words == "fine");
  CHECK(isolated([] { return Verdict::skip("nothing to do"); }, 20s).outcome == Outcome::kSkip);
  CHECK_THAT(failed_with([] { return std::abort(), Verdict::ok(); }), Contains("signal 6"));
  CHECK_THAT(failed_with([] {
               stage("in a run");
               std::exit(0);
               return Verdict::ok();
             }),
             Contains("exit 0 in a run"));
  CHECK_THAT(failed_with([]() -> Verdict { throw std::runtime_error("no"); }), Contains("exception") && Contains("no"));
  CHECK_THAT(failed_with(
                 [] {
                   for (;;) ::pause();
                   return Verdict::ok();
                 },
                 1s),
             Contains("no end within 1 s"));
  CHECK_THAT(failed_with([] {
               for (int descriptor = 0; descriptor < 100; ++descriptor) ::close(descriptor);
               return Verdict::ok();
             }),
             Contains("exit 0"));
}

TEST_CASE("a check's process is told where it is and changes nothing of ours") {
  const Verdict verdict = isolated(
      [] {
        ::setenv("CONFORM_TEST", "1", 1);
        return ::getenv("HOME") == nullptr ? Verdict::fail("no home") : Verdict::ok(::getenv("HOME"));
      },
      20s);
  CHECK_THAT(verdict.words, Contains("daydream-conform-"));
  CHECK(::getenv("CONFORM_TEST") == nullptr);
  CHECK(::access(verdict.words.c_str(), F_OK) != 0);  // and is removed
}

TEST_CASE("exported symbols are read from the file") {
  const auto good = exported_symbols(bytes_of_file(kExtraSymbol));
  REQUIRE(good);
  CHECK(std::find(good->begin(), good->end(), "a_helper") != good->end());
  CHECK(std::find(good->begin(), good->end(), "daydream_plugin_v1") != good->end());
}

TEST_CASE("a file that is no shared library, or a damaged one, is an error and nothing worse") {
  CHECK_FALSE(exported_symbols(""));
  CHECK_FALSE(exported_symbols("#!/bin/sh\n"));
  CHECK_FALSE(exported_symbols(std::string(4096, '\x7f')));
  const std::string whole = bytes_of_file(kExtraSymbol);
  REQUIRE(whole.size() > 1000);
  for (std::size_t size = 0; size < whole.size(); size += 97) (void)exported_symbols(whole.substr(0, size));
  CHECK_FALSE(exported_symbols(whole.substr(0, whole.size() / 2)));
  for (std::size_t at = 0; at < 64; ++at) {
    for (const char value : {'\0', '\x01', '\x7f', '\xff'}) {
      std::string bent = whole;
      bent[at] = value;
      (void)exported_symbols(bent);
    }
  }
}

TEST_CASE("the sample holds the files that surprise") {
  const auto start = sample_start();
  CHECK(start.files.size() > 20);
  CHECK(start.files.at("data/empty.txt").empty());
  CHECK(start.files.at("data/binary.txt").find('\0') != std::string::npos);
  CHECK(start.files.contains("README.md"));
}

TEST_CASE("the program: lines, JSON, exit codes, wrong words") {
  const auto lines = conform({kExtraSymbol, "--only", "symbols,missing-services"});
  CHECK(lines.exit_code == 1);
  CHECK_THAT(lines.output, Contains("fail  symbols: it also exports") && Contains("ok    missing-services\n") &&
                               Contains("1 failed") && !Contains("leaks"));
  const auto json = conform({kGood, "--json", "--only", "missing-services"});
  auto parsed = json::Text::parse(json.output);
  REQUIRE(parsed);
  const json::Value& root = parsed->root();
  CHECK(json.exit_code == 0);
  CHECK(json::get_int(root, "ok") == 5);
  CHECK(json::get_string(root, "step") == kGood);
  CHECK(root["checks"].Size() == 5);
  CHECK(json::get_string(root["checks"][1], "name") == "table");
  CHECK(json::get_string(root["checks"][1], "result") == "ok");
  const auto list = conform({"--list"});
  CHECK(list.exit_code == 0);
  for (const Check& check : checks()) CHECK_THAT(list.output, Contains(check.name));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                {"--frobnicate"},
                                                {kGood, "two"},
                                                {kGood, "--limit", "0"},
                                                {kGood, "--only", "x"},
                                                {kGood, "--tree", "/", "--case", "x"},
                                                {"/no/such/step.so"},
                                                {kGood, "--config", "/no/such/file"}}) {
    CHECK(conform(wrong).exit_code == 64);
  }
}

TEST_CASE("a file that is no step fails the first checks, the others are skipped") {
  const auto lines = conform({CONFORM_SOURCE});
  CHECK(lines.exit_code == 1);
  CHECK_THAT(lines.output, Contains("fail  symbols: not a shared library (ELF)") && Contains("fail  table: ") &&
                               Contains("skip  run: needs \"table\", which failed") &&
                               Contains("2 failed, 15 skipped"));
}
