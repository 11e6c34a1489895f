// Never a line lost, never one twice, whatever rotation does between two nights.
#include "compressed.hpp"
#include "nights.hpp"

using namespace daydream::logs::testing;

TEST_CASE("what was read is not read again, what was added is") {
  Nights nights;
  nights.files["logs/app.log"] = nights.lines(0, 100);
  nights.run();
  CHECK(nights.entries == 100);
  nights.run();
  CHECK(nights.entries == 0);
  nights.files["logs/app.log"] += nights.lines(100, 30);
  nights.run();
  CHECK(nights.entries == 30);
}

TEST_CASE("a log renamed by rotation is finished under its new name") {
  for (const int size : {3, 100, 2000}) {  // below and above what is hashed
    Nights nights;
    nights.files["logs/app.log"] = nights.lines(0, size);
    nights.run();
    nights.files["logs/app.log.1"] = nights.files["logs/app.log"] + nights.lines(size, 7);
    nights.files["logs/app.log"] = nights.lines(size + 7, 11);
    nights.run();
    CHECK(nights.entries == 18);
  }
}

TEST_CASE("copytruncate: the copy is finished, the truncated log is new, also where it has outgrown the old offset") {
  for (const int regrown : {1, 99, 1500}) {
    Nights nights;
    nights.files["logs/app.log"] = nights.lines(0, 611);
    nights.run();
    nights.files["logs/app.log.1"] = nights.files["logs/app.log"] + nights.lines(611, 5);
    nights.files["logs/app.log"] = nights.lines(700, regrown);
    nights.run();
    CHECK(nights.entries == 5 + regrown);
  }
}

TEST_CASE("a log compressed by rotation is finished inside, in every format") {
  for (int format = 0; format < 4; ++format) {
    Nights nights;
    nights.files["logs/app.log"] = nights.lines(0, 500);
    nights.run();
    const std::string whole = nights.files["logs/app.log"] + nights.lines(500, 20);
    const char* const names[] = {"logs/app.log.1.gz", "logs/app.log.1.zst", "logs/app.log.1.xz", "logs/app.log.1.bz2"};
    nights.files[names[format]] = format == 0   ? gzipped(whole)
                                  : format == 1 ? zstded(whole)
                                  : format == 2 ? xzed(whole)
                                                : bzipped(whole);
    nights.files["logs/app.log"] = nights.lines(520, 3);
    nights.run();
    INFO(names[format]);
    CHECK(nights.entries == 23);
    nights.files["logs/app.log.2" + std::string(names[format]).substr(14)] = nights.files[names[format]];
    nights.files.erase(names[format]);
    nights.run();
    CHECK(nights.entries == 0);
  }
}

TEST_CASE("a rotated log beside its own compressed copy is read once") {
  Nights nights;
  nights.files["logs/app.log"] = nights.lines(0, 50);
  nights.run();
  const std::string whole = nights.files["logs/app.log"] + nights.lines(50, 4);
  nights.files["logs/app.log.1"] = whole;
  nights.files["logs/app.log.1.gz"] = gzipped(whole);
  nights.files["logs/app.log"] = nights.lines(60, 2);
  nights.run();
  CHECK(nights.entries == 6);
}

TEST_CASE("a skipped night is caught up as far as the window goes") {
  Nights nights;
  nights.files["logs/app.log"] = nights.lines(0, 10);
  nights.run();
  nights.files["logs/app.log"] += nights.lines(10, 5);  // nobody looks
  ++nights.day;
  nights.files["logs/app.log"] += nights.lines(20, 6);
  nights.run();
  CHECK(nights.entries == 6);
  CHECK(nights.summary.find("\"outside_window\":5") != std::string::npos);
  nights.run();
  CHECK(nights.entries == 0);
}

TEST_CASE("half a line waits, and is read whole") {
  Nights nights;
  const std::string text = nights.lines(0, 10);
  nights.files["logs/app.log"] = text.substr(0, text.size() - 8);
  nights.run();
  CHECK(nights.entries == 9);
  --nights.day;
  nights.files["logs/app.log"] = text + nights.lines(10, 1);
  nights.run();
  CHECK(nights.entries == 2);
}

TEST_CASE("two logs that begin alike are two") {
  Nights nights;
  const std::string banner(5000, '=');
  nights.files["logs/a.log"] = banner + "\n" + nights.lines(0, 10);
  nights.files["logs/b.log"] = banner + "\n" + nights.lines(100, 10, "INFO other {}");
  nights.run();
  const double first = nights.entries;
  CHECK(first >= 20);
  nights.files["logs/a.log"] += nights.lines(10, 1);
  nights.files["logs/b.log"] += nights.lines(110, 2, "INFO other {}");
  nights.run();
  CHECK(nights.entries == 3);
}

TEST_CASE("NUL bytes that copytruncate leaves do not hide a line") {
  Nights nights;
  nights.files["logs/app.log"] = std::string(100'000, '\0') + nights.lines(0, 5);
  nights.run();
  CHECK(nights.entries == 5);
}

TEST_CASE("a damaged compressed log is said, and what stands before the damage is read") {
  Nights nights;
  std::string packed = gzipped(nights.lines(0, 5000));
  nights.files["logs/app.log.1.gz"] = packed.substr(0, packed.size() / 2);
  nights.files["logs/app.log"] = nights.lines(0, 3, "INFO fine {}");
  nights.run();
  CHECK(nights.entries > 1000);
  CHECK(nights.entries < 5003);
  CHECK(nights.summary.find("ends in the middle") != std::string::npos);
}
