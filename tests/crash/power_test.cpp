// The power fails at any moment of a night: what comes of the next start is what an undisturbed night comes to.
// The model of what may be lost is in losses.hpp. Nothing loses power here: a night is recorded call by call, the
// disks a cut may leave are made from that, and each is put in the place of the real one.
#include <catch2/catch.hpp>

#include "crash/recorded_night.hpp"
#include "crash/sweep.hpp"
#include "crash/trials.hpp"

using namespace daydream::crash;
using std::chrono::milliseconds;

namespace {

std::string around(const Recording& recording, std::size_t cut) {
  std::string words = "cut behind " + std::to_string(cut) + " operations";
  if (cut > 0) words += ", the last: " + recording.operations[cut - 1].place;
  return words;
}

void cut_power(Flavour flavour, milliseconds time) {
  if (!permitted()) return;
  const RecordedNight& night = RecordedNight::of(flavour);
  const Recording& recording = night.recording();
  const Losses losses(recording);
  const std::uint64_t points = (recording.operations.size() + 1) * kLosses;
  Sweep(std::string("power cut, ") + name_of(flavour), points, time).run([&](std::uint64_t point) -> std::string {
    const std::size_t cut = point / kLosses;
    const auto loss = static_cast<Loss>(point % kLosses);
    const std::string wrong = night.resumed(losses.disk_at(cut, loss, static_cast<unsigned>(point)));
    return wrong.empty() ? "" : around(recording, cut) + ", " + name_of(loss) + ": " + wrong;
  });
}

}  // namespace

TEST_CASE("the power fails in a night on a branch") {
  cut_power(Flavour::kBranch, milliseconds(8'000));
}

TEST_CASE("the power fails while the night edits in place and archives a log") {
  cut_power(Flavour::kInPlace, milliseconds(8'000));
}

TEST_CASE("the power fails while last night's branch is carried forward") {
  cut_power(Flavour::kSecondNight, milliseconds(4'000));
}

TEST_CASE("the power fails in a night of patches for a folder without git") {
  cut_power(Flavour::kPlain, milliseconds(4'000));
}

// Prints it, for whoever reads a failure.
TEST_CASE("what each night does to the disk", "[.]") {
  for (const Flavour flavour : {Flavour::kBranch, Flavour::kInPlace, Flavour::kSecondNight, Flavour::kPlain}) {
    std::size_t number = 0;
    for (const Operation& operation : RecordedNight::of(flavour).recording().operations)
      std::cout << name_of(flavour) << " " << number++ << " " << operation.place << " " << operation.bytes.size()
                << "\n";
  }
}
