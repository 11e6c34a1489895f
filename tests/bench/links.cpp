// 100,000 local links of 2,000 pages, a tenth of them with a fragment, one in a hundred broken: every page
// read from disk, parsed, and its links decided. Against `wc -l` over the same files.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "daydream/kit/walk.hpp"
#include "measure.hpp"
#include "plugins/docs_update/examine.hpp"
#include "plugins/docs_update/rules/rules.hpp"

using namespace daydream;
using namespace daydream::bench;
namespace fs = std::filesystem;

namespace {

constexpr int kPages = 2000, kLinks = 50;

std::string name_of_page(int page) {
  return "d" + std::to_string(page % 40) + "/page" + std::to_string(page) + ".md";
}

void write_pages(const fs::path& root) {
  for (int page = 0; page < kPages; ++page) {
    const fs::path file = root / name_of_page(page);
    fs::create_directories(file.parent_path());
    std::ofstream out(file);
    out << "# Page " << page << "\n\n";
    for (int link = 0; link < kLinks; ++link) {
      const int to = (page * 7 + link * 31) % kPages;
      if (link % 10 == 0) out << "\n## Part " << link << "\n\n";
      out << "Some words and [a link](../" << (link % 100 == 49 ? "none/" : "") << name_of_page(to)
          << (link % 10 == 1 ? "#part-20" : "") << ") in them.\n";
    }
  }
}

// The links that were decided.
std::size_t decide(const std::string& root) {
  auto listing = walk::list(root, {});
  if (!listing) give_up(listing.error().message());
  std::vector<docs::TreeFile> files;
  for (walk::File& file : listing->files) files.push_back({std::move(file.path), file.size, 1});
  std::string kept;
  const auto read = [&](const docs::TreeFile& file) -> std::optional<std::string_view> {
    auto content = walk::read_beneath(root, file.path, std::size_t{64} << 20);
    if (!content) return std::nullopt;
    kept = std::move(*content);
    return kept;
  };
  docs::Survey survey(std::move(files), root, {}, {}, read, [](const std::string&) { return true; });
  docs::Findings findings;
  if (!survey.read_pages() || !docs::check_links(survey, findings)) give_up("stopped");
  return survey.figures().links;
}

}  // namespace

int main() {
  const fs::path root = fs::temp_directory_path() / ("daydream-bench-links-" + std::to_string(::getpid()));
  write_pages(root);
  Program lines{{"sh", "-c", "cat */*.md | wc -l"}, root.string(), {}};
  Series ours, control;
  std::size_t links = 0;
  for (int left = repetitions(5); left > 0; --left) {
    control.add(run_well(lines).wall);
    ours.add(time_of([&] { links = decide(root.string()); }));
  }
  fs::remove_all(root);
  const double rate = static_cast<double>(links) / ours.median().count();
  note(std::to_string(links) + " links decided, " + std::to_string(static_cast<long long>(rate)) + " links/s");
  limit("offline links, 100,000", ours.median(), Seconds(static_cast<double>(links) / 100000));
  figure("  against cat | wc -l of the same files", ours.median(), control.median());
  return 0;
}
