// Our own name for an error: what it looks through, and what it tells apart.
#include <catch2/catch.hpp>
#include <functional>
#include <set>

#include "plugins/sentry_review/judge/fingerprint.hpp"

using namespace daydream::sentry;

namespace {

Frame frame(std::string filename, std::string module, std::string function, int line, bool ours = true) {
  Frame made;
  made.filename = std::move(filename);
  made.abs_path = "/srv/app/" + made.filename;
  made.module = std::move(module);
  made.function = std::move(function);
  made.line = line;
  made.in_app = ours;
  return made;
}

Event event(std::string platform, std::string type, std::string value, std::vector<Frame> frames) {
  Event made;
  made.platform = std::move(platform);
  made.exceptions.push_back({std::move(type), std::move(value), "", std::nullopt, std::move(frames)});
  return made;
}

std::vector<Event> errors() {
  return {
      event("python", "KeyError", "'amount'", {frame("pay/views.py", "pay.views", "charge", 12)}),
      event("python", "KeyError", "'amount'", {frame("pay/views.py", "pay.views", "refund", 12)}),
      event("python", "KeyError", "'price'", {frame("pay/views.py", "pay.views", "charge", 12)}),
      event("python", "ValueError", "order 4711 of user 12 is gone",
            {frame("pay/views.py", "pay.views", "charge", 12)}),
      event("python", "ValueError", "order is gone", {frame("pay/views.py", "pay.views", "charge", 12)}),
      event("java", "com.acme.NotFound", "id 9f86d081884c7d659a2feaa0c55ad015",
            {frame("Shop.java", "com.acme.Shop", "lambda$find$3", 40)}),
      event("javascript", "TypeError", "x is undefined", {frame("static/main.3f2a1b9c.js", "", "render", 1)}),
      event("javascript", "TypeError", "x is undefined", {frame("static/admin.3f2a1b9c.js", "", "render", 1)}),
      event("native", "SIGSEGV", "fault at 0x7f0012345678", {frame("src/a.cpp", "", "ns::run(int, char*)", 5)}),
      event("rust", "panic", "index out of bounds: the len is 3",
            {frame("src/a.rs", "", "app::run::h0123456789abcdef", 5)}),
      event("csharp", "System.Exception", "no", {frame("A.cs", "Acme.A", "<Get>b__4_1", 5)}),
      event("go", "*errors.errorString", "dial tcp 10.0.0.7:5432: refused", {frame("main.go", "main", "connect", 5)})};
}

using Mutation = std::function<void(Event&)>;
void each_frame(Event& one, const std::function<void(Frame&)>& change) {
  for (Frame& item : one.exceptions.back().frames) change(item);
}

}  // namespace

TEST_CASE("every error of a set has a name of its own") {
  std::set<std::string> names;
  for (const Event& one : errors()) names.insert(fingerprint_of(one, "shop"));
  CHECK(names.size() == errors().size());
}

TEST_CASE("lines, prefixes, event ids, users of frames that are not ours change no name") {
  const std::vector<Mutation> mutations{
      [](Event& e) { each_frame(e, [](Frame& f) { f.line += 50; }); },
      [](Event& e) { each_frame(e, [](Frame& f) { f.line = std::max(1, f.line - 50); }); },
      [](Event& e) { each_frame(e, [](Frame& f) { f.abs_path = "C:\\build\\7\\" + f.filename; }); },
      [](Event& e) { each_frame(e, [](Frame& f) { f.filename = "/var/lib/jenkins/ws/" + f.filename; }); },
      [](Event& e) { each_frame(e, [](Frame& f) { f.context_line = "other"; }); },
      [](Event& e) { e.id = "ffff"; },
      [](Event& e) { e.release = "9.9.9"; },
      [](Event& e) {
        e.exceptions.back().frames.insert(e.exceptions.back().frames.begin(),
                                          frame("django/x.py", "django.x", "get_response", 3, false));
      },
  };
  for (const Event& one : errors()) {
    for (std::size_t i = 0; i < mutations.size(); ++i) {
      Event mutated = one;
      mutations[i](mutated);
      INFO("mutation " << i << " of " << one.exceptions.back().type << " " << one.exceptions.back().value);
      CHECK(fingerprint_of(mutated, "shop") == fingerprint_of(one, "shop"));
    }
  }
}

TEST_CASE("numbers, ids, addresses and hashes in messages and names change no name") {
  const auto same = [](const Event& one, const Event& other) {
    CHECK(fingerprint_of(one, "p") == fingerprint_of(other, "p"));
  };
  const auto all = errors();
  Event other = all[3];
  other.exceptions.back().value = "order 99 of user 1000000 is gone";
  same(all[3], other);
  other = all[5];
  other.exceptions.back().value = "id 60303ae22b998861bce3b28f33eec1be";
  other.exceptions.back().frames.back().function = "lambda$find$12";
  other.exceptions.back().type = "NotFound";
  same(all[5], other);
  other = all[6];
  other.exceptions.back().frames.back().filename = "static/main.77aa01be.js";
  same(all[6], other);
  other = all[8];
  other.exceptions.back().value = "fault at 0x55d0aabbccdd";
  same(all[8], other);
  other = all[9];
  other.exceptions.back().frames.back().function = "app::run::hfedcba9876543210";
  same(all[9], other);
  other = all[10];
  other.exceptions.back().frames.back().function = "<Get>b__12_3";
  same(all[10], other);
}

TEST_CASE("messages lose their data and keep their words") {
  CHECK(normalise_message("user 'a b@c' has 12 items") == "user '#' has # items");
  CHECK(normalise_message("'NoneType' object has no attribute 'id'") == "'NoneType' object has no attribute 'id'");
  CHECK(normalise_message("GET /a/1?x=2&y=3 failed") == "GET /a/#?# failed");
  CHECK(normalise_message("550e8400-e29b-41d4-a716-446655440000 gone") == "# gone");
  CHECK(normalise_message("don't panic: can't 'x'") == "don't panic: can't 'x'");
  CHECK(normalise_message("") == "");
  CHECK(normalise_message(std::string(1'000'000, '\'')).size() < 1000);
}

TEST_CASE("bundle hashes go, names stay") {
  CHECK(without_bundle_hash("main.3f2a1b9c.js") == "main.js");
  CHECK(without_bundle_hash("2.d3a1f0c4.chunk.js") == "2.chunk.js");
  CHECK(without_bundle_hash("index-BKs7d9Qx.js") == "index.js");
  CHECK(without_bundle_hash("user-profile.component.ts") == "user-profile.component.ts");
  CHECK(without_bundle_hash("MyWidget-UserList.js") == "MyWidget-UserList.js");
  CHECK(without_bundle_hash("pay.views") == "pay.views");
}

TEST_CASE("what says too little joins nothing") {
  Event empty;
  empty.platform = "python";
  CHECK_FALSE(is_telling(empty));
  Issue issue;
  issue.title = "Error";
  CHECK_FALSE(coarse_is_telling(issue));
}
