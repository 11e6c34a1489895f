// What a script says about itself to the rest of the repository.
#pragma once

#include "plugins/legacy_cleanup/facts.hpp"
#include "plugins/legacy_cleanup/subject.hpp"

namespace daydream::legacy::script {

// REQUIRES: JavaScript or TypeScript. Not `known` where the file cannot be read.
ScriptFacts facts_of(const Subject& subject);

}  // namespace daydream::legacy::script
