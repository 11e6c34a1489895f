// What a repository holds for the steps: logs, task lists, documentation, owners, Sentry's configuration. Pure.
#pragma once

#include <string>
#include <vector>

#include "init/survey.hpp"

namespace daydream::init {

struct Logs {
  std::vector<std::string> here;       // files and folders that log_review reads by itself
  std::vector<std::string> elsewhere;  // absolute folders that the repository's files name: "/var/log/shop"
  std::string elsewhere_why;
  std::vector<std::string> units;  // names of services whose unit files are in the repository
  std::string units_why;
  std::string compose;  // compose.yaml
};
Logs logs_of(const Survey& survey);

struct Tasks {
  std::vector<std::string> lists;   // that task_cleanup reads by itself
  std::vector<std::string> others;  // lists by their look, under names it does not know
};
Tasks tasks_of(const Survey& survey);

struct Documentation {
  std::size_t pages = 0;
  std::string generator;              // mkdocs.yml
  std::vector<std::string> api;       // openapi.yaml
  std::vector<std::string> examples;  // .env.example
};
Documentation documentation_of(const Survey& survey);

struct Owners {
  std::string rule;  // place of the line that decides about `path`
  std::string names;
  std::string file;  // the CODEOWNERS file; "" = none
};
// Of a file of ours, as the forge reads it: the last line that matches.
Owners owners_of(const Survey& survey, const std::string& path);

// Never a token: where one lies is all that is said.
struct Sentry {
  std::string organization, url;
  std::vector<std::string> projects;
  std::string configured;   // place that says the organisation
  std::string used;         // place where the SDK is started or the DSN read
  std::string token_place;  // a tracked file that holds a token
};
Sentry sentry_of(const Survey& survey);
// A server anybody can know: it and no other may get the token without a person having said so.
bool is_public_sentry(const std::string& url);

}  // namespace daydream::init
