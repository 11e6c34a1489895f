#include "plugins/task_cleanup/rules/rule.hpp"
namespace daydream::tasks {
void find_priorities(const Subject&, std::vector<Proposal>&) {}
}  // namespace daydream::tasks
