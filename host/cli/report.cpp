#include <algorithm>
#include <system_error>

#include "base/files.hpp"
#include "base/ids.hpp"
#include "cli/command.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/values.hpp"
#include "daydream/kit/text.hpp"

namespace daydream::cli {
namespace {

// Run ids with a report in `extension`, newest first.
std::vector<RunId> reports_in(const Path& directory, const std::string& extension) {
  std::vector<RunId> found;
  std::error_code failed;
  for (std::filesystem::directory_iterator entry(directory, failed), end; !failed && entry != end;
       entry.increment(failed)) {
    const std::string name = entry->path().filename().native();
    if (!name.starts_with("report_") || !name.ends_with(extension)) continue;
    const std::string id = name.substr(7, name.size() - 7 - extension.size());
    if (auto parsed = RunId::parse(id)) found.push_back(std::move(*parsed));
  }
  std::sort(found.begin(), found.end(), [](const RunId& a, const RunId& b) {
    return a.date != b.date ? a.date > b.date : a.sequence > b.sequence;
  });
  return found;
}

std::string names(const std::vector<RunId>& runs) {
  constexpr std::size_t kNamed = 10;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < std::min(runs.size(), kNamed); ++i) ids.push_back(runs[i].text());
  return text::join(ids, ", ") + (runs.size() > kNamed ? " and " + std::to_string(runs.size() - kNamed) + " more" : "");
}

int list(const std::vector<RunId>& runs, const Path& directory, const std::string& extension) {
  for (const RunId& run : runs) {
    print(run.text() + "  " + text::show_path((directory / ("report_" + run.text() + extension)).native()) + "\n");
  }
  return finish_output(kOk);
}

// The run `--date` means: exactly that id, or the newest of all.
Result<RunId> choose(const Arguments& arguments, const std::vector<RunId>& runs, const Path& directory) {
  const auto given = arguments.text("date");
  if (given && !RunId::parse(*given)) {
    return Error(ErrorKind::kUsage,
                 "--date: expected YYYY-MM-DD, or the name of a run as 2026-11-22_2; got \"" + *given + "\"");
  }
  if (runs.empty()) return Error(ErrorKind::kNotFound, "no report yet in " + text::show_path(directory.native()));
  if (!given) return runs.front();
  for (const RunId& run : runs) {
    if (run.text() == *given) return run;
  }
  return Error(ErrorKind::kNotFound, "no report of " + *given + "; there are " + names(runs));
}

int run_report(const Arguments& arguments) {
  auto format = choice_of(arguments, "format", {"md", "json"});
  if (!format) return fail(format.error());
  auto directory = locate_state(arguments);
  if (!directory) return fail(directory.error());
  const std::string extension = "." + *format;
  const auto runs = reports_in(*directory, extension);
  if (arguments.has("list")) return list(runs, *directory, extension);
  auto run = choose(arguments, runs, *directory);
  if (!run) return fail(run.error());
  auto report = files::read(*directory / ("report_" + run->text() + extension));
  if (!report) return fail(report.error());
  print(*report);
  return finish_output(kOk);
}

}  // namespace

const Command kReportCommand{"report",
                             "shows the report of a night",
                             "[--date DATE] [--format md|json] [--list] [--repo DIR] [--state-dir DIR]",
                             "Prints the newest report, or that of a date. Reports are kept for ever.",
                             {{"date", "DATE", "YYYY-MM-DD; further runs of a day are named 2026-11-22_2"},
                              {"format", "FORMAT", "md (default) or json"},
                              {"list", nullptr, "names all reports, newest first"},
                              {"repo", "DIR", "the repository, or any folder in it"},
                              {"state-dir", "DIR", "default: logs/daydream of the repository"},
                              {"help", nullptr, "shows this"}},
                             0,
                             0,
                             run_report};

}  // namespace daydream::cli
