#!/usr/bin/env python3
"""Writes the dashboards: deploy/grafana/source/make.py [FOLDER]; by default into deploy/grafana/dashboards."""

import json
import pathlib
import sys

import control_plane
import fleet
import sweep
import trust

folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent / "dashboards")
folder.mkdir(parents=True, exist_ok=True)
for made in (sweep.DASHBOARD, fleet.DASHBOARD, trust.DASHBOARD, control_plane.DASHBOARD):
    text = json.dumps(made, indent=2, ensure_ascii=False)
    (folder / f"{made['uid']}.json").write_text(text + "\n", encoding="utf-8")
