// C and C++: CMake, Meson, autotools. The build folder is made in the night's own work tree.
#include <algorithm>
#include <optional>

#include "daydream/kit/text.hpp"
#include "init/suite.hpp"

namespace daydream::init {
namespace {

// A folder for the build that hides nothing which git tracks.
std::string build_folder(const Survey& survey, const std::string& folder) {
  for (const char* name : {"build", "build-daydream", "_build-daydream"}) {
    if (!survey.has_below(inside(folder, name)) && !survey.has(inside(folder, name))) return name;
  }
  return "build-of-daydream";
}

// Where a file of this name in or below `folder` says one of `signs`.
std::string where_said(const Survey& survey, const std::string& folder, std::string_view name,
                       const std::vector<std::string>& signs) {
  constexpr int kMostRead = 300;
  const std::string prefix = folder.empty() ? "" : folder + "/";
  int read = 0;
  for (auto at = std::lower_bound(survey.files().begin(), survey.files().end(), prefix);
       at != survey.files().end() && at->starts_with(prefix) && read < kMostRead; ++at) {
    if (name_of(*at) != name) continue;
    ++read;
    for (const std::string& sign : signs) {
      if (const int line = survey.line_of(*at, sign); line > 0) return place(*at, line);
    }
  }
  return "";
}

// option(FOO_BUILD_TESTS "..." OFF) -> FOO_BUILD_TESTS
std::vector<std::string> options_for_tests(const std::string& script) {
  std::vector<std::string> options;
  for (const std::string_view line : text::split(script, '\n')) {
    const std::string_view trimmed = text::trim(line);
    if (!text::to_lower_ascii(trimmed.substr(0, 7)).starts_with("option(") &&
        !text::to_lower_ascii(trimmed.substr(0, 8)).starts_with("option ("))
      continue;
    const std::string_view words = text::trim(trimmed.substr(trimmed.find('(') + 1));
    const std::string_view name = words.substr(0, words.find_first_of(" \t\""));
    const std::string_view value = words.substr(0, words.rfind(')'));
    const bool off = text::to_lower_ascii(value).ends_with("off") || value.find('"') == std::string_view::npos ||
                     value.ends_with('"');
    const bool of_tests = name.ends_with("TEST") || name.ends_with("TESTS") || name.ends_with("TESTING");
    if (off && of_tests && text::valid_utf8(name)) options.push_back("-D" + std::string(name) + "=ON");
  }
  return options;
}

void cmake_suite(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const std::string script = inside(folder, "CMakeLists.txt");
  if (!survey.has(script)) return;
  const std::string build = build_folder(survey, folder);
  const std::string tests =
      where_said(survey, folder, "CMakeLists.txt",
                 {"add_test(", "include(CTest)", "enable_testing(", "_add_tests(", "_discover_tests(", "add_test ("});
  Words configure{"cmake", "-S", ".", "-B", build, "-DCMAKE_BUILD_TYPE=Debug"};
  Suite suite{folder, "C/C++", {}, {}, {}, "", true};
  if (tests.empty()) {
    suite.command = in_folder(folder, {"cmake", "--build", build, "--parallel"});
    suite.why = place(script) + "; no CMakeLists.txt adds a test: the build alone";
  } else {
    for (std::string& option : options_for_tests(survey.read(script))) configure.push_back(std::move(option));
    const std::string line =
        "cmake --build " + build + " --parallel && ctest --test-dir " + build + " --output-on-failure --no-tests=error";
    suite.command = in_folder(folder, {"sh", "-c", line});
    suite.why = tests + " adds tests";
  }
  suite.setup = {in_folder(folder, configure)};
  suites.push_back(std::move(suite));
}

void meson_suite(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const std::string script = inside(folder, "meson.build");
  if (!survey.has(script)) return;
  const std::string build = build_folder(survey, folder);
  const std::string tests = where_said(survey, folder, "meson.build", {"test("});
  Suite suite{folder, "C/C++", {}, {}, {in_folder(folder, {"meson", "setup", build})}, "", true};
  suite.command = in_folder(folder, tests.empty() ? Words{"meson", "compile", "-C", build}
                                                  : Words{"meson", "test", "-C", build, "--print-errorlogs"});
  suite.why = tests.empty() ? place(script) + "; it has no test(): the build alone" : tests + " adds tests";
  suites.push_back(std::move(suite));
}

void autotools_suite(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  std::string script = inside(folder, "configure.ac");
  if (!survey.has(script)) script = inside(folder, "configure.in");
  const bool configured = survey.has(inside(folder, "configure"));
  if (!survey.has(script)) return;
  Suite suite{folder, "C/C++", in_folder(folder, {"make", "check"}), {}, {}, place(script), true};
  if (!configured) suite.setup.push_back(in_folder(folder, {"autoreconf", "-fi"}));
  suite.setup.push_back(in_folder(folder, {"./configure"}));
  suites.push_back(std::move(suite));
}

}  // namespace

void compiled_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  cmake_suite(survey, folder, suites);
  meson_suite(survey, folder, suites);
  autotools_suite(survey, folder, suites);
}

}  // namespace daydream::init
