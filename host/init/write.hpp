// What was found -> the manifest's text, each value with its reason, and the same reasons for people. Pure and
// deterministic: what changes from call to call (times) is said to people only. Foreign names are escaped.
#pragma once

#include <string>
#include <vector>

#include "init/facts.hpp"
#include "init/plan.hpp"
#include "init/trial.hpp"
#include "manifest/pipeline.hpp"

namespace daydream::init {

struct Facts {
  bool under_git = false;
  std::vector<Language> languages;
  std::vector<Plan> plans;
  Trials trials;
  Logs logs;
  Tasks tasks;
  Documentation documentation;
  Owners owners;
  Sentry sentry;
};

struct Choice {
  std::string what;                // "verify"
  std::vector<std::string> words;  // the choice, then why
};

struct Written {
  std::string manifest;
  std::vector<Choice> choices;
};

// `steps`: those of the shipped pipeline, in order.
Written write(const Facts& facts, const std::vector<manifest::Step>& steps);

// Inside init/ only.
struct Piece {
  std::vector<std::string> comments;  // without the slashes
  std::string member;                 // "" = comments alone
};
// {"id": ..., "plugin": ...} with what the repository gives reason for.
Piece step_piece(const Facts& facts, const manifest::Step& step, Choice& choice);
// "secrets" and "hosts", where Sentry's configuration is known and public.
std::vector<Piece> sentry_pieces(const Facts& facts);
std::string json_string(std::string_view text);
std::string json_strings(const std::vector<std::string>& words);
// "a, b and 3 more"
std::string some_of(const std::vector<std::string>& names, std::size_t most = 4);

}  // namespace daydream::init
