// 20,000 requests over loopback, politeness off: the broker, and a step of a run that goes through it, beside a
// plain libcurl multi loop with the same number of connections.
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>
#include <map>
#include <vector>

#include "broker/client.hpp"
#include "sandbox.hpp"

using namespace daydream;
using namespace daydream::bench;

namespace {

constexpr int kRequests = 20'000;
constexpr int kConnections = 64;
const std::string kBody(1000, 'b');

int listen_somewhere(int& port) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (listener < 0 || ::bind(listener, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      ::listen(listener, 512) != 0 || ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    give_up("no server on loopback");
  port = ntohs(address.sin_port);
  return listener;
}

// One thread, keep-alive, the same answer to whatever ends in an empty line.
[[noreturn]] void serve(int listener) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const std::string answer =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: " + std::to_string(kBody.size()) + "\r\n\r\n" +
      kBody;
  const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{EPOLLIN, {.fd = listener}};
  ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
  std::map<int, std::string> heads;
  std::array<epoll_event, 64> ready{};
  std::array<char, 16384> piece{};
  while (true) {
    const int count = ::epoll_wait(epoll, ready.data(), ready.size(), -1);
    for (int i = 0; i < count; ++i) {
      const int socket = ready.at(static_cast<std::size_t>(i)).data.fd;
      if (socket == listener) {
        const int fresh = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
        const int on = 1;
        ::setsockopt(fresh, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        event = {EPOLLIN, {.fd = fresh}};
        ::epoll_ctl(epoll, EPOLL_CTL_ADD, fresh, &event);
        continue;
      }
      const ssize_t got = ::recv(socket, piece.data(), piece.size(), 0);
      if (got <= 0) {
        ::close(socket);
        heads.erase(socket);
        continue;
      }
      std::string& head = heads[socket];
      head.append(piece.data(), static_cast<std::size_t>(got));
      if (head.find("\r\n\r\n") == std::string::npos) continue;
      head.clear();
      (void)!::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    }
  }
}

std::size_t keep(char* data, std::size_t size, std::size_t count, void* into) {
  static_cast<std::string*>(into)->append(data, size * count);
  return size * count;
}

// As anybody would write it: handles and connections used again, bodies kept.
void plain_loop(const std::string& url) {
  CURLM* const multi = curl_multi_init();
  std::vector<std::string> bodies(kConnections);
  int started = 0, done = 0;
  const auto start = [&](CURL* easy, std::string& body) {
    body.clear();
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, keep);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &body);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &body);
    curl_multi_add_handle(multi, easy);
    ++started;
  };
  for (std::string& body : bodies) start(curl_easy_init(), body);
  while (done < kRequests) {
    int running = 0, left = 0;
    curl_multi_perform(multi, &running);
    while (const CURLMsg* message = curl_multi_info_read(multi, &left)) {
      CURL* const easy = message->easy_handle;
      if (message->msg != CURLMSG_DONE || message->data.result != CURLE_OK) give_up("the control's request failed");
      char* body = nullptr;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &body);
      if (reinterpret_cast<std::string*>(body)->size() != kBody.size()) give_up("the control got another body");
      curl_multi_remove_handle(multi, easy);
      ++done;
      if (started < kRequests)
        start(easy, *reinterpret_cast<std::string*>(body));
      else
        curl_easy_cleanup(easy);
    }
    if (done < kRequests) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
  }
  curl_multi_cleanup(multi);
}

void through_broker(const Sandbox& sandbox, const std::string& url, const std::string& authority) {
  broker::Client client(sandbox.version().arguments.front());
  client.begin({{authority}, {}});
  const std::string request =
      R"({"url": ")" + url + R"(", "rate_per_second": 0, "concurrency": )" + std::to_string(kConnections) + "}";
  int started = 0, done = 0;
  while (done < kRequests) {
    while (started < kRequests && client.under_way() < broker::kMaxOutstanding)
      client.submit(static_cast<std::uint64_t>(++started), request, "");
    client.pump();
    while (const auto answer = client.take()) {
      if (answer->body.size() != kBody.size()) give_up("the broker's request failed: " + answer->json);
      ++done;
    }
    pollfd entry{client.descriptor(), client.events(), 0};
    if (done < kRequests && client.under_way() > 0) ::poll(&entry, 1, 1000);
  }
}

// From the step's first request to its last answer, by its own stamps.
Seconds through_a_step(const Sandbox& sandbox, int day, const std::string& url, const std::string& authority) {
  std::ofstream(sandbox.root() / "pipeline.json")
      << R"({"manifest": 1, "hosts": {"fetch_many": [")" << authority << R"("]}, "steps": [{"id": "fetch_many",
            "plugin": ")"
      << Sandbox::step_file("fetch_many") << R"(", "config": {"url": ")" << url << R"(", "requests": )" << kRequests
      << "}}]}";
  sandbox.run_daydream(day);
  if (sandbox.stamp("last") == Steady::time_point{}) give_up("the step did not end well");
  return sandbox.stamp("last") - sandbox.stamp("first");
}

}  // namespace

int main() {
  int port = 0;
  const int listener = listen_somewhere(port);
  const pid_t server = ::fork();
  if (server == 0) serve(listener);
  const std::string authority = "127.0.0.1:" + std::to_string(port);
  const std::string url = "http://" + authority + "/page";
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const Sandbox sandbox;
  sandbox.write("a.txt", "a\n");
  sandbox.commit_all();
  Series broker, step, control;
  for (int turn = 0, turns = repetitions(5); turn < turns; ++turn) {
    control.add(time_of([&] { plain_loop(url); }));
    broker.add(time_of([&] { through_broker(sandbox, url, authority); }));
    step.add(through_a_step(sandbox, turn + 1, url, authority));
  }
  row("20,000 loopback requests through the broker", broker.median(), control.median(), 1.5);
  row("20,000 loopback requests of a step", step.median(), control.median(), 1.5);
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
}
