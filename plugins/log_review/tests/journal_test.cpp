// `journalctl -o export`, whole, in small pieces and cut anywhere.
#include <catch2/catch.hpp>
#include <cstring>

#include "plugins/log_review/reading/journal.hpp"

using namespace daydream;
using namespace daydream::logs;

namespace {

class Text final : public Source {
 public:
  Text(std::string text, std::size_t piece) : text_(std::move(text)), piece_(piece) {}
  Result<std::size_t> read(char* out, std::size_t size) override {
    const std::size_t count = std::min({size, piece_, text_.size() - at_});
    std::memcpy(out, text_.data() + at_, count);
    at_ += count;
    return count;
  }

 private:
  std::string text_;
  std::size_t piece_, at_ = 0;
};

std::string read_all(const std::string& text, std::size_t piece = 1 << 16) {
  auto source = journal_source(std::make_unique<Text>(text, piece));
  std::string all, buffer(1000, '\0');
  for (;;) {
    auto got = source->read(buffer.data(), buffer.size());
    REQUIRE(got.ok());
    if (*got == 0) return all;
    all.append(buffer, 0, *got);
  }
}

std::string sized(const std::string& name, const std::string& value) {
  std::string field = name + "\n";
  for (unsigned i = 0; i < 8; ++i) field += static_cast<char>(static_cast<std::uint64_t>(value.size()) >> (8 * i));
  return field + value + "\n";
}

const std::string kTwo = "__CURSOR=a\n__REALTIME_TIMESTAMP=1\nPRIORITY=6\nMESSAGE=a=b c\nOTHER=x\n\n__CURSOR=b\n" +
                         sized("COREDUMP", std::string(100, '\n')) + sized("MESSAGE", "two\nlines \"\x01") +
                         sized("_PID", "") + "\n";

}  // namespace

TEST_CASE("each entry is a line of JSON with what a log needs of it") {
  const std::string expected =
      "{\"__REALTIME_TIMESTAMP\":\"1\",\"PRIORITY\":\"6\",\"MESSAGE\":\"a=b c\"}\n"
      "{\"MESSAGE\":\"two\\nlines \\\"\\u0001\",\"_PID\":\"\"}\n";
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{1} << 16})
    CHECK(read_all(kTwo, piece) == expected);
}

TEST_CASE("an export cut anywhere, or with a size that lies, gives what it has and ends") {
  for (std::size_t length = 0; length <= kTwo.size(); ++length) {
    const std::string read = read_all(kTwo.substr(0, length));
    CHECK((read.empty() || read.back() == '\n'));
  }
  CHECK(read_all("__CURSOR=a\nMESSAGE\n\xff\xff\xff\xff\xff\xff\xff\x7fno end") == "{\"MESSAGE\":\"no end\"}\n");
  CHECK(read_all(std::string("\0\0\n\n==\n=", 8)).empty());
}
