// What is read as a log, and what is not.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <random>

#include "nights.hpp"
#include "plugins/log_review/reading/source.hpp"

using namespace daydream;
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

TEST_CASE("FIX messages are a log: what stands between their fields is no binary") {
  Nights nights;
  std::string text;
  for (int i = 0; i < 40; ++i) {
    const std::string number = std::to_string(i);
    text += "20261101-12:00:00.123: 8=FIX.4.4|9=6" + number + "|35=0|34=" + number +
            "|49=BANK|52=20261101-12:00:00.123|56=DESK|10=1" + number + "|\n";
    if (i % 10 == 0) text += "20261101-12:00:01.000: 8=FIX.4.4|9=70|35=3|34=" + number + "|58=Required tag missing|\n";
  }
  std::replace(text.begin(), text.end(), '|', '\x01');
  nights.files["logs/fix.log"] = text;
  nights.run();
  CHECK(nights.entries == 44);
  CHECK(nights.patterns == 2);
  CHECK(nights.summary.find("binary") == std::string::npos);
}

TEST_CASE("UTF-16 without a mark is not read, and the words say what to do") {
  for (const bool big : {false, true}) {
    Nights nights;
    std::string text = utf16(nights.lines(0, 20));
    if (big) text = std::string(1, '\0') + text.substr(0, text.size() - 1);
    nights.files["logs/wide.log"] = text;
    nights.run();
    CHECK(nights.entries == 0);
    CHECK(nights.summary.find("logs/wide.log: UTF-16 without a byte order mark: not read; have it written as UTF-8") !=
          std::string::npos);
  }
}

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

namespace {

// A file of those bytes, decoded from `offset` on.
std::string decoded(const std::string& bytes, std::uint64_t offset) {
  char name[] = "/tmp/daydream-reading-XXXXXX";
  const int file = ::mkstemp(name);
  REQUIRE(file >= 0);
  (void)::unlink(name);
  REQUIRE(::write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
  auto opened = open_source(file, offset);
  REQUIRE(opened.ok());
  std::string all, piece(100'000, '\0');
  for (;;) {
    auto got = opened->source->read(piece.data(), piece.size());
    REQUIRE(got.ok());
    if (*got == 0) return all;
    all.append(piece, 0, *got);
  }
}

std::string units(const std::u16string& text, bool big) {
  std::string bytes = big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8U), low = static_cast<char>(unit & 0xFFU);
    bytes.append({big ? high : low, big ? low : high});
  }
  return bytes;
}

}  // namespace

TEST_CASE("a marked log opened in its middle gives what stands there, in every encoding") {
  std::u16string text;
  std::mt19937 random(7);
  for (int line = 0; line < 6'000; ++line) {
    text += u"INFO request served to caf\u00E9 \u65E5\u672C";
    if (line > 3'000 && random() % 200 == 0) text += u"\U0001F600";     // a pair
    if (line > 4'000 && random() % 500 == 0) text += char16_t{0xD83D};  // half of one
    if (line > 4'000 && random() % 500 == 0) text += char16_t{0xDE00};
    text += u'\n';
  }
  for (const bool big : {false, true}) {
    const std::string bytes = units(text, big);
    const std::string whole = decoded(bytes, 0);
    REQUIRE(whole.size() > 200'000);
    CHECK(whole.find("caf\xC3\xA9 \xE6\x97\xA5\xE6\x9C\xAC\xF0\x9F\x98\x80\n") != std::string::npos);
    for (std::uint64_t offset = 1; offset < whole.size() + 9'000; offset += 8'999) {
      INFO(offset);
      CHECK((decoded(bytes, offset) == (offset < whole.size() ? whole.substr(offset) : "")));
    }
    CHECK((decoded("\xEF\xBB\xBF" + whole, 70'000) == whole.substr(70'000)));
  }
}

TEST_CASE("an export of the journal is one also behind a mark") {
  const std::string expected = decoded("__CURSOR=a\nPRIORITY=3\nMESSAGE=disk full\n\n", 0);
  CHECK(expected.find("disk full") != std::string::npos);
  CHECK(decoded(units(u"__CURSOR=a\nPRIORITY=3\nMESSAGE=disk full\n\n", false), 0) == expected);
  CHECK(decoded("\xEF\xBB\xBF__CURSOR=a\nPRIORITY=3\nMESSAGE=disk full\n\n", 5) == expected.substr(5));
}
