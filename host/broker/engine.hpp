// Requests of one step on their way: policy at every hop, redirects by hand, retries, politeness by host. A host that
// fails again and again is left alone, by later steps too.
// One thread; it waits in wait() alone.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "broker/breaker.hpp"
#include "broker/pace.hpp"
#include "broker/policy.hpp"
#include "broker/request.hpp"
#include "broker/resolver.hpp"
#include "broker/scrubber.hpp"
#include "broker/transfer.hpp"

namespace daydream::broker {

class Engine {
 public:
  struct Options {
    milliseconds first_back_off{500};
    std::string certificates;  // file of trusted certificates; "" = the system's
  };
  explicit Engine(Options options) : options_(std::move(options)) {}
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  // REQUIRES: nothing is under way. Connections of the step before are closed.
  void set_policy(Policy policy);
  void submit(std::uint64_t id, std::string_view request_json, std::string body);
  // Every request under way is answered with "cancelled".
  void cancel_all();
  // Does what can be done now.
  void turn();
  // Until something can be done, `descriptor` is ready for `events`, or `at_most` is over.
  void wait(int descriptor, short events, milliseconds at_most);
  std::optional<Answer> take();
  // For the log: a host that is left alone from now on.
  std::optional<std::string> take_notice();
  [[nodiscard]] bool idle() const { return jobs_.empty() && answers_.empty(); }
  // Starts nothing while the answers lie in somebody's way.
  void pause(bool paused) { paused_ = paused; }

 private:
  struct Job {
    std::uint64_t id = 0;      // the step's
    std::uint64_t number = 0;  // ours
    Request request;
    std::string body;
    Url url;                  // of this hop
    std::string origin_host;  // the politeness that counts for it
    bool bare = false;        // left its origin: no secrets, no Authorization
    int attempts = 0, redirects = 0;
    bool sent = false;
    TimePoint begun{}, not_before{};
    std::unique_ptr<Transfer> transfer;  // while it runs
  };
  using Jobs = std::map<std::uint64_t, std::unique_ptr<Job>>;
  struct Lane {  // one host
    Pace pace;
    std::deque<Job*> waiting;
  };

  Result<void> open();
  [[nodiscard]] ToAscii to_ascii() const;
  void start_due();
  // False: it waits for its name, or must not begin yet.
  bool try_start(Job& job, Lane& lane);
  std::optional<Refusal> check(Job& job, std::vector<Address>& addresses, bool& resolving);
  std::optional<Refusal> make_headers(const Job& job, const std::vector<Address>& addresses,
                                      std::vector<std::string>& lines) const;
  void begin(Job& job, Lane& lane, std::vector<Address> addresses, std::vector<std::string> headers);
  void collect();
  void ended(Job& job, CURLcode result);
  void answered(Job& job, int status, Headers headers, std::string body);
  // True: the job goes on elsewhere, or has been answered with an error.
  bool follow(Job& job, int status, const Headers& headers);
  void again(Job& job, milliseconds wait);
  // The host of this hop failed: `why` in words.
  void count_failure(const Job& job, std::string why);
  void release(Job& job);
  void finish(Job& job, int status, Headers headers, std::string body);
  void fail(Job& job, const Refusal& why);
  void push(Job& job, std::string json, std::string body);
  milliseconds pause_before(const Job& job);

  Options options_;
  Policy policy_;
  Scrubber scrubber_;
  const Curl* curl_ = nullptr;
  CURLM* multi_ = nullptr;
  std::vector<CURL*> spare_;
  Resolver resolver_;
  Jobs jobs_;
  std::uint64_t next_job_ = 0;
  std::map<std::string, Lane> lanes_;
  int running_ = 0;
  bool paused_ = false;
  TimePoint next_due_ = TimePoint::max();
  std::deque<Answer> answers_;
  Breaker breaker_;
  std::deque<std::string> notices_;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace daydream::broker
