// What a step may reach, from the manifest: its hosts, and the values of the secrets it names. Values go to the
// broker alone.
#pragma once

#include "broker/policy.hpp"
#include "manifest/pipeline.hpp"

namespace daydream::pipeline {

broker::Policy network_policy(const manifest::Pipeline& pipeline, const manifest::Step& step);

}  // namespace daydream::pipeline
