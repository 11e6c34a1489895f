// Tokens are put together here from parts, so that no scanner takes this file for a leak.
#include <catch2/catch.hpp>
#include <chrono>
#include <string>

#include "daydream/kit/text.hpp"

using namespace daydream;

namespace {

// `count` characters that look random, from letters and digits.
std::string noise(std::size_t count, std::string_view alphabet = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z") {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += alphabet[(i * 7 + 3) % alphabet.size()];
  return out;
}
std::string hex(std::size_t count) {
  return noise(count, "0a1b2c3d4e5f6789");
}
std::string upper(std::size_t count) {
  return noise(count, "ABC2DEF3GHI4JKL5MNO6");
}

bool masked(const std::string& secret) {
  const std::string out = text::mask("found " + secret + " in the log");
  return out == "found [masked] in the log";
}
bool kept(const std::string& text) {
  return text::mask(text) == text;
}

}  // namespace

TEST_CASE("tokens of cloud providers are masked") {
  CHECK(masked("AKIA" + upper(16)));
  CHECK(masked("ASIA" + upper(16)));
  CHECK(masked("AIza" + noise(35)));
  CHECK(masked("ya29." + noise(60)));
  CHECK(masked("dop_v1_" + hex(64)));
  CHECK(masked("hvs." + noise(90)));
  CHECK(masked("dapi" + hex(32)));
}

TEST_CASE("tokens of forges and registries are masked") {
  for (const char* kind : {"ghp_", "gho_", "ghu_", "ghs_", "ghr_"}) CHECK(masked(kind + noise(36)));
  CHECK(masked("github_pat_" + noise(22) + "_" + noise(59)));
  CHECK(masked("glpat-" + noise(20)));
  CHECK(masked("npm_" + noise(36)));
  CHECK(masked("pypi-AgEI" + noise(80)));
  CHECK(masked("dckr_pat_" + noise(27)));
}

TEST_CASE("tokens of chat, mail, payment, watching and model services are masked") {
  CHECK(masked("xoxb-" + hex(12) + "-" + hex(12) + "-" + noise(24)));
  CHECK(masked("hooks.slack.com/services/T" + upper(8) + "/B" + upper(8) + "/" + noise(24)));
  CHECK(masked("SG." + noise(22) + "." + noise(43)));
  CHECK(masked("sk_live_" + noise(24)));
  CHECK(masked("whsec_" + noise(32)));
  CHECK(masked("sntrys_" + noise(60)));
  CHECK(masked("sntryu_" + hex(64)));
  CHECK(masked("sk-ant-" + noise(40)));
  CHECK(masked("sk-proj-" + noise(40)));
  CHECK(masked("sk-" + noise(48)));
  CHECK(masked("hf_" + noise(34)));
  CHECK(masked("123456789:AA" + noise(33)));
  CHECK(masked("M" + noise(23) + "." + noise(6) + "." + noise(30)));
}

TEST_CASE("JSON web tokens are masked whole") {
  const std::string token = "eyJ" + noise(17) + ".eyJ" + noise(40) + "." + noise(43);
  CHECK(masked(token));
  CHECK(text::mask("eyJ" + noise(17) + "." + noise(40) + ".") == "[masked].");  // unsigned
  CHECK(text::mask("token " + token + ".") == "token [masked].");
}

TEST_CASE("private keys are masked to their end, or to the end of the text") {
  const std::string key =
      "-----BEGIN RSA "
      "PRIVATE KEY-----\n" +
      noise(64) +
      "\n-----END RSA "
      "PRIVATE KEY-----";
  CHECK(text::mask("a\n" + key + "\nb") == "a\n[masked]\nb");
  CHECK(text::mask("a -----BEGIN OPENSSH "
                   "PRIVATE KEY-----\n" +
                   noise(64)) == "a [masked]");
  CHECK(kept("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"));
  CHECK(kept("-----BEGIN PUBLIC KEY-----"));
}

TEST_CASE("a token inside other text is found where it may start") {
  const std::string token = "ghp_" + noise(36);
  CHECK(text::mask("url?x=" + token + "&y=1") == "url?x=[masked]&y=1");
  CHECK(text::mask("a%3D" + token) == "a%3D[masked]");
  CHECK(text::mask("\\n" + token) == "\\n[masked]");
  CHECK(text::mask("(" + token + ").") == "([masked]).");
  CHECK(text::mask("\"" + token + "\"") == "\"[masked]\"");
}

TEST_CASE("the value of a secret-like name is masked, however it is written") {
  CHECK(text::mask("password=hunter2") == "password=[masked]");
  CHECK(text::mask("DB_PASSWORD: hunter2") == "DB_PASSWORD: [masked]");
  CHECK(text::mask("{\"api_key\": \"a b c\", \"n\": 1}") == "{\"api_key\": \"[masked]\", \"n\": 1}");
  CHECK(text::mask("{\\\"password\\\": \\\"a b\\\"}") == "{\\\"password\\\": \\\"[masked]\\\"}");
  CHECK(text::mask("clientSecret => 'x y'") == "clientSecret => '[masked]'");
  CHECK(text::mask("--password hunter2 --verbose") == "--password [masked] --verbose");
  CHECK(text::mask("--api-key=abc123 x") == "--api-key=[masked] x");
  CHECK(text::mask("?access_token=abc&x=1") == "?access_token=[masked]&x=1");
  CHECK(text::mask("AWS_SECRET_ACCESS_KEY=" + noise(40)) == "AWS_SECRET_ACCESS_KEY=[masked]");
  CHECK(text::mask("X-Auth-Token: abc") == "X-Auth-Token: [masked]");
  CHECK(text::mask("token=" + noise(20)) == "token=[masked]");
  CHECK(text::mask("PASSWORD=${PASSWORD:-hunter2}") == "PASSWORD=[masked]}");  // a default is a secret too
  CHECK(text::mask("password='it\\'s me'") == "password='[masked]'");
}

TEST_CASE("authorisation is masked in headers and alone") {
  CHECK(text::mask("Authorization: Bearer abc.def") == "Authorization: [masked]");
  CHECK(text::mask("authorization: Basic dXNlcjpwYXNz\nHost: x") == "authorization: [masked]\nHost: x");
  CHECK(text::mask("curl -H 'Cookie: a=b; c=d' u") == "curl -H 'Cookie: [masked]' u");
  CHECK(text::mask("sent Bearer " + noise(20) + " to x") == "sent Bearer [masked] to x");
  CHECK(text::mask("Basic dXNlcjpwYXNzd29yZA==") == "Basic [masked]");
}

TEST_CASE("what stands before the @ of a URL is masked") {
  CHECK(text::mask("https://user:pass@host.example/x") == "https://[masked]@host.example/x");
  CHECK(text::mask("https://" + hex(32) + "@o1.ingest.sentry.io/2") == "https://[masked]@o1.ingest.sentry.io/2");
  CHECK(text::mask("postgres://app:p@ss@db:5432/x") == "postgres://[masked]@db:5432/x");
  CHECK(kept("https://host.example/a@b/c"));
  CHECK(kept("ssh://git@host.example/x.git"));
  CHECK(kept("git@host.example:team/x.git"));
}

TEST_CASE("payment cards are masked when their check digit holds") {
  CHECK(text::mask("card 4111 1111 1111 1111.") == "card [masked card].");
  CHECK(text::mask("5555-5555-5555-4444") == "[masked card]");
  CHECK(text::mask("378282246310005,") == "[masked card],");
  CHECK(text::mask("4111111111111111") == "[masked card]");
  CHECK(kept("order 4111 1111 1111 1112"));
  CHECK(kept("order 4111111111111112"));
  CHECK(kept("1700000000000"));       // a time in milliseconds
  CHECK(kept("0.4111111111111111"));  // a fraction
  CHECK(kept("id4111111111111111"));  // part of a name
  CHECK(kept("41111111111111111111111"));
}

TEST_CASE("mail addresses are masked, what only looks like one is not") {
  CHECK(text::mask("to jane.doe+x@mail.example.org, now") == "to [masked mail], now");
  CHECK(text::mask("<a@b.co>") == "<[masked mail]>");
  CHECK(kept("icon@2x.png"));
  CHECK(kept("getty@tty1.service"));
  CHECK(kept("@app.route(\"/\")"));
  CHECK(kept("left-pad@1.3.0"));
  CHECK(kept("a @ b.c"));
  CHECK(kept("user@localhost"));
}

TEST_CASE("ids, versions and ordinary words are not masked") {
  for (const char* text : {"commit 9158937aa2c4d5e6f708192a3b4c5d6e7f809162",
                           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                           "550e8400-e29b-41d4-a716-446655440000",
                           "version 1.2.3-rc.4+build.567",
                           "2026-11-22T15:33:53.123456Z",
                           "the password is required",
                           "unexpected token: identifier",
                           "invalid token: expected ')'",
                           "max_tokens: 4096",
                           "secretary: Jane",
                           "password: str = None",
                           "token: string",
                           "Basic authentication failed",
                           "bearer of bad news",
                           "the key is under the mat",
                           "sk-learn",
                           "eyJ is how they begin",
                           "tokenizer=fast",
                           "passwords: 3",
                           "author: Jane",
                           "authentication=none",
                           "PASSWORD=${PASSWORD}",
                           "password=$DB_PASSWORD",
                           "password=<password>",
                           "password: ********",
                           "if password == other:",
                           "monkey=banana",
                           "keyboard: us",
                           "127.0.0.1:8080",
                           "127.0.0.1 - - [22/Nov/2026:15:33:53 +0000] \"GET / HTTP/1.1\" 200 612",
                           "src/token.py:12:3: error"}) {
    INFO(text);
    CHECK(text::mask(text) == text);
  }
}

TEST_CASE("masking twice is masking once") {
  for (const std::string& text : {std::string("password=hunter2 jane@mail.example.org 4111111111111111"),
                                  "Authorization: Bearer " + noise(30), std::string("https://a:b@c.example")}) {
    CHECK(text::mask(text::mask(text)) == text::mask(text));
  }
}

TEST_CASE("a given secret is masked in every form it may take") {
  text::Masker masker;
  masker.add_secret("s3cr3t/v+lue\"x");
  CHECK(masker.mask("a s3cr3t/v+lue\"x b") == "a [masked] b");
  CHECK(masker.mask("u=s3cr3t%2Fv%2Blue%22x&") == "u=[masked]&");
  CHECK(masker.mask("u=s3cr3t%2fv%2blue%22x&") == "u=[masked]&");
  CHECK(masker.mask("{\"k\": \"s3cr3t/v+lue\\\"x\"}") == "{\"k\": \"[masked]\"}");
  // base64 of the value alone, and behind "user:" and "us:" (every alignment)
  CHECK(masker.mask("czNjcjN0L3YrbHVlIng=").find("czNjcjN0L3YrbHVl") == std::string::npos);
  CHECK(masker
            .mask("dXNlcjpzM2NyM3Qvdits"
                  "dWUieA==")
            .find("M2NyM3Qvdits") == std::string::npos);
  CHECK(masker.mask("dXM6czNjcjN0L3YrbHVlIng=").find("czNjcjN0") == std::string::npos);
}

TEST_CASE("secrets that overlap leave nothing of either") {
  text::Masker masker;
  masker.add_secret("abcdef-123");
  masker.add_secret("123-uvwxyz");
  CHECK(masker.mask("abcdef-123-uvwxyz!") == "[masked]!");
  masker.add_secret("short");  // too short to be told from words
  CHECK(masker.mask("short") == "short");
}

TEST_CASE("hostile text is masked in linear time") {
  const auto start = std::chrono::steady_clock::now();
  for (const char* part : {"eyJ", "eyJaaaaaaaa.", "a@", "://", "4111 ", "password=", "password=${", "password=[masked",
                           "-----BEGIN ", "ghp_", "%3D", "a.b-c_", "\\\""}) {
    std::string text;
    while (text.size() < 300'000) text += part;
    CHECK(text::mask(text).size() <= 3 * text.size());
  }
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(30));  // quadratic would be hours
}

TEST_CASE("bytes that are no text pass through unharmed") {
  CHECK(kept(std::string("\0\xff\x80 a", 5)));
  CHECK(text::mask("\xff password=x\xff\xfe y") == "\xff password=[masked] y");
}
