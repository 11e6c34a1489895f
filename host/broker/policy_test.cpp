// Hostile URLs and addresses: what a step must never reach, however it is written.
#include "broker/policy.hpp"

#include <arpa/inet.h>

#include <catch2/catch.hpp>

using namespace daydream::broker;

namespace {

// What becomes of a URL whose host needs no resolver: "ok", "bad_request", "host_refused", "private_address".
std::string verdict(const std::vector<std::string>& hosts, const std::string& text) {
  auto url = parse_url(text);
  if (!url) return "bad_request";
  const Policy policy{hosts, {}};
  if (auto refusal = check_host(policy, *url)) return refusal->code;
  if (!url->literal) return "ok";
  const auto address = parse_address(url->host);
  REQUIRE(address.has_value());
  auto refusal = check_address(policy, *url, *address);
  return refusal ? refusal->code : "ok";
}

// The same for a name that the resolver says stands for `address`.
std::string verdict_of(const std::vector<std::string>& hosts, const std::string& text, const char* address) {
  auto url = parse_url(text);
  REQUIRE(url.ok());
  const Policy policy{hosts, {}};
  if (auto refusal = check_host(policy, *url)) return refusal->code;
  auto refusal = check_address(policy, *url, *parse_address(address));
  return refusal ? refusal->code : "ok";
}

struct Case {
  const char* url;
  const char* verdict;
};

}  // namespace

TEST_CASE("with every public host declared, hostile URLs still lead nowhere") {
  const Case cases[] = {
      {"https://example.com/", "ok"},
      {"http://example.com", "ok"},
      {"HTTPS://EXAMPLE.com/a", "ok"},
      {"https://93.184.216.34/", "ok"},
      {"https://[2606:4700:4700::1111]/", "ok"},
      // Other schemes, or none.
      {"ftp://example.com/", "bad_request"},
      {"file:///etc/passwd", "bad_request"},
      {"gopher://127.0.0.1:25/", "bad_request"},
      {"javascript:alert(1)", "bad_request"},
      {"example.com/", "bad_request"},
      {"//example.com/", "bad_request"},
      {"https:example.com", "bad_request"},
      {"https:/example.com", "bad_request"},
      {"", "bad_request"},
      {" https://example.com/", "bad_request"},
      // Plain private addresses.
      {"http://127.0.0.1/", "private_address"},
      {"http://127.1.2.3/", "private_address"},
      {"http://10.0.0.1/", "private_address"},
      {"http://172.16.0.1/", "private_address"},
      {"http://172.31.255.255/", "private_address"},
      {"http://192.168.1.1/", "private_address"},
      {"http://169.254.169.254/latest/meta-data/", "private_address"},
      {"http://100.64.0.1/", "private_address"},
      {"http://100.127.255.254/", "private_address"},
      {"http://0.0.0.0/", "private_address"},
      {"http://0.1.2.3/", "private_address"},
      {"http://224.0.0.1/", "private_address"},
      {"http://239.255.255.250/", "private_address"},
      {"http://240.0.0.1/", "private_address"},
      {"http://255.255.255.255/", "private_address"},
      {"http://192.0.2.1/", "private_address"},
      {"http://198.18.0.1/", "private_address"},
      {"http://198.51.100.7/", "private_address"},
      {"http://203.0.113.9/", "private_address"},
      {"http://192.0.0.1/", "private_address"},
      {"http://192.88.99.1/", "private_address"},
      // IPv6, plain and with IPv4 inside.
      {"http://[::1]/", "private_address"},
      {"http://[::]/", "private_address"},
      {"http://[0:0:0:0:0:0:0:1]/", "private_address"},
      {"http://[::ffff:127.0.0.1]/", "private_address"},
      {"http://[::ffff:7f00:1]/", "private_address"},
      {"http://[::ffff:93.184.216.34]/", "private_address"},
      {"http://[::127.0.0.1]/", "private_address"},
      {"http://[64:ff9b::7f00:1]/", "private_address"},
      {"http://[64:ff9b::10.0.0.1]/", "private_address"},
      {"http://[64:ff9b:1::1]/", "private_address"},
      {"http://[2002:7f00:1::]/", "private_address"},
      {"http://[2001:0:53aa:64c::1]/", "private_address"},
      {"http://[2001:db8::1]/", "private_address"},
      {"http://[fe80::1]/", "private_address"},
      {"http://[fec0::1]/", "private_address"},
      {"http://[fc00::1]/", "private_address"},
      {"http://[fd12:3456::1]/", "private_address"},
      {"http://[ff02::1]/", "private_address"},
      {"http://[100::1]/", "private_address"},
      // Zones, brackets, garbage.
      {"http://[fe80::1%25eth0]/", "bad_request"},
      {"http://[::1%lo]/", "bad_request"},
      {"http://[::1/", "bad_request"},
      {"http://[::1]x/", "bad_request"},
      {"http://[]/", "bad_request"},
      {"http://[127.0.0.1]/", "bad_request"},
      {"http://[::1]:/", "bad_request"},
      {"http://::1/", "bad_request"},
      // IPv4 in all the ways that inet_aton knows.
      {"http://2130706433/", "bad_request"},
      {"http://0x7f000001/", "bad_request"},
      {"http://0x7f.1/", "bad_request"},
      {"http://0X7F.0.0.1/", "bad_request"},
      {"http://0177.0.0.1/", "bad_request"},
      {"http://017700000001/", "bad_request"},
      {"http://127.1/", "bad_request"},
      {"http://127.0.1/", "bad_request"},
      {"http://127.0.0.01/", "bad_request"},
      {"http://1.2.3.4.5/", "bad_request"},
      {"http://256.1.1.1/", "bad_request"},
      {"http://127.0.0.1./", "bad_request"},
      {"http://example.0x10/", "bad_request"},
      // User-info and what parsers take for it.
      {"http://user@example.com/", "bad_request"},
      {"http://user:pass@example.com/", "bad_request"},
      {"http://example.com@127.0.0.1/", "bad_request"},
      {"http://example.com:80@127.0.0.1/", "bad_request"},
      {"http://@example.com/", "bad_request"},
      {"http://127.0.0.1\\@example.com/", "bad_request"},
      {"http://example.com\\.evil.com/", "bad_request"},
      {"http://127.0.0.1#@example.com/", "private_address"},
      {"http://127.0.0.1?@example.com/", "private_address"},
      // Hosts that are none.
      {"http:///path", "bad_request"},
      {"http://.example.com/", "bad_request"},
      {"http://example..com/", "bad_request"},
      {"http://example.com./", "bad_request"},
      {"http://-example.com/", "bad_request"},
      {"http://exam ple.com/", "bad_request"},
      {"http://exa\tmple.com/", "bad_request"},
      {"http://example.com/\r\nHost: evil", "bad_request"},
      {"http://%31%32%37.0.0.1/", "bad_request"},
      {"http://example%2ecom/", "bad_request"},
      {"http://b\xC3\xBC"
       "cher.example/",
       "bad_request"},  // no xn-- form without libcurl
      {"http://\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x97.0.0.1/", "bad_request"},
      // Ports.
      {"http://example.com:80/", "ok"},
      {"https://example.com:443/", "ok"},
      {"https://example.com:80/", "host_refused"},
      {"http://example.com:22/", "host_refused"},
      {"http://example.com:8080/", "host_refused"},
      {"http://example.com:/", "bad_request"},
      {"http://example.com:0/", "bad_request"},
      {"http://example.com:65536/", "bad_request"},
      {"http://example.com:080000/", "bad_request"},
      {"http://example.com:+80/", "bad_request"},
      {"http://example.com:80:80/", "bad_request"},
      {"http://example.com:http/", "bad_request"},
  };
  for (const Case& each : cases) {
    INFO(each.url);
    CHECK(verdict({"*"}, each.url) == each.verdict);
  }
}

TEST_CASE("a host is reached only as it is declared") {
  CHECK(verdict({}, "https://example.com/") == "host_refused");
  CHECK(verdict({"example.com"}, "https://example.com/") == "ok");
  CHECK(verdict({"example.com"}, "https://www.example.com/") == "host_refused");
  CHECK(verdict({"example.com"}, "https://example.com.evil.com/") == "host_refused");
  CHECK(verdict({"example.com"}, "https://evilexample.com/") == "host_refused");
  CHECK(verdict({"*.example.com"}, "https://www.example.com/") == "ok");
  CHECK(verdict({"*.example.com"}, "https://a.b.example.com/") == "ok");
  CHECK(verdict({"*.example.com"}, "https://example.com/") == "host_refused");
  CHECK(verdict({"*.example.com"}, "https://evilexample.com/") == "host_refused");
  CHECK(verdict({"*.example.com"}, "https://www.example.com:8443/") == "host_refused");
  CHECK(verdict({"example.com:8443"}, "https://example.com:8443/") == "ok");
  CHECK(verdict({"example.com:8443"}, "https://example.com/") == "host_refused");
  CHECK(verdict({"127.0.0.1"}, "http://127.0.0.1/") == "ok");
  CHECK(verdict({"127.0.0.1"}, "http://127.0.0.1:8080/") == "host_refused");
  CHECK(verdict({"127.0.0.1:8080"}, "http://127.0.0.1:8080/") == "ok");
  CHECK(verdict({"127.0.0.1:8080"}, "http://127.0.0.2:8080/") == "host_refused");
  CHECK(verdict({"[::1]:8080"}, "http://[0::1]:8080/") == "ok");
  CHECK(verdict({"10.0.0.5"}, "https://10.0.0.5/") == "ok");
  CHECK(verdict({"*", "10.0.0.5"}, "https://10.0.0.6/") == "private_address");
  CHECK(verdict({"0.0.0.0"}, "http://0.0.0.0/") == "private_address");
  CHECK(verdict({"224.0.0.1"}, "http://224.0.0.1/") == "private_address");
  CHECK(verdict({"169.254.169.254"}, "http://169.254.169.254/") == "ok");
}

TEST_CASE("what a name stands for is checked, so that a name cannot lead inside") {
  CHECK(verdict_of({"*"}, "https://rebind.example/", "93.184.216.34") == "ok");
  for (const char* inside : {"127.0.0.1", "10.1.2.3", "192.168.0.9", "169.254.169.254", "100.64.3.3", "::1", "fd00::1",
                             "fe80::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "0.0.0.0"}) {
    INFO(inside);
    CHECK(verdict_of({"*"}, "https://rebind.example/", inside) == "private_address");
    CHECK(verdict_of({"*.example"}, "https://rebind.example/", inside) == "private_address");
  }
  // A server of one's own network, declared by its name: but never this machine or its neighbours on the link.
  CHECK(verdict_of({"sentry.corp.example"}, "https://sentry.corp.example/", "10.1.2.3") == "ok");
  CHECK(verdict_of({"sentry.corp.example"}, "https://sentry.corp.example/", "fd00::1") == "ok");
  CHECK(verdict_of({"sentry.corp.example"}, "https://sentry.corp.example/", "127.0.0.1") == "private_address");
  CHECK(verdict_of({"sentry.corp.example"}, "https://sentry.corp.example/", "169.254.169.254") == "private_address");
  CHECK(verdict_of({"sentry.corp.example", "127.0.0.1"}, "https://sentry.corp.example/", "127.0.0.1") == "ok");
  CHECK(verdict_of({"localhost"}, "http://localhost/", "127.0.0.1") == "ok");
  CHECK(verdict_of({"localhost:8080"}, "http://localhost:8080/", "::1") == "ok");
  CHECK(verdict_of({"localhost"}, "http://localhost/", "10.0.0.1") == "ok");
  CHECK(verdict_of({"*"}, "http://localhost/", "127.0.0.1") == "private_address");
}

TEST_CASE("a secret goes only where it may, and only for a step that names it") {
  Policy policy{{"*"}, {{"TOKEN", "value-1", "", {"sentry.io", "*.sentry.io"}}, {"GONE", "", "has no value", {"a.b"}}}};
  Refusal refusal;
  const Url sentry = *parse_url("https://sentry.io/api");
  auto good = expand(policy, sentry, "Bearer ${TOKEN}, ${TOKEN}", refusal);
  REQUIRE(good.ok());
  CHECK(good->text == "Bearer value-1, value-1");
  CHECK(good->has_secret);
  CHECK(expand(policy, *parse_url("https://de.sentry.io/"), "${TOKEN}", refusal).ok());
  auto refused = [&](const char* url, const char* value) {
    refusal = {};
    CHECK_FALSE(expand(policy, *parse_url(url), value, refusal).ok());
    CHECK(refusal.message.find("value-1") == std::string::npos);
    return refusal.code;
  };
  CHECK(refused("https://evil.io/", "${TOKEN}") == "secret_refused");
  CHECK(refused("https://sentry.io.evil.io/", "${TOKEN}") == "secret_refused");
  CHECK(refused("https://sentry.io:8443/", "${TOKEN}") == "secret_refused");
  CHECK(refused("https://sentry.io/", "${OTHER}") == "secret_refused");
  CHECK(refused("https://a.b/", "${GONE}") == "secret_refused");
  CHECK(refused("https://sentry.io/", "${TOKEN") == "bad_request");
  CHECK(refused("https://sentry.io/", "${}") == "bad_request");
  CHECK(refused("https://sentry.io/", "${A B}") == "bad_request");
  CHECK(expand(policy, sentry, "price $5 {x}", refusal)->text == "price $5 {x}");
}

TEST_CASE("a secret does not cross the open network in plain text") {
  const Url plain = *parse_url("http://sentry.io/");
  CHECK(check_secret_way(plain, {*parse_address("93.184.216.34")}).has_value());
  CHECK(check_secret_way(plain, {*parse_address("10.0.0.1"), *parse_address("93.184.216.34")}).has_value());
  CHECK_FALSE(check_secret_way(plain, {*parse_address("127.0.0.1")}).has_value());
  CHECK_FALSE(check_secret_way(*parse_url("https://sentry.io/"), {*parse_address("93.184.216.34")}).has_value());
}
