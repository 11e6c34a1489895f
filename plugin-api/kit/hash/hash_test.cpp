#include "daydream/kit/hash.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace daydream;

TEST_CASE("SHA-256 is the one of FIPS 180") {
  CHECK(hash::sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(hash::sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(hash::sha256_hex(std::string(1'000'000, 'a')) ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("a hash made piece by piece is that of the whole") {
  hash::Sha256 pieces;
  for (const char c : std::string("abc")) pieces.update({&c, 1});
  pieces.update("");
  CHECK(pieces.finish() == hash::sha256("abc"));
  hash::Sha256 moved_from;
  moved_from.update("ab");
  hash::Sha256 moved_to = std::move(moved_from);
  moved_to.update("c");
  CHECK(moved_to.finish() == hash::sha256("abc"));
}

TEST_CASE("blob ids are those of git, in both formats") {
  CHECK(hash::git_blob_id("") == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
  CHECK(hash::git_blob_id("hello\n") == "ce013625030ba8dba906f756967f9e9ca394464a");
  CHECK(hash::git_blob_id("", hash::GitFormat::kSha256) ==
        "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813");
  CHECK(hash::git_blob_id(std::string("a\0b", 3)) != hash::git_blob_id("a"));
}

TEST_CASE("a token is the first sixteen digits of an id, and never 0") {
  CHECK(hash::token_of_blob_id("ce013625030ba8dba906f756967f9e9ca394464a") == 0xce013625030ba8dbULL);
  CHECK(hash::token_of_blob_id("CE013625030BA8DB") == 0xce013625030ba8dbULL);
  CHECK(hash::token_of_blob_id("00000000000000000001") != 0);
  CHECK(hash::token_of_blob_id("") != 0);
  CHECK(hash::token_of_blob_id("not hexadecimal") != 0);
}

TEST_CASE("hexadecimal digits are lower case, two a byte") {
  CHECK(hash::hex(std::string("\0\xff\x1a", 3)) == "00ff1a");
  CHECK(hash::hex("").empty());
}
