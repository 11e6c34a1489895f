#include "daydream/kit/spans.hpp"

#include <catch2/catch.hpp>

namespace daydream::spans {

TEST_CASE("spans ascend, are disjoint and lie within the content, each behind the beginning of the one before") {
  CHECK(check_spans({{0, 1, "x"}, {1, 0, "y"}, {2, 2, ""}}, 4));
  CHECK(check_spans({{4, 0, "at the end"}}, 4));
  CHECK_FALSE(check_spans({}, 4));
  CHECK_FALSE(check_spans({{2, 0, "x"}, {2, 1, "y"}}, 4));  // belongs into one span
  CHECK_FALSE(check_spans({{2, 0, "x"}, {2, 0, "y"}}, 4));
  CHECK_FALSE(check_spans({{2, 1, ""}, {1, 1, ""}}, 4));
  CHECK_FALSE(check_spans({{1, 2, ""}, {2, 1, ""}}, 4));
  CHECK_FALSE(check_spans({{3, 2, ""}}, 4));
  CHECK_FALSE(check_spans({{1, ~std::uint64_t{0}, ""}}, 4));
  CHECK_FALSE(check_spans({{5, 0, ""}}, 4));
}

TEST_CASE("carrying back agrees with editing the text directly, for every pair of small edits") {
  const std::string original = "abcdef";
  const std::vector<std::string> replacements{"", "X", "YZW"};
  int compared = 0;
  for (std::uint64_t o1 = 0; o1 <= 6; ++o1) {
    for (std::uint64_t n1 = 0; o1 + n1 <= 6; ++n1) {
      for (const auto& r1 : replacements) {
        auto first = weave(original, {}, {}, {{o1, n1, r1}}, 1);
        REQUIRE(first.ok());
        std::string text = compose(original, first->pieces);
        for (std::uint64_t o2 = 0; o2 <= text.size(); ++o2) {
          for (std::uint64_t n2 = 0; o2 + n2 <= text.size(); ++n2) {
            std::string expected = text.substr(0, o2) + "2" + text.substr(o2 + n2);
            auto second = weave(original, first->pieces, first->pieces, {{o2, n2, "2"}}, 2);
            REQUIRE(second.ok());
            if (compose(original, second->pieces) != expected) {
              INFO(o1 << "," << n1 << " " << r1 << " then " << o2 << "," << n2);
              CHECK(compose(original, second->pieces) == expected);
            }
            ++compared;
          }
        }
      }
    }
  }
  CHECK(compared > 2000);
}

TEST_CASE("three edits in a row, two spans each, agree with editing the text directly") {
  std::uint32_t seed = 7;
  auto next = [&](std::uint64_t below) {
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 8) % below;
  };
  for (int round = 0; round < 3000; ++round) {
    const std::string original = "abcdefghijklmno";
    Pieces pieces;
    std::string text = original;
    for (std::uint64_t number = 1; number <= 4; ++number) {
      std::uint64_t o1 = next(text.size() + 1);
      std::uint64_t n1 = next(std::min<std::uint64_t>(4, text.size() - o1) + 1);
      std::uint64_t o2 = o1 + n1 + next(text.size() - o1 - n1 + 1);
      std::uint64_t n2 = next(std::min<std::uint64_t>(4, text.size() - o2) + 1);
      std::vector<Span> spans{{o1, n1, std::string(next(4), 'A')}, {o2, n2, std::string(next(4), 'B')}};
      auto woven = weave(original, pieces, pieces, spans, number);
      REQUIRE(woven.ok());
      text = text.substr(0, o1) + spans[0].replacement + text.substr(o1 + n1, o2 - o1 - n1) + spans[1].replacement +
             text.substr(o2 + n2);
      pieces = woven->pieces;
      INFO("round " << round << " finding " << number);
      REQUIRE(compose(original, pieces) == text);
    }
  }
}

}  // namespace daydream::spans
