// What each misbehaving plugin must come to in a run.
#pragma once

#include <string>
#include <vector>

namespace daydream::survival {

enum class Ending {
  kRefused,    // before any step: exit 65
  kFails,      // its step fails, the others do not notice
  kCompletes,  // what it does wrong does not keep its step from its end
  kEither,     // what happens to its process nobody can tell
};

struct Case {
  std::string plugin;  // of ../bad_plugins, without .so
  Ending ending = Ending::kFails;
  std::string words;  // what report or, where it is refused, standard error must say
  std::string more;   // further members of its step in the manifest
};

std::vector<Case> refused_cases();
std::vector<Case> crashing_cases();
std::vector<Case> speaking_cases();  // that say too much, or what they may not
std::vector<Case> reaching_cases();  // for what is not theirs
std::vector<Case> waiting_cases();   // that do not end by themselves

}  // namespace daydream::survival
