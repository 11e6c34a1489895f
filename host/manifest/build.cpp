#include "manifest/build.hpp"

#include <algorithm>
#include <cstdlib>

#include "base/zone.hpp"
#include "daydream/kit/text.hpp"
#include "manifest/names.hpp"

namespace daydream::manifest {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::string string_at(const Node& node) {
  return json::string_of(*node.value);
}

std::vector<std::string> strings_at(const Node& list) {
  std::vector<std::string> strings;
  strings.reserve(list.members.size());
  for (const Member& item : list.members) strings.push_back(json::string_of(*item.node.value));
  return strings;
}

// The list, or what stands in it when there is one to point at.
const Node& element(const Node& list, std::size_t i) {
  return i < list.members.size() ? list.members[i].node : list;
}

std::string in_quotes(const std::string& text) {
  return "\"" + text::escape_terminal(text::shorten(text, 80)) + "\"";
}

std::string did_you_mean(const std::string& word, const std::vector<std::string>& known) {
  const std::string near = text::nearest(word, known);
  return near.empty() ? "" : "; did you mean \"" + near + "\"?";
}

class Builder {
 public:
  Builder(const Tree& tree, Problems& problems) : root_(tree.root), problems_(problems) {}

  Pipeline build() {
    refuse_nul(root_);
    top_level();
    secrets();
    inputs();
    if (const Node* defaults = root_.find("defaults")) step_options(*defaults, defaults_);
    steps();
    hosts();
    return std::move(pipeline_);
  }

 private:
  static const Node* find(const Node* node, std::string_view key) {
    return node == nullptr ? nullptr : node->find(key);
  }

  // A NUL cuts strings short in half of the world's programs: none has a meaning here.
  void refuse_nul(const Node& node) {
    for (const Member& member : node.members) refuse_nul(member.node);
    if (node.kind != Node::Kind::kLeaf || !node.value->IsString()) return;
    if (json::string_of(*node.value).find('\0') != std::string::npos) {
      problems_.at(node, "contains a NUL character");
    }
  }

  void duration(const Node* node, Milliseconds least, Milliseconds most, Milliseconds& into) {
    if (node == nullptr) return;
    const auto parsed = json::parse_duration_ms(string_at(*node));
    if (!parsed) return problems_.at(*node, parsed.error().message());
    into = Milliseconds(*parsed);
    if (into < least || into > most) {
      problems_.at(*node, "expected " + human(least) + " to " + human(most) + ", got " + in_quotes(string_at(*node)));
    }
  }
  static std::string human(Milliseconds duration) {
    const auto count = duration.count();
    if (count % 86'400'000 == 0) return std::to_string(count / 86'400'000) + "d";
    if (count % 3'600'000 == 0) return std::to_string(count / 3'600'000) + "h";
    return count % 1000 == 0 ? std::to_string(count / 1000) + "s" : std::to_string(count) + "ms";
  }

  void size(const Node* node, std::uint64_t least, std::uint64_t most, std::uint64_t& into) {
    if (node == nullptr) return;
    const auto parsed = json::parse_size(string_at(*node));
    if (!parsed) return problems_.at(*node, parsed.error().message());
    into = *parsed;
    if (into < least || into > most) {
      problems_.at(*node, "expected " + std::to_string(least >> 20) + "MiB to " + std::to_string(most >> 20) +
                              "MiB, got " + in_quotes(string_at(*node)));
    }
  }

  void command(const Node* node, bool may_be_empty, std::vector<std::string>& into) {
    if (node == nullptr) return;
    into = strings_at(*node);
    check_command(*node, into, may_be_empty);
  }
  void check_command(const Node& node, const std::vector<std::string>& words, bool may_be_empty) {
    if (words.empty() ? !may_be_empty : words.front().empty()) {
      problems_.at(node, "expected a program and its arguments, as [\"make\", \"test\"]");
    }
  }

  void top_level() {
    if (const Node* node = root_.find("mode")) {
      if (auto mode = mode_of(string_at(*node))) pipeline_.mode = *mode;
    }
    if (const Node* node = root_.find("base")) base(*node);
    Milliseconds retention{hours(24 * pipeline_.retention_days)};
    duration(root_.find("retention"), hours(24), hours(24 * 3650), retention);
    pipeline_.retention_days = static_cast<int>(retention / hours(24));
    const Node* verify = root_.find("verify");
    command(find(verify, "command"), true, pipeline_.verify.command);
    duration(find(verify, "timeout"), seconds(1), hours(24), pipeline_.verify.timeout);
    workspace(root_.find("workspace"));
    schedule(root_.find("schedule"));
  }

  void base(const Node& node) {
    pipeline_.base = string_at(node);
    const bool control = std::any_of(pipeline_.base.begin(), pipeline_.base.end(),
                                     [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
    if (control || pipeline_.base.starts_with('-')) {
      problems_.at(node, "expected a revision git knows, as HEAD or origin/main; got " + in_quotes(pipeline_.base));
    }
  }

  void workspace(const Node* node) {
    if (const Node* link = find(node, "link")) {
      pipeline_.workspace.link = strings_at(*link);
      for (std::size_t i = 0; i < pipeline_.workspace.link.size(); ++i) {
        if (is_inner_path(pipeline_.workspace.link[i])) continue;
        problems_.at(element(*link, i),
                     "expected a path inside the repository, as .venv; got " + in_quotes(pipeline_.workspace.link[i]));
      }
    }
    if (const Node* setup = find(node, "setup")) {
      for (const Member& command : setup->members) {
        pipeline_.workspace.setup.push_back(strings_at(command.node));
        check_command(command.node, pipeline_.workspace.setup.back(), false);
      }
    }
    duration(find(node, "setup_timeout"), seconds(1), hours(24), pipeline_.workspace.setup_timeout);
  }

  void schedule(const Node* node) {
    if (const Node* at = find(node, "at")) {
      pipeline_.schedule.at = string_at(*at);
      if (!is_wall_time(pipeline_.schedule.at)) {
        problems_.at(*at, "expected HH:MM from 00:00 to 23:59, got " + in_quotes(pipeline_.schedule.at));
      }
    }
    if (const Node* zone = find(node, "zone")) {
      pipeline_.schedule.zone = string_at(*zone);
      if (pipeline_.schedule.zone.empty()) return;
      if (const auto known = zone::check(pipeline_.schedule.zone); !known) problems_.at(*zone, known.error().message());
    }
  }

  void secrets() {
    const Node* node = root_.find("secrets");
    if (node == nullptr) return;
    for (const Member& member : node->members) {
      if (!is_variable_name(member.key)) {
        problems_.at_key(member.node, "expected a name of letters, digits and _, as SENTRY_AUTH_TOKEN");
      }
      pipeline_.secrets[member.key] = secret(member.node);
    }
  }

  Secret secret(const Node& node) {
    Secret secret;
    const Node* environment = node.find("env");
    const Node* file = node.find("file");
    if ((environment == nullptr) == (file == nullptr)) {
      problems_.at(node, environment == nullptr ? "expected \"env\" or \"file\": where the secret comes from"
                                                : "expected either \"env\" or \"file\", not both");
    }
    if (environment != nullptr) {
      secret.environment = string_at(*environment);
      if (!is_variable_name(secret.environment)) {
        problems_.at(*environment, "expected the name of an environment variable, not a value");
      }
    }
    if (file != nullptr) secret.file = absolute(*file, string_at(*file));
    const Node* hosts = node.find("hosts");
    if (hosts != nullptr) secret.hosts = host_patterns(*hosts);
    if (secret.hosts.empty()) {
      problems_.at(hosts != nullptr ? *hosts : node, "expected \"hosts\": which hosts may see the secret");
    }
    for (std::size_t i = 0; i < secret.hosts.size(); ++i) {
      if (secret.hosts[i] != "*") continue;
      problems_.at(element(*hosts, i), "a secret is never sent to any host there is: name them");
    }
    return secret;
  }

  std::vector<std::string> host_patterns(const Node& node) {
    auto patterns = strings_at(node);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      if (is_host_pattern(patterns[i])) {
        patterns[i] = text::to_lower_ascii(patterns[i]);
        continue;
      }
      problems_.at(element(node, i),
                   "expected a host name (sentry.io), a host with its port (localhost:8000), *.suffix or *; got " +
                       in_quotes(patterns[i]));
    }
    return patterns;
  }

  // Relative to the file that says it; "~/" is the home directory.
  std::string absolute(const Node& node, const std::string& path) {
    if (path.starts_with("~/")) {
      const char* home = std::getenv("HOME");
      if (home == nullptr || *home != '/') {
        problems_.at(node, "~/ has no meaning here: HOME is not set");
        return path;
      }
      return (Path(home) / path.substr(2)).lexically_normal().native();
    }
    return (node.file->path.parent_path() / path).lexically_normal().native();
  }

  void inputs() {
    const Node* node = root_.find("inputs");
    if (node == nullptr) return;
    for (const Member& member : node->members) {
      if (!is_step_id(member.key)) {
        problems_.at_key(member.node, "expected a name of lower-case letters, digits, _ and -");
      }
      Input& input = pipeline_.inputs[member.key];
      command(member.node.find("command"), false, input.command);
      duration(member.node.find("timeout"), seconds(1), hours(24), input.timeout);
      size(member.node.find("max"), std::uint64_t{1} << 10, std::uint64_t{16} << 30, input.max_bytes);
    }
  }

  // What `defaults` and a step have in common.
  void step_options(const Node& node, Step& into) {
    duration(node.find("timeout"), seconds(1), hours(24 * 7), into.timeout);
    duration(node.find("idle_timeout"), seconds(1), hours(24 * 7), into.idle_timeout);
    if (const Node* attempts = node.find("max_attempts")) into.max_attempts = attempts->value->GetInt();
    if (const Node* reaction = node.find("on_failure")) {
      into.on_failure = string_at(*reaction) == "continue" ? OnFailure::kContinue : OnFailure::kStop;
    }
    const Node* limits = node.find("limits");
    size(find(limits, "memory"), std::uint64_t{32} << 20, std::uint64_t{1} << 40, into.limits.memory_bytes);
    duration(find(limits, "cpu"), seconds(1), hours(24 * 7), into.limits.cpu);
    if (const Node* files = find(limits, "open_files")) into.limits.open_files = files->value->GetUint64();
  }

  void steps() {
    const Node* node = root_.find("steps");
    if (node == nullptr || node->members.empty()) {
      return problems_.at(node != nullptr ? *node : root_,
                          "expected \"steps\": a pipeline has one step at least; \"extends\": [\"daydream\"] has "
                          "the steps that come with the program");
    }
    for (const Member& member : node->members) pipeline_.steps.push_back(step(member));
  }

  Step step(const Member& member) {
    const Node& node = member.node;
    Step step = defaults_;
    step.id = member.key;
    if (!is_step_id(step.id)) {
      problems_.at(node, "expected lower-case letters, digits, _ and -, a letter first; got " + in_quotes(step.id),
                   "/id");
    }
    step_options(node, step);
    plugin(node, step);
    turn(node, step);
    step.config_pointer = "/steps/" + std::to_string(pipeline_.steps.size()) + "/config";
    if (const Node* config = node.find("config")) step.config = to_json(*config);
    if (const Node* names = node.find("secrets")) step_secrets(*names, step);
    if (const Node* paths = node.find("paths")) step_paths(*paths, step);
    return step;
  }

  // A text, or a list of them.
  static std::vector<std::string> one_or_more(const Node& node) {
    return node.kind == Node::Kind::kLeaf ? std::vector<std::string>{string_at(node)} : strings_at(node);
  }

  static void turn(const Node& node, Step& step) {
    if (const Node* anchor = node.find("after")) step.after = one_or_more(*anchor);
    if (const Node* every = node.find("every")) {
      const std::string word = string_at(*every);
      step.every = word == "day" ? Every::kDay : word == "week" ? Every::kWeek : Every::kMonth;
    }
    const Node* when = node.find("when");
    if (when == nullptr) return;
    if (const Node* globs = when->find("changed")) {
      step.when = {When::Kind::kChanged, one_or_more(*globs)};
      return;
    }
    const std::string word = string_at(*when);
    step.when.kind = word == "always"    ? When::Kind::kAlways
                     : word == "success" ? When::Kind::kSuccess
                                         : When::Kind::kFailure;
  }

  void plugin(const Node& node, Step& step) {
    if (const Node* pin = node.find("sha256")) {
      step.sha256 = string_at(*pin);
      if (!is_sha256(step.sha256)) {
        problems_.at(*pin, "expected 64 lower-case hexadecimal digits: daydream plugins info prints them");
      }
    }
    const Node* plugin = node.find("plugin");
    if (plugin == nullptr) {
      const std::string example = is_plugin_name(step.id) ? step.id : "legacy_cleanup";
      return problems_.at(node,
                          "expected \"plugin\": the name of an installed plugin, or the path of one, as in "
                          "\"plugin\": " +
                              in_quotes(example));
    }
    step.plugin = string_at(*plugin);
    step.plugin_is_path = is_plugin_path(step.plugin);
    if (step.plugin_is_path) {
      step.plugin = absolute(*plugin, step.plugin);
    } else if (!is_plugin_name(step.plugin)) {
      problems_.at(*plugin,
                   "expected the name of an installed plugin (legacy_cleanup) or a path (./steps/own.so); got " +
                       in_quotes(step.plugin));
    }
  }

  void step_secrets(const Node& names, Step& step) {
    step.secrets = strings_at(names);
    std::vector<std::string> known;
    for (const auto& [name, secret] : pipeline_.secrets) known.push_back(name);
    for (std::size_t i = 0; i < step.secrets.size(); ++i) {
      if (std::find(step.secrets.begin(), step.secrets.begin() + static_cast<std::ptrdiff_t>(i), step.secrets[i]) !=
          step.secrets.begin() + static_cast<std::ptrdiff_t>(i)) {
        problems_.at(element(names, i), "named twice");
      }
      if (pipeline_.secrets.contains(step.secrets[i])) continue;
      problems_.at(element(names, i), "no secret " + in_quotes(step.secrets[i]) + " in \"secrets\"" +
                                          did_you_mean(step.secrets[i], known));
    }
  }

  void step_paths(const Node& paths, Step& step) {
    for (const Member& written : paths.members) {
      step.paths.push_back(absolute(written.node, string_at(written.node)));
      if (step.paths.back() == "/") problems_.at(written.node, "expected a file or folder, not the whole machine");
    }
  }

  void hosts() {
    const Node* node = root_.find("hosts");
    if (node == nullptr) return;
    std::vector<std::string> ids;
    for (const Step& step : pipeline_.steps) ids.push_back(step.id);
    for (const Member& member : node->members) {
      if (std::find(ids.begin(), ids.end(), member.key) == ids.end()) {
        problems_.at_key(member.node, "no step " + in_quotes(member.key) + did_you_mean(member.key, ids));
      }
      pipeline_.hosts[member.key] = host_patterns(member.node);
    }
  }

  const Node& root_;
  Problems& problems_;
  Pipeline pipeline_;
  Step defaults_;
};

}  // namespace

Pipeline build(const Tree& tree, Problems& problems) {
  return Builder(tree, problems).build();
}

}  // namespace daydream::manifest
