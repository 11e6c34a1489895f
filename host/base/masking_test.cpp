#include "base/masking.hpp"

#include <catch2/catch.hpp>

#include "base/model.hpp"

using namespace daydream;

TEST_CASE("a hidden value is masked in whatever the host says from then on, also base64-encoded") {
  CHECK_FALSE(shows_hidden("a heron-by-the-lake b"));
  hide_secrets({"heron-by-the-lake"});
  hide_secrets({"another-quiet-bird"});
  CHECK(mask("a heron-by-the-lake b") == "a [masked] b");
  CHECK(mask("another-quiet-bird") == "[masked]");
  CHECK(mask("aGVyb24tYnktdGhlLWxha2U=").find("aGVyb24") == std::string::npos);
  CHECK(shows_hidden("x=heron-by-the-lake"));
}

TEST_CASE("a hidden value in a finding's text is masked before anything is stored") {
  hide_secrets({"heron-by-the-lake"});
  const auto finding =
      parse_finding(R"({"rule": "r", "message": "m heron-by-the-lake", "context": "heron-by-the-lake"})");
  REQUIRE(finding.ok());
  CHECK(finding->message == "m [masked]");
  CHECK(finding->context == "[masked]");
}
