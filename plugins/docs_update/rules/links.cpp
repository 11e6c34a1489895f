// broken-link: a local link or picture that leads nowhere. An edit where git says where the file went, or
// where the page itself moved, or where only the case of the name is wrong; else a finding. Where a site
// generator may make the target, only a file that git saw there counts as gone.
#include <algorithm>
#include <set>

#include "daydream/kit/text.hpp"
#include "plugins/docs_update/rules/anchors.hpp"
#include "plugins/docs_update/rules/rules.hpp"

namespace daydream::docs {
namespace {

constexpr int kAlikeEnough = 60;  // per cent, over all renames, for an edit that nobody need look at
constexpr std::size_t kMostMovedPages = 60;

struct Broken {
  const Page* page;
  const Link* link;
  Target target;
  Resolution resolution;
};

// "me@example.org" without its scheme.
bool mail_address(std::string_view url) {
  const auto at = url.find('@');
  return at != std::string_view::npos && at > 0 && url.find('/') == std::string_view::npos &&
         url.find('.', at) != std::string_view::npos && url.find('@', at + 1) == std::string_view::npos &&
         url.find_first_of(" #?:") == std::string_view::npos;
}

// "www.example.org/x", "example.com", "docs.example.org" without their scheme. A name with one dot may be a file
// where its end is a format's as well: todo.org.
bool web_address(std::string_view url) {
  if (url.starts_with("www.")) return true;
  const std::string host = text::to_lower_ascii(url.substr(0, url.find_first_of("/?#")));
  const bool plain = std::all_of(host.begin(), host.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
  });
  if (!plain || host.starts_with('.')) return false;
  for (const std::string_view end : {".com", ".net", ".edu", ".gov"}) {
    if (host.ends_with(end)) return true;
  }
  return host.ends_with(".org") && host.find('.') + 4 < host.size();
}

class Links {
 public:
  Links(Survey& survey, Findings& findings) : survey_(survey), findings_(findings), anchors_(survey, findings) {}

  bool check() {
    for (const auto& [path, page] : survey_.pages()) {
      if (!survey_.tick(path)) return false;
      for (const Link& link : page.links) look_at(page, link);
    }
    survey_.figures().links -= anchors_.settle();
    ask_history();
    for (const Broken& broken : broken_) judge(broken);
    return true;
  }

 private:
  void look_at(const Page& page, const Link& link) {
    if (link.use == Use::kLabel) return;
    if (external(link.target)) {
      ++survey_.figures().external;
      return;
    }
    if (link.use == Use::kDocument) {
      keep(page, link, Target{}, survey_.resolver().resolve_document(page, text::trim(link.target)));
      return;
    }
    if (page.format == Format::kMarkdown && lacks_scheme(page, link)) return;
    auto target = local_target(link.target);
    if (!target) return;
    if (target->path.empty() && !target->absolute) {
      if (target->has_fragment && anchors_.check(page, link, *target, page)) ++survey_.figures().links;
      return;
    }
    keep(page, link, *target, survey_.resolver().resolve(page, link, *target));
  }

  void keep(const Page& page, const Link& link, Target target, Resolution resolution) {
    if (resolution.standing == Standing::kUnknown) return;
    if (resolution.standing == Standing::kExists) {
      ++survey_.figures().links;
      if (target.has_fragment) anchors_.check_file(page, link, target, resolution);
      return;
    }
    broken_.push_back({&page, &link, std::move(target), std::move(resolution)});
  }

  // [mail](me@example.org), [site](www.example.org/x): a browser takes both for files.
  bool lacks_scheme(const Page& page, const Link& link) {
    const std::string_view url = link.target;
    const bool mail = mail_address(url);
    if ((!mail && !web_address(url)) || link.use != Use::kLink || !link.verbatim) return false;
    if (link.place.end == 0 || placeholder(url) || survey_.page(std::string(url)) != nullptr) return false;
    if (survey_.resolver().resolve(page, link, *local_target(url)).standing != Standing::kMissing) return false;
    ++survey_.figures().links;
    Finding finding = base(page, link);
    finding.safety = sdk::Safety::kReview;
    finding.message = "the link to " + std::string(mail ? "a mail address" : "a web site") + " lacks \"" +
                      (mail ? "mailto:" : "https://") + "\": it leads to a file that is not there";
    finding.evidence = "no file of that name";
    finding.edits.push_back({link.place.begin, link.place.begin, mail ? "mailto:" : "https://"});
    put(page, std::move(finding));
    return true;
  }

  void ask_history() {
    std::vector<std::string> paths;
    std::vector<std::string> first;
    for (const Broken& broken : broken_) {
      for (const Reading& reading : broken.resolution.wanted) paths.push_back(reading.path);
      if (!broken.resolution.wanted.empty()) first.push_back(broken.resolution.wanted.front().path);
    }
    std::sort(paths.begin(), paths.end());
    paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
    if (paths.empty()) return;
    gone_ = survey_.history().gone(paths, survey_.tree());
    ignored_ = survey_.history().ignored(first);
  }

  static Finding base(const Page& page, const Link& link) {
    Finding finding;
    finding.rule = "broken-link";
    finding.severity = Survey::chronicle(page.path) ? sdk::Severity::kInfo : sdk::Severity::kWarning;
    finding.line = link.line;
    finding.column = link.column;
    finding.symbol = text::shorten(text::to_utf8(link.target), 300);
    return finding;
  }

  void put(const Page& page, Finding finding) { findings_[page.path].push_back(std::move(finding)); }

  void judge(const Broken& broken) {
    if (case_differs(broken) || renamed(broken) || page_moved(broken)) {
      ++survey_.figures().links;
      return;
    }
    const Gone* gone = nullptr;
    std::string path;
    for (const Reading& reading : broken.resolution.wanted) {
      const auto found = gone_.find(reading.path);
      if (found == gone_.end()) continue;
      gone = &found->second;
      path = reading.path;
      break;
    }
    const Reading* const first = broken.resolution.wanted.empty() ? nullptr : &broken.resolution.wanted.front();
    if (first == nullptr || ignored_.contains(first->path)) return;
    const bool proven = broken.resolution.standing == Standing::kMissing;
    if (!proven && gone != nullptr && survey_.redirected(stem_of(path))) return;
    if (gone == nullptr && (broken.resolution.standing != Standing::kMissing || made_by_build(*first))) return;
    if (gone == nullptr && survey_.embedded(broken.page->path)) return;
    ++survey_.figures().links;
    Finding finding = base(*broken.page, *broken.link);
    finding.message =
        what(*broken.link) + " leads nowhere: no " + text::show_path(gone == nullptr ? first->path : path);
    finding.evidence = "no file or folder of that name in the tree";
    if (gone != nullptr) {
      finding.evidence =
          "git: " + std::string(gone->now.empty() ? "deleted" : "moved") + " in " + gone->commit.substr(0, 12);
      if (!gone->now.empty()) finding.suggestion = "it is now " + text::show_path(gone->now);
    }
    const auto named = survey_.tree().named(name_of(first->path));
    if (finding.suggestion.empty() && named.size() == 1)
      finding.suggestion = "meant may be " + text::show_path(named.front());
    put(*broken.page, std::move(finding));
  }

  // The file, or its folder where the tree has none: `cp -r notes site/notes`.
  bool made_by_build(const Reading& reading) {
    if (survey_.made_by_build(name_of(reading.path))) return true;
    std::string_view folder = folder_of(reading.path);
    if (folder.empty() || survey_.tree().folder(folder)) return false;
    for (;; folder.remove_prefix(folder.find('/') + 1)) {
      if (folder.find('/') == std::string_view::npos) return false;
      if (survey_.made_by_build(folder)) return true;
    }
  }

  static std::string what(const Link& link) {
    const char* const kind = link.use == Use::kImage      ? "the picture "
                             : link.use == Use::kInclude  ? "the included file "
                             : link.use == Use::kDocument ? "the document "
                                                          : "the link ";
    return kind + text::markdown_code(text::shorten(text::to_utf8(link.target), 200));
  }

  // The same place under its new name, as this page writes it; "" where that is not certain.
  static std::string rewritten(const Broken& broken, const Reading& reading, const std::string& now) {
    if (!now.ends_with(reading.file_tail)) return {};
    const std::string shown = now.substr(0, now.size() - reading.file_tail.size()) + reading.shown_tail;
    const Target& target = broken.target;
    const bool document = broken.link->use == Use::kDocument;
    const bool absolute = document ? broken.link->target.starts_with('/') : target.absolute;
    std::string path = relative_path(reading.base, shown);
    if (absolute && path.starts_with("../")) return {};
    if (document) return (absolute ? "/" : "") + path;
    if (absolute) {
      path.insert(0, "/");
    } else if (target.raw_path.starts_with("./") && !path.starts_with("../")) {
      path.insert(0, "./");
    }
    if (target.raw_path.ends_with('/') && !path.ends_with('/')) path += '/';
    return percent_encoded(path);
  }

  // Replaces the path of the link; false where its bytes are not as they read.
  bool replace(const Broken& broken, const std::string& path, Finding& finding) {
    const Link& link = *broken.link;
    const bool document = link.use == Use::kDocument;
    const std::string& old = document ? link.target : broken.target.raw_path;
    if (path.empty() || !link.verbatim || link.place.end == 0 || !link.target.starts_with(old)) return false;
    finding.edits.push_back({link.place.begin, link.place.begin + static_cast<std::uint32_t>(old.size()), path});
    return true;
  }

  bool case_differs(const Broken& broken) {
    if (broken.resolution.standing != Standing::kMissing || broken.resolution.wanted.empty()) return false;
    const Reading& reading = broken.resolution.wanted.front();
    const auto other = survey_.tree().other_case(reading.path);
    if (!other) return false;
    Finding finding = base(*broken.page, *broken.link);
    if (!replace(broken, rewritten(broken, reading, *other), finding)) return false;
    finding.safety = safety_of(broken, true);
    finding.message = what(*broken.link) + " has the wrong case: the file is " + text::show_path(*other);
    finding.evidence = "no file differs from it by case but this one";
    put(*broken.page, std::move(finding));
    return true;
  }

  // Relative to the page's own folder: what hosts and editors understand.
  static bool plain(const Broken& broken, const Reading& reading) {
    return broken.target.absolute || broken.link->use == Use::kDocument || reading.base == folder_of(broken.page->path);
  }

  bool renamed(const Broken& broken) {
    for (const Reading& reading : broken.resolution.wanted) {
      const auto found = gone_.find(reading.path);
      if (found == gone_.end() || found->second.now.empty() || !plain(broken, reading)) continue;
      const Gone& gone = found->second;
      Finding finding = base(*broken.page, *broken.link);
      if (!replace(broken, rewritten(broken, reading, gone.now), finding)) continue;
      const bool same_kind = extension_of(reading.path) == extension_of(gone.now);
      finding.safety = safety_of(broken, gone.alike >= kAlikeEnough && same_kind);
      finding.message = what(*broken.link) + " leads nowhere: " + text::show_path(reading.path) + " is now " +
                        text::show_path(gone.now);
      finding.evidence =
          "git: renamed in " + gone.commit.substr(0, 12) + ", " + std::to_string(gone.alike) + " % alike";
      put(*broken.page, std::move(finding));
      return true;
    }
    return false;
  }

  // Pages that tell what was are corrected by people.
  static sdk::Safety safety_of(const Broken& broken, bool certain) {
    return certain && !Survey::chronicle(broken.page->path) ? sdk::Safety::kSafe : sdk::Safety::kReview;
  }

  const std::vector<std::string>& former_paths(const std::string& path) {
    auto known = former_.find(path);
    if (known == former_.end()) {
      std::vector<std::string> paths;
      if (former_.size() < kMostMovedPages) paths = survey_.history().former_paths(path);
      known = former_.emplace(path, std::move(paths)).first;
    }
    return known->second;
  }

  // What the page pointed to where it lay before; that may have moved as well.
  bool page_moved(const Broken& broken) {
    if (broken.target.absolute || broken.link->use == Use::kDocument) return false;
    if (broken.resolution.standing != Standing::kMissing) return false;
    const std::string folder(folder_of(broken.page->path));
    for (const std::string& former : former_paths(broken.page->path)) {
      const auto meant = join(folder_of(former), broken.target.path);
      if (!meant || meant->empty() || folder_of(former) == folder) continue;
      std::string now = *meant;
      if (survey_.tree().file(now) == nullptr && !survey_.tree().folder(now)) {
        const auto gone = survey_.history().gone({now}, survey_.tree());
        const auto found = gone.find(now);
        if (found == gone.end() || found->second.now.empty() || found->second.alike < kAlikeEnough) continue;
        now = found->second.now;
      }
      Finding finding = base(*broken.page, *broken.link);
      if (!replace(broken, rewritten(broken, {folder, "", "", ""}, now), finding)) continue;
      finding.safety = safety_of(broken, true);
      finding.message =
          what(*broken.link) + " leads nowhere since this page was moved: it means " + text::show_path(now);
      finding.evidence =
          "git: this page was " + text::show_path(former) + ", from where the link led to " + text::show_path(*meant);
      put(*broken.page, std::move(finding));
      return true;
    }
    return false;
  }

  Survey& survey_;
  Findings& findings_;
  Anchors anchors_;
  std::vector<Broken> broken_;
  std::map<std::string, Gone> gone_;
  std::set<std::string> ignored_;
  std::map<std::string, std::vector<std::string>> former_;
};

}  // namespace

bool check_links(Survey& survey, Findings& findings) {
  return Links(survey, findings).check();
}

}  // namespace daydream::docs
