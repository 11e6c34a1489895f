// Every rule has an error it is for; errors that only look alike have none.
#include <catch2/catch.hpp>

#include "plugins/sentry_review/judge/suggest.hpp"

using namespace daydream::sentry;

namespace {

const Suggestions& rules() {
  static const Suggestions kRules = [] {
    auto loaded = Suggestions::load();
    if (!loaded) throw std::runtime_error(loaded.error().message());
    return std::move(*loaded);
  }();
  return kRules;
}

struct Sample {
  std::string rule, platform, type, value;
  std::string frame{}, address{};
};

std::string rule_for(const Sample& sample) {
  Frame frame;
  frame.function = frame.abs_path = sample.frame;
  Symptom symptom{sample.platform, sample.type, sample.value, {}, sample.address, ""};
  if (!sample.frame.empty()) symptom.frames.push_back(&frame);
  const Suggestion found = rules().find(symptom);
  if (!found.rule.empty()) CHECK_FALSE((found.evidence.empty() || found.fix.empty() || found.diagnosis.empty()));
  return found.rule;
}

}  // namespace

TEST_CASE("there are at least fifty rules, and each fits the error it is for") {
  CHECK(rules().size() >= 50);
  const std::vector<Sample> samples{
      {"python-none-attribute", "python", "AttributeError", "'NoneType' object has no attribute 'id'"},
      {"python-missing-key", "python", "KeyError", "'amount'"},
      {"python-module-missing", "python", "ModuleNotFoundError", "No module named 'yaml'"},
      {"python-circular-import", "python", "ImportError",
       "cannot import name 'a' from partially initialized module 'b' (most likely due to a circular import)"},
      {"python-decode", "python", "UnicodeDecodeError",
       "'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"},
      {"python-recursion", "python", "RecursionError", "maximum recursion depth exceeded"},
      {"unique-violation", "python", "django.db.utils.IntegrityError",
       "duplicate key value violates unique constraint \"u\""},
      {"migration-missing", "python", "ProgrammingError", "column shop_order.total does not exist"},
      {"connection-pool", "python", "TimeoutError",
       "QueuePool limit of size 5 overflow 10 reached, connection timed out"},
      {"celery-time-limit", "python", "SoftTimeLimitExceeded", "SoftTimeLimitExceeded()"},
      {"python-event-loop-closed", "python", "RuntimeError", "Event loop is closed"},
      {"python-json-empty", "python", "JSONDecodeError", "Expecting value: line 1 column 1 (char 0)"},
      {"python-naive-datetime", "python", "TypeError", "can't compare offset-naive and offset-aware datetimes"},
      {"js-property-of-undefined", "javascript", "TypeError", "Cannot read properties of undefined (reading 'id')"},
      {"js-property-of-undefined", "node", "TypeError", "Cannot read property 'id' of null"},
      {"js-chunk-load-error", "javascript", "ChunkLoadError", "x"},
      {"js-chunk-load", "javascript", "Error", "Loading chunk 7 failed."},
      {"resize-observer", "javascript", "Error", "ResizeObserver loop limit exceeded"},
      {"cross-origin-script", "javascript", "Error", "Script error."},
      {"js-quota", "javascript", "QuotaExceededError", "exceeded the quota"},
      {"js-fetch-failed", "javascript", "TypeError", "Failed to fetch"},
      {"js-hydration", "javascript-nextjs", "Error", "Hydration failed because the initial UI does not match"},
      {"js-stack-overflow", "javascript", "RangeError", "Maximum call stack size exceeded"},
      {"browser-extension", "javascript", "TypeError", "x", "chrome-extension://abc/inject.js"},
      {"node-connection-reset", "node", "Error", "read ECONNRESET"},
      {"node-headers-sent", "node", "Error", "Cannot set headers after they are sent to the client"},
      {"node-heap", "node", "Error", "JavaScript heap out of memory"},
      {"java-null-pointer", "java", "java.lang.NullPointerException", "Cannot invoke \"A.b()\" because \"a\" is null"},
      {"java-out-of-memory", "java", "OutOfMemoryError", "Java heap space"},
      {"java-version-clash", "java", "java.lang.NoSuchMethodError", "x"},
      {"java-concurrent-modification", "java", "ConcurrentModificationException", ""},
      {"java-lazy-initialization", "java", "org.hibernate.LazyInitializationException", "could not initialize proxy"},
      {"java-port-taken", "java", "BindException", "Address already in use"},
      {"sqlite-full", "java-android", "SQLiteFullException", "database or disk is full"},
      {"java-native-library", "java", "UnsatisfiedLinkError", "no x in java.library.path"},
      {"android-not-responding", "android", "ApplicationNotResponding", "ANR"},
      {"dotnet-null-reference", "csharp", "System.NullReferenceException", "Object reference not set"},
      {"dotnet-http-timeout", "dotnet", "TaskCanceledException",
       "The request was canceled due to the configured HttpClient.Timeout of 100 seconds elapsing."},
      {"go-nil-pointer", "go", "runtime.errorString",
       "runtime error: invalid memory address or nil pointer dereference"},
      {"go-concurrent-map", "go", "runtime.Error", "concurrent map writes"},
      {"go-deadline", "go", "*url.Error", "Get \"x\": context deadline exceeded"},
      {"too-many-files", "go", "*fs.PathError", "open x: too many open files"},
      {"php-memory", "php", "FatalErrorException", "Allowed memory size of 134217728 bytes exhausted"},
      {"php-undefined-key", "php", "ErrorException", "Undefined array key \"x\""},
      {"ruby-nil", "ruby", "NoMethodError", "undefined method `x' for nil:NilClass"},
      {"native-null-dereference", "native", "SIGSEGV", "segv", "run", "0x10"},
      {"native-heap-corruption", "native", "SIGABRT", "abort", "malloc_printerr"},
      {"objc-over-release", "cocoa", "EXC_BAD_ACCESS", "x", "objc_release"},
      {"native-bus-error", "native", "SIGBUS", "x", "memcpy"},
      {"no-space-left", "python", "OSError", "[Errno 28] No space left on device"},
      {"certificate", "python", "SSLError", "certificate verify failed: certificate has expired"},
      {"database-deadlock", "python", "OperationalError", "deadlock detected"},
      {"rate-limited", "python", "HTTPError", "429 Client Error: Too Many Requests for url: https://x"}};
  for (const Sample& sample : samples) {
    INFO(sample.type << ": " << sample.value);
    CHECK(rule_for(sample) == sample.rule);
  }
}

TEST_CASE("errors that only look like those of a rule have none") {
  const std::vector<Sample> traps{
      {"", "python", "AuthorError", "the author is unknown"},
      {"", "python", "MyKeyErrorHandler", "x"},
      {"", "javascript", "KeyError", "'amount'"},
      {"", "python", "ValueError", "429 rows were read"},
      {"", "python", "ValueError", "order 4290 is gone"},
      {"", "python", "AttributeError", "'Order' object has no attribute 'NoneType'"},
      {"", "javascript", "Error", "Script error. in the theatre"},
      {"", "javascript", "Error", "the ResizeObserver loop is mine"},
      {"", "native", "SIGSEGV", "segv", "run", "0x7f0012345678"},
      {"", "native", "SIGABRT", "assertion failed", "my_check"},
      {"", "go", "*errors.errorString", "the context was lost"},
      {"", "ruby", "NoMethodError", "undefined method `x' for #<Order>"},
      {"", "java", "IllegalStateException", "NullPointerException was expected"},
      {"", "java", "BindException", "Permission denied"},
      {"", "python", "IntegrityError", "null value in column \"a\" violates not-null constraint"},
      {"", "dotnet", "TaskCanceledException", "A task was canceled."},
      {"", "javascript", "Error", "We failed to fetch the goods from the shelf"},
      {"", "python", "", ""},
      {"", "", "", ""}};
  for (const Sample& trap : traps) {
    INFO(trap.type << ": " << trap.value);
    CHECK(rule_for(trap) == "");
  }
}

TEST_CASE("a rule that cannot be read is refused by name") {
  const auto broken = Suggestions::parse(R"({"rules": [{"id": "odd", "value": "(", "diagnosis": "d", "fix": "f"}]})");
  REQUIRE_FALSE(broken);
  CHECK(broken.error().message().find("odd") != std::string::npos);
  CHECK_FALSE(Suggestions::parse(R"({"rules": [{"id": "empty", "diagnosis": "d", "fix": "f"}]})"));
}
