// Python: which runner, which interpreter, and where the code under test is found.
#include <algorithm>
#include <array>
#include <optional>

#include "daydream/kit/text.hpp"
#include "init/suite.hpp"

namespace daydream::init {
namespace {

constexpr std::size_t kMostTests = 40;  // test files that are read to tell pytest from unittest

struct Tests {
  std::string first;   // a test file
  std::string folder;  // the folder below ours in which they lie; "" = beside the code
  std::string pytest;  // the place that says pytest; "" = none
};

bool is_test_file(std::string_view path) {
  const std::string_view name = name_of(path);
  return name.ends_with(".py") && (name.starts_with("test_") || name.ends_with("_test.py") || name == "tests.py");
}

// A test in the way of pytest: imports it, or a plain function at the left edge.
int pytest_line(const Survey& survey, const std::string& path) {
  if (survey.read(path).starts_with("def test_")) return 1;
  for (const char* sign : {"import pytest", "from pytest", "@pytest.", "\ndef test_", "\nasync def test_"}) {
    const int line = survey.line_of(path, sign);
    if (line > 0) return line + (*sign == '\n' ? 1 : 0);
  }
  return 0;
}

std::string configured_pytest(const Survey& survey, const std::string& folder) {
  const std::pair<const char*, const char*> signs[] = {{"pytest.ini", "[pytest]"},
                                                       {".pytest.ini", "[pytest]"},
                                                       {"pyproject.toml", "[tool.pytest"},
                                                       {"setup.cfg", "[tool:pytest]"},
                                                       {"tox.ini", "[pytest]"},
                                                       {"pyproject.toml", "\"pytest"},
                                                       {"pyproject.toml", "\npytest"},
                                                       {"pyproject.toml", "'pytest"},
                                                       {"tox.ini", "pytest"},
                                                       {"requirements-dev.txt", "pytest"},
                                                       {"requirements-test.txt", "pytest"},
                                                       {"requirements.txt", "pytest"},
                                                       {"dev-requirements.txt", "pytest"},
                                                       {"test-requirements.txt", "pytest"},
                                                       {"Pipfile", "\npytest"},
                                                       {"noxfile.py", "\"pytest\""}};
  for (const auto& [name, sign] : signs) {
    const std::string path = inside(folder, name);
    const int line = survey.line_of(path, sign);
    if (line > 0) return place(path, line + (*sign == '\n' ? 1 : 0));
  }
  for (const char* name : {"conftest.py", "tests/conftest.py", "test/conftest.py"}) {
    const std::string path = inside(folder, name);
    if (survey.has(path)) return place(path);
  }
  return "";
}

bool is_project(const Survey& survey, const std::string& folder) {
  constexpr std::array<std::string_view, 6> kSigns{"pyproject.toml",   "setup.py",  "setup.cfg",
                                                   "requirements.txt", "manage.py", "tox.ini"};
  return std::any_of(kSigns.begin(), kSigns.end(),
                     [&](std::string_view sign) { return survey.has(inside(folder, sign)); });
}

// Does `path` belong to a project of its own between `folder` and itself?
bool is_of_another(const Survey& survey, const std::string& folder, const std::string& path) {
  for (std::string_view at = folder_of(path); at.size() > folder.size(); at = folder_of(at)) {
    if (is_project(survey, std::string(at))) return true;
  }
  return false;
}

std::optional<Tests> tests_of(const Survey& survey, const std::string& folder) {
  Tests tests;
  const std::string prefix = folder.empty() ? "" : folder + "/";
  std::size_t read = 0;
  const bool whole = is_project(survey, folder);  // then tests of projects inside are run by it as well
  for (auto at = std::lower_bound(survey.files().begin(), survey.files().end(), prefix);
       at != survey.files().end() && at->starts_with(prefix); ++at) {
    if (!is_test_file(*at)) continue;
    const std::string below = at->substr(prefix.size());
    // The tests of vendored code are not ours; those in "tests/" of course are.
    const bool of_tests = below.starts_with("tests/") || below.starts_with("test/");
    if (!of_tests && is_aside(folder_of(below).empty() ? below : std::string(folder_of(below)))) continue;
    if (!whole && is_of_another(survey, folder, *at)) continue;
    if (tests.first.empty()) {
      tests.first = *at;
      tests.folder = std::string(folder_of(below));
    }
    if (tests.pytest.empty() && ++read <= kMostTests) {
      const int line = pytest_line(survey, *at);
      if (line > 0) tests.pytest = place(*at, line);
    }
  }
  if (tests.first.empty()) return std::nullopt;
  if (const std::string configured = configured_pytest(survey, folder); !configured.empty()) tests.pytest = configured;
  return tests;
}

bool has_src_layout(const Survey& survey, const std::string& folder) {
  const std::string prefix = inside(folder, "src/");
  const auto at = std::lower_bound(survey.files().begin(), survey.files().end(), prefix);
  return std::any_of(at, survey.files().end(), [&, inside_src = true](const std::string& path) mutable {
    inside_src = inside_src && path.starts_with(prefix);
    return inside_src && path.ends_with(".py");
  });
}

// The interpreter's arguments for the runner, with why.
struct Runner {
  Words arguments;  // behind the interpreter
  std::string why;
};

Runner runner_of(const Survey& survey, const std::string& folder, const Tests& tests) {
  if (!tests.pytest.empty()) return {{"-m", "pytest", "-q"}, tests.pytest + " says pytest"};
  if (survey.has(inside(folder, "manage.py")))
    return {{"manage.py", "test"}, place(inside(folder, "manage.py")) + " (Django), " + place(tests.first)};
  Words words{"-m", "unittest", "discover"};
  // Without __init__.py the folder itself is where discovery must start.
  if (!tests.folder.empty() && !survey.has(inside(inside(folder, tests.folder), "__init__.py"))) {
    words.insert(words.end(), {"-s", tests.folder});
  }
  if (name_of(tests.first).ends_with("_test.py")) words.insert(words.end(), {"-p", "*_test.py"});
  return {words, place(tests.first) + " (unittest)"};
}

// The code of the work tree comes before an installed copy of it, which may be that of the live tree.
Words with_interpreter(const std::string& folder, bool src_layout, const std::string& interpreter, const Words& words) {
  Words all;
  if (src_layout) all = {"env", "PYTHONPATH=src"};
  all.push_back(interpreter);
  all.insert(all.end(), words.begin(), words.end());
  return in_folder(folder, std::move(all));
}

struct Tool {
  const char* lock;
  Words setup, run;
};

std::optional<Tool> locked_by(const Survey& survey, const std::string& folder) {
  const Tool tools[] = {{"uv.lock", {"uv", "sync", "--frozen"}, {"uv", "run", "--frozen", "python"}},
                        {"poetry.lock", {"poetry", "install", "--no-interaction"}, {"poetry", "run", "python"}},
                        {"pdm.lock", {"pdm", "sync"}, {"pdm", "run", "python"}},
                        {"Pipfile.lock", {"pipenv", "sync", "--dev"}, {"pipenv", "run", "python"}}};
  for (const Tool& tool : tools) {
    if (survey.has(inside(folder, tool.lock))) return tool;
  }
  return std::nullopt;
}

// The virtual environment beside the code.
std::string environment_of(const Survey& survey, const std::string& folder) {
  for (const char* name : {".venv", "venv", "env"}) {
    std::string path = inside(folder, name);
    if (survey.is_beside(path) && survey.lies(path + "/bin/python")) return path;
  }
  return "";
}

// What to do once, by hand, where packages are missing: installing them anew for each night's commit would take
// minutes, so that is no set-up of ours without a lock file's tool.
std::string hint_of(const Survey& survey, const std::string& folder, const Runner& runner) {
  std::string install = ".venv/bin/pip install";
  for (const char* name : {"requirements.txt", "requirements-dev.txt", "requirements-test.txt", "dev-requirements.txt",
                           "test-requirements.txt", "requirements/dev.txt", "requirements/test.txt"}) {
    if (survey.has(inside(folder, name))) install.append(" -r ").append(name);
  }
  if (install.ends_with("install")) install += " -e .";
  if (runner.arguments.back() == "-q") install += " pytest";
  const std::string where = folder.empty() ? "" : "in " + place(folder) + ": ";
  return where + "python3 -m venv .venv && " + install +
         " (with .venv/ in .gitignore), then remove this file and `daydream init` again: a .venv that lies there is "
         "shared";
}

void by_sessions(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const std::pair<const char*, Words> tools[] = {{"noxfile.py", {"nox", "--no-color"}}, {"tox.ini", {"tox", "-q"}}};
  for (const auto& [file, command] : tools) {
    if (!survey.has(inside(folder, file))) continue;
    suites.push_back({folder, "Python", in_folder(folder, command), {}, {}, place(inside(folder, file)), true});
  }
}

}  // namespace

void python_suites(const Survey& survey, const std::string& folder, std::vector<Suite>& suites) {
  const auto tests = tests_of(survey, folder);
  if (!tests) return by_sessions(survey, folder, suites);
  const Runner runner = runner_of(survey, folder, *tests);
  const bool src_layout = has_src_layout(survey, folder);
  Suite suite{folder, "Python", {}, {}, {}, runner.why, false};
  if (const std::string environment = environment_of(survey, folder); !environment.empty()) {
    suite.command =
        with_interpreter(folder, src_layout, std::string(name_of(environment)) + "/bin/python", runner.arguments);
    suite.link = {environment};
    suite.why = runner.why + "; " + place(environment) + " is there";
    suites.push_back(suite);
  } else if (const auto tool = locked_by(survey, folder)) {
    Words words = tool->run;
    words.insert(words.end(), runner.arguments.begin(), runner.arguments.end());
    suite.command = in_folder(folder, words);
    suite.setup = {in_folder(folder, tool->setup)};
    suite.why = runner.why + "; packages from " + place(inside(folder, tool->lock));
    suites.push_back(suite);
  }
  suite.command = with_interpreter(folder, src_layout, "python3", runner.arguments);
  suite.link.clear();
  suite.setup.clear();
  suite.why = runner.why;
  suite.hint = hint_of(survey, folder, runner);
  suites.push_back(std::move(suite));
  by_sessions(survey, folder, suites);
}

}  // namespace daydream::init
