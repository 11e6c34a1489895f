// Which hosts have failed so often in a row that they are left alone: a server in trouble is not made worse, and a
// run does not wait out the time limit of every request that it still has for it. Pure.
#pragma once

#include <map>
#include <string>

namespace daydream::broker {

class Breaker {
 public:
  static constexpr int kMostInRow = 5;

  // A request was given up, its own tries included. True: this was one too many. REQUIRES: `why` is in words.
  bool failed(const std::string& host, const std::string& why);
  // It answered as a working server does. Who is left alone already stays so.
  void worked(const std::string& host);
  // Why nothing more is sent there, in words; nullptr where it may be asked.
  [[nodiscard]] const std::string* left_alone(const std::string& host) const;

 private:
  struct Trouble {
    int in_row = 0;
    std::string words;  // "" until it is left alone
  };
  std::map<std::string, Trouble> hosts_;  // those in trouble alone
};

}  // namespace daydream::broker
