#include <catch2/catch.hpp>

#include <cstdio>

#include "bad_input/cases.hpp"

namespace daydream::bad_input {

Ran run_untouched(World& world, const std::vector<std::string>& more) {
  const auto before = World::snapshot(world.repository());
  Ran ran = world.run(more);
  auto without_ours = [](std::map<std::string, std::string> files) {
    std::map<std::string, std::string> users;
    for (auto& [name, content] : files) {
      if (name.rfind("logs/", 0) != 0 && name.rfind(".git/", 0) != 0) users.emplace(name, std::move(content));
    }
    return users;
  };
  if (without_ours(before) != without_ours(World::snapshot(world.repository()))) ran.err += "\nTREE CHANGED";
  return ran;
}

namespace {

std::string first_line_with(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  if (part.empty() || at == std::string::npos) return "";
  const std::size_t begin = text.rfind('\n', at);
  const std::size_t from = begin == std::string::npos ? 0 : begin + 1;
  return text.substr(from, text.find('\n', at) - from).substr(0, 110);
}

void row(const char* name, const std::string& exit, const std::string& message, const char* tree) {
  std::printf("%-46s | %-4s | %-9s | %s\n", name, exit.c_str(), tree, message.c_str());
}

}  // namespace

TEST_CASE("bad_input: every case has its exit code, its words, and leaves the tree alone") {
  row("case", "exit", "message", "tree");
  std::vector<Case> all = manifest_cases();
  for (auto* more : {&repository_cases, &state_cases}) {
    for (auto& one : (*more)()) all.push_back(std::move(one));
  }
  for (const Case& one : all) {
    if (one.skip) {
      row(one.name.c_str(), "-", "skipped: " + one.why_skipped, "-");
      continue;
    }
    World world;
    const Ran ran = one.act(world);
    const bool changed = e2e::contains(ran.err, "TREE CHANGED");
    row(one.name.c_str(), std::to_string(ran.exit_code), first_line_with(ran.err + ran.out, one.message),
        changed ? "CHANGED" : "unchanged");
    std::fflush(stdout);
    INFO(one.name << "\n" << ran.out << "\n" << ran.err);
    CHECK(ran.exit_code == one.exit_code);
    CHECK(e2e::contains(ran.err + ran.out, one.message));
    CHECK_FALSE((one.tree_checked && changed));
  }
}

}  // namespace daydream::bad_input
