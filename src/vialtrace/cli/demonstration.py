"""The demonstration: a simulated case from files to case file, every step said as it is taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from vialtrace import actions
from vialtrace.actions import Desk
from vialtrace.cli import screen, telling
from vialtrace.errors import BadInput
from vialtrace.store import Settings, make_folder


def play(folder: Path, desk: Desk, *, seed: int, scale: float) -> None:
    """Simulate the reference case into ``folder``, and walk it through to the case file and the score.

    Raises:
        BadInput: if the folder holds anything.
    """
    make_folder(folder)
    if any(folder.iterdir()):
        raise BadInput(
            f"{folder} is not empty.", expected="A new folder.", way_out="Name another one: vialtrace demo DIR"
        )
    since = desk.clock.elapsed()

    def step(told: str) -> None:
        screen.say(f"[{desk.clock.elapsed() - since:5.1f} s] {told}")

    step(f"simulating the reference case at scale {scale}, seed {seed}: two gangs among lawful life")
    world = actions.simulate("reference", folder / "world", seed=seed, scale=scale, messy=True)
    step(f"{world.n_files} files of records in {world.records}; the truth is kept apart in {world.truth.name}")
    case = folder / "case"
    actions.new(
        case,
        desk,
        Settings(
            "demo",
            purpose="demonstration on simulated records",
            legal_basis="none needed: nobody in them exists",
            owner=desk.who,
        ),
    )
    found = actions.survey([world.records])
    with screen.waiting() as progress:
        added = actions.add(case, found, replace(desk, progress=progress), best_guess=True)
    telling.guesses(found, is_taken=True)
    step(f"{len(added.taken)} files taken into {case}, {len(added.refused)} refused")
    for refused in added.refused:
        screen.say(f"          {refused.name}: {refused.reason}")
    begun = desk.clock.elapsed()
    with screen.waiting() as progress:
        ran = actions.run(case, replace(desk, progress=progress))
    step(f"run of {ran.n_rows:,} records finished in {desk.clock.elapsed() - begun:.1f} s")
    reported = actions.report(case, desk)
    step("case file written")
    screen.say()
    telling.networks(ran, case)
    screen.say()
    step("held against the truth:")
    telling.evaluated(actions.evaluate(ran.run.folder / "findings.json", world.truth))
    screen.say()
    screen.say(f"case file  {reported.index}", style="bold")
    screen.say(f"Look closer: vialtrace show {case} {ran.networks[0].network_id if ran.networks else ''}".rstrip())
