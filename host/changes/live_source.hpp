// A log that is being archived, until it may go. Inside changes/ only.
#pragma once

#include <sys/stat.h>

#include <string>

#include "base/files.hpp"
#include "changes/beneath.hpp"

namespace daydream::changes {

// The open file, and what it was when we looked. A log is removed in two steps, because whoever opened it by its
// name a moment ago may not have written yet: its name is withdrawn (".<name>.daydream-held" beside it), and when
// nobody has come to it after that it goes; else it gets its name back.
class Source {
 public:
  // What a kill between the two steps left is found under either name; where another file has taken the name, the
  // withdrawn one counts as long as it is `archived`, which comes first. kConflict: not a regular file, or a symlink.
  static Result<Source> open(beneath::Place place, bool archived);

  [[nodiscard]] int file() const { return file_.get(); }
  [[nodiscard]] const struct stat& facts() const { return facts_; }
  // A second name for it, where one file system holds both. Not by rename: between two names of one file that does
  // nothing.
  [[nodiscard]] bool link_to(const beneath::Place& target) const;
  // A read lease is refused while anybody has the file open for writing; where leases are not to be had
  // nobody can tell, and size and time must do.
  [[nodiscard]] bool open_for_writing() const;
  // "" when it has gone, else why it stays, under its own name where that is free.
  [[nodiscard]] Result<std::string> remove() const;

 private:
  Source(beneath::Place place, std::string now, files::Descriptor file)
      : place_(std::move(place)), now_(std::move(now)), file_(std::move(file)) {}
  // Still this very file under the name, not a byte or a moment older, and nobody is writing to it.
  [[nodiscard]] std::string why_kept(const std::string& name) const;

  beneath::Place place_;
  std::string now_;  // the name it has: its own, or the one it was withdrawn to by a run that was killed
  files::Descriptor file_;
  struct stat facts_ {};
};

}  // namespace daydream::changes
