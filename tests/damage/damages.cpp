#include "damage/damages.hpp"

#include <algorithm>
#include <fstream>
#include <random>

#include "support/world.hpp"

namespace daydream::damage {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPage = 4096;
constexpr std::size_t kBlock = 512;
constexpr std::size_t kPageHeader = 40;  // of SQLite's page, or of a frame of its log

std::string page_of(const std::string& file, std::size_t at) {
  return at < file.size() ? file.substr(at, kPage) : "";
}

void replace(std::string& file, std::size_t at, const std::string& bytes) {
  const std::size_t size = std::min(bytes.size(), file.size() - std::min(at, file.size()));
  if (size > 0) file.replace(at, size, bytes.substr(0, size));
}

// Where bytes are flipped: all of the first 120, then of each page its header in steps and some places within.
std::vector<std::size_t> places(std::size_t size, std::mt19937& random) {
  std::vector<std::size_t> all;
  for (std::size_t at = 0; at < std::min<std::size_t>(size, 120); ++at) all.push_back(at);
  for (std::size_t page = 0; page < size; page += kPage) {
    const std::size_t end = std::min(size, page + kPage);
    for (std::size_t at = page; at < std::min(end, page + kPageHeader); at += 3) all.push_back(at);
    std::uniform_int_distribution<std::size_t> within(page, end - 1);
    for (int i = 0; i < 10; ++i) all.push_back(within(random));
  }
  return all;
}

void add_flips_and_cuts(const std::string& name, const std::string& bytes, std::mt19937& random,
                        std::vector<std::vector<Damage>>& list) {
  std::uniform_int_distribution<unsigned> bit(0, 7);
  for (const std::size_t at : places(bytes.size(), random)) {
    list.push_back({{Kind::kFlip, name, at, 1, 1U << bit(random)}});
    if (at % 3 == 0) list.push_back({{Kind::kFlip, name, at, 1, 0xff}});
  }
  const std::size_t step = bytes.size() > 64 * kPage ? 2 * kPage : kBlock;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    list.push_back({{Kind::kCut, name, at}});
    list.push_back({{Kind::kZero, name, at, kBlock}});
  }
  std::uniform_int_distribution<std::size_t> anywhere(0, bytes.empty() ? 0 : bytes.size() - 1);
  for (int i = 0; i < 40; ++i) list.push_back({{Kind::kCut, name, anywhere(random)}});
}

void add_pages(const Material& material, const std::string& name, const std::string& bytes,
               std::vector<std::vector<Damage>>& list) {
  for (std::size_t at = 0; at < bytes.size(); at += kPage) {
    list.push_back({{Kind::kZero, name, at, kPage}});
    list.push_back({{Kind::kSwapped, name, at}});
    for (unsigned i = 0; i < material.older.size(); ++i) list.push_back({{Kind::kOlderPage, name, at, kPage, i}});
  }
}

const std::string* find(const Image& image, const std::string& name) {
  const auto found = image.find(name);
  return found == image.end() ? nullptr : &found->second;
}

bool put_whole(const std::string* bytes, const std::string& name, Image& image) {
  const std::string* now = find(image, name);
  if (bytes == nullptr) return image.erase(name) > 0;
  if (now != nullptr && *now == *bytes) return false;
  image[name] = *bytes;
  return true;
}

void change_bytes(const Damage& damage, const Material& material, std::string& file) {
  switch (damage.kind) {
    case Kind::kFlip:
      if (damage.at < file.size())
        file[damage.at] = static_cast<char>(static_cast<unsigned char>(file[damage.at]) ^ damage.with);
      return;
    case Kind::kCut:
      if (damage.at < file.size()) file.resize(damage.at);
      return;
    case Kind::kZero:
      return replace(file, damage.at, std::string(damage.size, '\0'));
    case Kind::kOlderPage:
      if (const std::string* older = find(material.older.at(damage.with), damage.file))
        replace(file, damage.at, page_of(*older, damage.at));
      return;
    case Kind::kSwapped: {
      const std::string first = page_of(file, damage.at), second = page_of(file, damage.at + kPage);
      if (second.size() == kPage) replace(file, damage.at, second + first);
      return;
    }
    case Kind::kGrown:
      file.append(5000, 'x');
      return;
    case Kind::kMissing:
    case Kind::kOlder:
    case Kind::kOther:
      return;
  }
}

}  // namespace

Image image_of(const fs::path& directory) {
  Image image;
  for (const auto& entry : fs::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    // The index of the log is made anew by whoever opens the store first.
    if (entry.is_regular_file() && entry.path().extension() != ".db-shm") image[name] = testing::read_file(entry);
  }
  return image;
}

void put_back(const Image& image, const fs::path& directory) {
  fs::remove_all(directory);
  fs::create_directories(directory);
  for (const auto& [name, bytes] : image) testing::write_file(directory / name, bytes);
}

bool apply(const Damage& damage, const Material& material, Image& image) {
  if (damage.kind == Kind::kMissing) return image.erase(damage.file) > 0;
  if (damage.kind == Kind::kOlder)
    return put_whole(find(material.older.at(damage.with), damage.file), damage.file, image);
  if (damage.kind == Kind::kOther) return put_whole(find(material.other, damage.file), damage.file, image);
  const auto file = image.find(damage.file);
  if (file == image.end()) return false;
  const std::string before = file->second;
  change_bytes(damage, material, file->second);
  return file->second != before;
}

std::string words_of(const Damage& damage) {
  const std::string at = " at " + std::to_string(damage.at);
  const std::string image = " image " + std::to_string(damage.with);
  switch (damage.kind) {
    case Kind::kFlip:
      return damage.file + " byte" + at + " ^ " + std::to_string(damage.with);
    case Kind::kCut:
      return damage.file + " cut" + at;
    case Kind::kZero:
      return damage.file + " " + std::to_string(damage.size) + " zeros" + at;
    case Kind::kMissing:
      return damage.file + " missing";
    case Kind::kOlder:
      return damage.file + " as in older" + image;
    case Kind::kOlderPage:
      return damage.file + " page" + at + " as in older" + image;
    case Kind::kSwapped:
      return damage.file + " pages swapped" + at;
    case Kind::kOther:
      return damage.file + " of another store";
    case Kind::kGrown:
      return damage.file + " grown";
  }
  return "";
}

std::string words_of(const std::vector<Damage>& damages) {
  std::string words;
  for (const Damage& damage : damages) words.append(words.empty() ? "" : " and ").append(words_of(damage));
  return words;
}

std::vector<std::vector<Damage>> alone(const Material& material, const std::string& file) {
  std::vector<std::vector<Damage>> list;
  const std::string* bytes = find(material.now, file);
  std::mt19937 random(static_cast<unsigned>(bytes == nullptr ? 0 : bytes->size()));
  if (bytes != nullptr) {
    list.push_back({{Kind::kMissing, file}});
    list.push_back({{Kind::kZero, file, 0, bytes->size()}});
    list.push_back({{Kind::kGrown, file}});
    add_flips_and_cuts(file, *bytes, random, list);
    add_pages(material, file, *bytes, list);
  }
  list.push_back({{Kind::kOther, file}});
  for (unsigned i = 0; i < material.older.size(); ++i) list.push_back({{Kind::kOlder, file, 0, 0, i}});
  std::erase_if(list, [&material](const std::vector<Damage>& damages) {
    Image image = {};
    if (const std::string* now = find(material.now, damages[0].file)) image[damages[0].file] = *now;
    return !apply(damages[0], material, image);
  });
  return list;
}

std::vector<std::vector<Damage>> together(const std::vector<std::vector<Damage>>& alone, std::size_t count) {
  // Files as a whole as often as their bytes: of those there are hundreds of times more.
  std::map<std::string, std::vector<Damage>> whole, any;
  for (const auto& damages : alone) {
    const Damage& one = damages.at(0);
    any[one.file].push_back(one);
    const bool bytes = one.kind == Kind::kFlip || one.kind == Kind::kOlderPage || one.kind == Kind::kSwapped;
    if (!bytes) whole[one.file].push_back(one);
  }
  std::vector<std::string> names;
  for (const auto& [name, unused] : any) names.push_back(name);
  std::vector<std::vector<Damage>> list;
  std::mt19937 random(4);
  while (list.size() < count) {
    std::shuffle(names.begin(), names.end(), random);
    std::vector<Damage> damages;
    for (std::size_t i = 0; i < std::min<std::size_t>(names.size(), 2 + list.size() % 2); ++i) {
      const auto& from = random() % 2 == 0 ? whole[names[i]] : any[names[i]];
      if (!from.empty()) damages.push_back(from[random() % from.size()]);
    }
    list.push_back(std::move(damages));
  }
  return list;
}

}  // namespace daydream::damage
