// What the step remembers of a task from night to night, under its lasting id and list.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/task_cleanup/task.hpp"

namespace daydream::tasks {

struct Note {
  std::string closed_by;        // evidence with which we ticked it
  std::string suspect;          // evidence for which it is marked `stale?`
  std::string written_in;       // commit that wrote its line, as it was found then
  std::int64_t written_at = 0;  // its time
  std::int64_t marked = 0;      // day
  int runs = 0;                 // through which the evidence has stood unchanged
  std::string counted;          // run that counted last
  int band = -1;                // of its priority last night: 0 high, 1 medium, 2 low; -1: none yet
  int given = -1;               // level the human gave; -1: none
  int written = -1;             // level we wrote

  [[nodiscard]] std::string encode() const;
  static std::optional<Note> decode(std::string_view bytes);
  bool operator==(const Note&) const = default;
};

class Notes {
 public:
  static constexpr std::string_view kPrefix = "task/";
  static std::string key_of(std::string_view path, std::string_view id);

  void remember(std::string_view key, std::string_view value);
  // The note of last night; an empty one where there is none.
  [[nodiscard]] const Note& old(std::string_view path, const Task& task) const;
  [[nodiscard]] bool known(std::string_view path, const Task& task) const;
  // The note to keep; begins as the old one.
  Note& now(std::string_view path, const Task& task);

  [[nodiscard]] bool closed_earlier(std::string_view path, const Task& task) const {
    return !old(path, task).closed_by.empty();
  }
  [[nodiscard]] const std::string& evidence_of(std::string_view path, const Task& task) const {
    return old(path, task).closed_by;
  }
  // What memory is to hold or to drop for that list.
  [[nodiscard]] std::vector<std::pair<std::string, std::optional<std::string>>> changes(const List& list) const;
  // Keys of lists and sources that are not `there`.
  [[nodiscard]] std::vector<std::string> orphans(const std::function<bool(const std::string&)>& there) const;

 private:
  std::map<std::string, Note, std::less<>> old_, now_;
};

}  // namespace daydream::tasks
