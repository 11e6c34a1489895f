// A real HTTP server on a loopback port of its own, for tests: a script answers each request, and may do
// everything a server should not. Each connection has a thread; keep-alive unless the answer says otherwise.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace daydream::testing {

struct HttpAsked {
  std::string method, target;                  // as in the request line: "/path?query"
  std::map<std::string, std::string> headers;  // lower-case names
  std::string body;
  int number = 0;      // of this server's requests, from 1
  int connection = 0;  // from 1
};

struct HttpSays {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::string raw;                            // not empty: sent as it is, instead of all above; then closed
  std::chrono::milliseconds delay{0};         // before the first byte
  std::chrono::milliseconds drip{0};          // between the bytes of the body
  bool no_length = false;                     // the end of the connection is the end of the body
  bool chunked = false;                       // in pieces of at most 1000 bytes
  bool gzip = false;                          // compresses the body and says so
  bool close = false;                         // Connection: close
  std::size_t cut_after = std::string::npos;  // bytes of head and body; then the connection is reset
};

class HttpServer {
 public:
  using Script = std::function<HttpSays(const HttpAsked&)>;
  explicit HttpServer(Script script);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] int port() const { return port_; }
  [[nodiscard]] std::string authority() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url(const std::string& target = "/") const { return "http://" + authority() + target; }
  // All that was asked so far, in order of arrival.
  [[nodiscard]] std::vector<HttpAsked> asked() const;
  [[nodiscard]] int connections() const { return connections_; }
  // The most requests that were under way at one time.
  [[nodiscard]] int most_at_once() const { return most_; }

 private:
  void accept_all();
  void serve(int socket, int connection);
  bool answer(int socket, const HttpAsked& asked);
  bool send_all(int socket, const char* data, std::size_t size);

  Script script_;
  int listener_ = -1, port_ = 0;
  std::atomic<bool> stopping_{false};
  std::atomic<int> connections_{0}, under_way_{0}, most_{0};
  mutable std::mutex mutex_;
  std::vector<HttpAsked> asked_;
  std::vector<std::thread> threads_;
  std::vector<int> sockets_;
  std::thread acceptor_;
};

std::string gzipped(const std::string& bytes);

}  // namespace daydream::testing
