// What is read as a log, and what is not.
#include <random>

#include "nights.hpp"

using namespace daydream::logs;
using namespace daydream::logs::testing;

TEST_CASE("a file that is not text is named and not read") {
  std::mt19937 random(1);
  std::string bytes;
  for (int i = 0; i < 100'000; ++i) bytes += static_cast<char>(random() & 0xFFU);
  Nights nights;
  nights.files["logs/core.log"] = bytes;
  nights.files["logs/app.log"] = nights.lines(0, 10);
  nights.run();
  CHECK(nights.entries == 10);
  CHECK(nights.findings.empty());
  CHECK(nights.summary.find("logs/core.log: binary, not a log") != std::string::npos);
}

TEST_CASE("holes of NUL, colours and other languages make no log binary") {
  Nights nights;
  nights.files["logs/app.log"] = std::string(5000, '\0') + nights.lines(0, 10, "\x1B[31mERROR\x1B[0m Gerät {} fehlt");
  nights.files["logs/old.log"] = nights.lines(0, 10,
                                              "INFO caf\xE9 {} ge\xF6"
                                              "ffnet");
  nights.run();
  CHECK(nights.entries == 20);
  CHECK(nights.summary.find("binary") == std::string::npos);
}

namespace {

std::string utf16(const std::string& ascii) {
  std::string wide;
  for (const char c : ascii) wide.append({c, '\0'});
  return wide;
}

}  // namespace

TEST_CASE("a log with a byte order mark goes on where the night before stopped") {
  Nights nights;
  std::string text = nights.lines(0, 20);
  nights.files["logs/wide.log"] = "\xFF\xFE" + utf16(text);
  nights.files["logs/marked.log"] = "\xEF\xBB\xBF" + text;
  nights.run();
  CHECK(nights.entries == 40);
  text += nights.lines(20, 5);
  nights.files["logs/wide.log"] = "\xFF\xFE" + utf16(text);
  nights.files["logs/marked.log"] = "\xEF\xBB\xBF" + text;
  nights.run();
  CHECK(nights.entries == 10);
  nights.run();
  CHECK(nights.entries == 0);
  // Renamed: the same content still.
  nights.files["logs/wide.log.1"] = nights.files["logs/wide.log"];
  nights.files.erase("logs/wide.log");
  nights.run();
  CHECK(nights.entries == 0);
}
