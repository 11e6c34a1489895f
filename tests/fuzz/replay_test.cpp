#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <string>

#include "daydream/kit/walk.hpp"
#include "targets.hpp"

using namespace daydream;

namespace {

constexpr const char* kCorpus = DAYDREAM_CORPUS;

std::vector<walk::File> kept(const std::string& target) {
  walk::Options options;
  options.gitignore = false;
  auto listing = walk::list(std::string(kCorpus) + "/" + target, options);
  return listing ? listing->files : std::vector<walk::File>();
}

}  // namespace

TEST_CASE("every kept input of every fuzz target keeps its promises") {
  for (const fuzz::Target& target : fuzz::kTargets) {
    const std::string folder = std::string(kCorpus) + "/" + target.name;
    const auto files = kept(target.name);
    INFO("corpus " << target.name);
    CHECK(files.size() >= 3);
    for (const walk::File& file : files) {
      auto bytes = walk::read_beneath(folder, file.path, std::size_t{4} << 20);
      REQUIRE(bytes.ok());
      std::fprintf(stderr, "replaying %s/%s\n", target.name, file.path.c_str());  // the last one is the guilty one
      target.run(*bytes);
    }
  }
}

TEST_CASE("every cut and every changed byte of a kept input keeps the promises too") {
  for (const fuzz::Target& target : fuzz::kTargets) {
    for (const walk::File& file : kept(target.name)) {
      auto bytes = walk::read_beneath(std::string(kCorpus) + "/" + target.name, file.path, std::size_t{4} << 20);
      REQUIRE(bytes.ok());
      if (bytes->size() > 600) continue;
      for (std::size_t at = 0; at < bytes->size(); ++at) {
        target.run(std::string_view(*bytes).substr(0, at));
        std::string changed = *bytes;
        for (const char byte : {'\0', '"', '/', '\xff', '\n', '*'}) {
          changed[at] = byte;
          target.run(changed);
        }
      }
    }
  }
}

TEST_CASE("corpus files are named for people") {
  for (const fuzz::Target& target : fuzz::kTargets) {
    for (const walk::File& file : kept(target.name)) {
      INFO(target.name << "/" << file.path);
      CHECK(std::count(file.path.begin(), file.path.end(), '-') + std::count(file.path.begin(), file.path.end(), '_') >
            0);
      CHECK(file.path.find_first_not_of("abcdef0123456789") != std::string::npos);
      CHECK_FALSE(file.path.starts_with("crash-"));
    }
  }
}
