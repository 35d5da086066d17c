"""Panels and dashboards as Grafana's JSON: what all panels share is said once, here."""

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
WIDTH = 24

# Colours that mean the same on every dashboard.
GOOD, WARN, BAD = "green", "orange", "red"


def query(expr, legend="", instant=False, table=False):
    return {
        "expr": expr,
        "legendFormat": legend or "__auto",
        "instant": instant,
        "range": not instant,
        "format": "table" if table else "time_series",
    }


def steps(*bounds):
    """Green below the first bound, orange from it on, red from the second: steps(0.01, 0.05)."""
    levels = [{"value": None, "color": GOOD}]
    levels += [{"value": v, "color": c} for v, c in zip(bounds, (WARN, BAD))]
    return {"mode": "absolute", "steps": levels}


def link(title, dashboard, **variables):
    """A link from a series to another dashboard that hands over labels: link("The node", "layerbench-fleet", node="node")."""
    passed = "".join(f"&var-{name}=${{__field.labels.{label}}}" for name, label in variables.items())
    return {
        "title": title,
        "url": f"/d/{dashboard}?${{__url_time_range}}&var-datasource=${{datasource}}{passed}",
        "targetBlank": False,
    }


def _panel(kind, title, unit, queries, description, size, thresholds, links, options, custom, more):
    defaults = {"unit": unit, "links": links or [], "custom": custom}
    defaults["thresholds"] = thresholds or steps()
    defaults["color"] = {"mode": "thresholds" if kind in ("stat", "gauge", "bargauge") else "palette-classic"}
    defaults.update(more or {})
    return {
        "type": kind,
        "title": title,
        "description": description,
        "datasource": SOURCE,
        "size": size,
        "targets": [dict(q, refId=chr(ord("A") + i), datasource=SOURCE) for i, q in enumerate(queries)],
        "fieldConfig": {"defaults": defaults, "overrides": []},
        "options": options,
        "transparent": False,
    }


def stat(title, unit, expr, description, legend="", thresholds=None, links=None, size=(6, 4), more=None):
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"], "values": False, "fields": ""},
        "orientation": "auto",
        "textMode": "auto",
        "wideLayout": True,
        "colorMode": "value",
        "graphMode": "area",
        "justifyMode": "auto",
        "showPercentChange": False,
        "percentChangeColorMode": "standard",
    }
    return _panel("stat", title, unit, [query(expr, legend)], description, size, thresholds, links, options, {}, more)


def bars(title, unit, expr, description, legend, thresholds=None, links=None, size=(12, 8), more=None):
    options = {
        "reduceOptions": {"calcs": ["lastNotNull"], "values": False, "fields": ""},
        "orientation": "horizontal",
        "displayMode": "basic",
        "valueMode": "color",
        "namePlacement": "auto",
        "showUnfilled": True,
        "sizing": "auto",
        "minVizWidth": 8,
        "minVizHeight": 16,
        "maxVizHeight": 300,
        "legend": {"showLegend": False, "displayMode": "list", "placement": "bottom", "calcs": []},
    }
    queries = [query(expr, legend, instant=True)]
    return _panel("bargauge", title, unit, queries, description, size, thresholds, links, options, {}, more)


def lines(title, unit, queries, description, stacked=False, thresholds=None, links=None, size=(12, 8), more=None):
    """queries: [(expression, legend), ...]"""
    custom = {
        "drawStyle": "line",
        "lineInterpolation": "linear",
        "lineWidth": 1,
        "fillOpacity": 30 if stacked else 5,
        "showPoints": "never",
        "spanNulls": False,
        "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
        "axisPlacement": "auto",
        "thresholdsStyle": {"mode": "dashed" if thresholds else "off"},
    }
    options = {
        "legend": {"showLegend": True, "displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    }
    asked = [query(expr, legend) for expr, legend in queries]
    return _panel("timeseries", title, unit, asked, description, size, thresholds, links, options, custom, more)


def table(title, unit, expr, description, shown, links=None, thresholds=None, size=(12, 8)):
    """shown: {label: heading}, in order; the value is the last column, `Value` unless named there."""
    custom = {"align": "auto", "cellOptions": {"type": "auto"}, "inspect": False, "filterable": True}
    options = {"frameIndex": 0, "showHeader": True, "cellHeight": "sm", "enablePagination": False}
    made = _panel(
        "table", title, unit, [query(expr, instant=True, table=True)], description, size, thresholds, links, options, custom, None
    )
    made["transformations"] = [
        {
            "id": "organize",
            "options": {
                "excludeByName": {"Time": True},
                "indexByName": {name: i for i, name in enumerate(shown)},
                "renameByName": shown,
            },
        }
    ]
    return made


def row(title):
    return {"type": "row", "title": title}


def variable(name, label, values, description, several=True):
    return {
        "type": "query",
        "name": name,
        "label": label,
        "description": description,
        "datasource": SOURCE,
        "query": {"query": values, "refId": name},
        "refresh": 2,
        "sort": 1,
        "multi": several,
        "includeAll": several,
        "allValue": ".*" if several else None,
        "current": {"text": ["All"], "value": ["$__all"]} if several else {},
        "options": [],
        "hide": 0,
    }


def dashboard(uid, title, description, variables, panels):
    source = {
        "type": "datasource",
        "name": "datasource",
        "label": "Prometheus",
        "description": "Where the metrics are.",
        "query": "prometheus",
        "refresh": 1,
        "regex": "",
        "current": {"text": "default", "value": "default"},
        "options": [],
        "hide": 0,
    }
    return {
        "uid": uid,
        "title": f"layerbench / {title}",
        "description": description,
        "tags": ["layerbench"],
        "timezone": "browser",
        "editable": False,
        "graphTooltip": 1,
        "refresh": "15s",
        "schemaVersion": 41,
        "version": 1,
        "time": {"from": "now-1h", "to": "now"},
        "templating": {"list": [source, *variables]},
        "annotations": {"list": _events()},
        "links": [
            {
                "type": "dashboards",
                "title": "layerbench",
                "tags": ["layerbench"],
                "asDropdown": True,
                "includeVars": True,
                "keepTime": True,
                "targetBlank": False,
                "icon": "external link",
                "tooltip": "The other dashboards",
                "url": "",
            }
        ],
        "panels": list(_laid_out(panels)),
    }


def _events():
    """Kills and deploys as marks on every panel; an event is marked for two minutes."""
    ours = '{job=~"layerbench-(silo|gateway)"}'
    lost = 'max by (node) (layerbench_devices{state="lost"}%s) > 0'
    down = f"max by (job, instance) (up{ours}%s) == 0"
    there = f"max by (job, instance) (up{ours}%s) == 1"
    marks = [
        (
            "Lost",
            BAD,
            f"({lost % ''} unless {lost % ' offset 2m'}) or ({down % ''} unless {down % ' offset 2m'})",
            "A node is not heard of, or a silo or gateway does not answer",
            "{{node}}{{job}} {{instance}}",
        ),
        (
            "Started",
            GOOD,
            f"max by (job, instance) (resets(dotnet_process_cpu_time_seconds_total{ours}[2m])) > 0"
            f" or ({there % ''} unless {there % ' offset 2m'})",
            "A silo or gateway was started",
            "{{job}} {{instance}}",
        ),
        (
            "Workers lost",
            BAD,
            "sum by (cause) (increase(layerbench_workers_lost_total[1m])) > 0",
            "A worker process ended before its work did",
            "{{cause}}",
        ),
        (
            "Deploys",
            "blue",
            "count by (version, commit) (layerbench_build_info) unless count by (version, commit) (layerbench_build_info offset 2m)",
            "A version that was not there two minutes before",
            "{{version}} {{commit}}",
        ),
    ]
    return [
        {
            "name": name,
            "datasource": SOURCE,
            "enable": True,
            "hide": False,
            "iconColor": colour,
            "target": {"refId": "Anno"},
            "expr": expr,
            "step": "30s",
            "titleFormat": title,
            "textFormat": text,
        }
        for name, colour, expr, title, text in marks
    ]


def _laid_out(panels):
    """Left to right, a new line where a panel does not fit; rows over the whole width."""
    x = y = tallest = 0
    for number, panel in enumerate(panels, start=1):
        if panel["type"] == "row":
            y, x, tallest = y + tallest, 0, 0
            yield dict(panel, id=number, collapsed=False, panels=[], gridPos={"x": 0, "y": y, "w": WIDTH, "h": 1})
            y += 1
            continue
        panel = dict(panel)
        width, height = panel.pop("size")
        if x + width > WIDTH:
            y, x, tallest = y + tallest, 0, 0
        yield dict(panel, id=number, gridPos={"x": x, "y": y, "w": width, "h": height})
        x, tallest = x + width, max(tallest, height)
