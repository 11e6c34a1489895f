// Row 3: 1,000 edits, from the step's commit to the end of the run, less the same run that only finds,
// against 1,000 unsynced write + rename. Git is told apart.
#include <cmath>
#include <filesystem>
#include <fstream>

#include "sandbox.hpp"

using namespace daydream::bench;

namespace {

constexpr int kFiles = 1000;

std::string name_of(int file) {
  return "d" + std::to_string(file / 100) + "/f" + std::to_string(file) + ".txt";
}

std::string content_of(int file, const std::string& first) {
  std::string content = first + " " + std::to_string(file) + "\n";
  for (int line = 0; line < 50; ++line) content += "line " + std::to_string(line) + " of a file that nobody edits\n";
  return content;
}

Seconds control(const Sandbox& sandbox) {
  const auto folder = sandbox.root() / "control";
  std::filesystem::create_directories(folder);
  return time_of([&] {
    for (int file = 0; file < kFiles; ++file) {
      const auto path = folder / ("f" + std::to_string(file));
      const auto temp = folder / ("f" + std::to_string(file) + ".tmp");
      std::ofstream(temp, std::ios::binary) << content_of(file, "edited");
      std::filesystem::rename(temp, path);
    }
  });
}

struct Published {
  Seconds whole{}, git{}, commit{};
  int git_calls = 0;
};

// From the step's commit to the end of the host, and how much of that was git.
Published publish(const Sandbox& sandbox, const std::string& mode, bool edits) {
  sandbox.forget();
  sandbox.git({"reset", "-q", "--hard"});
  sandbox.manifest(std::string(R"({"id": "edit", "plugin": "$STEPS/edit_lines.so", "config": {"edit": )") +
                   (edits ? "true" : "false") + "}}");
  const Ended ended = sandbox.run_daydream(1, {"--mode", mode});
  const auto begun = sandbox.stamp("commit");
  if (begun == Steady::time_point{}) give_up("the step was not heard");
  const GitCalls calls = sandbox.git_calls(begun);
  const auto end = ended.begun + std::chrono::duration_cast<Steady::duration>(ended.wall);
  return {end - begun, calls.time, sandbox.stamp("committed") - begun, calls.count};
}

struct InMode {
  std::string name;
  Series effects, with_git, git, commit;
  int git_calls = 0;
};

void turn(const Sandbox& sandbox, InMode& mode) {
  const Published found = publish(sandbox, mode.name, false);
  const Published edited = publish(sandbox, mode.name, true);
  mode.effects.add((edited.whole - edited.git) - (found.whole - found.git));
  mode.with_git.add(edited.whole - found.whole);
  mode.git.add(edited.git);
  mode.commit.add(edited.commit);
  mode.git_calls = edited.git_calls;
}

std::string milliseconds(Seconds time) {
  return std::to_string(std::lround(time.count() * 1e3)) + " ms";
}

}  // namespace

int main() {
  const Sandbox sandbox;
  for (int file = 0; file < kFiles; ++file) sandbox.write(name_of(file), content_of(file, "line"));
  sandbox.commit_all();
  std::vector<InMode> modes(3);
  modes[0].name = "in-place";
  modes[1].name = "patch";
  modes[2].name = "branch";
  Series control_time;
  for (int left = repetitions(3); left > 0; --left) {
    control_time.add(control(sandbox));
    for (InMode& mode : modes) turn(sandbox, mode);
  }
  for (const InMode& mode : modes) {
    row("1,000 edits applied, mode " + mode.name + ", git apart", mode.effects.median(), control_time.median(), 2);
    figure("  the same with git", mode.with_git.median(), control_time.median());
    note("the commit itself " + milliseconds(mode.commit.median()) +
         "; git from there on: " + std::to_string(mode.git_calls) + " calls, " + milliseconds(mode.git.median()));
  }
}
