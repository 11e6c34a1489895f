// Records what a traced program and all of its children do to one folder, in order, with data.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "crash/disk.hpp"
#include "crash/tracer.hpp"

namespace daydream::crash {

// One run on a folder: the disk before it, and what was done to it.
struct Recording {
  Disk before;  // holds the nodes that the operations make too, without a name
  std::vector<Operation> operations;
};

class Recorder : public Observer {
 public:
  // Looks at the folder now; files of it named in `aside` (paths inside it) are left out.
  explicit Recorder(std::filesystem::path folder, std::vector<std::string> aside = {});

  void made(pid_t thread, const Call& call, const Registers& registers) override;
  // What was recorded. Fails the test where the operations do not lead to what lies in the folder now: then a call
  // was not seen. Files that match `unseen` (written through memory) are compared by name alone.
  Recording finish(const std::function<bool(const std::string&)>& unseen);

 private:
  struct Place {
    NodeId folder;
    std::string name, path;  // path: as the tracer reaches it
  };
  void wrote(pid_t thread, unsigned long descriptor, long count, long offset);
  void opened(pid_t thread, const Registers& registers, const std::string& name);
  void resized(pid_t thread, const Registers& registers, const std::string& name);
  void synced(pid_t thread, const Registers& registers, const std::string& name);
  void named(pid_t thread, const Registers& registers, const std::string& name);
  void remoded(pid_t thread, const Registers& registers, const std::string& name);
  std::optional<Place> place(pid_t thread, long directory, unsigned long text) const;
  std::optional<NodeId> node_of(const std::string& path, bool follow) const;
  std::optional<NodeId> node_at(const Place& place) const;
  NodeId make_node(const std::string& path);
  void enter(const Place& at, bool new_node);
  void leave(const Place& at);
  void forget(NodeId node);
  void move(const Place& from, const Place& to);
  void add(Operation operation, NodeId about);

  std::filesystem::path folder_;
  std::vector<std::string> aside_;
  Inodes inodes_;
  Disk before_, now_;
  std::vector<Operation> operations_;
  Who who_ = Who::kOther;
  std::string call_;
};

}  // namespace daydream::crash
