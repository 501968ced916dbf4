"""Charts drawn as SVG: the same bytes each time, readable in black and white, with a text beside them."""

from vialtrace.casefile.charts.chance import chance
from vialtrace.casefile.charts.link_chart import Link, LinkChart, Node, link_chart
from vialtrace.casefile.charts.route_map import Way, route_map
from vialtrace.casefile.charts.tile_map import REGIONS, tile_map
from vialtrace.casefile.charts.timeline import Lane, timeline

__all__ = [
    "REGIONS",
    "Lane",
    "Link",
    "LinkChart",
    "Node",
    "Way",
    "chance",
    "link_chart",
    "route_map",
    "tile_map",
    "timeline",
]
