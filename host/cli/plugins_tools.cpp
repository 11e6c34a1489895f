// Programs of the package that `daydream plugins` starts: the conformance runner, the case runner, gdb.
#include <algorithm>
#include <cerrno>
#include <fstream>
#include <system_error>

#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/plugins.hpp"
#include "daydream/kit/json.hpp"
#include "daydream/kit/process.hpp"
#include "daydream/kit/text.hpp"
#include "loader/loader.hpp"

namespace daydream::cli {
namespace {

namespace fs = std::filesystem;

// Beside the program, as installed; else where the build leaves it.
Result<std::string> find_tool(const std::string& name) {
  const Path beside = Path(process::self_path()).parent_path();
  std::error_code failed;
  for (const Path& place :
       {beside / name, beside / "plugin-api" / "conformance" / name, beside / "plugin-api" / "testing" / name}) {
    if (fs::is_regular_file(place, failed)) return place.native();
  }
  return Error(ErrorKind::kNotFound, "no " + name + " beside " + text::show_path(process::self_path()) +
                                         ": it comes with the package for those who write steps (plugin-api)");
}

// With our terminal: its output is ours, and so is ^C. -> its exit code.
Result<int> run_tool(std::vector<std::string> words, const std::string& directory = "") {
  process::Child::Options options;
  options.arguments = std::move(words);
  options.directory = directory;
  options.descriptors = {{0, 0}, {1, 1}, {2, 2}};
  options.new_group = false;
  auto child = process::Child::start(options);
  if (!child) return std::move(child.error());
  for (;;) {
    const auto ended = child->wait(std::chrono::hours(1));
    if (ended) return ended->signal != 0 ? 128 + ended->signal : ended->exit_code;
  }
}

Result<Path> step_file(const std::string& given) {
  std::error_code failed;
  const Path file = fs::canonical(given, failed);
  if (failed) return Error::from_errno(failed.value(), text::show_path(given)).as(ErrorKind::kNotFound);
  return file;
}

Result<std::vector<std::string>> case_files(const std::vector<std::string>& given) {
  std::vector<std::string> files;
  std::error_code failed;
  for (const std::string& place : given) {
    if (!fs::is_directory(place, failed)) {
      files.push_back(place);
      continue;
    }
    std::vector<std::string> below;
    for (auto entry = fs::recursive_directory_iterator(place, failed);
         !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
      if (entry->path().extension() == ".case") below.push_back(entry->path().native());
    }
    if (below.empty()) return Error(ErrorKind::kUsage, text::show_path(place) + ": holds no .case file");
    std::sort(below.begin(), below.end());
    files.insert(files.end(), below.begin(), below.end());
  }
  if (files.empty()) return Error(ErrorKind::kUsage, "expected: daydream plugins test FILE.so CASES...");
  return files;
}

struct Scratch {
  Scratch() {
    const char* base = std::getenv("TMPDIR");
    std::string name = std::string(base == nullptr || *base == '\0' ? "/tmp" : base) + "/daydream-try-XXXXXX";
    if (::mkdtemp(name.data()) != nullptr) folder = name;
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() {
    std::error_code failed;
    if (!folder.empty()) fs::remove_all(folder, failed);
  }
  Path folder;  // empty: it could not be made
};

Result<std::string> config_of(const Arguments& arguments) {
  const auto given = arguments.text("config");
  if (!given) return std::string("{}");
  std::ifstream in(*given, std::ios::binary);
  if (!in) return Error::from_errno(errno, text::show_path(*given)).as(ErrorKind::kNotFound);
  const std::string content((std::istreambuf_iterator<char>(in)), {});
  json::ParseOptions options;
  options.name = *given;
  options.comments = true;
  auto parsed = json::Text::parse(content, options);
  if (!parsed) return std::move(parsed.error());
  return json::write(parsed->root());
}

// The installed step that writes the report, or "".
std::string report_step(const Path& tried) {
  for (const auto& plugin : loader::probe(loader::installed_plugins(), Path())) {
    if (plugin && plugin->descriptor.role == "report" && plugin->file != tried.native()) return plugin->file;
  }
  return "";
}

// A manifest of this step, and of the report that shows what it found.
Result<void> write_manifest(const Path& manifest, const Path& step, const std::string& config,
                            const std::string& report) {
  json::Writer out;
  out.begin_object().field("manifest", 1).key("steps").begin_array().begin_object();
  out.field("id", step.stem().native()).field("plugin", step.native()).key("config").raw(config).end_object();
  if (!report.empty()) out.begin_object().field("id", "shown").field("plugin", report).end_object();
  out.end_array().end_object();
  std::ofstream file(manifest, std::ios::binary);
  file << out.take() << "\n";
  file.close();
  if (!file) return Error::from_errno(errno, "writing " + text::show_path(manifest.native()));
  return {};
}

}  // namespace

int check_conformance(const std::string& file, const Arguments& arguments) {
  auto tool = find_tool("daydream-conform");
  if (!tool) {
    say("conformance was not checked: " + tool.error().message());
    return arguments.has("json") ? kRefused : kOk;
  }
  std::vector<std::string> words{*tool, file};
  if (arguments.has("json")) words.emplace_back("--json");
  for (const char* flag : {"config", "tree", "case"}) {
    if (const auto value = arguments.text(flag)) words.insert(words.end(), {std::string("--") + flag, *value});
  }
  auto code = run_tool(std::move(words));
  if (!code) return fail(code.error());
  return *code == 1 ? kRefused : *code;
}

int test_plugin(const Arguments& arguments) {
  auto step = step_file(arguments.positional[1]);
  if (!step) return fail(step.error());
  auto files = case_files({arguments.positional.begin() + 2, arguments.positional.end()});
  if (!files) return fail(files.error());
  auto tool = find_tool("daydream-cases");
  if (!tool) return fail(tool.error());
  std::vector<std::string> words{*tool, "--plugin", step->native()};
  if (arguments.has("accept")) words.emplace_back("--accept");
  if (arguments.has("debug")) words = {"gdb", "--args", *tool, "--plugin", step->native(), "--in-process"};
  if (const auto only = arguments.text("only")) words.insert(words.end(), {"--only", *only});
  words.insert(words.end(), files->begin(), files->end());
  auto code = run_tool(std::move(words));
  return code ? *code : fail(code.error());
}

int try_plugin(const Arguments& arguments) {
  auto step = step_file(arguments.positional[1]);
  if (!step) return fail(step.error());
  auto config = config_of(arguments);
  if (!config) return fail(config.error());
  const Scratch scratch;
  if (scratch.folder.empty()) return fail(Error::from_errno(errno, "a temporary folder"));
  const Path manifest = scratch.folder / "pipeline.json";
  const std::string report = report_step(*step);
  if (auto written = write_manifest(manifest, *step, *config, report); !written) return fail(written.error());
  std::vector<std::string> words;
  if (arguments.has("debug")) words = {"gdb", "--args"};
  words.insert(words.end(),
               {process::self_path(), "run", "--manifest", manifest.native(), "--state-dir",
                (scratch.folder / "state").native(), "--work-dir", (scratch.folder / "work").native(), "--mode",
                "observe", "--format", report.empty() ? "json" : "md", "--repo", arguments.text("repo").value_or(".")});
  if (arguments.has("debug")) words.emplace_back("--in-process");
  auto code = run_tool(std::move(words));
  return code ? *code : fail(code.error());
}

}  // namespace daydream::cli
