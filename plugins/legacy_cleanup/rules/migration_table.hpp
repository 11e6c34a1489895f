// Things that took the place of other things: the table of half-migration. Names carry their language:
// "py nose" and "js moment" are modules, "c++ boost::thread" is a name.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace daydream::legacy {

struct Migration {
  std::string_view old_api;
  std::array<std::string_view, 4> new_apis;  // any of them; "" = no more
};
inline constexpr std::array<Migration, 25> kMigrations{{
    {"py nose", {"py pytest"}},
    {"py mock", {"py unittest.mock"}},
    {"py pkg_resources", {"py importlib.metadata", "py importlib.resources"}},
    {"py optparse", {"py argparse"}},
    {"py imp", {"py importlib"}},
    {"py distutils.core", {"py setuptools"}},
    {"py toml", {"py tomllib", "py tomli"}},
    {"py asyncore", {"py asyncio"}},
    {"py pytz", {"py zoneinfo"}},
    {"js moment", {"js dayjs", "js date-fns", "js luxon"}},
    {"js request", {"js axios", "js got", "js node-fetch", "js undici"}},
    {"js enzyme", {"js @testing-library/react"}},
    {"js underscore", {"js lodash", "js lodash-es"}},
    {"js react-router-config", {"js react-router-dom"}},
    {"js mocha", {"js vitest", "js jest", "js @jest/globals"}},
    {"js chai", {"js vitest", "js @jest/globals"}},
    {"js ava", {"js vitest", "js @jest/globals"}},
    {"js tape", {"js node:test", "js vitest"}},
    {"js tap", {"js node:test"}},
    {"js @material-ui/core", {"js @mui/material"}},
    {"c++ boost::shared_ptr", {"c++ std::shared_ptr"}},
    {"c++ boost::filesystem", {"c++ std::filesystem"}},
    {"c++ boost::optional", {"c++ std::optional"}},
    {"c++ boost::thread", {"c++ std::thread"}},
    {"c++ std::auto_ptr", {"c++ std::unique_ptr"}},
}};

bool in_migration_table(std::string_view api);
// Of C and C++: those of the table that stand in the text.
std::vector<std::string> apis_in(std::string_view content);

}  // namespace daydream::legacy
