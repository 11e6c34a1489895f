#!/usr/bin/env python3
"""Calls `scripts/daydream run`, for those who have this older command in their crontab."""
import os
import sys

script = os.path.join(os.path.dirname(os.path.realpath(__file__)), "daydream")
os.execv(script, [script, "run"] + sys.argv[1:])
