"""A built wheel carries everything the pages need: installed elsewhere, it serves them and asks nobody for anything."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from vialtrace import actions
from vialtrace.store import Machine
from vialtrace.web.application import STATIC

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
_FAR = re.compile(r"""(?:src|href|action)=["'](?:https?:)?//|@import|url\(["']?(?:https?:)?//""")


def test_no_page_style_or_script_names_another_server(client: TestClient) -> None:
    network = client.get("/api/v1/case").json()["networks"][0]["network_id"]
    for path in (
        "/",
        f"/network/{network}",
        "/sources",
        "/add",
        "/method",
        "/static/style.css",
        "/static/workbench.js",
    ):
        assert not _FAR.search(client.get(path).text), path


@pytest.mark.skipif(not (STATIC / "built" / "graph.js").is_file(), reason="the scripts are not bundled: make islands")
def test_a_wheel_installed_elsewhere_serves_a_page_with_its_assets(
    case_copy: Callable[[], Path], tmp_path: Path
) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT / "src", source / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    build = [
        *pip,
        "wheel",
        "--no-deps",
        "--no-build-isolation",
        "--no-index",
        "--wheel-dir",
        str(tmp_path),
        str(source),
    ]
    subprocess.run(build, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("vialtrace-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    carried = ("style.css", "workbench.js", "icon.svg", "built/graph.js", "built/LICENSES.txt")
    assert {f"vialtrace/web/static/{name}" for name in carried} <= set(names)
    assert "vialtrace/web/templates/overview.html.j2" in names
    assert not [name for name in names if name.startswith(("tests/", "bench/", "docs/", "islands/"))]

    # Another environment; of this one only what vialtrace depends on is lent to it.
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run(
        [*pip, "--python", str(python), "install", "--no-deps", "--no-index", str(wheel)],
        check=True,
        capture_output=True,
    )
    lent = Path(
        subprocess.run(
            [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout.strip()
    )
    (lent / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"COLUMNS": "300"}
    asked = (
        "import sys, urllib.request, http.cookiejar, vialtrace;"
        "assert vialtrace.__file__.startswith(sys.prefix), vialtrace.__file__;"
        "ask = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())).open;"
        "base = sys.argv[1].partition('/?')[0];"
        "page = ask(sys.argv[1]).read().decode(); assert '<h1' in page;"
        "network = base + '/network/' + sys.argv[2]; told = ask(network).read().decode();"
        "assert '/static/built/graph.js' in told;"
        "names = ('style.css', 'workbench.js', 'built/graph.js');"
        "print(*(len(ask(base + '/static/' + name).read()) for name in names))"
    )
    folder = case_copy()
    network = actions.case_told(folder, actions.Desk("x", machine=Machine(2.0, 1)))["networks"][0]["network_id"]
    served = subprocess.Popen(
        [tmp_path / "venv" / "bin" / "vialtrace", "serve", str(folder), "--no-browser", "--threads", "1"],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
        cwd=tmp_path,
    )
    try:
        assert served.stdout
        address = served.stdout.readline().strip()
        told = subprocess.run(
            [python, "-c", asked, address, network],
            check=False,
            capture_output=True,
            text=True,
            env=environment,
            cwd=tmp_path,
        )
    finally:
        served.terminate()
        served.wait(30)
        served.stdout.close()
    assert told.returncode == 0, told.stderr
    assert all(int(size) > 1_000 for size in told.stdout.split())
