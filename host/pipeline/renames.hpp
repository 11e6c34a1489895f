// Where a file of an earlier night is now: git's renames between the last run's base and this one's.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "pipeline/context.hpp"

namespace daydream::pipeline {

class Renames {
 public:
  Renames(Context& context, const checkpoint::Run& run) : context_(context), run_(run) {}
  // The new path, or "" where it was not renamed. Asks git once, when first needed.
  std::string now(const std::string& old_path);

 private:
  void load();
  Context& context_;
  const checkpoint::Run& run_;
  std::optional<std::map<std::string, std::string>> renamed_;
};

}  // namespace daydream::pipeline
