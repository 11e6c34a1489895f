// Requests to the server's API, one or several at a time, and what their answers mean.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "daydream/sdk.hpp"
#include "plugins/sentry_review/source/pages.hpp"

namespace daydream::sentry {

struct Answer {
  int status = 0;
  std::string body, link;
};

class Exchange {
 public:
  Exchange(const sdk::Run& run, const Settings& settings) : run_(run), settings_(settings), http_(run.http()) {}

  // GET {url}/api/0{path}. Status 200 to 299, else a trouble; `status` is set where the server answered.
  Asked<Answer> get(const std::string& path);

  // The same for many: `next` gives the path of the n-th request, or "" when there is none now; `each` takes its
  // answer and answers false to stop. At most settings.concurrency are under way.
  using Next = std::function<std::string(std::uint64_t ticket)>;
  using Each = std::function<bool(std::uint64_t ticket, Asked<Answer> answer)>;
  void get_all(const Next& next, const Each& each);

 private:
  std::optional<Trouble> submit(std::uint64_t ticket, const std::string& path);
  Asked<Answer> read(const sdk::Http::Response& response) const;
  // The next answer; its ticket in `ticket`. Waits as long as the broker does, unless the run is stopping.
  Asked<Answer> wait(std::uint64_t& ticket);

  const sdk::Run& run_;
  const Settings& settings_;
  sdk::Http http_;
  std::uint64_t ticket_ = 0;
};

// What an answer other than 2xx means, for people too.
Trouble trouble_of_status(int status, std::string_view body, const Settings& settings);

}  // namespace daydream::sentry
