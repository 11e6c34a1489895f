# Script: the definition of build_identity(). Variables: LIST (a file with a path a line), ROOT (they begin
# there), OUTPUT. Where ROOT lies does not count; what the files are called and hold does.
cmake_minimum_required(VERSION 3.25)
file(STRINGS ${LIST} files)
list(SORT files)
set(all "")
foreach(file IN LISTS files)
  file(SHA256 ${ROOT}/${file} hash)
  string(APPEND all "${hash} ${file}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 32 identity)
file(WRITE ${OUTPUT} "// Made by identity.cmake.
#include \"plugins/legacy_cleanup/identity.hpp\"

namespace daydream::legacy {

std::string_view build_identity() {
  return \"${identity}\";
}

}  // namespace daydream::legacy
")
