#include "plugins/sentry_review/code/releases.hpp"

#include <algorithm>
#include <charconv>

#include "daydream/kit/text.hpp"

namespace daydream::sentry {
namespace {

constexpr const char* kCommitsRead = "3000";
constexpr std::chrono::seconds kGitTime{20};

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// The parts of a release's name in which a hash can stand: "app@1.2+<hash>".
std::vector<std::string> hash_parts(const std::string& release) {
  std::vector<std::string> parts;
  std::string part;
  for (const char c : text::to_lower_ascii(release) + "@") {
    if (is_word(c)) {
      part += c;
      continue;
    }
    const bool hash =
        is_hex(part) && (part.size() == 40 || part.size() == 64 ||
                         (part.size() >= 7 && part.size() <= 39 && !std::all_of(part.begin(), part.end(), is_digit)));
    if (hash) parts.push_back(part);
    part.clear();
  }
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  return parts;
}

std::vector<std::string> tag_names(const std::string& release) {
  const std::size_t at = release.rfind('@');
  std::string package = at == std::string::npos ? "" : release.substr(0, at);
  const std::string version = at == std::string::npos ? release : release.substr(at + 1);
  const std::string plain = version.substr(0, version.find('+'));
  const std::string bare = plain.starts_with('v') ? plain.substr(1) : plain;
  std::vector<std::string> names{release};
  for (const std::string& name :
       {version, plain, "v" + bare, bare, "release-" + bare, "release/" + bare, "releases/" + bare})
    names.push_back(name);
  if (!package.empty()) {
    for (const char* joint : {"@", "-", "/", "-v", "@v", "/v", "_"}) names.push_back(package + (joint + bare));
  }
  return names;
}

bool safe_name(const std::string& name) {
  return !name.empty() && name.size() < 200 && name.front() != '-' && name.find("..") == std::string::npos &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_word(c) || std::string_view("@.+-/").find(c) != std::string_view::npos; });
}

std::string shown(const std::string& commit) {
  return commit.substr(0, 12);
}

bool take_numbers(std::string_view& text, std::vector<long>& numbers) {
  for (;;) {
    long number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || number < 0) return false;
    numbers.push_back(number);
    text.remove_prefix(static_cast<std::size_t>(read.ptr - text.data()));
    if (!text.starts_with('.')) return true;
    text.remove_prefix(1);
  }
}

int order(long one, long other) {
  return one < other ? -1 : one > other ? 1 : 0;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_digit);
}

// "rc.2" < "rc.10"; a number is below a word (semver).
int compare_pre(std::string_view one, std::string_view other) {
  const auto left = text::split(one, '.');
  const auto right = text::split(other, '.');
  for (std::size_t i = 0; i < std::max(left.size(), right.size()); ++i) {
    if (i >= left.size() || i >= right.size())
      return order(static_cast<long>(left.size()), static_cast<long>(right.size()));
    const bool numbers = all_digits(left[i]) && all_digits(right[i]);
    if (numbers && left[i].size() != right[i].size()) return left[i].size() < right[i].size() ? -1 : 1;
    if (!numbers && all_digits(left[i]) != all_digits(right[i])) return all_digits(left[i]) ? -1 : 1;
    if (const int by = left[i].compare(right[i]); by != 0) return by < 0 ? -1 : 1;
  }
  return 0;
}

}  // namespace

std::optional<Version> parse_version(const std::string& release) {
  Version version;
  const std::size_t at = release.rfind('@');
  if (at != std::string::npos) version.package = release.substr(0, at);
  std::string_view rest = std::string_view(release).substr(at == std::string::npos ? 0 : at + 1);
  rest = rest.substr(0, rest.find('+'));
  if (rest.starts_with('v')) rest.remove_prefix(1);
  if (!take_numbers(rest, version.numbers) || version.numbers.size() < 2 || version.numbers.size() > 4)
    return std::nullopt;
  if (rest.starts_with('-')) {
    version.pre = std::string(rest.substr(1));
    rest = {};
  }
  if (!rest.empty()) return std::nullopt;
  return version;
}

std::optional<int> compare(const Version& one, const Version& other) {
  if (one.package != other.package) return std::nullopt;
  for (std::size_t i = 0; i < std::max(one.numbers.size(), other.numbers.size()); ++i) {
    const long left = i < one.numbers.size() ? one.numbers[i] : 0;
    const long right = i < other.numbers.size() ? other.numbers[i] : 0;
    if (const int by = order(left, right); by != 0) return by;
  }
  if (one.pre.empty() != other.pre.empty()) return one.pre.empty() ? 1 : -1;
  return compare_pre(one.pre, other.pre);
}

void Releases::learn(const Release& release) {
  if (!release.version.empty() && !release.commit.empty()) said_[release.version] = release.commit;
}

std::string Releases::known(const std::string& revision) {
  if (!repository_ || !safe_name(revision)) return "";
  const auto found = resolved_.find(revision);
  if (found != resolved_.end()) return found->second;
  auto commit = repository_->resolve(revision + "^{commit}");
  return resolved_[revision] = commit ? *commit : "";
}

std::string Releases::commit_of(const std::string& release, const std::string& said) {
  const auto learnt = said_.find(release);
  for (const std::string& commit : {said, learnt == said_.end() ? std::string() : learnt->second}) {
    if (commit.size() >= 7 && is_hex(commit)) {
      if (std::string found = known(commit); !found.empty()) return found;
    }
  }
  if (release.empty()) return "";
  for (const std::string& part : hash_parts(release)) {
    if (std::string found = known(part); !found.empty()) return found;
  }
  for (const std::string& name : tag_names(release)) {
    if (std::string found = known("refs/tags/" + name); !found.empty()) return found;
  }
  return "";
}

Verdict Releases::by_git(const std::string& build, const std::string& fix) {
  auto asked = repository_->run({"merge-base", "--is-ancestor", fix, build}, "", kGitTime);
  if (!asked || asked->signal != 0 || asked->timed_out || asked->exit_code > 1)
    return {Contains::kUndecided, "git cannot compare " + shown(fix) + " and " + shown(build)};
  if (asked->exit_code == 0) return {Contains::kYes, "the build " + shown(build) + " holds the fix " + shown(fix)};
  // A fix that was picked onto another branch has another id there, but the same change.
  auto picked = repository_->output({"cherry", build, fix, fix + "^"}, "", kGitTime);
  if (picked && picked->starts_with("- ")) {
    return {Contains::kYes, "the build " + shown(build) + " holds the same change as the fix " + shown(fix)};
  }
  auto trailers = repository_->output({"log", "--format=%b", "-n", kCommitsRead, build, "^" + fix}, "", kGitTime);
  if (trailers && trailers->find("cherry picked from commit " + fix) != std::string::npos) {
    return {Contains::kYes, "the build " + shown(build) + " holds a pick of the fix " + shown(fix)};
  }
  return {Contains::kNo, "the build " + shown(build) + " does not hold the fix " + shown(fix)};
}

Verdict Releases::contains_fix(const std::string& release, const std::string& commit, const Fix& fix,
                               const std::vector<std::string>& seen_before) {
  if (release.empty() && commit.empty()) return {Contains::kUndecided, "the event names no release"};
  const std::string& fixed_in = fix.release;
  if (!fixed_in.empty() && fixed_in == release) return {Contains::kYes, "the fix is said to be in this release"};
  if (!fix.after_release.empty() && fix.after_release == release)
    return {Contains::kNo, "the fix came after " + release};
  const std::string build = commit_of(release, commit);
  std::string fixed = !fix.commit.empty() ? known(fix.commit) : commit_of(fixed_in);
  if (!build.empty() && !fixed.empty()) return by_git(build, fixed);
  if (!build.empty() && !fix.after_release.empty()) {
    const std::string last_bad = commit_of(fix.after_release);
    if (!last_bad.empty() && last_bad != build) {
      if (by_git(last_bad, build).contains == Contains::kYes) {
        return {Contains::kNo, "the fix came after " + fix.after_release + ", this build lies before it"};
      }
      if (by_git(build, last_bad).contains == Contains::kYes) {
        return {Contains::kYes, "the fix came after " + fix.after_release + ", this build lies behind it"};
      }
    }
    if (last_bad == build)
      return {Contains::kNo, "the fix came after " + fix.after_release + ", this is the same build"};
  }
  if (!release.empty() && std::find(seen_before.begin(), seen_before.end(), release) != seen_before.end()) {
    return {Contains::kNo, "the error was in " + release + " before it was called resolved"};
  }
  const auto event_version = parse_version(release);
  const std::string& against = fixed_in.empty() ? fix.after_release : fixed_in;
  const auto fix_version = parse_version(against);
  if (event_version && fix_version) {
    if (const auto by = compare(*event_version, *fix_version)) {
      const bool holds = fixed_in.empty() ? *by > 0 : *by >= 0;
      return {holds ? Contains::kYes : Contains::kNo, "by version: " + release +
                                                          (holds ? " is not older than " : " is older than ") +
                                                          (fixed_in.empty() ? "what follows " : "") + against};
    }
  }
  if (fix.empty()) return {Contains::kUndecided, "nothing says which commit or release holds the fix"};
  return {Contains::kUndecided,
          "release " + (release.empty() ? shown(commit) : release) + " and the fix cannot be compared"};
}

void Releases::read_messages() {
  named_.emplace();
  if (!repository_) return;
  auto log = repository_->output({"log", "--format=%x01%H%n%B", "-n", kCommitsRead, "HEAD"}, "", kGitTime);
  if (!log) return;
  std::string commit;
  for (const std::string_view line : text::split(*log, '\n')) {
    if (line.starts_with('\x01')) {
      commit = std::string(line.substr(1));
      continue;
    }
    bool fixes = false;
    std::string word;
    for (const char c : std::string(line) + " ") {
      if (is_word(c) || c == '-') {
        word += c;
        continue;
      }
      const std::string lower = text::to_lower_ascii(word);
      if (fixes && word.find('-') != std::string::npos) named_->emplace(word, commit);
      const bool verb = lower == "fixes" || lower == "fix" || lower == "fixed" || lower == "resolves" ||
                        lower == "resolved" || lower == "closes" || lower == "closed";
      if (!word.empty()) fixes = verb || (fixes && (lower == "and" || named_->contains(word)));
      word.clear();
    }
  }
}

std::string Releases::fix_named(const std::string& short_id) {
  if (short_id.find('-') == std::string::npos) return "";
  if (!named_) read_messages();
  const auto found = named_->find(short_id);
  return found == named_->end() ? "" : found->second;
}

}  // namespace daydream::sentry
