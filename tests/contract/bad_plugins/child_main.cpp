// Stands for the program `daydream` in tests of loader and worker.
#include <cstdlib>
#include <string_view>

#include "loader/loader.hpp"
#include "worker/worker.hpp"

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "--probe") return daydream::loader::probe_main();
  if (count == 3 && std::string_view(words[1]) == "--worker") return daydream::worker::serve(std::atoi(words[2]));
  return 64;
}
