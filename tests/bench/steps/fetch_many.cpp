// Asks for one URL many times, as fast as the host takes it, and says how long that took.
#include <string>

#include "stamp.hpp"

namespace {

using namespace daydream;

class FetchMany {
 public:
  FetchMany(sdk::Run& run, const json::Value& configuration)
      : run_(run),
        url_(json::get_string(configuration, "url")),
        requests_(static_cast<std::uint64_t>(json::get_int(configuration, "requests"))) {}

  Result<sdk::Outcome> run() {
    const std::string request = R"({"url": ")" + url_ + R"(", "rate_per_second": 0, "concurrency": 64})";
    bench::stamp(run_, "first");
    const sdk::Http http = run_.http();
    std::uint64_t started = 0;
    for (std::uint64_t done = 0; done < requests_;) {
      while (started < requests_ && started - done < 256) {
        if (auto asked = http.submit(started, request, ""); !asked) return std::move(asked.error());
        ++started;
      }
      auto answer = http.poll(std::chrono::seconds(10));
      if (!answer) return std::move(answer.error());
      if (answer->body.size() != 1000) return sdk::Outcome::permanent(std::string(answer->json));
      run_.progress(++done, requests_, "requests");
    }
    bench::stamp(run_, "last");
    return sdk::Outcome::ok();
  }

 private:
  sdk::Run& run_;
  std::string url_;
  std::uint64_t requests_;
};

constexpr const char* kDescriptor = R"({"id": "bench/fetch_many", "version": "1.0.0", "summary": "Asks very often",
  "config_schema": {"type": "object", "properties": {"url": {"type": "string"}, "requests": {"type": "integer"}}},
  "services": ["daydream.run/1", "daydream.http/1"]})";

}  // namespace

DAYDREAM_PLUGIN(FetchMany, kDescriptor);
