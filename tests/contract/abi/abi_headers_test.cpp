// Each C header compiles alone, without a warning and without padding, as every C and C++ that a plugin
// may be written in.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "daydream/kit/process.hpp"

namespace {

namespace fs = std::filesystem;
using daydream::process::Command;

std::vector<fs::path> headers() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(fs::path(ABI_INCLUDE_DIRECTORY) / "daydream")) {
    if (entry.path().extension() == ".h") found.push_back(entry.path());
  }
  return found;
}

// What the compiler says; "" when it is content.
std::string complaints(const std::string& compiler, const std::string& language, const std::string& standard,
                       const std::string& source) {
  Command command;
  command.arguments = {compiler,  "-std=" + standard, "-Wall", "-Wextra", "-pedantic", "-Wpadded",
                       "-Werror", "-fsyntax-only",    "-x",    language,  "-I",        ABI_INCLUDE_DIRECTORY,
                       "-"};
  command.input = source;
  auto outcome = daydream::process::run(command);
  if (!outcome) return outcome.error().message();
  return outcome->good() ? "" : outcome->error + outcome->describe();
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("every header compiles alone as C99 to C17, without padding") {
  REQUIRE(headers().size() >= 5);
  for (const auto& header : headers()) {
    for (const std::string standard : {"c99", "c11", "c17"}) {
      INFO(header.filename() << " as " << standard);
      CHECK(complaints(ABI_C_COMPILER, "c", standard, "#include \"daydream/" + header.filename().string() + "\"\n")
                .empty());
    }
  }
}

TEST_CASE("every header compiles alone as C++11 to C++20, without padding") {
  for (const auto& header : headers()) {
    for (const std::string standard : {"c++11", "c++14", "c++17", "c++20"}) {
      INFO(header.filename() << " as " << standard);
      CHECK(complaints(ABI_CXX_COMPILER, "c++", standard, "#include \"daydream/" + header.filename().string() + "\"\n")
                .empty());
    }
  }
}

TEST_CASE("a padded struct would be refused: the check can fail") {
  CHECK_FALSE(complaints(ABI_C_COMPILER, "c", "c99", "struct padded { char a; long b; };\n").empty());
}

TEST_CASE("every function of a table is declared noexcept for C++") {
  for (const auto& header : headers()) {
    const std::string text = read(header);
    for (std::size_t at = text.find("(*"); at != std::string::npos; at = text.find("(*", at + 1)) {
      const std::string declaration = text.substr(at, text.find(';', at) - at);
      INFO(header.filename() << ": " << declaration);
      CHECK(declaration.find(" DD_NOEXCEPT") != std::string::npos);
    }
  }
}

namespace {

// The comment that ends where the line of `at` begins; "" when there is none.
std::string comment_before(const std::string& text, std::size_t at) {
  const std::size_t line = text.rfind('\n', at) + 1;
  const std::size_t end = text.rfind("*/", line);
  if (end == std::string::npos || text.find_first_not_of(" \n", end + 2) < line) return "";
  return text.substr(text.rfind("/*", end), end - text.rfind("/*", end));
}

// What the reference of a function lacks; "" when it is whole.
std::string missing_in(const std::string& comment) {
  if (comment.find("[run thread]") == std::string::npos && comment.find("[any thread]") == std::string::npos)
    return "its thread";
  for (const char* tag : {"ownership: ", "durability: ", "cost: ", "errors: ", "since: 1."}) {
    if (comment.find(tag) == std::string::npos) return tag;
  }
  return "";
}

}  // namespace

TEST_CASE("every function says its thread, ownership, durability, cost, errors and since when it is there") {
  int functions = 0;
  for (const auto& header : headers()) {
    const std::string text = read(header);
    for (std::size_t at = text.find("(*"); at != std::string::npos; at = text.find("(*", at + 1)) {
      INFO(header.filename() << ": " << text.substr(at, text.find(')', at) - at + 1));
      CHECK(missing_in(comment_before(text, at)) == "");
      ++functions;
    }
  }
  CHECK(functions >= 40);
}

TEST_CASE("a function whose comment lacks a word would be found") {
  const std::string good =
      "/* Does it.\n * [run thread] ownership: a. durability: b. cost: c. errors: d. since: 1.0 */\n";
  const std::string function = "  void (*f)(void);\n";
  CHECK(missing_in(comment_before(good + function, (good + function).find("(*"))) == "");
  CHECK(comment_before(good + "  int other;\n" + function, (good + "  int other;\n" + function).find("(*")).empty());
  for (const std::string tag : {"[run thread]", "ownership: ", "durability: ", "cost: ", "errors: ", "since: 1."}) {
    std::string text = good + function;
    text.erase(text.find(tag), tag.size());
    INFO(tag);
    CHECK_FALSE(missing_in(comment_before(text, text.find("(*"))).empty());
  }
}
