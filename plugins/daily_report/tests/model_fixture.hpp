// A model of a run as the host builds it: seven steps, of which one was skipped and one failed.
#pragma once

namespace daydream::daily_report::test {

// clang-format off
constexpr const char* kSixSteps = R"json({
  "schema_version": 1, "run_id": "2026-11-22", "date": "2026-11-22", "mode": "patch",
  "duration_ms": 3720000, "duration": "1 h 02 min", "resumed": 0,
  "summary": {"completed": 5, "total": 7, "issues": 3, "others": [
    {"id": "sentry_review", "status": "skipped"}, {"id": "task_cleanup", "status": "failed"}]},
  "steps": [
    {"number": 1, "id": "team_lint", "status": "completed", "role": "step", "title": "Team Lint", "lines": [
      {"text": "Looked at {n} files", "metric": "files", "count": 7, "would": 0, "rendered": "Looked at 7 files",
       "items": []}]},
    {"number": 2, "id": "legacy_cleanup", "status": "completed", "role": "step", "title": "Legacy Code Cleanup",
     "lines": [
      {"text": "Removed {n} dead code blocks", "rules": ["unused-import", "unused-variable", "commented-out-code"],
       "actions": ["applied"], "count": 3, "would": 1,
       "rendered": "Removed 3 dead code blocks (1 of them would be: mode patch does not do it)",
       "items": ["unused-import-1", "unused-variable-1", "commented-out-code-1"]},
      {"text": "Cleaned {n} deprecated patterns", "rules": ["deprecated-pattern"], "actions": ["applied"],
       "count": 0, "would": 0, "rendered": "Cleaned 0 deprecated patterns", "items": []}]},
    {"number": 3, "id": "log_review", "status": "completed", "role": "step", "title": "Log Analysis", "lines": [
      {"text": "Analyzed {n} log entries", "metric": "lines", "count": 120345, "would": 0,
       "rendered": "Analyzed 120345 log entries", "items": []},
      {"text": "Found {n} recurring patterns", "rules": ["log-new-pattern"], "actions": ["reported"], "count": 0,
       "would": 0, "rendered": "Found 0 recurring patterns", "items": []},
      {"text": "Flagged {n} anomalies", "rules": ["log-anomaly"], "actions": ["reported"], "count": 1, "would": 0,
       "rendered": "Flagged 1 anomalies", "items": ["log-anomaly-1"]}]},
    {"number": 4, "id": "sentry_review", "status": "skipped", "role": "step", "title": "Sentry Review",
     "code": "not-configured", "message": "no organization is configured", "lines": []},
    {"number": 5, "id": "task_cleanup", "status": "failed", "role": "step", "title": "Task Management",
     "message": "tasks.md is a folder", "lines": []},
    {"number": 6, "id": "docs_update", "status": "completed", "role": "step", "title": "Documentation", "lines": [
      {"text": "Updated {n} files", "metric": "updated", "count": 0, "would": 0, "rendered": "Updated 0 files",
       "items": []},
      {"text": "Verified {n} links", "metric": "links", "count": 12.5, "would": 0, "rendered": "Verified 12.50 links",
       "items": []}]},
    {"number": 7, "id": "daily_report", "status": "completed", "role": "report", "title": "", "lines": []}],
  "action_required": [
    {"text": "Step task_cleanup failed: tasks.md is a folder", "command": "daydream run", "severity": "error",
     "step": "task_cleanup", "findings": []}],
  "findings": [
    {"id": "unused-import-1", "step": "legacy_cleanup", "rule": "unused-import", "severity": "warning",
     "path": "src/a.py", "line": 3, "message": "os is imported but never used", "action": "applied",
     "commit": "1a2b3c4d5e6f7a8b9c", "would_apply": false, "note": ""},
    {"id": "unused-variable-1", "step": "legacy_cleanup", "rule": "unused-variable", "severity": "warning",
     "path": "src/b.py", "line": 9, "message": "x is assigned but never used", "action": "proposed", "commit": "",
     "would_apply": true, "note": ""},
    {"id": "commented-out-code-1", "step": "legacy_cleanup", "rule": "commented-out-code", "severity": "info",
     "path": "src/b.py", "line": 20, "message": "4 lines of code in comments", "action": "applied", "commit": "",
     "would_apply": false, "note": ""},
    {"id": "commented-out-code-2", "step": "legacy_cleanup", "rule": "commented-out-code", "severity": "info",
     "path": "src/c.py", "line": 1, "message": "2 lines of code in comments", "action": "declined", "commit": "",
     "would_apply": false, "note": ""},
    {"id": "log-anomaly-1", "step": "log_review", "rule": "log-anomaly", "severity": "error", "path": "", "line": 0,
     "message": "log line appears 900 times", "action": "reported", "commit": "", "would_apply": false,
     "note": "seen first tonight"}],
  "metrics": {"team_lint": {"files": 7}, "log_review": {"lines": 120345}, "docs_update": {"links": 12.5, "updated": 0}},
  "notices": ["the kernel cannot confine workers"],
  "night": {"ref": "", "commits": []}})json";
// clang-format on

}  // namespace daydream::daily_report::test
