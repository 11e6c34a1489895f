#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <system_error>

#include "base/files.hpp"
#include "cli/context.hpp"
#include "cli/output.hpp"
#include "cli/plugins.hpp"
#include "daydream/kit/text.hpp"
#include "daydream/kit/walk.hpp"
#include "loader/loader.hpp"

namespace daydream::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxTemplateFile = std::size_t{1} << 20;
// Targets that CMake has itself.
const std::set<std::string> kTaken = {"all",     "clean",          "help",       "install",       "test",
                                      "package", "package_source", "edit_cache", "rebuild_cache", "depend"};

bool lower(char c) {
  return c >= 'a' && c <= 'z';
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_word(std::string_view word) {
  return !word.empty() && word.size() <= 31 && lower(word.front()) &&
         std::all_of(word.begin(), word.end(), [](char c) { return lower(c) || digit(c) || c == '_'; });
}

// "Team-Lint" -> "team_lint"; "" where nothing is left.
std::string made_a_word(std::string_view typed) {
  std::string word;
  for (const char c : text::to_lower_ascii(typed)) {
    if (lower(c) || (digit(c) && !word.empty())) {
      word += c;
    } else if (!word.empty() && word.back() != '_') {
      word += '_';
    }
  }
  while (!word.empty() && word.back() == '_') word.pop_back();
  return word.substr(0, 31);
}

std::string title_of(std::string_view step) {
  std::string title;
  bool first = true;
  for (const char c : step) {
    if (c == '_') {
      title += ' ';
    } else {
      title += first && lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
    }
    first = c == '_';
  }
  return title;
}

void replace_all(std::string& content, std::string_view from, std::string_view to) {
  for (std::size_t at = content.find(from); at != std::string::npos; at = content.find(from, at + to.size())) {
    content.replace(at, from.size(), to);
  }
}

std::string renamed(std::string content, const StepName& name) {
  replace_all(content, "example/my_step", name.id);
  replace_all(content, "example/", (name.vendor.empty() ? name.step : name.vendor) + "/");
  replace_all(content, "my_step", name.step);
  replace_all(content, "My Step", name.title);
  return content;
}

Result<Path> template_directory() {
  std::error_code failed;
  const Path data = data_directory();
  for (const Path& place : {data / "template", data / ".." / "plugin-api" / "template"}) {
    if (fs::exists(place / "step.cpp", failed)) return fs::canonical(place, failed);
  }
  return Error(ErrorKind::kNotFound,
               "the template of a step is not installed: expected " + text::show_path((data / "template").native()));
}

Result<void> copy_renamed(const Path& from, const std::string& path, const Path& to, const StepName& name) {
  auto content = walk::read_beneath(from.native(), path, kMaxTemplateFile);
  if (!content) return std::move(content.error());
  std::error_code failed;
  fs::create_directories((to / path).parent_path(), failed);
  std::ofstream out(to / path, std::ios::binary | std::ios::trunc);
  out << renamed(std::move(*content), name);
  out.close();
  if (!out) return Error::from_errno(errno, "writing " + text::show_path((to / path).native()));
  const auto executable = fs::status(from / path, failed).permissions() & fs::perms::owner_exec;
  if (executable != fs::perms::none) {
    fs::permissions(to / path, fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec,
                    fs::perm_options::add, failed);
  }
  return {};
}

// The folder as a whole or not at all: written beside its place, then moved there.
Result<std::vector<std::string>> write_step(const Path& directory, const StepName& name) {
  auto from = template_directory();
  if (!from) return std::move(from.error());
  walk::Options everything;
  everything.gitignore = false;
  auto listing = walk::list(from->native(), everything);
  if (!listing) return std::move(listing.error());
  std::error_code failed;
  if (directory.has_parent_path()) fs::create_directories(directory.parent_path(), failed);
  std::string fresh = directory.native() + ".new-XXXXXX";
  if (::mkdtemp(fresh.data()) == nullptr) return Error::from_errno(errno, "making " + text::show_path(fresh));
  std::vector<std::string> written;
  for (const walk::File& file : listing->files) {
    if (auto copied = copy_renamed(*from, file.path, fresh, name); !copied) {
      fs::remove_all(fresh, failed);
      return std::move(copied.error());
    }
    written.push_back(file.path);
  }
  fs::permissions(fresh,
                  fs::perms::group_read | fs::perms::group_exec | fs::perms::others_read | fs::perms::others_exec,
                  fs::perm_options::add, failed);
  fs::rename(fresh, directory, failed);  // fails where the directory has become something else than empty
  if (!failed) return written;
  const Error error = Error::from_errno(failed.value(), "making " + text::show_path(directory.native()));
  fs::remove_all(fresh, failed);
  return error;
}

Result<void> nothing_there(const Path& directory) {
  std::error_code failed;
  const auto status = fs::symlink_status(directory, failed);
  if (!fs::exists(status)) return {};
  if (fs::is_directory(status) && fs::is_empty(directory, failed) && !failed) return {};
  return Error(ErrorKind::kUsage, text::show_path(directory.native()) +
                                      " is there already, and nothing is overwritten: name another with --dir");
}

}  // namespace

Result<StepName> step_name(const std::string& typed) {
  const std::size_t slash = typed.find('/');
  const std::string vendor = slash == std::string::npos ? "" : typed.substr(0, slash);
  const std::string step = slash == std::string::npos ? typed : typed.substr(slash + 1);
  if (!is_word(step) || (slash != std::string::npos && !is_word(vendor))) {
    std::string near = made_a_word(step);
    if (slash != std::string::npos && !made_a_word(vendor).empty()) near = made_a_word(vendor) + "/" + near;
    const bool any = is_word(made_a_word(step));
    return Error(ErrorKind::kUsage, "\"" + text::escape_terminal(text::shorten(text::to_utf8(typed), 80)) +
                                        "\" cannot name a step: expected lower-case letters, digits and '_', "
                                        "beginning with a letter, at most 31, perhaps as vendor/name" +
                                        (any ? "; did you mean \"" + near + "\"?" : ""));
  }
  if (kTaken.contains(step)) {
    return Error(ErrorKind::kUsage, "\"" + step + "\" cannot name a step: CMake has a target of that name");
  }
  return StepName{step, vendor, title_of(step), vendor.empty() ? step : vendor + "/" + step};
}

int new_plugin(const std::string& typed, const std::string& given) {
  auto name = step_name(typed);
  if (!name) return fail(name.error());
  if (auto other = loader::find_plugin(name->step)) {
    return fail({ErrorKind::kUsage, "there is a plugin \"" + name->step + "\" already: " + text::show_path(*other)});
  }
  Path directory(given.empty() ? name->step : given);
  if (!directory.has_filename()) directory = directory.parent_path();  // "dir/"
  if (auto free = nothing_there(directory); !free) return fail(free.error());
  auto written = write_step(directory, *name);
  if (!written) return fail(written.error());
  const std::string shown = text::show_path(directory.native());
  print(shown + ": " + text::join(*written, ", ") + "\n");
  say("next: " + shown + "/check.sh builds it and runs its tests (DAYDREAM_PREFIX=... where Daydream is not in /usr)");
  return finish_output(kOk);
}

}  // namespace daydream::cli
