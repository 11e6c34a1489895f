// "daydream.state/1", puts: each checks what it can here and copies it into the open transaction.
#pragma once

#include "daydream/state.h"

namespace daydream::worker {

dd_status put_checkpoint(dd_txn* txn, uint32_t schema, dd_bytes bytes) noexcept;
dd_status put_memory(dd_txn* txn, dd_bytes key, dd_bytes value) noexcept;
dd_status drop_memory(dd_txn* txn, dd_bytes key) noexcept;
dd_status put_output(dd_txn* txn, dd_text name, dd_text json) noexcept;
dd_status put_metric(dd_txn* txn, dd_text name, double value) noexcept;
dd_status put_finding(dd_txn* txn, dd_text json, uint64_t* number) noexcept;
dd_status put_file(dd_txn* txn, dd_text name, dd_bytes bytes) noexcept;

}  // namespace daydream::worker
