#include <catch2/catch.hpp>

#include "cli/doctor_checks.hpp"

using namespace daydream;
using namespace daydream::cli;

namespace {
constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
}

TEST_CASE("a full disk is bad, a nearly full one a note, and both say what of ours lies there") {
  const Check full = check_space("state directory /s", 3 * kMiB, "archive 900 MiB, damaged-1 12 MiB");
  CHECK(full.health == Health::kBad);
  CHECK(full.what == "state directory /s, 3 MiB free: the disk is full");
  CHECK(full.remedy ==
        "make room, then start again: nothing that was done is lost; of ours lie there: archive 900 MiB, damaged-1 12 "
        "MiB");
  const Check little = check_space("work directory /w", 100 * kMiB, "");
  CHECK(little.health == Health::kNote);
  CHECK(little.what == "work directory /w, 100 MiB free");
  CHECK(little.remedy == "a full disk stops a run (75); make room");
  CHECK(check_space("state directory /s", 5000 * kMiB, "").health == Health::kGood);
}
