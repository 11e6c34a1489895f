// The C++ SDK, header only. A step is a class and one macro:
//
//   class TrailingSpace {
//    public:
//     TrailingSpace(sdk::Run& run, const json::Value& configuration);   // or a static open() that may fail
//     Result<sdk::Outcome> run();                                       // resumes from the checkpoint
//     // optional: Result<sdk::Outcome> command(std::string_view name, const json::Value& arguments);  // a list
//     //           Result<void> migrate(std::uint32_t checkpoint_schema, std::uint32_t memory_schema,
//     sdk::Transaction&);
//     //           Result<bool> reconcile(std::string_view key, const json::Value& request);
//   };
//   DAYDREAM_PLUGIN(TrailingSpace, daydream::kStepDescriptor);
//
// Both `run` and the configuration live longer than the step: keep references to them. Errors are
// values; an exception that escapes is explained and answers DD_PERMANENT.
#pragma once

#include "daydream/sdk/files.hpp"
#include "daydream/sdk/finding.hpp"
#include "daydream/sdk/http.hpp"
#include "daydream/sdk/plugin.hpp"
#include "daydream/sdk/run.hpp"
#include "daydream/sdk/state.hpp"
#include "daydream/sdk/transaction.hpp"
