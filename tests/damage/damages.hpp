// What can become of the files of a state directory, as a list that can be counted: every entry is one damage,
// and damaging a directory twice with the same entry gives the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace daydream::damage {

// The files of a state directory by name, or as they were at an earlier moment.
using Image = std::map<std::string, std::string>;
Image image_of(const std::filesystem::path& directory);
void put_back(const Image& image, const std::filesystem::path& directory);

enum class Kind {
  kFlip,       // the byte at `at` is changed by the bits `with`
  kCut,        // the file ends at `at`
  kZero,       // `size` bytes from `at` are zero
  kMissing,    // there is no such file
  kOlder,      // the file as it was in older image number `with`
  kOlderPage,  // one page of 4096 bytes at `at` as it was in older image number `with`: a write that was lost
  kSwapped,    // two neighbouring pages from `at` have changed places
  kOther,      // the file of another store
  kGrown,      // 5000 bytes that nobody wrote follow
};

struct Damage {
  Kind kind = Kind::kFlip;
  std::string file;
  std::size_t at = 0, size = 0;
  unsigned with = 0;
};
std::string words_of(const Damage& damage);
std::string words_of(const std::vector<Damage>& damages);

// What a directory is damaged with: the newest image, earlier ones, and one of another store.
struct Material {
  Image now;
  std::vector<Image> older;
  Image other;
};
// False where it changes nothing (a zero that is zero, a file that is missing already).
bool apply(const Damage& damage, const Material& material, Image& image);

// Every damage of one file, each alone.
std::vector<std::vector<Damage>> alone(const Material& material, const std::string& file);
// `count` combinations of damages of two or three different files, the same ones each time.
std::vector<std::vector<Damage>> together(const std::vector<std::vector<Damage>>& alone, std::size_t count);

}  // namespace daydream::damage
