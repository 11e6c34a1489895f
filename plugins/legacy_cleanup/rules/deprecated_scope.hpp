// Which files deprecated-pattern looks into at all, told by path and tokens: cheap, before any parse.
#pragma once

#include <string_view>

#include "plugins/legacy_cleanup/subject.hpp"

namespace daydream::legacy {

// A class of collections.abc.
bool is_abstract(std::string_view name);
// Folders of data and of other people's code: their age is their point, or not ours.
bool left_alone(std::string_view path);
bool generated(const source::python::Lexed& lexed);
// It speaks to Python 2 whatever its project says: it may be sent elsewhere to run.
bool speaks_to_python2(const source::python::Lexed& lexed);
// A comment that says no more than "this file is UTF-8", in one of the forms that Python reads.
bool utf8_cookie(std::string_view comment);
// By tokens alone: is a parse worth its time? False only where the rule has nothing to say on any Python.
bool may_hold_one(const source::python::Lexed& lexed);

}  // namespace daydream::legacy
