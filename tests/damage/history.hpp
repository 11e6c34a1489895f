// State directories with a known past: what the store showed after each of its commits.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

#include "checkpoint/store.hpp"
#include "damage/damages.hpp"

namespace daydream::damage {

enum class Shape {
  kClosed,   // two nights, the second one's end: no log
  kKilled,   // a third night, killed: the log holds all of it, its last four commits behind the anchor
  kResumed,  // as kKilled, but stopped once in between: the log's first half is in the database
};
const char* name_of(Shape shape);

struct History {
  Material material;
  std::map<std::int64_t, std::string> views;  // generation -> view_of() then
};
// Written by a process that does not close the store. In /dev/shm where there is such a place.
History history_of(Shape shape);

// All that can be read from a store, as one text; or the first error.
Result<std::string> view_of(checkpoint::Store& store);

// A folder of its own; goes away with the object.
class Place {
 public:
  Place();
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place();
  [[nodiscard]] std::filesystem::path state() const { return root_ / "state"; }
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] checkpoint::Store::Options options() const;

 private:
  std::filesystem::path root_;
};

}  // namespace daydream::damage
