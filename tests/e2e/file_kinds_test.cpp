// What becomes of each kind of file where its text is changed: in place, undone, and on the night branch.
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <functional>

#include "e2e/fixtures.hpp"

using namespace daydream::e2e;
namespace fs = std::filesystem;

namespace {

// The marker step takes lines with BAD away.
struct Kind {
  std::string path, before, after;
  bool in_place = true;  // false: left alone there, and named
  std::function<void(const fs::path&)> make = {};
};

std::function<void(const fs::path&)> with_mode(unsigned mode) {
  return [mode](const fs::path& file) { fs::permissions(file, fs::perms(mode)); };
}

std::vector<Kind> all_kinds() {
  const std::string before = "keep\nBAD one\nend\n", after = "keep\nend\n";
  return {
      {"windows.txt", "keep\r\nBAD one\r\nend\r\n", "keep\r\nend\r\n"},
      {"mixed.txt", "keep\r\nBAD one\nend\rstill\n", "keep\r\nend\rstill\n"},
      {"no_last_line_end.txt", "BAD one\nkeep", "keep"},
      {"marked.txt", "\xEF\xBB\xBFkeep\nBAD one\n", "\xEF\xBB\xBFkeep\n"},
      {"tool.txt", before, after, true, with_mode(0755)},
      {"private.txt", before, after, true, with_mode(0600)},
      {"read_only.txt", before, after, true, with_mode(0444)},
      {"owned.txt", before, after, true,
       [](const fs::path& file) { (void)(::geteuid() == 0 && ::chown(file.c_str(), 1234, 4321) == 0); }},
      {"noted.txt", before, after, true,
       [](const fs::path& file) { (void)::setxattr(file.c_str(), "user.note", "kept", 4, 0); }},
      {"twins/case.txt", before, after},
      {"twins/CASE.txt", "BAD two\nkeep\n", "keep\n"},
      {"new\nline.txt", before, after},
      {"\xff\xfe name \xe4.txt", before, after},
      {"-rf.txt", before, after},
      {std::string(250, 'n') + ".txt", before, after},
      {"deep/" + std::string(200, 'd') + "/" + std::string(200, 'e') + "/a.txt", before, after},
      {"linked.txt", before, after, false,
       [](const fs::path& file) { fs::create_hard_link(file, file.parent_path().parent_path() / "second_name"); }},
  };
}

struct Facts {
  std::string bytes, note;
  unsigned mode = 0, owner = 0, group = 0;
  bool operator==(const Facts&) const = default;
};

Facts facts_of(const fs::path& file) {
  struct stat entry {};
  REQUIRE(::lstat(file.c_str(), &entry) == 0);
  char note[16] = {};
  const ssize_t size = ::getxattr(file.c_str(), "user.note", note, sizeof note);
  return {daydream::testing::read_file(file), std::string(note, size > 0 ? static_cast<std::size_t>(size) : 0),
          entry.st_mode, entry.st_uid, entry.st_gid};
}

class Files {
 public:
  Files() {
    world.init_git();
    for (const Kind& kind : kinds) world.write(kind.path, kind.before);
    for (const Kind& kind : kinds)
      if (kind.make) kind.make(world.repository() / kind.path);
    daydream::testing::write_file(world.root() / "outside.txt", "BAD outside\n");
    fs::create_symlink("windows.txt", world.repository() / "link.txt");
    fs::create_symlink("../outside.txt", world.repository() / "way_out.txt");
    world.commit("start");
    marker_manifest(world);
    for (const Kind& kind : kinds) facts.push_back(facts_of(world.repository() / kind.path));
  }
  void check_links() const {
    CHECK(fs::read_symlink(world.repository() / "link.txt") == "windows.txt");
    CHECK(fs::read_symlink(world.repository() / "way_out.txt") == "../outside.txt");
    CHECK(daydream::testing::read_file(world.root() / "outside.txt") == "BAD outside\n");
  }

  World world;
  std::vector<Kind> kinds = all_kinds();
  std::vector<Facts> facts;  // before the night, in the order of `kinds`
};

}  // namespace

TEST_CASE("in place each kind of file keeps all but its text, and undo gives that back") {
  Files files;
  const Ran ran = files.world.run({"--mode", "in-place"});
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  for (std::size_t i = 0; i < files.kinds.size(); ++i) {
    const Kind& kind = files.kinds[i];
    Facts expected = files.facts[i];
    if (kind.in_place) expected.bytes = kind.after;
    INFO(kind.path);
    CHECK((facts_of(files.world.repository() / kind.path) == expected));
  }
  files.check_links();
  CHECK(contains(report_json(files.world), "linked.txt: the file has other hard links"));

  const Ran undone = files.world.daydream({"undo"});
  INFO(undone.out << undone.err);
  CHECK(undone.exit_code == 0);
  for (std::size_t i = 0; i < files.kinds.size(); ++i) {
    INFO(files.kinds[i].path);
    CHECK((facts_of(files.world.repository() / files.kinds[i].path) == files.facts[i]));
  }
  files.check_links();
}

TEST_CASE("on the night branch each kind of file keeps all but its text") {
  Files files;
  const Ran ran = files.world.run();
  INFO(ran.err);
  REQUIRE(ran.exit_code == 0);
  const std::string night = "daydream/2026-11-22";
  const auto entry = [&](const std::string& revision, const std::string& path) {
    const std::string line = files.world.git({"ls-tree", "-z", revision, "--", ":(literal)" + path});
    return line.substr(0, line.find(' '));
  };
  for (const Kind& kind : files.kinds) {
    INFO(kind.path);
    CHECK(files.world.try_git({"cat-file", "blob", night + ":" + kind.path}).out == kind.after);
    CHECK(entry(night, kind.path) == entry("main", kind.path));
  }
  for (const char* link : {"link.txt", "way_out.txt"}) CHECK(entry(night, link) == "120000");
  for (std::size_t i = 0; i < files.kinds.size(); ++i)
    CHECK((facts_of(files.world.repository() / files.kinds[i].path) == files.facts[i]));
  files.check_links();
}
