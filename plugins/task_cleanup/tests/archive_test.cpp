#include "plugins/task_cleanup/archive.hpp"

#include <catch2/catch.hpp>
#include <random>

using namespace daydream::tasks;

namespace {

Entry entry_with(std::string bytes) {
  return {.id = "0123456789ab",
          .title = "a `title`\n## x: not one",
          .path = "docs/my `TODO`.md",
          .line = 12,
          .heading = "A > B",
          .commit = "1f",
          .date = "2026-11-22",
          .run = "2026-11-22_2",
          .evidence = "it is so\n- Bytes: 0, sha256 00",
          .bytes = std::move(bytes)};
}

}  // namespace

TEST_CASE("an archive lies beside its list, one a month") {
  CHECK(archive_path("", "2026-11-22") == "archive/tasks-2026-11.md");
  CHECK(archive_path("docs/plans", "2026-01-02") == "docs/plans/archive/tasks-2026-01.md");
}

TEST_CASE("whatever the bytes are, they come back, with where they were") {
  const std::vector<std::string> texts{"- [x] a\n",
                                       "no end",
                                       "",
                                       "\n",
                                       "```\n## fake: x\n\n- Bytes: 3, sha256 aa\n```\n",
                                       "\r\n\t\xFF\x00\x01 `````` \n",
                                       std::string("nul\0nul\n", 8)};
  std::string page = archive_head("2026-11-22");
  for (const std::string& text : texts) page += write_entry(entry_with(text));
  const auto read = read_entries(page);
  REQUIRE(read.size() == texts.size());
  for (std::size_t at = 0; at < texts.size(); ++at) {
    CHECK(read[at].bytes == texts[at]);
    CHECK(read[at].id == "0123456789ab");
    CHECK(read[at].line == 12);
    CHECK(read[at].run == "2026-11-22_2");
    CHECK(read[at].heading == "A > B");
  }
}

TEST_CASE("random bytes come back too") {
  std::mt19937 random(7);
  const std::string alphabet("`#-\n\r :abc\0\xF0 \x9F", 14);
  for (int round = 0; round < 300; ++round) {
    std::string bytes;
    const std::size_t size = random() % 200;
    for (std::size_t at = 0; at < size; ++at) bytes += alphabet[random() % alphabet.size()];
    const auto read =
        read_entries(archive_head("2026-11-22") + write_entry(entry_with(bytes)) + write_entry(entry_with("end")));
    REQUIRE(read.size() == 2);
    CHECK(read[0].bytes == bytes);
    CHECK(read[1].bytes == "end");
  }
}

TEST_CASE("an entry whose bytes were changed is not given back") {
  std::string page = write_entry(entry_with("- [x] original\n"));
  page.replace(page.find("original"), 8, "Original");
  CHECK(read_entries(page).empty());
}
