// A small Python service in which each of the six steps has something to do, and knows how much.
#pragma once

#include <string>

#include "e2e/fixtures.hpp"

namespace daydream::e2e {

inline std::string json_event(const std::string& id, const std::string& title, const std::string& first,
                              const std::string& count) {
  return R"({"id": ")" + id + R"(", "shortId": "SHOP-)" + id + R"(", "title": ")" + title +
         R"(", "culprit": "shop.cart in total", "level": "error", "status": "unresolved", "count": ")" + count +
         R"(", "userCount": 3, "firstSeen": ")" + first +
         R"(", "lastSeen": "2026-11-22T02:00:00Z", "platform": "python", "project": {"id": "1", "slug": "shop"}})";
}

// 60 lines of one pattern, 20 of another, one error with its trace: 81 entries of tonight, one of last week.
inline std::string service_log() {
  std::string log = "2026-11-14 03:00:00,000 INFO shop.cart: started\n";
  char stamp[64];
  for (int i = 0; i < 60; ++i) {
    std::snprintf(stamp, sizeof stamp, "2026-11-21 12:%02d:10,%03d", i, i);
    log += std::string(stamp) + " INFO shop.cart: cart " + std::to_string(1000 + 37 * i) + " has " +
           std::to_string(i % 7) + " items\n";
  }
  for (int i = 0; i < 20; ++i) {
    std::snprintf(stamp, sizeof stamp, "2026-11-21 14:%02d:00,000", i);
    log += std::string(stamp) + " WARNING shop.db: slow query took " + std::to_string(800 + i) + " ms\n";
  }
  log +=
      "2026-11-21 15:00:00,000 ERROR shop.cart: cannot total the cart 4711\n"
      "Traceback (most recent call last):\n"
      "  File \"/srv/shop/shop/cart.py\", line 9, in total\n"
      "    return sum(line[\"price\"] for line in lines)\n"
      "KeyError: 'price'\n";
  return log;
}

inline void service_project(World& world) {
  world.init_git();
  world.write("shop/__init__.py", "");
  world.write("shop/cart.py",
              "import logging\nimport os\nimport sys\n\nlog = logging.getLogger(\"shop.cart\")\n\n\n"
              "def total(lines):\n    return sum(line[\"price\"] for line in lines)\n\n\n"
              "def show(cart, items):\n    log.info(\"cart %s has %d items\", cart, items)\n"
              "    return sys.getsizeof(items)\n");
  world.write("docs/guide.md", "# Guide\n\nSee [the cart](../shop/cart.py) and [the old page](gone.md).\n");
  world.write("TODO.md", "# To do\n\n- [x] write the cart\n- [ ] write the till\n");
  world.write(".gitignore", "logs/\n");
  world.write("sentry/issues.json", "[" + json_event("1", "KeyError: 'price'", "2026-11-22T01:00:00Z", "12") + ",\n" +
                                        json_event("2", "TimeoutError", "2026-09-01T00:00:00Z", "40") + "]\n");
  world.commit("start", "2026-11-01T10:00:00Z");
  world.write("logs/app.log", service_log());
  world.manifest(R"({"manifest": 1, "extends": [")" CONFIG_DIRECTORY R"(/daydream.json"],
    "steps": [{"id": "sentry_review", "config": {"source": {"directory": "sentry"}}}]})");
}

}  // namespace daydream::e2e
