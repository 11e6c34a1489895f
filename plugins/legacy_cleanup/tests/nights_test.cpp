// Night after night: what is said from memory is what would be said without one, whatever the memory has been
// through, and costs no reading of files.
#include <catch2/catch.hpp>

#include <algorithm>

#include "daydream/testing/memory_host.hpp"

namespace daydream::legacy {
namespace {

using testing::FileMap;
using testing::MemoryHost;
using testing::Start;

const dd_plugin& plugin() {
  auto opened = testing::open_plugin(LEGACY_CLEANUP_SO);
  if (!opened) FAIL(opened.error().message());
  return **opened;
}

// Something for each kind of rule; b.py takes a name from a.py that a.py only imports.
FileMap project() {
  return {
      {"setup.cfg", "[metadata]\nversion = 2.1\n[options]\npython_requires = >=3.8\n"},
      {"pkg/a.py", "import os\nimport re\nfrom typing import List\n\nvalue = 1\n"},
      {"pkg/b.py", "from pkg.a import re\n\nprint(re)\n"},
      {"pkg/c.py", "def f(a):\n    return a\n    print(a)\n\n\n# remove after 2026-11-24\ng = f\n"},
      {"pkg/d.py", "class A(object):\n    def f(self):\n        # self.f(1, 2)\n        return super(A, self).f()\n"},
      {"web/e.js", "function f() {\n  return 1;\n  g();\n}\nf();\n"},
      {"deep.py", std::string(9000, '(') + std::string(9000, ')') + "\nclass B(object):\n    pass\n"}};
}

Start on(std::string day, FileMap files, FileMap memory) {
  Start start;
  start.files = std::move(files);
  start.memory = std::move(memory);
  start.now = std::move(day) + "T02:30:00Z";
  start.config = R"({"history_budget": 0})";
  return start;
}

struct Night {
  std::vector<std::string> lines;  // what it says, safe or not
  FileMap files;                   // after its safe edits
  FileMap memory;                  // that it leaves
};

Night night(const Start& start) {
  MemoryHost host(start);
  const auto answer = host.run(plugin());
  INFO(answer.message);
  REQUIRE(answer.good());
  Night result{host.finding_lines(), {}, host.ledger().memory()};
  for (const auto& [path, content] : start.files) result.files[path] = host.file(path);
  return result;
}

// The same as a night that remembers nothing.
void check_as_cold(const Night& warm, const std::string& day, const FileMap& files) {
  const Night cold = night(on(day, files, {}));
  CHECK(warm.lines == cold.lines);
  CHECK(warm.files == cold.files);
}

FileMap only(const FileMap& memory, std::string_view prefix) {
  FileMap kept;
  for (const auto& [key, value] : memory) {
    if (key.starts_with(prefix)) kept.emplace(key, value);
  }
  return kept;
}

}  // namespace

TEST_CASE("an unchanged repository is spoken of from memory, without a look at a file") {
  const Night first = night(on("2026-11-22", project(), {}));
  REQUIRE(first.lines.size() >= 6);
  REQUIRE(first.files != project());
  // All that was learned of files is gone: were one of them read, it would be learned again.
  const Night second = night(on("2026-11-23", project(), only(first.memory, "night")));
  CHECK(second.lines == first.lines);
  CHECK(second.files == first.files);
  CHECK(only(second.memory, "f/").empty());
  CHECK(second.memory == only(first.memory, "night"));
}

TEST_CASE("after an edit to one file a night says what it would say without a memory") {
  const Night first = night(on("2026-11-22", project(), {}));
  FileMap files = project();
  SECTION("the edited file has something new") {
    files["pkg/b.py"] += "import json\n";
  }
  SECTION("the edit takes away what kept a name of another file") {
    files["pkg/b.py"] = "print(1)\n";
  }
  SECTION("the edit gives a name of another file a reader") {
    files["pkg/b.py"] += "from pkg.a import os\n";
  }
  SECTION("a file is gone") {
    files.erase("pkg/b.py");
  }
  SECTION("a file has another name") {
    files["pkg/z.py"] = files["pkg/b.py"];
    files.erase("pkg/b.py");
  }
  SECTION("the project is at home on another Python") {
    files["setup.cfg"] = "[options]\npython_requires = >=2.7\n";
  }
  const Night second = night(on("2026-11-23", files, first.memory));
  check_as_cold(second, "2026-11-23", files);
  // And the way back is one too.
  check_as_cold(night(on("2026-11-24", project(), second.memory)), "2026-11-24", project());
}

TEST_CASE("what a day brings is said on that day, from memory or not") {
  const Night first = night(on("2026-11-22", project(), {}));
  for (const char* day : {"2026-11-23", "2026-11-24", "2026-11-25", "2026-11-21"}) {
    INFO(day);
    check_as_cold(night(on(day, project(), first.memory)), day, project());
  }
  const auto expired = [](const std::vector<std::string>& lines) {
    return std::any_of(lines.begin(), lines.end(),
                       [](const std::string& line) { return line.find("expired-bridge") != std::string::npos; });
  };
  CHECK_FALSE(expired(night(on("2026-11-24", project(), first.memory)).lines));
  CHECK(expired(night(on("2026-11-25", project(), first.memory)).lines));
}

TEST_CASE("a memory that is damaged, cut short or of other rules is as good as none") {
  const Night first = night(on("2026-11-22", project(), {}));
  REQUIRE(only(first.memory, "f/").size() >= 5);
  FileMap memory = first.memory;
  SECTION("a bit of every value has changed") {
    for (auto& [key, value] : memory) value[value.size() / 2] = static_cast<char>(value[value.size() / 2] ^ 4);
  }
  SECTION("every value is cut short") {
    for (auto& [key, value] : memory) value.resize(value.size() / 2);
  }
  SECTION("every value is empty") {
    for (auto& [key, value] : memory) value.clear();
  }
  SECTION("values have changed places") {
    std::string last = memory.rbegin()->second;
    for (auto& [key, value] : memory) std::swap(last, value);
  }
  const Night second = night(on("2026-11-22", project(), memory));
  CHECK(second.lines == first.lines);
  CHECK(second.files == first.files);
  CHECK(second.memory == first.memory);
}

TEST_CASE("another configuration is not answered from memory") {
  const Night first = night(on("2026-11-22", project(), {}));
  Start start = on("2026-11-22", project(), first.memory);
  start.config = R"({"history_budget": 0, "rules": {"unused-import": "off", "unreachable-code": "report"}})";
  const Night second = night(start);
  start.memory.clear();
  const Night cold = night(start);
  CHECK(second.lines == cold.lines);
  CHECK(second.files == cold.files);
  CHECK(second.lines != first.lines);
}

TEST_CASE("memory does not grow with files that are gone") {
  FileMap many = project();
  for (int i = 0; i < 40; ++i) many["m" + std::to_string(i) + ".py"] = "import os\nx = " + std::to_string(i) + "\n";
  const Night first = night(on("2026-11-22", many, {}));
  const Night second = night(on("2026-11-23", project(), first.memory));
  CHECK(second.memory.size() == first.memory.size() - 40);
}

TEST_CASE("a night that was killed anywhere leaves the memory that an undisturbed one leaves") {
  FileMap many = project();
  for (int i = 0; i < 300; ++i) many["m" + std::to_string(i) + ".py"] = "import os\nx = " + std::to_string(i) + "\n";
  const Night calm = night(on("2026-11-22", many, {}));
  for (int kill_at = 1; kill_at <= 5; ++kill_at) {
    MemoryHost host(on("2026-11-22", many, {}));
    const bool killed = host.run_killed_after(plugin(), kill_at).killed;
    if (killed) REQUIRE(host.run(plugin()).good());
    INFO(kill_at);
    CHECK(host.finding_lines() == calm.lines);
    CHECK(host.ledger().memory() == calm.memory);
  }
}

}  // namespace daydream::legacy
