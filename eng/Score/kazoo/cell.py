"""A pytest plugin: kazoo's test harness on a cell that runs already, its members stopped and started through cosm.
Without CELL_HOSTS the harness starts ZooKeeper itself; it is told to listen on loopback only."""
import os
import socket
import subprocess
import time

import kazoo.testing.common as common
import kazoo.testing.harness as harness

HOSTS = os.environ.get("CELL_HOSTS", "")


class Member:
    def __init__(self, index, address):
        self.name = "chubby-%d" % (index + 1)
        self.address = address
        self.running = True

    def cosm(self, verb):
        subprocess.run([os.environ["COSM"], "node", verb, self.name, "--control-port", os.environ["COSM_CONTROL_PORT"]],
                       check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        if self.running:
            self.cosm("kill")
        self.running = False

    def run(self):
        if self.running:
            return
        self.cosm("restart")
        host, port = self.address.rsplit(":", 1)
        deadline = time.time() + 30
        while time.time() < deadline:
            try:
                socket.create_connection((host, int(port)), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        self.running = True


class Cell(list):
    def start(self):
        for member in self:
            member.run()

    def stop(self):
        for member in self:
            member.stop()

    def reset(self):
        pass

    terminate = reset


if HOSTS:
    CELL = Cell(Member(i, address) for i, address in enumerate(HOSTS.split(",")))
    harness.get_global_cluster = lambda: CELL
else:
    managed = common.ManagedZooKeeper.__init__

    def on_loopback(self, *args, **options):
        managed(self, *args, **options)
        self.configuration_entries = [*self.configuration_entries, "clientPortAddress=127.0.0.1", "admin.enableServer=false"]

    common.ManagedZooKeeper.__init__ = on_loopback


def pytest_collection_modifyitems(config, items):
    """Tests that never talk to a server judge the client alone."""
    judged = [i for i in items if i.cls is not None and issubclass(i.cls, harness.KazooTestHarness)]
    config.hook.pytest_deselected(items=[i for i in items if i not in judged])
    items[:] = judged
