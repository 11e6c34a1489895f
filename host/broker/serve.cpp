#include "broker/serve.hpp"

#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "broker/engine.hpp"
#include "broker/wire.hpp"
#include "confine/landlock.hpp"
#include "confine/seccomp.hpp"

namespace daydream::broker {
namespace {

constexpr int kGone = 75;
constexpr int kWrong = 70;
// Answers that the host has not taken yet: beyond it nothing new begins.
constexpr std::size_t kMostUnsent = std::size_t{32} << 20;
constexpr milliseconds kLongestNap{60'000};

Result<void> obey(Engine& engine, const Message& message) {
  switch (message.word) {
    case Word::kPolicy: {
      auto policy = decode_policy(message.body);
      if (!policy) return std::move(policy.error());
      engine.cancel_all();
      engine.set_policy(std::move(*policy));
      return {};
    }
    case Word::kRequest: {
      auto request = RequestMessage::decode(message.body);
      if (!request) return std::move(request.error());
      engine.submit(request->id, request->json, std::move(request->body));
      return {};
    }
    case Word::kCancel:
      engine.cancel_all();
      return {};
    case Word::kAnswer:
    case Word::kNotice:
      break;
  }
  return Error(ErrorKind::kInvalid, "a message that is not for the broker");
}

Result<void> one_turn(Pipe& pipe, Engine& engine) {
  if (auto read = pipe.read_some(); !read) return read;
  while (true) {
    auto message = pipe.take();
    if (!message) return std::move(message.error());
    if (!*message) break;
    if (auto obeyed = obey(engine, **message); !obeyed) return obeyed;
  }
  engine.pause(pipe.unsent() > kMostUnsent);
  engine.turn();
  while (auto answer = engine.take())
    pipe.queue(Word::kAnswer,
               AnswerMessage{answer->id, std::move(answer->json), std::move(answer->body), answer->sent}.encode());
  while (auto notice = engine.take_notice()) pipe.queue(Word::kNotice, *notice);
  if (auto written = pipe.write_some(); !written) return written;
  engine.wait(pipe.descriptor(), static_cast<short>(pipe.unsent() > 0 ? POLLIN | POLLOUT : POLLIN), kLongestNap);
  return {};
}

// What libcurl and the name service read; links among it (resolv.conf is one on many machines) lead elsewhere.
confine::Reach reach() {
  confine::Reach reach;
  reach.network = true;
  reach.readable = confine::system_places();
  reach.readable.insert(reach.readable.end(), {"/run/systemd/resolve", "/run/resolvconf", "/run/nscd"});
  std::error_code gone;
  reach.readable.push_back(std::filesystem::canonical("/etc/resolv.conf", gone).string());
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"}) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != '\0') reach.readable.emplace_back(value);
  }
  return reach;
}

// It holds secrets and reads what strangers send: nothing of the disk to read but the system's, nothing to write, no
// program to start. What the kernel lacks for it is said with the steps, which need the same.
void confine_broker() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return;
  confine::restrict_files(reach(), "the broker");
  confine::restrict_calls({.network = true, .programs = false, .resize = false, .host = ::getppid()});
}

}  // namespace

int serve(int descriptor) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);  // no core file and no debugger of the same user sees the secrets
  std::signal(SIGPIPE, SIG_IGN);
  // A terminal's Ctrl-C is the host's to obey: it tells us.
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_IGN);
  confine_broker();
  const char* certificates = std::getenv("SSL_CERT_FILE");
  Pipe pipe{files::Descriptor(descriptor)};
  Engine engine({milliseconds(500), certificates == nullptr ? "" : certificates});
  while (true) {
    if (auto turned = one_turn(pipe, engine); !turned)
      std::_Exit(turned.error().kind() == ErrorKind::kInvalid ? kWrong : kGone);
  }
}

}  // namespace daydream::broker
