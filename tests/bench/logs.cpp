// Log review of 1,000,000 generated lines through `daydream logs patterns`, against `wc -l` over the same file and
// Drain3 with the masks of its benchmark over the first 100,000. bench_logs TOOLS: the virtual environment of
// scripts/bench, where Drain3 may be.
#include <array>
#include <filesystem>
#include <fstream>
#include <random>

#include "sandbox.hpp"

using namespace daydream::bench;
namespace fs = std::filesystem;

namespace {

constexpr int kLines = 1'000'000, kForDrain = 100'000;

std::string line(std::mt19937_64& random, int number) {
  const std::string block = "blk_" + std::to_string(static_cast<std::int64_t>(random()));
  const std::string address = "10.25" + std::to_string(random() % 5) + "." + std::to_string(random() % 250) + ".7";
  const std::array<std::string, 6> messages = {
      "INFO dfs.DataNode$PacketResponder: PacketResponder " + std::to_string(random() % 3) + " for block " + block +
          " terminating",
      "INFO dfs.DataNode$PacketResponder: Received block " + block + " of size 67108864 from /" + address,
      "INFO dfs.FSNamesystem: BLOCK* NameSystem.addStoredBlock: blockMap updated: " + address + ":50010 is added to " +
          block,
      "INFO dfs.DataNode$DataXceiver: Receiving block " + block + " src: /" + address + ":" +
          std::to_string(random() % 60000),
      "INFO dfs.FSDataset: Deleting block " + block + " file /mnt/hadoop/dfs/data/current/" + block,
      "WARN dfs.DataNode$DataXceiver: " + address + ":50010:Got exception while serving " + block + " to /" + address +
          ":"};
  char time[32];
  std::snprintf(time, sizeof time, "0811%02d %02d%02d%02d ", 9 + number / 500'000, number / 3600 % 24, number / 60 % 60,
                number % 60);
  return time + std::to_string(random() % 4000) + " " + messages[random() % messages.size()] + "\n";
}

constexpr const char* kDrain = R"(
import sys
from drain3 import TemplateMiner
from drain3.masking import MaskingInstruction
from drain3.template_miner_config import TemplateMinerConfig
config = TemplateMinerConfig()
config.masking_instructions = [MaskingInstruction(r"blk_-?\d+", "BLK"), MaskingInstruction(r"(\d+\.){3}\d+(:\d+)?", "IP")]
miner = TemplateMiner(config=config)
for line in open(sys.argv[1]):
    miner.add_log_message(line.split(": ", 1)[-1].rstrip())
)";

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) give_up("usage: bench_logs TOOLS");
  const Sandbox sandbox;
  const std::string all = (sandbox.root() / "all.log").string(), some = (sandbox.root() / "some.log").string();
  {
    std::ofstream whole(all, std::ios::binary), part(some, std::ios::binary);
    std::mt19937_64 random(1);
    for (int i = 0; i < kLines; ++i) {
      const std::string text = line(random, i);
      whole << text;
      if (i < kForDrain) part << text;
    }
    std::ofstream(sandbox.root() / "drain.py") << kDrain;
  }
  Program ours = sandbox.version(), lines = sandbox.version(), drain = sandbox.version();
  ours.arguments = {ours.arguments[0], "logs", "patterns", all};
  lines.arguments = {"wc", "-l", all};
  drain.arguments = {std::string(arguments[1]) + "/python", (sandbox.root() / "drain.py").string(), some};
  // Its start is paid once, not for each tenth of the lines.
  Program start = drain;
  start.arguments.back() = "/dev/null";
  Series our_time, line_time, drain_time;
  bool with_drain = fs::exists(drain.arguments[0]);
  for (int left = repetitions(5); left > 0; --left) {
    line_time.add(run_well(lines).wall);
    our_time.add(run_well(ours).wall);
    if (!with_drain) continue;
    const Ended ended = run(drain), started = run(start);
    with_drain = ended.exit_code == 0 && started.exit_code == 0;
    if (with_drain) drain_time.add((ended.wall - started.wall) * (kLines / kForDrain) + started.wall);
  }
  note(std::to_string(fs::file_size(all)) + " bytes, " + std::to_string(kLines) + " lines");
  row("logs: 1,000,000 lines by wc -l", our_time.median(), line_time.median(), 15);
  if (with_drain) {
    row("logs: the same by Drain3", our_time.median(), drain_time.median(), 1.0 / 30);
  } else {
    note("Drain3: not in " + std::string(arguments[1]) + ", left out");
  }
}
