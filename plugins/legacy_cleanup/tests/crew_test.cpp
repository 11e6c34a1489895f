#include "plugins/legacy_cleanup/crew.hpp"

#include <catch2/catch.hpp>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "plugins/legacy_cleanup/packed.hpp"
#include "plugins/legacy_cleanup/sealed.hpp"

namespace daydream::legacy {

TEST_CASE("a crew does every item once, list after list") {
  Crew crew;
  for (const std::size_t count : {0U, 1U, 2U, 7U, 1000U, 3U}) {
    std::vector<int> done(count, 0);
    crew.each(count, [&](std::size_t at) { ++done[at]; });
    CHECK(done == std::vector<int>(count, 1));
  }
}

TEST_CASE("what an item throws reaches the one who asked, and the crew goes on") {
  Crew crew;
  std::atomic<int> begun = 0;
  CHECK_THROWS_WITH(crew.each(100,
                              [&](std::size_t at) {
                                ++begun;
                                if (at == 3) throw std::runtime_error("the fourth");
                              }),
                    "the fourth");
  CHECK(begun >= 4);
  std::atomic<int> done = 0;
  crew.each(50, [&](std::size_t) { ++done; });
  CHECK(done == 50);
}

TEST_CASE("a seal opens for its version, its key and its bytes only") {
  const std::string value = sealed("rules 1", "key", "what was learned");
  CHECK(opened("rules 1", "key", value) == "what was learned");
  CHECK_FALSE(opened("rules 2", "key", value));
  CHECK_FALSE(opened("rules 1", "yek", value));
  CHECK_FALSE(opened("rules 1k", "ey", value));
  CHECK_FALSE(opened("rules 1", "key", value.substr(0, value.size() - 1)));
  CHECK_FALSE(opened("rules 1", "key", value + "!"));
  CHECK_FALSE(opened("rules 1", "key", ""));
  for (std::size_t at = 0; at < value.size(); ++at) {
    std::string changed = value;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_FALSE(opened("rules 1", "key", changed));
  }
}

TEST_CASE("packed values come back, and a lie about sizes is seen") {
  Packer out;
  out.number(0);
  out.number(UINT64_MAX);
  out.text("a b");
  out.list({"x", "", "yz"});
  const std::string bytes = out.take();
  Unpacker in(bytes);
  CHECK(in.number() == 0);
  CHECK(in.number() == UINT64_MAX);
  CHECK(in.text() == "a b");
  CHECK(in.list() == std::vector<std::string>{"x", "", "yz"});
  CHECK(in.good());
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Unpacker cut(std::string_view(bytes).substr(0, size));
    cut.number();
    cut.number();
    cut.text();
    cut.list();
    CHECK_FALSE(cut.good());
  }
  Unpacker liar("\xFF\xFF\xFF\xFF\x0F");
  CHECK(liar.list().empty());
  CHECK_FALSE(liar.good());
}

}  // namespace daydream::legacy
