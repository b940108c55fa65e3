"""The server follows its playbook."""

import asyncio
import os
import signal

import pytest

from alerts.playbook import BUNDLED
from alerts.playbook_file import PlaybookFile
from commands.assembly import Assembly
from commands.assembly.stream import listen_anew
from commands.rereading import Followed, follow
from commands.settings.layers import resolve

GOOD = BUNDLED.read_text("utf-8")
OTHER = GOOD.replace("prompt = 2.0", "prompt = 3.5", 1)
PATIENCE = 20.0


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "rules.toml"
    path.write_text(GOOD, "utf-8")
    return path


async def followed(file, every, act):
    changed = asyncio.Event()
    task = asyncio.create_task(follow([Followed(file.look, file.reload, changed.set)], every))
    await asyncio.sleep(0)
    act()
    async with asyncio.timeout(PATIENCE):
        await changed.wait()
    task.cancel()
    await asyncio.wait([task])


async def test_a_change_is_noticed_by_itself(path):
    file = PlaybookFile(path)
    await followed(file, 0.0, lambda: path.write_text(OTHER, "utf-8"))
    assert file.in_force.silence.prompt == 3.5


async def test_a_signal_has_it_read_at_once(path):
    file = PlaybookFile(path)

    def act():
        path.write_text(OTHER, "utf-8")
        os.kill(os.getpid(), signal.SIGHUP)

    await followed(file, 3600.0, act)
    assert file.in_force.silence.prompt == 3.5
    assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL


async def test_a_change_of_the_rules_is_on_record(path, tmp_path):
    given = {"playbook": str(path), "state_dir": str(tmp_path / "state")}
    assembly = Assembly.of(resolve([("the test", given)]))
    path.write_text(OTHER, "utf-8")
    assert assembly.playbook.reload()
    listen_anew(assembly)
    writing = asyncio.create_task(assembly.audit.run())
    await asyncio.sleep(0)
    writing.cancel()
    await asyncio.wait([writing])
    (line,) = (tmp_path / "state/audit.log").read_text("utf-8").splitlines()
    assert f'"act":"rules_changed","what":"{assembly.playbook.in_force.version}"' in line


def test_new_calls_are_listened_to_as_the_new_one_says(path, tmp_path):
    given = {"playbook": str(path), "state_dir": str(tmp_path / "state")}
    assembly = Assembly.of(resolve([("the test", given)]))
    listen_anew(assembly)  # before there is a server: it will ask itself
    renewed = []

    class Server:
        def renew(self, session):
            renewed.append(session)

    assembly.stage.server = Server()
    path.write_text(OTHER, "utf-8")
    assert assembly.playbook.reload()
    listen_anew(assembly)
    marks = renewed[0].silence_marks
    assert (3.5 in marks, 2.0 in marks) == (True, False)
